"""River, canal and lakes on the plan, and the question whether a place is wet.

All shapes are simple curves in (u, v): the warp gives them their meanders, and the banks stay parallel to the roads.
"""

from dataclasses import dataclass
from math import cos, exp, pi, sin

from workstation.demo.city.lattice import COLUMNS, RIVER, ROWS, Spot
from workstation.demo.city.names import Name, stem

_STEPS = 6
"""Points a lattice unit along a bank."""


@dataclass(frozen=True, slots=True)
class Lake:
    """An uneven ellipse: centre, half axes in lattice units, depth of its bays."""

    name: Name
    centre: Spot
    axes: tuple[float, float]
    bays: float

    def _reach(self, angle: float) -> float:
        return 1 + self.bays * sin(3 * angle + 1) + self.bays / 2 * sin(5 * angle)

    def ring(self) -> list[Spot]:
        angles = [2 * pi * step / 48 for step in range(48)]
        return [self._at(angle) for angle in angles]

    def _at(self, angle: float) -> Spot:
        reach = self._reach(angle)
        return self.centre[0] + self.axes[0] * reach * cos(angle), self.centre[1] + self.axes[1] * reach * sin(angle)

    def covers(self, u: float, v: float, margin: float) -> bool:
        east = (u - self.centre[0]) / (self.axes[0] * (1 + 1.5 * self.bays) + margin)
        north = (v - self.centre[1]) / (self.axes[1] * (1 + 1.5 * self.bays) + margin)
        return east * east + north * north < 1


LAKES = (
    Lake(stem("镜").plus("湖", "Lake"), (6.45, 14.15), (1.05, 0.72), 0.09),
    Lake(stem("芦荡").plus("湖", "Lake"), (3.5, 3.0), (0.9, 0.52), 0.12),
    Lake(stem("碧荷").plus("塘", "Pond"), (17.5, 3.5), (0.24, 0.2), 0.1),
)
ISLAND = Lake(stem("沙洲"), (3.4, RIVER), (0.9, 0.15), 0.05)


def half_width(u: float) -> float:
    """Half the river's width in lattice rows."""
    return 0.32 + 0.05 * sin(0.7 * u + 1) + 0.025 * sin(1.9 * u) + 0.13 * exp(-(((u - 3.4) / 1.3) ** 2))


def bank_road(u: float, side: int) -> float:
    """The v of the riverside road, `side` +1 north, -1 south."""
    return RIVER + side * (half_width(u) + 0.13)


def canal(v: float) -> float:
    """The u of the canal's middle; it leaves the river northwards."""
    return 18.45 + 0.3 * sin(0.55 * (v - 7))


_CANAL_HALF = 0.055


def covers(u: float, v: float, margin: float = 0.0) -> bool:
    """Whether a place is water, or nearer to it than the margin in lattice units."""
    if abs(v - RIVER) < half_width(u) + margin:
        return True
    if v > RIVER and abs(u - canal(v)) < _CANAL_HALF + margin:
        return True
    return any(lake.covers(u, v, margin) for lake in LAKES)


def over_river(u: float, v: float) -> bool:
    return abs(v - RIVER) < half_width(u)


@dataclass(frozen=True, slots=True)
class Body:
    """A body of water: its outer ring and its islands on the plan."""

    name: Name
    kind: str
    rings: tuple[list[Spot], ...]


def bodies() -> list[Body]:
    steps = [step / _STEPS for step in range(COLUMNS * _STEPS + 1)]
    south = [(u, RIVER - half_width(u)) for u in steps]
    north = [(u, RIVER + half_width(u)) for u in reversed(steps)]
    ups = [RIVER + (ROWS - RIVER) * step / 80 for step in range(81)]
    east = [(canal(v) + _CANAL_HALF, v) for v in ups]
    west = [(canal(v) - _CANAL_HALF, v) for v in reversed(ups)]
    found = [
        Body(stem("澜").plus("江", "River"), "river", (south + north, list(reversed(ISLAND.ring())))),
        Body(stem("临江").plus("运河", "Canal"), "canal", (east + west,)),
    ]
    return found + [Body(lake.name, "lake", (lake.ring(),)) for lake in LAKES]
