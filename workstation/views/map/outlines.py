"""Rings of a layer as Qt paths, handed over through Qt's own stream format.

A loop over points would cost a microsecond each and hold the interpreter while the GUI thread wants it; a stream of
doubles is cut by numpy and read by Qt. Coordinates are kept relative to an origin near the city, so that painting at
any zoom is one transform.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath

from workstation.mapping.layers import Indices, Rings

ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
MOVE_TO, LINE_TO = 0, 1
STROKE_POINTS = 600


class Outlines:
    """Path elements of Rings, kept as long as this object; used by one thread."""

    def __init__(self, origin: tuple[float, float]) -> None:
        self._origin = origin
        self._kept: dict[int, tuple[Rings, NDArray[np.void]]] = {}

    def paths(self, rings: Rings, shapes: Indices) -> Iterator[QPainterPath]:
        """The shapes of those numbers as paths of up to STROKE_POINTS points, holes by the even-odd rule; each a short
        stroke for the painter."""
        if not len(shapes):
            return
        elements = self._elements(rings)
        lengths = rings.starts[rings.first[shapes + 1]] - rings.starts[rings.first[shapes]]
        rounds = (np.cumsum(lengths) - lengths) // STROKE_POINTS
        for part in np.split(shapes, np.flatnonzero(np.diff(rounds)) + 1):
            chosen = elements[_points_of(rings, part)]
            head, tail = np.array([len(chosen)], ">i4"), np.array([0, 0], ">i4")
            stream = QDataStream(QByteArray(head.tobytes() + chosen.tobytes() + tail.tobytes()))
            path = QPainterPath()
            stream >> path
            yield path

    def keep(self, wanted: set[int]) -> None:
        """Forget the layers that are not among the wanted identities."""
        self._kept = {identity: kept for identity, kept in self._kept.items() if identity in wanted}

    def _elements(self, rings: Rings) -> NDArray[np.void]:
        kept = self._kept.get(id(rings))
        if kept is None:
            elements = np.empty(len(rings.x), ELEMENT)
            elements["kind"] = LINE_TO
            elements["kind"][rings.starts[:-1]] = MOVE_TO
            elements["x"], elements["y"] = rings.x - self._origin[0], rings.y - self._origin[1]
            kept = (rings, elements)
            self._kept[id(rings)] = kept
        return kept[1]


def _points_of(rings: Rings, shapes: Indices) -> Indices:
    """The numbers of all points of some shapes, shape by shape."""
    begins, ends = rings.starts[rings.first[shapes]], rings.starts[rings.first[shapes + 1]]
    lengths = ends - begins
    before = np.cumsum(lengths) - lengths
    points: Indices = np.repeat(begins - before, lengths) + np.arange(lengths.sum())
    return points
