"""The city's own content as records: what a station must know before the first report comes in."""

from collections.abc import Iterator
from dataclasses import replace
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


def load_city(folder: Path, situation: Situation) -> list[Draft]:
    """A draft for every record of the city's content that is new or says something else than the journal."""
    drafts = []
    known: dict[tuple[type[Record], str], Record] = {}
    for cls in (*(standing for _, standing in STANDING.values()), GridCell):
        here: list[Record] = [*situation.find(cls), *situation.removed(cls)]
        known |= {(cls, one.id): one for one in here}
    for record in city_records(folder):
        if changes := differences(known.get((type(record), record.id)), record):
            scope = str(getattr(record, "street", "") or "")
            drafts.append(Draft(AUTHOR, "city.load", changes, scope=scope))
    return drafts


def city_records(folder: Path) -> Iterator[Record]:
    """Units, sensors, cameras, facilities and grid cells as the content files give them."""
    for name, (kind, cls) in STANDING.items():
        told = {one.name for one in fields_of(kind)}
        for feature in read_geojson(folder / name):
            lon, lat = feature.geometry["coordinates"][:2]
            record = cls(id=str(feature.properties["id"]), lat=lat, lon=lon)
            yield replace(record, **_fields(told, feature), **_at_rest(kind))
    told = {one.name for one in fields_of("grid_cell")}
    for feature in read_geojson(folder / "grid.geojson"):
        yield replace(GridCell(id=str(feature.properties["code"])), **_fields(told, feature))


def _fields(told: set[str], feature: Feature) -> dict[str, Any]:
    return {name: value for name, value in feature.properties.items() if name in told and value is not None}


def _at_rest(kind: str) -> dict[str, Any]:
    return {"state": "available"} if kind == "unit" else {}
