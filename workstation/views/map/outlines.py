"""Rings of a layer as Qt polygons, converted once through Qt's own stream format.

A list of points would cost a microsecond each; a stream of doubles is read by Qt itself. Coordinates are kept relative
to an origin near the city, so that painting at any zoom is one transform.
"""

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath, QPolygonF

from workstation.domain.geometry import Floats
from workstation.mapping.layers import Indices, Rings


def polygon(x: Floats, y: Floats) -> QPolygonF:
    """Columns as a polygon."""
    header = np.array([len(x)], ">u4").tobytes()
    stream = QDataStream(QByteArray(header + np.stack([x, y], axis=1).astype(">f8").tobytes()))
    made = QPolygonF()
    stream >> made
    return made


class Outlines:
    """Polygons of Rings, ring by ring, kept as long as this object; used by one thread."""

    def __init__(self, origin: tuple[float, float]) -> None:
        self._origin = origin
        self._kept: dict[int, tuple[Rings, list[QPolygonF]]] = {}

    def path(self, rings: Rings, shapes: Indices) -> QPainterPath:
        """The shapes of those numbers as one path, holes by the even-odd rule."""
        polygons = self._polygons(rings)
        path = QPainterPath()
        for shape in shapes:
            for ring in range(rings.first[shape], rings.first[shape + 1]):
                path.addPolygon(polygons[ring])
        return path

    def keep(self, wanted: set[int]) -> None:
        """Forget the layers that are not among the wanted identities."""
        self._kept = {identity: kept for identity, kept in self._kept.items() if identity in wanted}

    def _polygons(self, rings: Rings) -> list[QPolygonF]:
        kept = self._kept.get(id(rings))
        if kept is None:
            x, y = rings.x - self._origin[0], rings.y - self._origin[1]
            cuts = list(zip(rings.starts[:-1], rings.starts[1:], strict=True))
            kept = (rings, [polygon(x[start:end], y[start:end]) for start, end in cuts])
            self._kept[id(rings)] = kept
        return kept[1]
