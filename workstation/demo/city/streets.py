"""Districts, streets, communities and unit grid cells: exact unions of lattice cells, and their codes.

Codes follow GB/T 2260 and the 15 digits of a unit grid cell: 6 region + 3 street + 3 community + 3 sequence, numbered
west to east within north to south.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from workstation.demo.city.chance import whole
from workstation.demo.city.lattice import FINE, Point, Spot, node
from workstation.demo.city.names import Name, stem
from workstation.demo.city.plan import Cell, cell_of, cells, street_letter

CITY_CODE = "990100"
CITY = Name("临江市", "Linjiang")
DISTRICTS = {
    "990101": stem("江北").plus("区", "District"),
    "990102": stem("东湾").plus("区", "District"),
    "990103": stem("南溪").plus("区", "District"),
}
_STREETS = (
    ("滨江", "望江 渔埠 江湾 柳堤"),
    ("北塔", "塔影 云岭 北苑 松涛"),
    ("人民路", "钟楼 文庙 站前 广场"),
    ("镜湖", "荷塘 湖滨 梅岭 镜湖"),
    ("东湾", "东湾 金湾 观澜 海棠"),
    ("运河", "米市 丝巷 船坞 运河"),
    ("科创", "科苑 创新 星桥 高岗"),
    ("石桥", "古井 桥头 青石 石桥"),
    ("南溪", "学府 溪口 竹园 南溪"),
    ("沙洲", "芦荡 稻香 白鹭 沙洲"),
    ("松林", "枫林 茶山 向阳 松林"),
    ("临港", "码头 货场 新港 临港"),
)


@dataclass(frozen=True, slots=True)
class Street:
    """A street office's area; `name` is with 街道, `stem` without."""

    code: str
    stem: Name
    station: str
    cells: tuple[Cell, ...]

    @property
    def name(self) -> Name:
        return self.stem.plus("街道", "Street")

    @property
    def district(self) -> str:
        return self.code[:6]


@dataclass(frozen=True, slots=True)
class Community:
    code: str
    name: Name
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class GridCell:
    code: str
    name: Name
    cell: Cell


@cache
def streets() -> tuple[Street, ...]:
    """The twelve streets, JD01 first."""
    found = []
    for number, (name, _) in enumerate(_STREETS):
        code = f"{990101 + number // 4}{number % 4 + 1:03d}"
        own = tuple(cell for cell in cells() if street_letter(cell) == "abcdefghijkl"[number])
        found.append(Street(code, stem(name), f"JD{number + 1:02d}", own))
    return tuple(found)


@cache
def _by_letter() -> dict[str, Street]:
    return {street_letter(street.cells[0]): street for street in streets()}


def street_at(spot: Spot) -> Street:
    """The street of a plan place. Raises IndexError outside the plan."""
    return _by_letter()[street_letter(cell_of(spot))]


def _halves(own: Iterable[Cell], by_column: bool, key: str) -> tuple[list[Cell], list[Cell]]:
    """Two neighbouring parts of nearly the same size, the border with a step in it."""
    ordered = sorted(own, key=lambda cell: cell if by_column else (-cell[1], cell[0]))
    cut = len(ordered) // 2 + whole(-2, 2, "community", key)
    return ordered[:cut], ordered[cut:]


@cache
def communities() -> tuple[Community, ...]:
    """Four communities a street, north-west, south-west, north-east, south-east."""
    found = []
    for street, (_, names) in zip(streets(), _STREETS, strict=True):
        sides = _halves(street.cells, True, street.code)
        parts = [part for side in sides for part in _halves(side, False, f"{street.code}{side[0]}")]
        for number, (name, part) in enumerate(zip(names.split(), parts, strict=True)):
            full = stem(name).plus("社区", "Community")
            found.append(Community(f"{street.code}{number + 1:03d}", full, tuple(part)))
    return tuple(found)


@cache
def grid() -> tuple[GridCell, ...]:
    """The unit grid cells, by code."""
    found = []
    for community in communities():
        ordered = sorted(community.cells, key=lambda cell: (-cell[1], cell[0]))
        for number, cell in enumerate(ordered, start=1):
            name = community.name.plus(f"第{number:02d}网格", f"Grid {number:02d}")
            found.append(GridCell(f"{community.code}{number:03d}", name, cell))
    return tuple(found)


def outline(own: Iterable[Cell]) -> list[Point]:
    """The closed ring, anticlockwise, around connected cells without a hole; vertices are those of the cells.

    Every edge that two cells share is run through once in each direction and falls away; what stays is chained.
    """
    edges: dict[Cell, list[Cell]] = {}
    own = list(own)
    for i, j in own:
        corners = ((i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1))
        beside = ((i, j - 1), (i + 1, j), (i, j + 1), (i - 1, j))
        for number, neighbour in enumerate(beside):
            if neighbour not in own:
                edges.setdefault(corners[number], []).append(corners[(number + 1) % 4])
    start = min(edges)
    ring, at = [], start
    while at in edges:
        after = edges[at].pop()
        if not edges[at]:
            del edges[at]
        ring += _edge(at, after)
        at = after
    if edges:
        raise ValueError(f"not one ring: {len(edges)} corners left")
    return [*ring, ring[0]]


def _edge(start: Cell, end: Cell) -> list[Point]:
    """The points of a lattice edge, without its end."""
    step_n, step_m = end[0] - start[0], end[1] - start[1]
    return [node(start[0] * FINE + step_n * k, start[1] * FINE + step_m * k) for k in range(FINE)]
