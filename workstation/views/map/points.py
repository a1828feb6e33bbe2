"""Points on the map: bubbles where they crowd, single signs where they do not, and what lies under a pixel.

Few points are drawn one by one, most severe last; many are gathered by the layer's own clusters, or stamped all when
the operator asks for every point. Picking uses the same decision, so what is seen is what is hit.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPainter

from workstation.domain.geometry import Floats
from workstation.mapping.clusters import Clusters, level_for
from workstation.mapping.layers import Indices, PointLayer
from workstation.mapping.viewport import Bounds, Viewport
from workstation.views.map.sprites import Sprites, bubble_radius
from workstation.views.map.stamps import Stamps
from workstation.views.palette import palette

FEW = 200
SINGLY = 1500
CELL_PX = 60.0
REACH = 24.0


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under a pixel: one record, or a cluster of `count` with the box that its members fill."""

    kind: str
    id: str
    layer: PointLayer
    index: int
    count: int = 1
    bounds: Bounds | None = None


class PointPainter:
    """Draws point layers and answers what was hit."""

    def __init__(self, ratio: float) -> None:
        self._sprites = Sprites(ratio)
        self._stamps = Stamps(ratio)

    def draw(self, painter: QPainter, layer: PointLayer, view: Viewport, gather: bool) -> None:
        seen = layer.within(_widened(view))
        if gather and len(seen) > FEW:
            self._draw_clusters(painter, layer, view)
        elif len(seen) > SINGLY:
            self._stamps.draw(painter, layer, view)
        else:
            self._draw_singly(painter, layer, view, seen)

    def _draw_singly(self, painter: QPainter, layer: PointLayer, view: Viewport, seen: Indices) -> None:
        ranks = np.array([symbol.rank for symbol in layer.symbols])[layer.symbol[seen]]
        seen = seen[np.argsort(ranks, kind="stable")]
        columns = (layer.symbol[seen], *_pixels(*view.to_screen(layer.x[seen], layer.y[seen])))
        for number, x, y in _rows(*columns):
            sprite = self._sprites.symbol(layer.symbols[number])
            painter.drawPixmap(x - sprite.half, y - sprite.half, sprite.pixmap)

    def _draw_clusters(self, painter: QPainter, layer: PointLayer, view: Viewport) -> None:
        sprites = self._sprites
        painter.setFont(sprites.number_font)
        painter.setPen(QColor(palette().text))
        found, seen, px, py = _visible(layer, view)
        symbols = layer.symbol[layer.clusters.order[found.first[seen]]]
        for count, rank, symbol, x, y in _rows(found.count[seen], found.rank[seen], symbols, *_pixels(px, py)):
            sprite = sprites.symbol(layer.symbols[symbol]) if count == 1 else sprites.bubble(rank, count)
            painter.drawPixmap(x - sprite.half, y - sprite.half, sprite.pixmap)
            if count > 1:
                number = sprites.number(count)
                painter.drawStaticText(x - number.across, y - number.down, number.text)

    def hit(self, layer: PointLayer, view: Viewport, px: float, py: float, gather: bool) -> Hit | None:
        """The topmost point or cluster of a layer under a pixel."""
        if gather and len(layer.within(_widened(view))) > FEW:
            return _hit_cluster(layer, view, px, py)
        x, y = view.to_world(px, py)
        reach = REACH * view.scale
        near = layer.within(Bounds(x - reach, y - reach, x + reach, y + reach))
        if not len(near):
            return None
        away = np.hypot(layer.x[near] - x, layer.y[near] - y) / view.scale
        radius = np.array([symbol.radius for symbol in layer.symbols])[layer.symbol[near]] + 3.0
        away[away > radius] = np.inf
        best = int(np.argmin(away))
        if not np.isfinite(away[best]):
            return None
        index = int(near[best])
        return Hit(layer.kind, layer.ids[index], layer, index)


def _visible(layer: PointLayer, view: Viewport) -> tuple[Clusters, Indices, Floats, Floats]:
    """The clusters of a view, those on the screen, the most severe last, and where each is in pixels."""
    found = layer.clusters.at(level_for(view.scale, CELL_PX))
    seen = found.within(_widened(view))
    seen = seen[np.argsort(found.rank[seen], kind="stable")]
    return found, seen, *view.to_screen(found.x[seen], found.y[seen])


def _pixels(px: Floats, py: Floats) -> tuple[Indices, Indices]:
    """Whole pixels: a sign between two is drawn by halves and takes twice as long."""
    return np.rint(px).astype(np.int64), np.rint(py).astype(np.int64)


def _rows(*columns: Indices | NDArray[np.uint8]) -> Iterator[tuple[int, ...]]:
    """Columns as rows of plain numbers, which are quicker one by one."""
    return zip(*(column.tolist() for column in columns), strict=True)


def _hit_cluster(layer: PointLayer, view: Viewport, px: float, py: float) -> Hit | None:
    best: Hit | None = None
    found, seen, across, down = _visible(layer, view)
    for (count, first), x, y in zip(_rows(found.count[seen], found.first[seen]), across, down, strict=True):
        members = layer.clusters.order[first : first + count]
        radius = bubble_radius(count) if count > 1 else layer.symbols[layer.symbol[members[0]]].radius + 3
        if (x - px) ** 2 + (y - py) ** 2 <= radius**2:
            ranks = [layer.symbols[layer.symbol[member]].rank for member in members[:FEW]]
            worst = int(members[int(np.argmax(ranks))])
            xs, ys = layer.x[members], layer.y[members]
            box = Bounds(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
            best = Hit(layer.kind, layer.ids[worst], layer, worst, count, box)
    return best


def _widened(view: Viewport) -> Bounds:
    box, extra = view.bounds, REACH * view.scale
    return Bounds(box.west - extra, box.south - extra, box.east + extra, box.north + extra)
