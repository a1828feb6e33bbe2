"""Every single point of a great layer, stamped by array operations into one image.

A painter's call a point costs a microsecond too many at a hundred thousand. Here each pixel of a small sign is one
array assignment for all points of its class. Points come in Z-order, so neighbours in the list are neighbours in
memory, which makes the assignments three times as fast. Mild classes are stamped first: the severe lie on top.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from workstation.mapping.layers import PointLayer, Symbol
from workstation.mapping.viewport import Viewport
from workstation.views.map.sprites import MIDDLE, paint_symbol
from workstation.views.palette import palette, severity_path

RADIUS = 4.2
EDGE = 8


class Stamps:
    """An image of the size of the view with an edge, so that a sign at the border needs no clipping."""

    def __init__(self, ratio: float) -> None:
        self._ratio = ratio
        self._signs: dict[Symbol, tuple[NDArray[np.int64], NDArray[np.uint32]]] = {}
        self._pixels = np.zeros((1, 1), np.uint32)

    def draw(self, painter: QPainter, layer: PointLayer, view: Viewport) -> None:
        """Draw all points of a layer that lie in the view."""
        edge = round(EDGE * self._ratio)
        size = (round(view.height * self._ratio) + 2 * edge, round(view.width * self._ratio) + 2 * edge)
        if self._pixels.shape != size:
            self._pixels = np.zeros(size, np.uint32)
        else:
            self._pixels.fill(0)
        for symbol, x, y in layer.classes:
            self._stamp(symbol, *self._places(x, y, view, edge))
        image = QImage(self._pixels.data, size[1], size[0], size[1] * 4, QImage.Format.Format_ARGB32_Premultiplied)
        inner = QRect(edge, edge, size[1] - 2 * edge, size[0] - 2 * edge)
        painter.drawImage(QRect(0, 0, view.width, view.height), image, inner)

    def _places(
        self, x: NDArray[np.float64], y: NDArray[np.float64], view: Viewport, edge: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Columns and rows in the image of the points that touch it."""
        px, py = view.to_screen(x, y)
        columns = (px * self._ratio).astype(np.int64) + edge
        rows = (py * self._ratio).astype(np.int64) + edge
        reach = round(6 * self._ratio)
        height, width = self._pixels.shape
        inside = (columns >= reach) & (columns < width - reach) & (rows >= reach) & (rows < height - reach)
        return columns[inside], rows[inside]

    def _stamp(self, symbol: Symbol, columns: NDArray[np.int64], rows: NDArray[np.int64]) -> None:
        if symbol not in self._signs:
            self._signs[symbol] = self._sign(symbol)
        offsets, colours = self._signs[symbol]
        width = self._pixels.shape[1]
        flat = self._pixels.reshape(-1)
        places = rows * width + columns
        down, across = offsets
        for step, colour in zip(down * width + across, colours, strict=True):
            flat[places + step] = colour

    def _sign(self, symbol: Symbol) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """A small sign as offsets (rows, columns) from its middle and the colour of each pixel."""
        reach = round(6 * self._ratio)
        image = QImage(2 * reach, 2 * reach, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        painter.translate(reach, reach)
        painter.scale(self._ratio, self._ratio)
        _small(painter, symbol)
        painter.end()
        pixels = np.frombuffer(image.constBits(), np.uint32).reshape(2 * reach, 2 * reach)
        solid = np.argwhere((pixels >> np.uint32(24)) > 127)
        colours = pixels[solid[:, 0], solid[:, 1]] | np.uint32(0xFF000000)
        return (solid - reach).T.astype(np.int64), colours


def _small(painter: QPainter, symbol: Symbol) -> None:
    if symbol.severity is None:
        painter.scale(RADIUS / symbol.radius, RADIUS / symbol.radius)
        paint_symbol(painter, symbol)
        return
    path = severity_path(symbol.severity, MIDDLE, RADIUS)
    colour = QColor(palette().severity(symbol.severity))
    painter.setPen(QPen(QColor(palette().map.place_halo) if symbol.filled else colour, 1.2))
    painter.setBrush(colour if symbol.filled else QColor(palette().bg))
    painter.drawPath(path)
