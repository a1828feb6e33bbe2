"""A personal value in clear: painted, and nothing but painted.

A label would hand its text to screen readers, to other programs that read the screen's widgets, and to whoever prints a
widget; this one has no text. Behind the value stand the name, the station and the time of who looks, so that a
photograph of the screen says where it comes from.
"""

from PySide6.QtCore import QMimeData, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy

from workstation.views.palette import palette
from workstation.views.plain import plain

PAD = 7
TALLEST = 130
WRAPPED = Qt.TextFlag.TextWrapAnywhere | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
UNKEPT = {
    "x-kde-passwordManagerHint": b"secret",
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"1",
}
"""What tells the keepers of clipboard histories, on Linux and on Windows, to keep nothing of it."""


class ClearText(QAbstractScrollArea):
    """`mark` is who looks, where and since when. A long value is scrolled, so that it pushes nothing off the desk."""

    def __init__(self) -> None:
        super().__init__()
        self._text, self._mark = "", ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMaximumHeight(TALLEST)

    @property
    def is_clear(self) -> bool:
        return bool(self._text)

    def show_clear(self, text: str, mark: str) -> None:
        """Show a value."""
        if (plain(text), mark) != (self._text, self._mark):
            self._text, self._mark = plain(text), mark
            self.updateGeometry()
            self._measure()
            self.viewport().update()

    def forget(self) -> None:
        """Keep nothing of it."""
        self.show_clear("", "")

    def copy(self) -> None:
        """Put the value on the clipboard, for no history to keep."""
        content = QMimeData()
        content.setText(self._text)
        for kind, value in UNKEPT.items():
            content.setData(kind, value)
        QGuiApplication.clipboard().setMimeData(content)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return min(TALLEST, self._height(width))

    def sizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(max(120, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, min(TALLEST, QFontMetrics(self.font()).height() + 2 * PAD))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        super().resizeEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(palette().raised))
        box = self.viewport().rect().adjusted(PAD, PAD, -PAD, -PAD)
        painter.setPen(QColor(palette().line))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom), self._mark)
        painter.setPen(QColor(palette().text))
        painter.translate(0, -self.verticalScrollBar().value())
        painter.drawText(box.adjusted(0, 0, 0, self._height(self.width())), int(WRAPPED), self._text)

    def _height(self, width: int) -> int:
        """How tall the whole value is."""
        box = QRect(0, 0, max(40, width - 2 * PAD), 10_000)
        return QFontMetrics(self.font()).boundingRect(box, int(WRAPPED), self._text or "0").height() + 2 * PAD

    def _measure(self) -> None:
        view = self.viewport()
        self.verticalScrollBar().setRange(0, max(0, self._height(view.width()) - view.height()))
        self.verticalScrollBar().setPageStep(view.height())
