"""The city's own content as records: what a station must know before the first report comes in."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from workstation.content import Feature, read_geojson
from workstation.domain.draft import Draft
from workstation.domain.encoding import differences
from workstation.domain.record import Located
from workstation.domain.records import Camera, Facility, GridCell, Record, Sensor, Unit, fields_of
from workstation.situation import Situation

AUTHOR = "content"
STANDING: dict[str, tuple[str, type[Located]]] = {
    "units.geojson": ("unit", Unit),
    "sensors.geojson": ("sensor", Sensor),
    "cameras.geojson": ("camera", Camera),
    "facilities.geojson": ("facility", Facility),
}
GRID = "grid.geojson"


def content_digest(folder: Path) -> str:
    """The SHA-256 over the files `load_city` reads."""
    digests = [sha256((folder / name).read_bytes()).hexdigest() for name in (*STANDING, GRID)]
    return sha256(" ".join(digests).encode()).hexdigest()


def load_city(folder: Path, situation: Situation) -> list[Draft]:
    """A draft for every record of the city's content that is new or says something else than the journal."""
    told: dict[type[Record], list[Record]] = defaultdict(list)
    for record in city_records(folder):
        told[type(record)].append(record)
    return [draft for cls, records in told.items() for draft in _news(cls, records, situation)]


def _news(cls: type[Record], records: list[Record], situation: Situation) -> Iterator[Draft]:
    known = situation.these(cls, [one.id for one in records])
    for record in records:
        if changes := differences(known.get(record.id), record if record.id in known else _at_rest(record)):
            scope = str(getattr(record, "street", "") or "")
            yield Draft(AUTHOR, "city.load", changes, scope=scope)


def city_records(folder: Path) -> Iterator[Record]:
    """Units, sensors, cameras, facilities and grid cells as the content files give them."""
    for name, (kind, cls) in STANDING.items():
        told = {one.name for one in fields_of(kind)}
        for feature in read_geojson(folder / name):
            lon, lat = feature.geometry["coordinates"][:2]
            record = cls(id=str(feature.properties["id"]), lat=lat, lon=lon)
            yield replace(record, **_fields(told, feature))
    told = {one.name for one in fields_of("grid_cell")}
    for feature in read_geojson(folder / GRID):
        yield replace(GridCell(id=str(feature.properties["code"])), **_fields(told, feature))


def _fields(told: set[str], feature: Feature) -> dict[str, Any]:
    return {name: value for name, value in feature.properties.items() if name in told and value is not None}


def _at_rest(record: Record) -> Record:
    """A unit nobody has spoken of yet is available; of one that is known its crew says where it is."""
    return replace(record, state="available") if isinstance(record, Unit) else record
