"""Blocks of land use, the lanes between them, and the buildings on them.

A cell is inset by its roads and cut into two to four blocks; each block is filled by the custom of its use: parallel
slabs or towers where people live, podiums and towers in the centre, halls in the works, sheds and village houses
outside. What would stand in water or on an expressway is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import hypot

from workstation.demo.city.chance import between, chance, pick, whole
from workstation.demo.city.lattice import COLUMNS, RIVER, Spot, unit_m
from workstation.demo.city.plan import Cell, built, cells, use
from workstation.demo.city.roads import COLUMN_LINES, ROW_LINES, Clearance
from workstation.demo.city.water import bank_road, canal, covers, half_width

_HALF_WIDTH_M = {"trunk": 22.0, "primary": 18.0, "secondary": 13.0, "residential": 8.0}
_LANE_M = 5.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the plan."""

    west: float
    south: float
    east: float
    north: float

    def ring(self, parts: int = 1) -> list[Spot]:
        """Its corners anticlockwise, each side in so many parts."""
        steps = [k / parts for k in range(parts)]
        wide, high = self.east - self.west, self.north - self.south
        return [
            *((self.west + wide * k, self.south) for k in steps),
            *((self.east, self.south + high * k) for k in steps),
            *((self.east - wide * k, self.north) for k in steps),
            *((self.west, self.north - high * k) for k in steps),
        ]

    def metres(self) -> tuple[float, float]:
        east, north = unit_m(self.west, self.south)
        return (self.east - self.west) * east, (self.north - self.south) * north

    def part(self, west: float, south: float, wide: float, high: float) -> "Box":
        """A box inside, by fractions."""
        dx, dy = self.east - self.west, self.north - self.south
        left, low = self.west + dx * west, self.south + dy * south
        return Box(left, low, left + dx * wide, low + dy * high)


@dataclass(frozen=True, slots=True)
class Block:
    use: str
    cell: Cell
    number: int
    box: Box


@dataclass(frozen=True, slots=True)
class Building:
    ring: list[Spot]
    height: float


def split(cell: Cell) -> tuple[int, int]:
    """Into how many blocks a cell is cut, eastwards and northwards."""
    kind = use(cell)
    if kind == "industrial":
        return pick(((1, 2), (2, 1)), "split", *cell)
    if kind not in ("residential", "commercial"):
        return 1, 1
    luck = chance("split", *cell)
    return (2, 2) if luck < 0.72 else (1, 2) if luck < 0.86 else (2, 1)


def _half_m(lines: dict[int, tuple[str, object]], number: int, beside_built: bool) -> float:
    if number in lines:
        return _HALF_WIDTH_M[lines[number][0]]
    return _HALF_WIDTH_M["residential"] if beside_built else 0.0


def _frame(cell: Cell) -> Box:
    """The cell without its roads and without the river front."""
    i, j = cell
    east_m, north_m = unit_m(i + 0.5, j + 0.5)
    town = built(cell)
    columns: dict[int, tuple[str, object]] = dict(COLUMN_LINES)
    rows: dict[int, tuple[str, object]] = dict(ROW_LINES)
    south = j + _half_m(rows, j, town) / north_m
    north = j + 1 - _half_m(rows, j + 1, town) / north_m
    if j == RIVER:
        south = max(bank_road(i + k / 4, 1) for k in range(5)) + 15 / north_m
    if j == RIVER - 1:
        north = min(bank_road(i + k / 4, -1) for k in range(5)) - 15 / north_m
    west = i + _half_m(columns, i, town) / east_m
    return Box(west, south, i + 1 - _half_m(columns, i + 1, town) / east_m, north)


def _cut(cell: Cell) -> Iterator[Box]:
    frame, (across, up) = _frame(cell), split(cell)
    east_m, north_m = unit_m(*cell)
    gap_u, gap_v = (_LANE_M / east_m, _LANE_M / north_m)
    us = [frame.west, cell[0] + 0.5, frame.east] if across == 2 else [frame.west, frame.east]
    vs = [frame.south, cell[1] + 0.5, frame.north] if up == 2 else [frame.south, frame.north]
    if up == 2 and not frame.south + 0.1 < cell[1] + 0.5 < frame.north - 0.1:
        vs = [frame.south, frame.north]
    for column, west in enumerate(us[:-1]):
        for row, south in enumerate(vs[:-1]):
            left = west + (gap_u if column else 0)
            low = south + (gap_v if row else 0)
            right = us[column + 1] - (gap_u if column + 2 < len(us) else 0)
            yield Box(left, low, right, vs[row + 1] - (gap_v if row + 2 < len(vs) else 0))


@cache
def blocks() -> tuple[Block, ...]:
    """All blocks, cell by cell."""
    return tuple(Block(use(cell), cell, number, box) for cell in cells() for number, box in enumerate(_cut(cell)))


