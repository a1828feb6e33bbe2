"""A personal value in clear: painted, and nothing but painted.

A label would hand its text to screen readers, to other programs that read the screen's widgets, and to whoever prints a
widget; this one has no text. Behind the value stand the name, the station and the time of who looks, so that a
photograph of the screen says where it comes from.
"""

from PySide6.QtCore import QMimeData, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.views.palette import palette
from workstation.views.plain import plain

PAD = 7
WRAPPED = Qt.TextFlag.TextWrapAnywhere | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
UNKEPT = {
    "x-kde-passwordManagerHint": b"secret",
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"1",
}
"""What tells the keepers of clipboard histories, on Linux and on Windows, to keep nothing of it."""


class ClearText(QWidget):
    """`mark` is who looks, where and since when."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._mark = "", ""
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def is_clear(self) -> bool:
        return bool(self._text)

    def show_clear(self, text: str, mark: str) -> None:
        """Show a value."""
        if (plain(text), mark) != (self._text, self._mark):
            self._text, self._mark = plain(text), mark
            self.updateGeometry()
            self.update()

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
        box = QRect(0, 0, max(40, width - 2 * PAD), 10_000)
        return QFontMetrics(self.font()).boundingRect(box, int(WRAPPED), self._text or "0").height() + 2 * PAD

    def sizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(max(120, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, QFontMetrics(self.font()).height() + 2 * PAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(palette().raised))
        box = self.rect().adjusted(PAD, PAD, -PAD, -PAD)
        painter.setPen(QColor(palette().line))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom), self._mark)
        painter.setPen(QColor(palette().text))
        painter.drawText(box, int(WRAPPED), self._text)
