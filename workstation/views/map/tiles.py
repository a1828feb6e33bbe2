"""Tiles of the ground: asked for by the frame, painted one after the other on a thread, kept while there is room.

The frame says which tiles it would like; only the newest wish counts, so a fast pan paints nothing that nobody looks
at any more. A tile of an older scene is shown until the new one is there: the ground never flickers.
"""

from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from workstation.mapping.basemap import Basemap
from workstation.mapping.viewport import Bounds
from workstation.views.map.gate import Gate
from workstation.views.map.ground import GroundPainter
from workstation.views.map.scene import Scene, TileKey, tiles_over

KEPT = 96


class TileStore(QObject):
    """`arrived` says that a wished tile is there."""

    arrived = Signal()
    _painted = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, "map-ground")
        self.gate = Gate()
        self._painter: GroundPainter | None = None
        self._base: Basemap | None = None
        self._scene: Scene | None = None
        self._images: OrderedDict[TileKey, tuple[int, QImage]] = OrderedDict()
        self._wishes: Sequence[TileKey] = ()
        self._busy = False
        self._closed = False
        self._painted.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def show_scene(self, scene: Scene) -> None:
        """Paint this scene from now on."""
        if scene.base is not self._base:
            self._base, self._painter = scene.base, GroundPainter(scene.base, self.gate)
            self._images.clear()
        self._scene = scene
        self._next()

    def wish(self, keys: Sequence[TileKey]) -> None:
        """The tiles wanted now, most wanted first."""
        self._wishes = keys
        self._next()

    def image(self, key: TileKey) -> QImage | None:
        kept = self._images.get(key)
        if kept is None:
            return None
        self._images.move_to_end(key)
        return kept[1]

    def complete(self, keys: Sequence[TileKey]) -> bool:
        """Whether all these tiles are there and of the present scene."""
        number = self._scene.number if self._scene else 0
        return all(key in self._images and self._images[key][0] == number for key in keys)

    def substitutes(self, bounds: Bounds, level: int) -> list[tuple[TileKey, QImage]]:
        """Tiles of the nearest other level over a box, above those of the next where it has gaps: what is shown until
        the right ones are there."""
        found = [key for key in self._images if key.level != level and key.bounds.meets(bounds)]
        levels = sorted({key.level for key in found}, key=lambda other: abs(other - level))[:2]
        if levels and all(key in self._images for key in tiles_over(bounds, levels[0])):
            levels = levels[:1]
        return [(key, self._images[key][1]) for other in reversed(levels) for key in found if key.level == other]

    def close(self) -> None:
        """End the painting thread; nothing arrives after this."""
        self._closed = True
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _next(self) -> None:
        scene, painter = self._scene, self._painter
        if self._busy or self._closed or scene is None or painter is None:
            return
        for key in self._wishes:
            kept = self._images.get(key)
            if kept is None or kept[0] != scene.number:
                self._busy = True
                painted = self._thread.submit(painter.paint, scene, key)
                painted.add_done_callback(partial(self._hand_over, scene, key))
                return

    def _hand_over(self, scene: Scene, key: TileKey, painted: "Future[QImage]") -> None:
        """On the painting thread: let the GUI thread take what was painted."""
        if not self._closed:
            self._painted.emit(scene, key, painted)

    def _take(self, scene: Scene, key: TileKey, painted: "Future[QImage]") -> None:
        """Raises here, on the GUI thread, what went wrong in painting: a map that stays dark must say why."""
        self._busy = False
        if scene.base is self._base:
            self._images[key] = (scene.number, painted.result())
            self._images.move_to_end(key)
            while len(self._images) > KEPT:
                self._images.popitem(last=False)
        self._next()
        self.arrived.emit()
