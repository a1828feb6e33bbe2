"""The road network: lattice lines of rank, an expressway ring, an avenue across the lattice, lanes and a railway.

A road is one path on the plan; where it meets water or the railway it is cut into pieces: bridges and tunnels for the
roads of rank, a gap for lanes. The pieces are what the map shows.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import copysign, cos, hypot, pi, sin

from workstation.demo.city.lattice import COLUMNS, RIVER, ROWS, Spot, plane
from workstation.demo.city.names import Name, stem, street_stems
from workstation.demo.city.plan import built
from workstation.demo.city.water import bank_road, covers, half_width, over_river

_STEP = 0.08
_TOLERANCE_M = 1.5

ROAD, STREET, AVENUE = ("路", "Road"), ("街", "Street"), ("大道", "Avenue")
COLUMN_LINES = {
    2: ("secondary", stem("西郊").plus(*ROAD)),
    5: ("secondary", stem("沙洲").plus(*ROAD)),
    8: ("primary", stem("文昌").plus(*ROAD)),
    11: ("trunk", stem("人民").plus(*ROAD)),
    14: ("secondary", stem("钟楼").plus(*ROAD)),
    16: ("primary", stem("建安").plus(*ROAD)),
    19: ("secondary", stem("运河").plus(*ROAD)),
    21: ("primary", stem("东湾").plus(*ROAD)),
    24: ("secondary", stem("观澜").plus(*ROAD)),
    27: ("secondary", stem("东郊").plus(*ROAD)),
}
ROW_LINES = {
    2: ("secondary", stem("稻香").plus(*ROAD)),
    4: ("primary", stem("南溪").plus(*AVENUE)),
    5: ("secondary", stem("学府").plus(*ROAD)),
    10: ("trunk", stem("中兴").plus(*AVENUE)),
    11: ("secondary", stem("文庙").plus(*STREET)),
    13: ("primary", stem("站前").plus(*AVENUE)),
    15: ("secondary", stem("云岭").plus(*ROAD)),
    18: ("secondary", stem("北环").plus(*ROAD)),
}
RIVER_COLUMNS = {5: "沙洲", 8: "文昌", 11: "人民", 16: "建安", 24: "观澜"}
"""Columns that cross the river on a bridge."""
RIVER_TUNNEL = 21
"""The column that crosses it below."""


@dataclass(frozen=True, slots=True)
class Road:
    """`line` is the lattice line it lies on, as ("column", 11), or None."""

    name: Name | None
    kind: str
    path: tuple[Spot, ...]
    line: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a road as it is drawn. `form` is plain, bridge or tunnel."""

    name: Name | None
    kind: str
    form: str
    path: tuple[Spot, ...]


def railway_v(u: float) -> float:
    return 12.4 + 0.2 * (u - 11) + 0.35 * sin(0.3 * (u - 11))


def _walk(curve: Callable[[float], Spot], start: float, end: float) -> tuple[Spot, ...]:
    """Places along a curve from one parameter to another, a step apart."""
    count = max(2, round(abs(end - start) / _STEP))
    return tuple(curve(start + (end - start) * k / count) for k in range(count + 1))


def _ring(t: float) -> Spot:
    """A rounded square around the inner city; t in radians."""
    c, s = cos(t), sin(t)
    return 15 + copysign(10.5 * abs(c) ** 0.5, c), 10 + copysign(6.6 * abs(s) ** 0.5, s)


def _avenue(t: float) -> Spot:
    return 16 + 13.9 * t, 10 + 8.6 * t - 0.8 * sin(pi * t)


@cache
def corridors() -> tuple[Road, ...]:
    """Roads and the railway that do not follow the lattice; blocks make room for them."""
    ring = tuple(_ring(2 * pi * k / 420) for k in range(421))
    return (
        Road(stem("临江").plus("环城高速", "Ring Expressway"), "motorway", ring),
        Road(stem("临西").plus("高速", "Expressway"), "motorway", _walk(lambda u: (u, 11.9 + 0.02 * u * u), 0, 4.5)),
        Road(stem("临东").plus("高速", "Expressway"), "motorway", _walk(lambda u: (u, 8.6), 25.5, COLUMNS)),
        Road(stem("临南").plus("高速", "Expressway"), "motorway", _walk(lambda v: (12.4, v), 0, 3.4)),
        Road(stem("科创").plus(*AVENUE), "primary", tuple(_avenue(k / 180) for k in range(181))),
        Road(stem("临江").plus("铁路", "Railway"), "rail", _walk(lambda u: (u, railway_v(u)), 0, COLUMNS)),
        Road(stem("滨江").plus("北路", "North Road"), "secondary", _walk(lambda u: (u, bank_road(u, 1)), 0, COLUMNS)),
        Road(stem("滨江").plus("南路", "South Road"), "secondary", _walk(lambda u: (u, bank_road(u, -1)), 0, COLUMNS)),
    )


def _ranked() -> Iterator[Road]:
    for u, (kind, name) in COLUMN_LINES.items():
        spans = [(0.0, bank_road(u, -1)), (bank_road(u, 1), float(ROWS))]
        if u in RIVER_COLUMNS or u == RIVER_TUNNEL:
            spans = [(0.0, float(ROWS))]
        for low, high in spans:
            yield Road(name, kind, _walk(_upright(u), low, high), ("column", u))
    for v, (kind, name) in ROW_LINES.items():
        yield Road(name, kind, _walk(_level(v), 0, COLUMNS), ("row", v))


def _upright(u: float) -> Callable[[float], Spot]:
    return lambda v: (u, v)


def _level(v: float) -> Callable[[float], Spot]:
    return lambda u: (u, v)


