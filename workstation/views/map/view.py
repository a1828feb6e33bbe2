"""The map as the desk uses it: the surface, the layer switches, a card for what the pointer is over, a status line.

The desk gives it a city once and a picture as often as it likes, and hears what was picked and which place was chosen.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.domain.clock import Clock
from workstation.domain.geometry import mercator
from workstation.mapping.basemap import Basemap
from workstation.mapping.layers import UNKNOWN_TIME
from workstation.mapping.picture import Picture
from workstation.mapping.viewport import Bounds, Viewport, level_of, scale_of
from workstation.views.ages import age
from workstation.views.labels import Line
from workstation.views.map.canvas import MapCanvas
from workstation.views.map.content import Content
from workstation.views.map.hover_card import HoverCard
from workstation.views.map.layer_panel import LayerPanel
from workstation.views.map.points import Hit
from workstation.views.plain import one_line
from workstation.words import pick, t

CLOSE_SCALE = 2.0
INSET = 10
TitleOf = Callable[[str, str], str | None]
ROOMY_PX = 640
"""On a narrower map the layer panel begins folded."""


class MapView(QWidget):
    """`picked` carries kind and id ("incident", "sensor", "unit", "camera", "facility", "alert", "grid_cell");
    `place_chosen` latitude and longitude in degrees. `title_of` gives the title of a record in the language it is read
    in, where the layer's own name is not it. Call `close_map` before the application ends."""

    picked = Signal(str, str)
    place_chosen = Signal(float, float)

    def __init__(self, clock: Clock, title_of: TitleOf = lambda kind, id_: None) -> None:
        super().__init__()
        self._clock = clock
        self.title_of = title_of
        self._whole: Viewport | None = None
        self._narrow: bool | None = None
        self.canvas = MapCanvas(self)
        self.panel = LayerPanel(self.canvas)
        self.card = HoverCard(self.canvas)
        self._where, self._hint = Line("muted"), Line("muted")
        bar = QHBoxLayout()
        bar.setContentsMargins(10, 3, 10, 3)
        bar.addWidget(self._where, 3)
        bar.addWidget(self._hint, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.canvas, 1)
        column.addLayout(bar)
        self.canvas.picked.connect(self.picked)
        self.canvas.place_chosen.connect(self.place_chosen)
        self.canvas.pointed.connect(self._point)
        self.canvas.resized.connect(self._resized)
        self.panel.switched.connect(self.switch)
        self.panel.folded.connect(self._place_panel)
        self._say_again()

    def set_city(self, base: Basemap) -> None:
        """The ground to stand on; shows the whole of it."""
        before = self.canvas.content
        self.canvas.show_content(Content(base, before.picture if before else Picture()))
        self.fit_all()

    def set_layers(self, picture: Picture) -> None:
        """The situation to show, as `mapping.picture.PictureReader` read it. Before `set_city` there is no map."""
        content = self.canvas.content
        if content is not None:
            self.canvas.show_content(Content(content.base, picture, content.on))
            self._say_hint()

    def switch(self, name: str, on: bool) -> None:
        """Turn a layer of `content.SWITCHES` on or off."""
        content = self.canvas.content
        if content is not None:
            content = content.switched(name, on)
            self.canvas.show_content(content)
            self.panel.show_on(content.on)

    def fit(self, bounds: Bounds) -> None:
        self.canvas.show_view(self.canvas.view.fitted(bounds))

    def fit_all(self) -> None:
        """The whole city, also at another size, for as long as nobody moves the map."""
        content = self.canvas.content
        if content is not None:
            self.fit(content.base.bounds)
            self._whole = self.canvas.view

    def centre_on(self, lat: float, lon: float) -> None:
        """Bring a place to the middle, close enough to see the blocks around it."""
        x, y = mercator(np.array([lon]), np.array([lat]))
        view = self.canvas.view.centred(float(x[0]), float(y[0]))
        if view.scale > CLOSE_SCALE:
            view = view.scaled(scale_of(level_of(CLOSE_SCALE)))
        self.canvas.show_view(view)

    def select(self, kind: str, id_: str) -> None:
        """Ring a record without moving the map."""
        self.canvas.select(kind, id_)

    def choose_place(self, on: bool = True) -> None:
        """Let the next click (or Enter for the middle) be a place."""
        self.canvas.choose_place(on)

    def close_map(self) -> None:
        """End the painting thread."""
        self.canvas.tiles.close()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()
            QTimer.singleShot(0, self, self._place_panel)  # when the panel has its new words
        super().changeEvent(event)

    def _resized(self) -> None:
        self._fold_where_narrow()
        self._place_panel()
        view, whole = self.canvas.view, self._whole
        if whole is not None and view == whole.sized(view.width, view.height):
            self.fit_all()

    def _fold_where_narrow(self) -> None:
        """Fold or open the panel when the map becomes narrow or wide; in between it stays as the operator left it."""
        narrow = self.canvas.width() < ROOMY_PX
        if narrow is not self._narrow:
            self._narrow = narrow
            self.panel.fold.setChecked(narrow)

    def _place_panel(self) -> None:
        self.panel.adjustSize()
        self.panel.move(self.canvas.width() - self.panel.width() - INSET, INSET)

    def _say_again(self) -> None:
        self.canvas.setAccessibleName(t("map.name"))
        self.canvas.setAccessibleDescription(t("map.keys"))
        self._where.tell("")
        self._say_hint()
        self.canvas.say_again()

    def _say_hint(self) -> None:
        """How many incidents the map cannot show; else how to move on it, until somebody points at a place."""
        content = self.canvas.content
        unplaced = content.picture.unplaced if content else 0
        self._hint.tell(t("map.unplaced", count=unplaced) if unplaced else t("map.keys"))
        self._where.setVisible(bool(self._where.text()))
        self._hint.setVisible(bool(unplaced) or not self._where.text())

    def _point(self, hit: Hit | None, place: QPointF) -> None:
        self._where.tell("" if place.isNull() else self._place_text(place))
        self._say_hint()
        if hit is None:
            self.card.hide()
        else:
            self.card.show_at(place, self._told(hit))

    def _place_text(self, place: QPointF) -> str:
        """Latitude, longitude and the grid cell under the pointer."""
        lon, lat = self.canvas.view.degrees(place.x(), place.y())
        content = self.canvas.content
        cell = content.base.cell_at(*self.canvas.view.to_world(place.x(), place.y())) if content else None
        where = f"{lat:.5f}°N  {lon:.5f}°E"
        if content is None or cell is None:
            return f"{where}   {t('map.nocell')}"
        return f"{where}   {t('map.cell', code=content.base.grid.ids[cell])}   {pick(*content.base.grid.names[cell])}"

    def _told(self, hit: Hit) -> str:
        """Plain text about what the pointer is over."""
        if hit.count > 1:
            return t("map.cluster", count=hit.count)
        layer, symbol = hit.layer, hit.layer.symbols[hit.layer.symbol[hit.index]]
        named = pick(*layer.names[hit.index]) if layer.names else hit.id
        lines = [self.title_of(layer.kind, hit.id) or named, t(symbol.word)]
        if layer.notes and layer.notes[hit.index]:
            lines.append(layer.notes[hit.index])
        if layer.kind in ("sensor", "incident") and len(layer.at):
            at = int(layer.at[hit.index])
            heard = None if at == UNKNOWN_TIME else datetime.fromtimestamp(at / 1000, UTC)
            lines.append(t("map.seen", age=age(heard, self._clock.now())) if heard else t("map.never"))
        return "\n".join(map(one_line, lines))
