"""The signs of the map, drawn once and stamped ever after.

A sign is drawn again only for another screen density or language. Severity is shape, colour and numeral; a unit is a
lozenge with the sign of its category, a camera and a facility are grey, because bright colour is for the abnormal.
"""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPixmap, QStaticText, QTransform
from PySide6.QtWidgets import QWidget

from workstation.domain.levels import LEVELS
from workstation.mapping.layers import Symbol
from workstation.views.palette import SeverityMark, paint_severity, palette, severity_path
from workstation.views.theme import desk_font
from workstation.words import t

MIDDLE = QPointF(0, 0)


def short_count(count: int) -> str:
    """A number of points in at most four characters."""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 10_000 else f"{count // 1000}k"


class Sprite(NamedTuple):
    """A sign drawn once, and how many pixels of the screen its middle is from its left and upper edge."""

    pixmap: QPixmap
    half: int


class Number(NamedTuple):
    """A number laid out once, and how far its middle is from its left and upper edge."""

    text: QStaticText
    across: int
    down: int


class Sprites:
    """Symbols, bubbles and the numbers on them at one screen density and language."""

    def __init__(self, ratio: float) -> None:
        self._ratio = ratio
        self._font = desk_font(13, bold=True)
        self._symbols: dict[Symbol, Sprite] = {}
        self._bubbles: dict[tuple[int, float], Sprite] = {}
        self._numbers: dict[int, Number] = {}

    def symbol(self, symbol: Symbol) -> Sprite:
        if symbol not in self._symbols:
            reach = symbol.radius * (2.8 if symbol.form == "pin" else 1.3) + 2
            self._symbols[symbol] = self._drawn(reach, lambda painter: paint_symbol(painter, symbol))
        return self._symbols[symbol]

    def bubble(self, rank: int, count: int) -> Sprite:
        """A cluster without its number: ringed in the colour of the worst and with that one's sign. Rank as in
        Symbol.rank. The number is written by the frame, else there would be a pixmap for every number."""
        key = (rank, bubble_radius(count))
        if key not in self._bubbles:
            self._bubbles[key] = self._drawn(key[1] + 9, lambda painter: _bubble(painter, rank, key[1]))
        return self._bubbles[key]

    def number(self, count: int) -> Number:
        """What is written on a cluster of so many, for a painter with `number_font`."""
        if count not in self._numbers:
            text = QStaticText(short_count(count))
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.prepare(QTransform(), self._font)
            size = text.size()
            self._numbers[count] = Number(text, round(size.width() / 2), round(size.height() / 2))
        return self._numbers[count]

    @property
    def number_font(self) -> QFont:
        return self._font

    def _drawn(self, reach: float, draw: Callable[[QPainter], None]) -> Sprite:
        side = 2 * (int(reach) + 1)
        made = QPixmap(round(side * self._ratio), round(side * self._ratio))
        made.setDevicePixelRatio(self._ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(side / 2, side / 2)
        draw(painter)
        painter.end()
        return Sprite(made, side // 2)


def bubble_radius(count: int) -> float:
    return 13.0 + 2.5 * min(4, len(str(count)) - 1)


def _bubble(painter: QPainter, rank: int, radius: float) -> None:
    colours = palette()
    severity = LEVELS[rank // 2 - 1] if rank >= 2 else None
    ring = QColor(colours.severity(severity))
    halo = QColor(ring)
    halo.setAlpha(45)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(halo)
    painter.drawEllipse(MIDDLE, radius + 4, radius + 4)
    painter.setPen(QPen(ring, 2.2))
    painter.setBrush(QColor(colours.panel))
    painter.drawEllipse(MIDDLE, radius, radius)
    if severity is not None:
        mark = SeverityMark(severity, filled=bool(rank % 2))
        paint_severity(painter, mark, QPointF(radius * 0.8, -radius * 0.8), 7.5)


def paint_symbol(painter: QPainter, symbol: Symbol) -> None:
    """One symbol around the origin."""
    FORMS[symbol.form](painter, symbol)


def _sign(painter: QPainter, symbol: Symbol) -> None:
    """An incident: the sign of its severity with a dark rim, so that it stands out of any ground."""
    _severe(painter, symbol, MIDDLE, symbol.radius)


def _pin(painter: QPainter, symbol: Symbol) -> None:
    """A sensor in alarm: a smaller sign on a stem, so that it is not taken for an incident."""
    head = QPointF(0, -symbol.radius * 1.3)
    for colour, width in ((palette().map.place_halo, 4.0), (palette().severity(symbol.severity), 1.8)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawLine(MIDDLE, head)
    painter.setPen(QPen(QColor(palette().map.place_halo), 1.2))
    painter.setBrush(QColor(palette().severity(symbol.severity)))
    painter.drawEllipse(MIDDLE, 3.0, 3.0)
    _severe(painter, symbol, head, symbol.radius * 0.9)


def _severe(painter: QPainter, symbol: Symbol, middle: QPointF, radius: float) -> None:
    severity = symbol.severity
    if severity is None:
        return
    rim = severity_path(severity, middle, radius)
    if symbol.filled:
        glow = QColor(palette().severity(severity))
        glow.setAlpha(60)
        painter.strokePath(rim, QPen(glow, 6.0))
    painter.strokePath(rim, QPen(QColor(palette().map.place_halo), 4.5))
    paint_severity(painter, SeverityMark(severity, symbol.filled, symbol.stale), middle, radius)


def _square(radius: float) -> QRectF:
    return QRectF(-radius, -radius, 2 * radius, 2 * radius)


def _dot(painter: QPainter, symbol: Symbol) -> None:
    painter.setPen(QPen(QColor(palette().map.place_halo), 1.6))
    painter.setBrush(QColor(palette().ok))
    painter.drawEllipse(MIDDLE, symbol.radius, symbol.radius)


def _stale(painter: QPainter, symbol: Symbol) -> None:
    """Data that have stopped: a grey ring struck through; a ring with nothing in it where none ever came."""
    grey = QPen(QColor(palette().muted), 1.5)
    painter.setPen(grey)
    painter.setBrush(QColor(palette().bg))
    painter.drawEllipse(MIDDLE, symbol.radius, symbol.radius)
    if symbol.filled:
        reach = symbol.radius * 0.7
        painter.drawLine(QPointF(-reach, reach), QPointF(reach, -reach))


def _unknown(painter: QPainter, symbol: Symbol) -> None:
    """An incident whose level nobody has said."""
    colours = palette()
    painter.setPen(QPen(QColor(colours.bg if symbol.filled else colours.text2), 2.0))
    painter.setBrush(QColor(colours.text2 if symbol.filled else colours.bg))
    painter.drawRoundedRect(_square(symbol.radius * 0.9), 4, 4)
    _letter(painter, "?", symbol.radius, colours.bg if symbol.filled else colours.text2)


def _letter(painter: QPainter, text: str, radius: float, colour: str) -> None:
    painter.setFont(desk_font(max(9, round(radius * 1.25)), bold=True))
    painter.setPen(QColor(colour))
    painter.drawText(_square(radius * 1.4), Qt.AlignmentFlag.AlignCenter, text)


def _unit(painter: QPainter, symbol: Symbol) -> None:
    """A force: a plate with the sign of its kind; light while it is out, dark at its base."""
    colours = palette()
    painter.setPen(QPen(QColor(colours.map.place_halo if symbol.filled else colours.text2), 1.4))
    painter.setBrush(QColor(colours.text if symbol.filled else colours.raised))
    painter.drawRoundedRect(_square(symbol.radius), 4, 4)
    _letter(painter, t(symbol.mark), symbol.radius, colours.bg if symbol.filled else colours.text)


def _facility(painter: QPainter, symbol: Symbol) -> None:
    colours = palette()
    painter.setPen(QPen(QColor(colours.map.place_halo), 1.2))
    painter.setBrush(QColor(colours.line))
    painter.drawRoundedRect(_square(symbol.radius), 3, 3)
    _letter(painter, t(symbol.mark), symbol.radius, colours.text2)


def _camera(painter: QPainter, symbol: Symbol) -> None:
    """A camera's body and its lens hood."""
    colours = palette()
    path = QPainterPath()
    path.addRoundedRect(
        QRectF(-symbol.radius, -symbol.radius * 0.6, symbol.radius * 1.3, symbol.radius * 1.2), 1.5, 1.5
    )
    path.moveTo(symbol.radius * 0.45, -symbol.radius * 0.15)
    path.lineTo(symbol.radius, -symbol.radius * 0.6)
    path.lineTo(symbol.radius, symbol.radius * 0.6)
    path.lineTo(symbol.radius * 0.45, symbol.radius * 0.15)
    path.closeSubpath()
    painter.strokePath(path, QPen(QColor(colours.map.place_halo), 3.0))
    painter.fillPath(path, QColor(colours.ok))


FORMS: dict[str, Callable[[QPainter, Symbol], None]] = {
    "sign": _sign,
    "pin": _pin,
    "dot": _dot,
    "stale": _stale,
    "unknown": _unknown,
    "unit": _unit,
    "facility": _facility,
    "camera": _camera,
}


def paint_plate(widget: QWidget) -> None:
    """The ground of what floats on the map: nearly opaque, framed."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(palette().line), 1))
    ground = QColor(palette().panel)
    ground.setAlpha(240)
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
    painter.end()
