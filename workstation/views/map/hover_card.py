"""What the pointer is over, as plain text on a card beside it."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from workstation.views.labels import Fact
from workstation.views.map.sprites import paint_plate
from workstation.views.plain import one_line

AWAY, MARGIN = 16, 10


class HoverCard(QFrame):
    """Floats on the map; takes neither pointer nor focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._ground = parent
        self._text = Fact()
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 7, MARGIN, 7)
        column.addWidget(self._text)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def show_at(self, place: QPointF, text: str) -> None:
        """Beside a place of the parent, inside the parent: a line too long for it is cut."""
        ground, metrics = self._ground.size(), self._text.fontMetrics()
        room = ground.width() - 2 * (MARGIN + AWAY)
        lines = (metrics.elidedText(one_line(line), Qt.TextElideMode.ElideRight, room) for line in text.split("\n"))
        self._text.tell("\n".join(lines))
        self.adjustSize()
        x = min(int(place.x()) + AWAY, ground.width() - self.width() - 4)
        y = min(int(place.y()) + AWAY, ground.height() - self.height() - 4)
        self.move(max(0, x), max(0, y))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_plate(self)
