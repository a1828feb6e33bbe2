"""The map's surface: paints a frame, and turns mouse and keys into another viewport, a pick or a chosen place.

A frame copies tiles that are there and draws the points; nothing is computed in it that could be computed before.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from workstation.mapping.viewport import Bounds, Viewport, scale_of
from workstation.views.map.content import Content
from workstation.views.map.furniture import (
    paint_attribution,
    paint_banner,
    paint_cross,
    paint_legend,
    paint_scale,
    paint_selection,
)
from workstation.views.map.points import Hit, PointPainter
from workstation.views.map.scene import TILE, TileKey, tiles_over
from workstation.views.map.tiles import TileStore
from workstation.views.palette import palette
from workstation.words import pick, t

PAN_PX = 96
WHEEL_STEPS = 4
CLICK_PX = 5
ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


@dataclass(slots=True)
class Drag:
    """A button held down: where it began, where it is, and whether it has become a pan."""

    start: QPointF
    last: QPointF
    panning: bool = False


class MapCanvas(QWidget):
    """`picked` names a record, `place_chosen` is latitude and longitude, `pointed` carries what the pointer is over (a
    Hit or None) and where, `resized` says that the surface has another size."""

    picked = Signal(str, str)
    place_chosen = Signal(float, float)
    pointed = Signal(object, QPointF)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(QSize(240, 180))
        self.view = Viewport(0.0, 0.0, scale_of(112), 640, 480)
        self.tiles = TileStore(self)
        self.tiles.arrived.connect(self.update)
        self._content: Content | None = None
        self._ratio = 0.0
        self._points = PointPainter(1.0)
        self._selected: tuple[str, str] | None = None
        self._placing = False
        self._drag: Drag | None = None

    @property
    def content(self) -> Content | None:
        return self._content

    @property
    def placing(self) -> bool:
        return self._placing

    def show_content(self, content: Content) -> None:
        """Show this from now on; the ground is painted again only where it changed."""
        before, self._content = self._content, content
        if self._ratio and (before is None or not content.same_ground(before)):
            self.tiles.show_scene(content.scene(self._ratio))
        self.update()

    def say_again(self) -> None:
        """Paint everything in the current language."""
        self._points = PointPainter(self._ratio or 1.0)
        if self._content is not None and self._ratio:
            self.tiles.show_scene(self._content.scene(self._ratio))
        self.update()

    def show_view(self, view: Viewport) -> None:
        self.view = view
        self._wish()
        self.update()

    def select(self, kind: str, id_: str) -> None:
        """Ring a record; nothing is ringed where the layer does not hold it."""
        self._selected = (kind, id_)
        self.update()

    def choose_place(self, on: bool) -> None:
        """Begin or end the mode in which the next click is a place."""
        self._placing = on
        self.setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)
        self.update()

    def hit(self, px: float, py: float) -> Hit | None:
        """The topmost record under a pixel: points first, then the area of an alert."""
        content = self._content
        if content is None:
            return None
        for layer in reversed(list(content.layers())):
            if found := self._points.hit(layer, self.view, px, py, content.gather):
                return found
        return None

    def area(self, px: float, py: float) -> tuple[str, str] | None:
        """Kind and id of the alert under a pixel, else of the grid cell."""
        content = self._content
        if content is None:
            return None
        x, y = self.view.to_world(px, py)
        alerts = content.alerts
        if alerts is not None and (number := alerts.rings.at(x, y)) is not None:
            return "alert", alerts.ids[number]
        cell = content.base.cell_at(x, y)
        return ("grid_cell", content.base.grid.ids[cell]) if cell is not None else None

    def wished(self) -> list[TileKey]:
        """The tiles of the view."""
        return tiles_over(self.view.bounds, self.view.level)

    def _wish(self) -> None:
        box, extra = self.view.bounds, TILE * self.view.scale / 2
        wider = Bounds(box.west - extra, box.south - extra, box.east + extra, box.north + extra)
        keys = self.wished()
        self.tiles.wish([*keys, *(key for key in tiles_over(wider, self.view.level) if key not in keys)])

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._ratio != self.devicePixelRatioF():
            self._ratio = self.devicePixelRatioF()
            self.say_again()
            self._wish()
        with self.tiles.gate.frame():
            painter = QPainter(self)
            painter.fillRect(self.rect(), QColor(palette().map.sea))
            self._paint_ground(painter)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._content is not None:
                self._paint_content(painter, self._content)
            painter.end()

    def _paint_content(self, painter: QPainter, content: Content) -> None:
        for layer in content.layers():
            self._points.draw(painter, layer, self.view, content.gather)
        self._paint_selected(painter, content)
        self._paint_frame(painter, content)

    def _paint_ground(self, painter: QPainter) -> None:
        keys = self.wished()
        images = [(key, self.tiles.image(key)) for key in keys]
        if any(image is None for _, image in images):
            for key, other in self.tiles.substitutes(self.view.bounds, self.view.level):
                painter.drawImage(self._rect_of(key), other, QRectF(other.rect()))
        for key, image in images:
            if image is not None:
                target = self._rect_of(key)
                painter.drawImage(QRectF(round(target.x()), round(target.y()), TILE, TILE), image, QRectF(image.rect()))

    def _rect_of(self, key: TileKey) -> QRectF:
        box = key.bounds
        left, top = self.view.point(box.west, box.north)
        right, bottom = self.view.point(box.east, box.south)
        return QRectF(left, top, right - left, bottom - top)

    def _paint_selected(self, painter: QPainter, content: Content) -> None:
        layer = content.layer(self._selected[0]) if self._selected else None
        index = layer.index(self._selected[1]) if layer and self._selected else None
        if layer is not None and index is not None:
            x, y = self.view.point(float(layer.x[index]), float(layer.y[index]))
            paint_selection(painter, x, y, layer.symbols[layer.symbol[index]].radius + 8)

    def _paint_frame(self, painter: QPainter, content: Content) -> None:
        paint_scale(painter, self.view)
        legend = content.legend()
        if legend is not None and legend.limits:
            paint_legend(painter, self.view, legend)
        paint_attribution(painter, self.view, f"{pick(*content.base.names)} · {t('map.invented')}")
        if self._placing:
            paint_cross(painter, self.view)
            paint_banner(painter, self.view, t("map.placing"))
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette().focus), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.show_view(self.view.sized(self.width(), self.height()))
        self.resized.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y()
        if turn:
            steps = WHEEL_STEPS if turn > 0 else -WHEEL_STEPS
            self.show_view(self.view.zoomed(steps, event.position().x(), event.position().y()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._drag = Drag(event.position(), event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._drag is None:
            self.pointed.emit(self.hit(place.x(), place.y()), place)
            return
        away = place - self._drag.start
        if self._drag.panning or abs(away.x()) + abs(away.y()) > CLICK_PX:
            self._drag.panning = True
            step = place - self._drag.last
            self._drag.last = place
            self.show_view(self.view.panned(step.x(), step.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        place = event.position()
        if event.button() is Qt.MouseButton.RightButton:
            self._choose(place)
        elif drag is not None and not drag.panning:
            self._click(place)

    def _click(self, place: QPointF) -> None:
        if self._placing:
            self._choose(place)
            return
        found = self.hit(place.x(), place.y())
        if found is None:
            area = self.area(place.x(), place.y())
            if area is not None:
                self.picked.emit(*area)
        elif found.count > 1 and found.bounds and self._opens(found.bounds):
            self.show_view(self.view.fitted(found.bounds, 0.15))
        else:
            self.select(found.kind, found.id)
            self.picked.emit(found.kind, found.id)

    def _opens(self, bounds: Bounds) -> bool:
        """Whether going closer would part the members of a cluster."""
        return self.view.fitted(bounds, 0.15).level > self.view.level

    def _choose(self, place: QPointF) -> None:
        lon, lat = self.view.degrees(place.x(), place.y())
        self.choose_place(False)
        self.place_chosen.emit(lat, lon)

    def leaveEvent(self, event: object) -> None:
        self.pointed.emit(None, QPointF())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        middle = (self.width() / 2, self.height() / 2)
        if key in ARROWS:
            across, down = ARROWS[key]
            self.show_view(self.view.panned(across * PAN_PX, down * PAN_PX))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.show_view(self.view.zoomed(-WHEEL_STEPS if key is Qt.Key.Key_Minus else WHEEL_STEPS, *middle))
        elif key is Qt.Key.Key_Home and self._content is not None:
            self.show_view(self.view.fitted(self._content.base.bounds))
        elif key is Qt.Key.Key_P:
            self.choose_place(not self._placing)
        elif self._placing and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(QPointF(*middle))
        elif self._placing and key is Qt.Key.Key_Escape:
            self.choose_place(False)
        else:
            super().keyPressEvent(event)