def runs(wanted: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Consecutive numbers as (first, last + 1)."""
    start = before = None
    for number in wanted:
        if before is not None and number != before + 1:
            yield start or 0, before + 1
            start = None
        start = number if start is None else start
        before = number
    if before is not None:
        yield start or 0, before + 1


def _local(names: Iterator[Name]) -> Iterator[Road]:
    """The other lattice lines, where the city is built on one side at least."""
    for u in sorted(set(range(1, COLUMNS)) - COLUMN_LINES.keys()):
        sides = [j for j in range(ROWS) if built((u, j)) or built((u - 1, j))]
        for low, high in runs(sides):
            for start, end in _banks(u, low, high):
                yield Road(next(names).plus(*ROAD), "residential", _walk(_upright(u), start, end), ("column", u))
    for v in sorted(set(range(1, ROWS)) - ROW_LINES.keys() - {int(RIVER)}):
        sides = [i for i in range(COLUMNS) if built((i, v)) or built((i, v - 1))]
        for low, high in runs(sides):
            yield Road(next(names).plus(*STREET), "residential", _walk(_level(v), low, high), ("row", v))


def _banks(u: float, low: float, high: float) -> list[tuple[float, float]]:
    """A span of a column, cut where the river lies."""
    if low <= RIVER - 1 and high >= RIVER + 1:
        return [(low, bank_road(u, -1)), (bank_road(u, 1), high)]
    if low == RIVER:
        return [(bank_road(u, 1), high)]
    return [(low, min(high, bank_road(u, -1)))] if low < RIVER else [(low, high)]


@cache
def roads() -> tuple[Road, ...]:
    """All named roads and the railway; the lanes between blocks belong to the blocks."""
    return (*corridors(), *_ranked(), *_local(street_stems()))


def _form(road: Road, spot: Spot) -> str:
    u, v = spot
    if road.line == ("column", RIVER_TUNNEL) and abs(v - RIVER) < half_width(u) + 0.25:
        return "tunnel"
    bank = road.kind == "residential" and abs(v - RIVER) < half_width(u) + 0.12
    if bank or covers(u, v, 0.03):
        return "gap" if road.kind == "residential" else "bridge"
    window = 0.06 if road.line and road.line[0] == "row" else 0.14
    if road.kind == "rail" or abs(v - railway_v(u)) > window:
        return "plain"
    return {"residential": "gap", "motorway": "bridge"}.get(road.kind, "tunnel")


def _piece_name(road: Road, form: str, path: list[Spot]) -> Name | None:
    """Bridges over the river, the river tunnel and underpasses have names of their own."""
    middle = path[len(path) // 2]
    column = road.line[1] if road.line and road.line[0] == "column" else None
    if column is None or form == "plain" or road.name is None:
        return road.name
    if over_river(*middle) and column in RIVER_COLUMNS:
        return stem(RIVER_COLUMNS[column]).plus("大桥", "Bridge")
    if over_river(*middle):
        return stem("东湾").plus("隧道", "Tunnel")
    return road.name.plus("下穿", "Underpass") if form == "tunnel" else road.name


def pieces(road: Road) -> Iterator[Piece]:
    """The stretches of a road between its crossings."""
    path: list[Spot] = [road.path[0]]
    form = _form(road, road.path[0])
    for spot in road.path[1:]:
        path.append(spot)
        now = _form(road, spot)
        if now != form or spot is road.path[-1]:
            drawn = path[:-1] if now == "gap" else path
            if form != "gap" and len(drawn) > 1:
                yield Piece(_piece_name(road, form, drawn), road.kind, form, simplified(drawn))
            path, form = [spot], now


def simplified(path: list[Spot]) -> tuple[Spot, ...]:
    """The path without the places that lie within the tolerance of their chord (Douglas-Peucker, on the ground)."""
    points = [plane(*spot) for spot in path]
    keep = {0, len(path) - 1}
    spans = [(0, len(path) - 1)]
    while spans:
        low, high = spans.pop()
        far, at = max(
            ((_off(points[k], points[low], points[high]), k) for k in range(low + 1, high)), default=(0.0, low)
        )
        if far > _TOLERANCE_M:
            keep.add(at)
            spans += [(low, at), (at, high)]
    return tuple(path[k] for k in sorted(keep))


def _off(point: Spot, start: Spot, end: Spot) -> float:
    """Distance of a point from the line through two others; from the first where they coincide."""
    east, north = end[0] - start[0], end[1] - start[1]
    length = hypot(east, north)
    if length < 1e-9:
        return hypot(point[0] - start[0], point[1] - start[1])
    return abs(east * (point[1] - start[1]) - north * (point[0] - start[0])) / length


class Clearance:
    """Whether a place keeps its distance from the corridors: a hash of points every few metres along them."""

    _BOX = 40.0

    def __init__(self) -> None:
        self._boxes: dict[tuple[int, int], list[Spot]] = {}
        for road in corridors():
            for (au, av), (bu, bv) in pairwise(road.path):
                for k in (0, 0.5):
                    self._put(plane(au + (bu - au) * k, av + (bv - av) * k))

    def _put(self, point: Spot) -> None:
        self._boxes.setdefault((int(point[0] // self._BOX), int(point[1] // self._BOX)), []).append(point)

    def free(self, spot: Spot, distance: float) -> bool:
        """Whether no corridor's middle is nearer than `distance` metres, at most 40."""
        x, y = plane(*spot)
        column, row = int(x // self._BOX), int(y // self._BOX)
        near = ((i, j) for i in (column - 1, column, column + 1) for j in (row - 1, row, row + 1))
        return all(hypot(x - px, y - py) >= distance for box in near for px, py in self._boxes.get(box, ()))
