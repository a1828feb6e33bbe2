"""The switches of the map's layers, with a key to its signs. By keyboard: Tab to a switch, Space turns it."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workstation.mapping.layers import Symbol
from workstation.mapping.picture import INCIDENT_SYMBOLS, SENSOR_SYMBOLS
from workstation.views.labels import Caption
from workstation.views.map.content import ON_AT_FIRST, SWITCHES
from workstation.views.map.sprites import Sprites, paint_plate
from workstation.words import t

KEY_SIGNS = (*INCIDENT_SYMBOLS[7::-2], INCIDENT_SYMBOLS[9], *SENSOR_SYMBOLS[8:])


class LayerPanel(QFrame):
    """`switched` carries a layer's name and whether it is on."""

    switched = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._switches: dict[str, QCheckBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 12, 8)
        column.setSpacing(2)
        column.addWidget(Caption("map.layers", "muted"))
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
        picture.setPixmap(Sprites(2.0).symbol(symbol))
        picture.setFixedWidth(34)
        line.addWidget(picture)
        line.addWidget(Caption(symbol.word, "muted"), 1)
        return line

    def _say_again(self) -> None:
        self.setAccessibleName(t("map.layers"))
        for name, switch in self._switches.items():
            switch.setText(t(f"map.layer.{name}"))
            switch.setAccessibleName(t(f"map.layer.{name}"))
