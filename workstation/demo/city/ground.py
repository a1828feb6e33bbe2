"""The area, water, land use and road files."""

from collections.abc import Iterable, Iterator
from itertools import count

from workstation.demo.city.blocks import blocks, river_front
from workstation.demo.city.features import Feature, line, named, polygon, ring
from workstation.demo.city.lanes import lanes
from workstation.demo.city.lattice import FINE, area_km2
from workstation.demo.city.people import people
from workstation.demo.city.plan import Cell
from workstation.demo.city.roads import pieces, roads
from workstation.demo.city.streets import DISTRICTS, communities, grid, outline, streets
from workstation.demo.city.water import ISLAND, bodies


def districts() -> Iterator[Feature]:
    for code, name in DISTRICTS.items():
        own = [cell for street in streets() if street.district == code for cell in street.cells]
        yield polygon([outline(own)], {"code": code, **named(name)})


def street_areas() -> Iterator[Feature]:
    for street in streets():
        about = {"district": street.district, "station": street.station}
        yield polygon([outline(street.cells)], {"code": street.code, **named(street.name), **about})


def community_areas() -> Iterator[Feature]:
    for community in communities():
        about = {"code": community.code, **named(community.name), "street": community.code[:9]}
        yield polygon([outline(community.cells)], about)


def cell_area(cell: Cell) -> float:
    """km2 of a cell as it is drawn."""
    i, j = cell
    steps = [k / FINE for k in range(FINE)]
    sides = [(i + k, float(j)) for k in steps] + [(i + 1.0, j + k) for k in steps]
    sides += [(i + 1 - k, j + 1.0) for k in steps] + [(float(i), j + 1 - k) for k in steps]
    return area_km2(sides)


def grid_cells() -> Iterator[Feature]:
    for unit in grid():
        area = cell_area(unit.cell)
        living = people(unit.cell, area)
        about = {
            "code": unit.code,
            **named(unit.name),
            "community": unit.code[:12],
            "street": unit.code[:9],
            "district": unit.code[:6],
            "population": living.population,
            "pop_65": living.pop_65,
            "pop_0_6": living.pop_0_6,
            "area_km2": round(area, 4),
            "officer": living.officer,
        }
        yield polygon([outline([unit.cell])], about)


def waters() -> Iterator[Feature]:
    for body in bodies():
        yield polygon([ring(spots) for spots in body.rings], {**named(body.name), "class": body.kind})


def land() -> Iterator[Feature]:
    """Land use by block, the river front as park. Water lies above it."""
    for block in blocks():
        parts = 2 if block.use in ("farmland", "forest", "park") else 1
        yield polygon([ring(block.box.ring(parts))], {"class": block.use})
    for strip in river_front():
        yield polygon([ring(strip)], {"class": "park"})
    yield polygon([ring(ISLAND.ring())], {"class": "park"})


def ways() -> Iterator[Feature]:
    numbers = count(1)
    for road in (*roads(), *lanes()):
        for piece in pieces(road):
            about = {
                "id": f"R{next(numbers):04d}",
                **named(piece.name),
                "class": piece.kind,
                "bridge": piece.form == "bridge",
                "tunnel": piece.form == "tunnel",
            }
            yield line(piece.path, about)


def bounds(features: Iterable[Feature]) -> tuple[float, float, float, float]:
    """West, south, east, north of polygons."""
    points = [point for feature in features for ring in feature["geometry"]["coordinates"] for point in ring]
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return min(lons), min(lats), max(lons), max(lats)
