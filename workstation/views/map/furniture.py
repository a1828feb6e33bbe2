"""What frames a map: scale bar, legend of the choropleth with its unit, attribution, the cross of a chosen place."""

from dataclasses import dataclass
from math import floor, log10

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from workstation.mapping.viewport import Viewport
from workstation.views.palette import palette
from workstation.views.theme import desk_font
from workstation.words import t

SMALL_PX = 12
INSET = 12.0


@dataclass(frozen=True, slots=True)
class Legend:
    """A choropleth's key: the message key of its title with the unit, and the lower limits of its steps."""

    title: str
    limits: tuple[float, ...]


def scale_length(metres_a_pixel: float, most_px: float) -> float:
    """The longest of 1, 2, 5 x 10^n metres that is at most `most_px` wide."""
    room = metres_a_pixel * most_px
    size = 10.0 ** floor(log10(room))
    return next(step * size for step in (5, 2, 1) if step * size <= room)


def paint_scale(painter: QPainter, view: Viewport) -> None:
    """The scale bar, at the lower left, true on the ground in the middle of the view."""
    ground = view.ground_scale()
    length = scale_length(ground, 140.0)
    width, base = length / ground, view.height - INSET
    words = t("map.scale.km", length=f"{length / 1000:g}") if length >= 1000 else t("map.scale.m", length=f"{length:g}")
    for colour, pen_width in ((palette().map.place_halo, 4.0), (palette().text2, 1.6)):
        painter.setPen(QPen(QColor(colour), pen_width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
        painter.drawPolyline(
            [
                QPointF(INSET, base - 6),
                QPointF(INSET, base),
                QPointF(INSET + width, base),
                QPointF(INSET + width, base - 6),
            ]
        )
    painter.setFont(desk_font(SMALL_PX))
    painter.setPen(QColor(palette().text2))
    painter.drawText(QPointF(INSET + 6, base - 6), words)


def paint_attribution(painter: QPainter, view: Viewport, text: str) -> None:
    """Whose map this is, at the lower right."""
    painter.setFont(desk_font(SMALL_PX))
    width = QFontMetricsF(painter.font()).horizontalAdvance(text)
    plate = QRectF(view.width - width - 16, view.height - 22, width + 16, 22)
    ground = QColor(palette().map.place_halo)
    ground.setAlpha(170)
    painter.fillRect(plate, ground)
    painter.setPen(QColor(palette().text2))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


def paint_legend(painter: QPainter, view: Viewport, legend: Legend) -> None:
    """The steps of a choropleth with their numbers, above the scale bar."""
    steps = len(legend.limits)
    height = 30.0 + 18.0 * steps
    painter.setFont(desk_font(SMALL_PX))
    width = max(150.0, QFontMetricsF(painter.font()).horizontalAdvance(t(legend.title)) + 20)
    plate = QRectF(INSET, view.height - 44 - height, width, height)
    painter.setPen(QPen(QColor(palette().line), 1))
    painter.setBrush(QColor(palette().panel))
    painter.drawRoundedRect(plate, 4, 4)
    painter.setPen(QColor(palette().text))
    painter.drawText(plate.adjusted(10, 6, 0, 0), Qt.AlignmentFlag.AlignLeft, t(legend.title))
    for step in range(steps):
        top = plate.bottom() - 22 - 18 * step
        painter.fillRect(QRectF(plate.left() + 10, top, 22, 14), QColor(palette().map.ramp[step]))
        painter.setPen(QColor(palette().text2))
        painter.drawText(QPointF(plate.left() + 42, top + 12), _limits_text(legend.limits, step))


def _limits_text(limits: tuple[float, ...], step: int) -> str:
    low = limits[step]
    if step + 1 == len(limits):
        return t("map.legend.and_more", count=f"{low:,.0f}")
    high = limits[step + 1] - 1
    return f"{low:,.0f}" if high <= low else f"{low:,.0f} – {high:,.0f}"


def paint_selection(painter: QPainter, x: float, y: float, radius: float) -> None:
    """The ring around what is selected, in the colour of the focus, dark-rimmed to be seen on anything."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((palette().map.place_halo, 5.5), (palette().focus, 2.6)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawEllipse(QPointF(x, y), radius, radius)


def paint_cross(painter: QPainter, view: Viewport) -> None:
    """The middle of the map while a place is chosen by keyboard."""
    x, y = view.width / 2, view.height / 2
    for colour, width in ((palette().map.place_halo, 4.0), (palette().focus, 1.8)):
        painter.setPen(QPen(QColor(colour), width))
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(QPointF(x + 5 * dx, y + 5 * dy), QPointF(x + 18 * dx, y + 18 * dy))


def paint_banner(painter: QPainter, view: Viewport, text: str) -> None:
    """A line at the top that says what a click would do."""
    painter.setFont(desk_font(14, bold=True))
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 28
    plate = QRectF((view.width - width) / 2, INSET, width, 32)
    painter.setPen(QPen(QColor(palette().focus), 1.5))
    painter.setBrush(QColor(palette().panel))
    painter.drawRoundedRect(plate, 4, 4)
    painter.setPen(QColor(palette().text))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
