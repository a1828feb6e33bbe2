"""What a map layer is: positions and classes in numpy arrays, and beside them what a person asks of one thing.

Positions are Web-Mercator metres in float64, computed once; a frame only scales and shifts them. A symbol class is one
byte a point, so that a hundred thousand points are drawn and clustered by array operations.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.domain.geometry import Floats, mercator
from workstation.domain.levels import Severity
from workstation.mapping.clusters import ClusterIndex
from workstation.mapping.viewport import Bounds, bounds_of

Bytes = NDArray[np.uint8]
Indices = NDArray[np.int64]
UNKNOWN_TIME = -1


@dataclass(frozen=True, slots=True)
class Symbol:
    """One class of point. `word` is the message key of its legend line, `mark` that of the sign written on it.

    A severity gives colour, shape and numeral; without one the symbol has the form `form` in the grey of the normal.
    `filled` says unacknowledged (or in use), an outline acknowledged (or at rest); `stale` that its data have stopped.
    `radius` is in logical pixels.
    """

    word: str
    form: str = "dot"
    mark: str = ""
    severity: Severity | None = None
    filled: bool = True
    stale: bool = False
    radius: float = 6.0

    @property
    def rank(self) -> int:
        """What may hide what: severity first, then the unacknowledged."""
        if self.severity is None or self.stale:
            return 0
        return self.severity.rank * 2 + self.filled


@dataclass(frozen=True)
class PointLayer:
    """Points of one record kind. Columns run parallel; those a layer does not have are empty.

    `names` are plain text in (zh, en), a note is such as a value with its unit; `at` is milliseconds
    since 1970 of the newest word about the point, UNKNOWN_TIME where nobody knows.
    """

    kind: str
    x: Floats
    y: Floats
    symbol: Bytes
    symbols: tuple[Symbol, ...]
    ids: Sequence[str]
    names: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    at: Indices = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.x)

    @cached_property
    def clusters(self) -> ClusterIndex:
        ranks = np.array([symbol.rank for symbol in self.symbols] or [0], np.uint8)
        return ClusterIndex(self.x, self.y, ranks[self.symbol] if len(self.symbol) else self.symbol)

    @cached_property
    def bounds(self) -> Bounds | None:
        return bounds_of(self.x, self.y)

    @cached_property
    def classes(self) -> list[tuple[Symbol, Floats, Floats]]:
        """The points of each symbol in Z-order, the mildest symbol first."""
        order = self.clusters.order
        symbol, x, y = self.symbol[order], self.x[order], self.y[order]
        present = np.flatnonzero(np.bincount(symbol, minlength=len(self.symbols)))
        ranked = sorted(present, key=lambda number: self.symbols[number].rank)
        return [(self.symbols[n], x[symbol == n], y[symbol == n]) for n in ranked]

    @cached_property
    def _index(self) -> dict[str, int]:
        return {id_: number for number, id_ in enumerate(self.ids)}

    def index(self, id_: str) -> int | None:
        return self._index.get(id_)

    def within(self, bounds: Bounds) -> Indices:
        """Indices of the points inside a box, in layer order."""
        return bounds.around(self.x, self.y)

    def used(self) -> list[Symbol]:
        """The symbols that occur, most severe first: the lines of a legend."""
        present = np.flatnonzero(np.bincount(self.symbol, minlength=len(self.symbols)))
        return sorted((self.symbols[i] for i in present), key=lambda symbol: -symbol.rank)


@dataclass(frozen=True)
class Rings:
    """Rings of shapes flattened: ring r is points `starts[r]:starts[r+1]`, shape s rings `first[s]:first[s+1]`."""

    x: Floats
    y: Floats
    starts: Indices
    first: Indices

    def __len__(self) -> int:
        return len(self.first) - 1

    @cached_property
    def boxes(self) -> Floats:
        """(n, 4) west, south, east, north of each shape."""
        points = self.starts[self.first[:-1]]
        if not len(points):
            return np.empty((0, 4))
        columns = [
            np.minimum.reduceat(self.x, points),
            np.minimum.reduceat(self.y, points),
            np.maximum.reduceat(self.x, points),
            np.maximum.reduceat(self.y, points),
        ]
        return np.stack(columns, axis=1)

    @cached_property
    def bounds(self) -> Bounds | None:
        return bounds_of(self.x, self.y)

    def meeting(self, bounds: Bounds) -> Indices:
        """Indices of the shapes whose boxes meet a box."""
        boxes = self.boxes
        meets = (boxes[:, 0] <= bounds.east) & (boxes[:, 2] >= bounds.west)
        return np.flatnonzero(meets & (boxes[:, 1] <= bounds.north) & (boxes[:, 3] >= bounds.south))

    def at(self, x: float, y: float) -> int | None:
        """The first shape that covers a point (even-odd rule); None where there is none."""
        for shape in self.meeting(Bounds(x, y, x, y)):
            if sum(self._crossings(ring, x, y) for ring in range(self.first[shape], self.first[shape + 1])) % 2:
                return int(shape)
        return None

    def _crossings(self, ring: int, x: float, y: float) -> int:
        xs, ys = (column[self.starts[ring] : self.starts[ring + 1]] for column in (self.x, self.y))
        nx, ny = np.roll(xs, -1), np.roll(ys, -1)
        spans = (ys > y) != (ny > y)
        cuts = xs[spans] + (y - ys[spans]) * (nx[spans] - xs[spans]) / (ny[spans] - ys[spans])
        return int(np.count_nonzero(cuts > x))


@dataclass(frozen=True)
class PolygonLayer:
    """Areas of one look. `ranks` holds the class of each polygon where they differ: a step of the ramp for a
    choropleth, a severity's rank for alerts. `coarsest` is the metres a pixel beyond which they are not drawn."""

    tone: str
    rings: Rings
    ranks: Bytes | None = None
    ids: Sequence[str] = ()
    names: Sequence[tuple[str, str]] = ()
    values: Floats | None = None
    coarsest: float = float("inf")


@dataclass(frozen=True)
class LineLayer:
    """Lines of one look; `coarsest` is the metres a pixel beyond which they are not drawn."""

    tone: str
    rings: Rings
    coarsest: float = float("inf")
    names: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Places:
    """Names written on the map, all of one `tone` (district, street, water ...). Where they crowd, layers earlier in
    the base map win. Not written beyond `coarsest` metres a pixel."""

    tone: str
    x: Floats
    y: Floats
    names: Sequence[tuple[str, str]]
    coarsest: float = float("inf")


def flatten(shapes: Sequence[Sequence[Any]]) -> Rings:
    """Shapes of rings of (lon, lat), each ring a list or an array of points, to Rings in metres."""
    rings = [np.asarray(ring, float)[:, :2] for shape in shapes for ring in shape]
    points = np.concatenate(rings) if rings else np.empty((0, 2))
    x, y = mercator(points[:, 0], points[:, 1])
    starts = np.concatenate([[0], np.cumsum([len(ring) for ring in rings])]).astype(np.int64)
    first = np.concatenate([[0], np.cumsum([len(shape) for shape in shapes])]).astype(np.int64)
    return Rings(x, y, starts, first)
