"""Names on the ground: which are written at a zoom level, where, and that none lies on another.

Placed once a level and language for the whole city, in pixels of the level, so that a name stands still in a pan and is
cut by no tile's edge: both neighbours paint it at the same place. Earlier layers win, then longer roads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import atan2, cos, degrees, pi, sin

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from workstation.domain.geometry import Floats
from workstation.mapping.basemap import Basemap
from workstation.mapping.layers import LineLayer
from workstation.mapping.viewport import scale_of
from workstation.views.map.gate import Gate
from workstation.views.map.scene import TILE, TileKey
from workstation.views.palette import palette
from workstation.views.theme import desk_font

SIZES = {"district": 18, "street": 14, "community": 12, "water": 13, "road": 12}
BOLD = ("district", "street")
ROAD_NAMES_COARSEST = {"motorway": 16.0, "trunk": 14.0, "primary": 11.0, "secondary": 5.0, "residential": 1.3}
REPEAT = 620.0
CELL = 128


@dataclass(frozen=True, slots=True)
class Name:
    """A name to write: middle in pixels of its level, size of its text, turn in radians."""

    text: str
    tone: str
    x: float
    y: float
    width: float
    height: float
    turn: float = 0.0

    @property
    def box(self) -> tuple[float, float, float, float]:
        wide = (abs(self.width * cos(self.turn)) + abs(self.height * sin(self.turn))) / 2
        high = (abs(self.width * sin(self.turn)) + abs(self.height * cos(self.turn))) / 2
        return self.x - wide, self.y - high, self.x + wide, self.y + high


class Taken:
    """The room already written on, found by coarse cells."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[float, float, float, float]]] = {}

    def take(self, name: Name, gap: float = 6.0) -> bool:
        """Claim the room of a name; False when some of it is taken."""
        west, north, east, south = name.box
        box = (west - gap, north - gap / 2, east + gap, south + gap / 2)
        cells = [
            (column, row)
            for column in range(int(box[0] // CELL), int(box[2] // CELL) + 1)
            for row in range(int(box[1] // CELL), int(box[3] // CELL) + 1)
        ]
        if any(_meet(box, other) for cell in cells for other in self._cells.get(cell, ())):
            return False
        for cell in cells:
            self._cells.setdefault(cell, []).append(box)
        return True


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


class Lettering:
    """The names of a base map, level by level."""

    def __init__(self, base: Basemap, gate: Gate) -> None:
        self._base = base
        self._gate = gate
        self._kept: dict[tuple[int, str], tuple[list[Name], Floats]] = {}

    def paint(self, painter: QPainter, key: TileKey, language: str) -> None:
        """Write the names that touch a tile; the painter's unit is the logical pixel of the tile."""
        names, boxes = self.names(key.level, language)
        left, top = key.column * TILE, key.row * TILE
        meets = (boxes[:, 0] < left + TILE) & (boxes[:, 2] > left) & (boxes[:, 1] < top + TILE) & (boxes[:, 3] > top)
        for number in np.flatnonzero(meets):
            self._gate.let_pass()
            write(painter, names[number], QPointF(names[number].x - left, names[number].y - top))

    def names(self, level: int, language: str) -> tuple[list[Name], Floats]:
        """The names of a level and their boxes as (n, 4), none on another."""
        if (level, language) not in self._kept:
            taken = Taken()
            placed = [name for name in self._candidates(level, language) if self._passes(taken, name)]
            boxes = np.array([name.box for name in placed]) if placed else np.empty((0, 4))
            self._kept[level, language] = (placed, boxes)
        return self._kept[level, language]

    def _passes(self, taken: Taken, name: Name) -> bool:
        self._gate.let_pass()
        return taken.take(name)

    def _candidates(self, level: int, language: str) -> Iterator[Name]:
        scale, which = scale_of(level), 0 if language == "zh" else 1
        for places in self._base.places:
            if scale <= places.coarsest:
                font = QFontMetricsF(font_of(places.tone))
                for x, y, names in zip(places.x, places.y, places.names, strict=True):
                    text = names[which] or names[1 - which]
                    width = font.horizontalAdvance(text)
                    yield Name(text, places.tone, float(x) / scale, -float(y) / scale, width, font.height())
        for layer in reversed(self._base.roads):
            if scale <= ROAD_NAMES_COARSEST.get(layer.tone, 0.0):
                yield from self._road_names(layer, scale, which)

    def _road_names(self, layer: LineLayer, scale: float, which: int) -> Iterator[Name]:
        font = QFontMetricsF(font_of("road"))
        last: dict[str, list[tuple[float, float]]] = {}
        for line, names in enumerate(layer.names):
            self._gate.let_pass()
            if not (text := names[which] or names[1 - which]):
                continue
            ring = layer.rings.first[line]
            cut = slice(layer.rings.starts[ring], layer.rings.starts[ring + 1])
            size = (font.horizontalAdvance(text), font.height())
            near = last.setdefault(text, [])
            for name in _along(layer.rings.x[cut] / scale, -layer.rings.y[cut] / scale, text, size):
                if all(abs(name.x - x) + abs(name.y - y) > REPEAT / 1.5 for x, y in near):
                    near.append((name.x, name.y))
                    yield name


def _along(x: Floats, y: Floats, text: str, size: tuple[float, float]) -> list[Name]:
    """Names along a line, one every REPEAT pixels, only where it is straight enough to read."""
    reach = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    length, need = float(reach[-1]), size[0] + 14.0
    if length < need:
        return []
    found = []
    for number in range(times := max(1, int(length // REPEAT))):
        middle = length * (number + 0.5) / times
        ends = np.array([middle - need / 2, middle, middle + need / 2])
        xs, ys = np.interp(ends, reach, x), np.interp(ends, reach, y)
        dx, dy = float(xs[2] - xs[0]), float(ys[2] - ys[0])
        if np.hypot(dx, dy) > 0.985 * need:
            turn = atan2(dy, dx)
            turn = turn - pi if turn > pi / 2 else turn + pi if turn <= -pi / 2 else turn
            found.append(Name(text, "road", float(xs[1]), float(ys[1]), size[0], size[1], turn))
    return found


def font_of(tone: str) -> QFont:
    """The typeface of a kind of name; districts are spaced, water leans."""
    font = desk_font(SIZES[tone], tone in BOLD)
    if tone == "district":
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 4.0)
    font.setItalic(tone == "water")
    return font


def _ink(tone: str) -> QColor:
    colours = palette()
    if tone == "water":
        return QColor(colours.map.water_line).lighter(230)
    return QColor(colours.map.place if tone in BOLD else colours.muted)


def write(painter: QPainter, name: Name, middle: QPointF) -> None:
    """A name with a halo in the ground's colour, turned about its middle."""
    font = font_of(name.tone)
    painter.save()
    painter.translate(middle)
    painter.rotate(degrees(name.turn))
    box = QRectF(-name.width / 2, -name.height / 2, name.width, name.height)
    path = QPainterPath()
    path.addText(QPointF(box.left(), box.top() + QFontMetricsF(font).ascent()), font, name.text)
    halo = QPen(QColor(palette().map.place_halo), 3.2)
    halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, halo)
    painter.setFont(font)
    painter.setPen(_ink(name.tone))
    painter.drawText(QPointF(box.left(), box.top() + QFontMetricsF(font).ascent()), name.text)
    painter.restore()
