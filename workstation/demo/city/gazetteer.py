"""The gazetteer: everything in the city that a caller might name, in Chinese, pinyin, initials and English."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from workstation.demo.city.chance import pick, shuffled
from workstation.demo.city.lanes import lanes
from workstation.demo.city.lattice import RIVER, Spot
from workstation.demo.city.names import Name, estate_stems, stem, village_stems
from workstation.demo.city.places import dry, facilities
from workstation.demo.city.plan import Cell, cell_of, cells, use
from workstation.demo.city.roads import RIVER_COLUMNS, RIVER_TUNNEL, Road, roads
from workstation.demo.city.streets import DISTRICTS, communities, street_at, streets
from workstation.demo.city.water import bodies, covers, half_width

_ESTATES = (
    ("花园", "Garden"),
    ("家园", "Homes"),
    ("小区", "Estate"),
    ("新村", "New Village"),
    ("公寓", "Apartments"),
    ("雅苑", "Court"),
    ("府", "Residence"),
)
_CENTRE = (
    ("广场", "Plaza"),
    ("大厦", "Tower"),
    ("商场", "Mall"),
    ("酒店", "Hotel"),
    ("影城", "Cinema"),
    ("超市", "Supermarket"),
    ("农贸市场", "Wet Market"),
)
_WORKS = (
    ("机械厂", "Machinery Works"),
    ("化工厂", "Chemical Works"),
    ("纺织厂", "Textile Mill"),
    ("食品厂", "Food Factory"),
    ("物流园", "Logistics Park"),
    ("冷库", "Cold Store"),
    ("建材市场", "Building Materials Market"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    name: Name
    kind: str
    spot: Spot


def _middle(own: tuple[Cell, ...]) -> Spot:
    """A place near the middle of an area, inside it and on land."""
    u, v = sum(i for i, _ in own) / len(own), sum(j for _, j in own) / len(own)
    for cell in sorted(own, key=lambda cell: (cell[0] - u) ** 2 + (cell[1] - v) ** 2):
        spot = cell[0] + 0.52, cell[1] + 0.52
        if not covers(*spot, 0.03):
            return spot
    return own[0][0] + 0.5, own[0][1] + 0.5


def _regions() -> Iterator[Entry]:
    for code, name in DISTRICTS.items():
        own = tuple(cell for street in streets() if street.district == code for cell in street.cells)
        yield Entry(name, "district", _middle(own))
    for street in streets():
        yield Entry(street.name, "street", _middle(street.cells))
    for community in communities():
        yield Entry(community.name, "community", _middle(community.cells))


def _middle_of(road: Road) -> Spot:
    return road.path[len(road.path) // 2]


def _ways() -> Iterator[Entry]:
    seen: set[str] = set()
    for road in (*roads(), *lanes()):
        if road.name and road.name.zh not in seen:
            seen.add(road.name.zh)
            yield Entry(road.name, "railway" if road.kind == "rail" else "road", _inside(_middle_of(road)))
    for u, zh in RIVER_COLUMNS.items():
        yield Entry(stem(zh).plus("大桥", "Bridge"), "bridge", (u + 0.01, RIVER + 0.01))
    yield Entry(stem("东湾").plus("隧道", "Tunnel"), "tunnel", (RIVER_TUNNEL + 0.01, RIVER + 0.01))


def _inside(spot: Spot) -> Spot:
    """A place on a lattice line, moved off it so that it belongs to one cell."""
    return min(spot[0] + 0.01, 29.99), min(spot[1] + 0.01, 19.99)


def _junctions() -> Iterator[Entry]:
    """Where a column and a row of the lattice meet, one of them at least a road of rank."""
    uprights = [road for road in roads() if road.line and road.line[0] == "column"]
    levels = [road for road in roads() if road.line and road.line[0] == "row"]
    for upright, level in product(uprights, levels):
        u, v = upright.path[0][0], level.path[0][1]
        local = upright.kind == level.kind == "residential"
        if local or not _meet(upright, level) or upright.name is None or level.name is None:
            continue
        zh, en = f"{upright.name.zh}与{level.name.zh}路口", f"{upright.name.en} and {level.name.en} Junction"
        yield Entry(Name(zh, en), "junction", _inside((u, v)))


def _meet(upright: Road, level: Road) -> bool:
    u, v = upright.path[0][0], level.path[0][1]
    spans = upright.path[0][1] <= v <= upright.path[-1][1] and level.path[0][0] <= u <= level.path[-1][0]
    return spans and not covers(u, v, 0.02)


def _waters() -> Iterator[Entry]:
    spots = {"river": (13.2, RIVER + 0.03), "canal": (18.5, 12.2)}
    for body in bodies():
        ring = body.rings[0]
        centre = sum(u for u, _ in ring) / len(ring), sum(v for _, v in ring) / len(ring)
        yield Entry(body.name, "water", spots.get(body.kind, centre))
    yield Entry(stem("沙洲").plus("岛", "Island"), "island", (3.4, RIVER + half_width(3.4) * 0.1))


def _addresses() -> Iterator[Entry]:
    """Estates, halls, works, parks and villages, by the use of the land."""
    names, rural = estate_stems(), village_stems()
    for cell in cells():
        for number, (kind, label) in enumerate(_labels(cell)):
            stems = rural if kind == "village" else names
            yield Entry(next(stems).plus(*label), kind, dry(cell, "address", number))


def _labels(cell: Cell) -> list[tuple[str, tuple[str, str]]]:
    """The kinds and generic names of the addresses in a cell."""
    kind = use(cell)
    if kind == "residential":
        return [("estate", pick(_ESTATES, "estate", *cell, number)) for number in range(1 + sum(cell) % 2)]
    if kind == "commercial":
        return [("building", label) for label in shuffled(_CENTRE, "centre", *cell)[:3]]
    if kind == "industrial":
        return [("works", pick(_WORKS, "works", *cell))]
    if kind == "park" and not covers(cell[0] + 0.5, cell[1] + 0.5):
        return [("park", ("公园", "Park"))]
    if kind == "farmland" and sum(cell) % 3 == 0:
        return [("village", ("村", "Village"))]
    return []


def _facilities() -> Iterator[Entry]:
    for place in facilities():
        if place.category != "hydrant":
            yield Entry(place.name, place.category, place.spot)


def entries() -> list[Entry]:
    """All rows, one a Chinese name."""
    groups = (_regions(), _facilities(), _ways(), _waters(), _addresses(), _junctions())
    found: dict[str, Entry] = {}
    for group in groups:
        for entry in group:
            found.setdefault(entry.name.zh, entry)
    return list(found.values())


def street_of(entry: Entry) -> str:
    return street_at(entry.spot).code if cell_of(entry.spot) in set(cells()) else ""
