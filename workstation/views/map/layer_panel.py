"""The switches of the map's layers, with a key to its signs. By keyboard: Tab to a switch, Space turns it."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workstation.mapping.layers import Symbol
from workstation.mapping.picture import INCIDENT_SYMBOLS, SENSOR_SYMBOLS
from workstation.views.labels import Action, Caption
from workstation.views.map.content import ON_AT_FIRST, SWITCHES
from workstation.views.map.sprites import Sprites, paint_plate
from workstation.words import t

KEY_SIGNS = (*INCIDENT_SYMBOLS[7::-2], INCIDENT_SYMBOLS[9], *SENSOR_SYMBOLS[8:])


class LayerPanel(QFrame):
    """`switched` carries a layer's name and whether it is on; `folded` says that the panel has another size."""

    switched = Signal(str, bool)
    folded = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._switches: dict[str, QCheckBox] = {}
        self.fold = Action("map.layers", "", "flat")
        self.fold.setCheckable(True)
        self._inside = QWidget()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4, 2, 4, 2)
        whole.addWidget(self.fold)
        whole.addWidget(self._inside)
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(6, 0, 8, 6)
        column.setSpacing(2)
        self.fold.toggled.connect(self._fold)
        for name in SWITCHES:
            switch = QCheckBox()
            switch.setMinimumHeight(22)
            switch.setChecked(name in ON_AT_FIRST)
            switch.toggled.connect(lambda on, name=name: self.switched.emit(name, on))
            self._switches[name] = switch
            column.addWidget(switch)
        column.addSpacing(6)
        for symbol in KEY_SIGNS:
            column.addLayout(self._key_line(symbol))
        self._say_again()

    def _fold(self, folded: bool) -> None:
        """Make room for the map, or show the switches again."""
        self._inside.setVisible(not folded)
        self.adjustSize()
        self.folded.emit()

    def show_on(self, on: frozenset[str]) -> None:
        """Set the switches without telling anybody."""
        for name, switch in self._switches.items():
            switch.blockSignals(True)
            switch.setChecked(name in on)
            switch.blockSignals(False)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_plate(self)

    def _key_line(self, symbol: Symbol) -> QHBoxLayout:
        line = QHBoxLayout()
        picture = QLabel()
        picture.setPixmap(Sprites(2.0).symbol(symbol).pixmap)
        picture.setFixedWidth(34)
        line.addWidget(picture)
        line.addWidget(Caption(symbol.word, "muted"), 1)
        return line

    def _say_again(self) -> None:
        self.setAccessibleName(t("map.layers"))
        for name, switch in self._switches.items():
            switch.setText(t(f"map.layer.{name}"))
            switch.setAccessibleName(t(f"map.layer.{name}"))
