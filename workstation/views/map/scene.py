"""What the ground shows, as one frozen value that may cross to the painting thread.

A change of language, of a choropleth or of the alerts is another scene with another number; tiles of the old one stay
on screen until their successors are painted.
"""

from dataclasses import dataclass, field
from itertools import count

from workstation.mapping.basemap import Basemap
from workstation.mapping.layers import PolygonLayer
from workstation.mapping.viewport import Bounds, scale_of

TILE = 512
_numbers = count(1)


@dataclass(frozen=True)
class Scene:
    """`cells` is a choropleth whose `ranks` are steps of the ramp; `ratio` is device pixels a logical pixel."""

    base: Basemap
    language: str
    ratio: float = 1.0
    cells: PolygonLayer | None = None
    alerts: PolygonLayer | None = None
    grid: bool = True
    number: int = field(default_factory=lambda: next(_numbers))


@dataclass(frozen=True, slots=True)
class TileKey:
    """A square of TILE logical pixels at a zoom level; columns count east, rows south, from longitude 0."""

    level: int
    column: int
    row: int

    @property
    def bounds(self) -> Bounds:
        side = TILE * scale_of(self.level)
        return Bounds(self.column * side, -(self.row + 1) * side, (self.column + 1) * side, -self.row * side)


def tiles_over(bounds: Bounds, level: int) -> list[TileKey]:
    """The tiles that a box needs, those nearest its middle first."""
    side = TILE * scale_of(level)
    west, east = int(bounds.west // side), int(bounds.east // side)
    north, south = int(-bounds.north // side), int(-bounds.south // side)
    keys = [TileKey(level, column, row) for row in range(north, south + 1) for column in range(west, east + 1)]
    middle = ((west + east) / 2, (north + south) / 2)
    return sorted(keys, key=lambda key: (key.column - middle[0]) ** 2 + (key.row - middle[1]) ** 2)
