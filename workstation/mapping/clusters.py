"""Points gathered into bubbles by zoom, from one sort.

The points are sorted once along a Z-order curve of 2^26 x 2^26 cells over the Web-Mercator square. At every zoom step
the cells are then runs of neighbours in that order, so a level costs one difference and a few `reduceat`, well under
a frame for a hundred thousand points. Cells are fixed to the world and not to the screen: bubbles stand still in a pan.
"""

from dataclasses import dataclass
from math import ceil, log2, pi

import numpy as np
from numpy.typing import NDArray

from workstation.domain.geometry import MERCATOR_RADIUS_M, Floats
from workstation.mapping.viewport import Bounds

SIDE = 2 * pi * MERCATOR_RADIUS_M
DEPTH = 26
CITY_LEVELS = range(10, 23)


@dataclass(frozen=True, slots=True)
class Clusters:
    """Cells of one level that hold points: mean position in metres, how many, the worst rank, and their members as
    the run `first[i]:first[i] + count[i]` of `ClusterIndex.order`."""

    x: Floats
    y: Floats
    count: NDArray[np.int64]
    rank: NDArray[np.uint8]
    first: NDArray[np.int64]

    def within(self, bounds: Bounds) -> NDArray[np.int64]:
        return bounds.around(self.x, self.y)


def _spread(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The low 32 bits moved apart, a zero between each two."""
    for shift, mask in ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F)):
        value = (value | (value << np.uint64(shift))) & np.uint64(mask)
    for shift, mask in ((2, 0x3333333333333333), (1, 0x5555555555555555)):
        value = (value | (value << np.uint64(shift))) & np.uint64(mask)
    return value


def _cells(value: Floats) -> NDArray[np.uint64]:
    cells: NDArray[np.uint64] = np.clip((value / SIDE + 0.5) * 2**DEPTH, 0, 2**DEPTH - 1).astype(np.uint64)
    return cells


def level_for(scale: float, cell_px: float) -> int:
    """The level whose cells are at least `cell_px` pixels wide at `scale` metres a pixel."""
    return max(0, min(DEPTH, DEPTH - ceil(log2(max(1e-9, cell_px * scale * 2**DEPTH / SIDE)))))


class ClusterIndex:
    """Points in Z-order; clusters of a level are computed when first asked for and kept."""

    def __init__(self, x: Floats, y: Floats, rank: NDArray[np.uint8]) -> None:
        code = _spread(_cells(x)) | (_spread(_cells(y)) << np.uint64(1))
        self.order = np.argsort(code, kind="stable")
        self._code = code[self.order]
        self._x, self._y, self._rank = x[self.order], y[self.order], rank[self.order]
        self._levels: dict[int, Clusters] = {}

    def at(self, level: int) -> Clusters:
        if level not in self._levels:
            self._levels[level] = self._gather(level)
        return self._levels[level]

    def prepare(self) -> None:
        """Gather the levels of a city's zooms now, on whatever thread this is, so that no frame has to."""
        for level in CITY_LEVELS:
            self.at(level)

    def _gather(self, level: int) -> Clusters:
        size = len(self._code)
        if not size:
            nothing = np.empty(0, np.int64)
            return Clusters(self._x, self._y, nothing, self._rank, nothing)
        cell = self._code >> np.uint64(2 * (DEPTH - level))
        first = np.concatenate([[0], np.flatnonzero(cell[1:] != cell[:-1]) + 1])
        count = np.diff(first, append=size)
        return Clusters(
            np.add.reduceat(self._x, first) / count,
            np.add.reduceat(self._y, first) / count,
            count,
            np.maximum.reduceat(self._rank, first),
            first,
        )