def river_front() -> Iterator[list[Spot]]:
    """Strips of park between the banks and the riverside roads, a strip a column on either side."""
    for u in range(COLUMNS):
        for side in (1, -1):
            water = [(u + k / 3, RIVER + side * half_width(u + k / 3)) for k in range(4)]
            road = [(u + k / 3, bank_road(u + k / 3, side) - side * 0.04) for k in reversed(range(4))]
            yield water + road if side == 1 else list(reversed(water + road))


def lanes() -> Iterator[tuple[str, int, int]]:
    """Lanes between blocks as (axis, lattice line below or left of the lane, number of the cell along it)."""
    for i, j in cells():
        across, up = split((i, j))
        if across == 2 and i != int(canal(j + 0.5)):
            yield "column", i, j
        if up == 2 and j not in (int(RIVER), int(RIVER) - 1):
            yield "row", j, i


def _grid(box: Box, counts: tuple[int, int], fill: tuple[float, float]) -> Iterator[Box]:
    """Boxes in even rows, each filling a share of its place."""
    across, up = counts
    for i in range(across):
        for j in range(up):
            wide, high = 1 / across, 1 / up
            west, south = (i + (1 - fill[0]) / 2) * wide, (j + (1 - fill[1]) / 2) * high
            yield box.part(west, south, wide * fill[0], high * fill[1])


def _homes(block: Block) -> Iterator[Building]:
    wide, high = block.box.metres()
    key = (*block.cell, block.number)
    if chance("towers", *key) < 0.25:
        counts = max(1, int(wide // 55)), max(1, int(high // 58))
        for k, box in enumerate(_grid(block.box, counts, (0.48, 0.42))):
            yield Building(box.ring(), 3.0 * whole(17, 33, "tower", *key, k))
        return
    counts = max(1, int(wide // 62)), max(1, int(high // 40))
    floors = pick((5, 6, 6, 7, 11), "floors", *key)
    for k, box in enumerate(_grid(block.box, counts, (0.84, 13 / (high / counts[1])))):
        if chance("slab", *key, k) > 0.08:
            yield Building(box.part(between(0, 0.1, "shift", *key, k), 0, 0.9, 1).ring(), 3.0 * floors)


def _offices(block: Block) -> Iterator[Building]:
    wide, high = block.box.metres()
    key = (*block.cell, block.number)
    core = min(hypot(block.cell[0] - 12, block.cell[1] - 9), hypot(block.cell[0] - 23, block.cell[1] - 9))
    top = max(24.0, 190.0 - 45.0 * core)
    counts = max(1, int(wide // 62)), max(1, int(high // 66))
    for k, box in enumerate(_grid(block.box, counts, (0.8, 0.78))):
        if chance("office", *key, k) < 0.14:
            continue
        share = between(0.55, 0.95, "podium", *key, k)
        yield Building(box.part((1 - share) / 2, 0, share, 1).ring(), round(between(15, top, "storeys", *key, k), 1))


def _works(block: Block) -> Iterator[Building]:
    key = (*block.cell, block.number)
    wide, high = block.box.metres()
    counts = (1, max(1, int(high // 60))) if wide < high else (max(1, int(wide // 80)), 1 + (high > 110))
    for k, box in enumerate(_grid(block.box, counts, (0.82, 0.7))):
        if chance("hall", *key, k) > 0.1:
            length = between(0.6, 1.0, "hall length", *key, k)
            yield Building(box.part(0, 0, length, 1).ring(), round(between(8, 16, "hall height", *key, k), 1))


def _school(block: Block) -> Iterator[Building]:
    west, south, wide, high = 0.1, 0.55, 0.8, 0.35
    hall = block.box.part(west, south, wide, high)
    for box in _grid(hall, (2, 3), (0.85, 0.42)):
        yield Building(box.ring(), 15.0)
    side = block.box.part(0.1, 0.15, 0.16, 0.3).ring()
    yield Building(side, 12.0)


def _village(block: Block) -> Iterator[Building]:
    key = block.cell
    if chance("village", *key) > 0.45:
        return
    west, south = between(0.1, 0.5, "village west", *key), between(0.1, 0.5, "village south", *key)
    for k, box in enumerate(_grid(block.box.part(west, south, 0.4, 0.38), (4, 3), (0.7, 0.5))):
        if chance("house", *key, k) > 0.3:
            yield Building(box.ring(), 3.0 * whole(2, 4, "house floors", *key, k))


_CUSTOMS = {
    "residential": _homes,
    "commercial": _offices,
    "industrial": _works,
    "school": _school,
    "farmland": _village,
}


@cache
def buildings() -> tuple[Building, ...]:
    """All footprints, on dry land and clear of the corridors."""
    clearance = Clearance()
    found = []
    for block in blocks():
        custom = _CUSTOMS.get(block.use)
        for building in custom(block) if custom else ():
            corners = building.ring
            middle = (corners[0][0] + corners[2][0]) / 2, (corners[0][1] + corners[2][1]) / 2
            if all(clearance.free(spot, 24.0) and not covers(*spot, 0.03) for spot in (*corners, middle)):
                found.append(building)
    return tuple(found)
