"""The colours of the theme and the shapes of severity: the one place where a view asks how something looks.

Colour is never alone: severity is colour + shape + numeral + word, because for colour-blind eyes orange and yellow are
too close. Filled means unacknowledged, outlined acknowledged; grey means that the data have stopped. Bright colour is
for the abnormal only, so `ok` is a grey-blue and not a green.
"""

from dataclasses import dataclass, fields
from functools import cache, lru_cache
from math import cos, pi, sin
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPalette, QPen, QPixmap, QPolygonF

from workstation.content import folder, read_yaml
from workstation.domain.errors import ContentError
from workstation.domain.levels import NUMERAL, Severity

_AROUND = 4
"""Pixels that a shape may reach beyond its radius."""

DRAWINGS = ("tick",)
"""The icons that the style sheet names beside the colours, as `$name`."""


@dataclass(frozen=True, slots=True)
class MapColours:
    """Colours of the base map as "#RRGGBB"; `ramp` runs from few to many people."""

    sea: str
    land: str
    residential: str
    commercial: str
    industrial: str
    park: str
    school: str
    farmland: str
    water: str
    water_line: str
    building: str
    building_line: str
    road_case: str
    road_minor: str
    road_major: str
    road_trunk: str
    rail: str
    district: str
    street: str
    community: str
    grid: str
    place: str
    place_halo: str
    ramp: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colour tokens of a theme as "#RRGGBB"."""

    bg: str
    panel: str
    raised: str
    selected: str
    line: str
    text: str
    text2: str
    muted: str
    ok: str
    red_i: str
    orange_ii: str
    yellow_iii: str
    blue_iv: str
    shelved: str
    focus: str
    map: MapColours

    def severity(self, severity: Severity | None) -> str:
        """The colour of a severity; the grey of the normal for None."""
        if severity is None:
            return self.ok
        return {
            Severity.I: self.red_i,
            Severity.II: self.orange_ii,
            Severity.III: self.yellow_iii,
            Severity.IV: self.blue_iv,
        }[severity]


def _colour(file: str, key: str, value: Any) -> str:
    if not isinstance(value, str) or not QColor.isValidColorName(value):
        raise ContentError(file, key, f"not a colour: {value!r}")
    return value


def _section(file: str, cls: type, content: Any) -> dict[str, Any]:
    names = {field.name for field in fields(cls)}
    if not isinstance(content, dict) or set(content) != names:
        raise ContentError(file, cls.__name__, f"needs exactly the colours {sorted(names)}")
    return {key: _colour(file, key, value) for key, value in content.items() if key not in ("map", "ramp")}


@cache
def palette(theme: str = "dark") -> Palette:
    """The theme of that name. Raises ContentError naming the file and colour that is missing or no colour."""
    path = folder("resources") / "themes" / f"{theme}.yaml"
    content = read_yaml(path)
    tokens = _section(path.name, Palette, content)
    ground = _section(path.name, MapColours, content["map"])
    ramp = tuple(_colour(path.name, "ramp", value) for value in content["map"]["ramp"])
    return Palette(**tokens, map=MapColours(**ground, ramp=ramp))


def qt_palette(colours: Palette) -> QPalette:
    """The theme for Qt's Fusion style, which honours a palette on every platform."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, colours.bg),
        (role.WindowText, colours.text),
        (role.Base, colours.panel),
        (role.AlternateBase, colours.raised),
        (role.Text, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.Button, colours.raised),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.red_i),
        (role.ToolTipBase, colours.raised),
        (role.ToolTipText, colours.text),
        (role.Highlight, colours.selected),
        (role.HighlightedText, colours.text),
        (role.Link, colours.focus),
        (role.Mid, colours.line),
    ):
        made.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.muted))
    return made


def severity_path(severity: Severity, centre: QPointF, radius: float) -> QPainterPath:
    """The shape of a severity around a centre: I octagon, II triangle, III diamond, IV circle."""
    path = QPainterPath()
    if severity is Severity.IV:
        path.addEllipse(centre, radius * 0.92, radius * 0.92)
        return path
    corners, turn, reach = {
        Severity.I: (8, pi / 8, radius),
        Severity.II: (3, -pi / 2, radius * 1.22),
        Severity.III: (4, -pi / 2, radius * 1.12),
    }[severity]
    drop = radius * 0.18 if severity is Severity.II else 0.0
    angles = [turn + 2 * pi * corner / corners for corner in range(corners)]
    path.addPolygon(
        QPolygonF([QPointF(centre.x() + reach * cos(a), centre.y() + drop + reach * sin(a)) for a in angles])
    )
    path.closeSubpath()
    return path


@dataclass(frozen=True, slots=True)
class SeverityMark:
    """How one severity is drawn: filled while nobody has acknowledged it, grey when its data have stopped."""

    severity: Severity
    filled: bool = True
    stale: bool = False


def paint_severity(painter: QPainter, mark: SeverityMark, centre: QPointF, radius: float) -> None:
    """Draw shape and numeral around a centre; the painter's pen, brush and font are restored."""
    colours = palette()
    colour = QColor(colours.muted if mark.stale else colours.severity(mark.severity))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(colours.bg) if mark.filled else colour, max(1.6, radius / 6))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(QBrush(colour if mark.filled else QColor(colours.bg)))
    painter.drawPath(severity_path(mark.severity, centre, radius))
    painter.setPen(QColor(colours.bg) if mark.filled else colour)
    font = QFont(painter.font())
    font.setPixelSize(max(8, round(radius * 1.05)))
    font.setBold(True)
    painter.setFont(font)
    shift = radius * 0.14 if mark.severity is Severity.II else 0.0
    box = QRectF(centre.x() - radius, centre.y() - radius + shift, 2 * radius, 2 * radius)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, NUMERAL[mark.severity])
    painter.restore()


@lru_cache(maxsize=64)
def severity_picture(mark: SeverityMark, radius: int, ratio: float) -> QPixmap:
    """Shape and numeral in the middle of a picture, for a screen of this pixel ratio: a list shows the same few on
    every row, and lines and letters take ten times as long to draw."""
    side = 2 * (radius + _AROUND)
    made = QPixmap(round(side * ratio), round(side * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint_severity(painter, mark, QPointF(side / 2, side / 2), radius)
    painter.end()
    return made
