"""All files of the city, the same bytes every time: GeoJSON with a feature a line, CSV, YAML and a GeoPackage."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from workstation.demo.city import ground, things
from workstation.demo.city.blocks import buildings
from workstation.demo.city.features import collection, ring
from workstation.demo.city.gazetteer import entries, street_of
from workstation.demo.city.lattice import CENTRE, place
from workstation.demo.city.names import person
from workstation.demo.city.streets import CITY, CITY_CODE, streets
from workstation.mapping.geopackage import Footprint, write_buildings

EDITION = datetime(2026, 11, 1, tzinfo=UTC)
"""The date that the GeoPackage bears as its last change."""
_FILES = {
    "districts": ground.districts,
    "streets": ground.street_areas,
    "communities": ground.community_areas,
    "grid": ground.grid_cells,
    "water": ground.waters,
    "landuse": ground.land,
    "roads": ground.ways,
    "facilities": things.facilities,
    "cameras": things.cameras,
    "sensors": things.sensors,
    "units": things.units,
}


def city_yaml() -> bytes:
    west, south, east, north = ground.bounds(ground.districts())
    offices = {}
    for number, street in enumerate(streets(), start=1):
        office = street.name.plus("办事处", "Office")
        duty = f"{person('duty', street.code)[0]}*"
        phone = f"0990-55**-{number:02d}10"
        about = {"office_zh": office.zh, "office_en": office.en, "phone": phone, "duty_zh": duty}
        offices[street.code] = {"station": street.station, **about}
    content: dict[str, Any] = {
        "code": CITY_CODE,
        "name_zh": CITY.zh,
        "name_en": CITY.en,
        "center": list(CENTRE),
        "bbox": [west, south, east, north],
        "time_zone": "Asia/Shanghai",
        "simulated": True,
        "centre_station": "ZX",
        "streets": offices,
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode()


def gazetteer_csv() -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["id", "name_zh", "pinyin", "initials", "name_en", "kind", "lat", "lon", "street"])
    for number, entry in enumerate(entries(), start=1):
        name, (lon, lat) = entry.name, place(*entry.spot)
        row = [f"G{number:04d}", name.zh, name.pinyin, name.initials, name.en, entry.kind]
        rows.writerow([*row, f"{lat:.6f}", f"{lon:.6f}", street_of(entry)])
    return text.getvalue().encode()


def footprints() -> list[Footprint]:
    return [Footprint((np.array(ring(house.ring)),), house.height) for house in buildings()]


def files() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every text file of the city."""
    yield "city.yaml", city_yaml()
    for name, features in _FILES.items():
        yield f"{name}.geojson", collection(name, features())
    yield "gazetteer.csv", gazetteer_csv()


def write_city(folder: Path) -> None:
    """Write the whole city into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files():
        (folder / name).write_bytes(content)
    write_buildings(folder / "linjiang.gpkg", footprints(), EDITION)
