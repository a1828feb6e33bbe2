"""Labels and buttons that keep two promises: text from outside is plain text, and words follow the language.

A widget that shows a message remembers its key, not its text; when the window sends LanguageChange down the tree, each
says its message again.
"""

from html import escape

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QStyle, QStyleOption, QWidget

from workstation.views.plain import one_line, plain
from workstation.words import t


class Fact(QLabel):
    """Text from data: plain, whatever it looks like. `look` is a style class of the theme."""

    def __init__(self, look: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("look", look)

    def tell(self, text: str) -> None:
        shown = plain(text)
        if shown != self.text():
            self.setText(shown)

    def restyle(self, look: str) -> None:
        """Take another style class of the theme."""
        restyle(self, look)

    def hint(self, text: str) -> None:
        """Text from data that floats above: shown as it is written, not read as markup."""
        _hint(self, text)


class Line(Fact):
    """One line of data that is cut with an ellipsis where there is no room; the accessible name keeps it whole."""

    def __init__(self, look: str = "") -> None:
        super().__init__(look)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def tell(self, text: str) -> None:
        super().tell(one_line(text))
        self.setAccessibleName(self.text())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        option = QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        box = self.contentsRect()
        shown = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, box.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(box, self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)


class Passage(Fact):
    """Data of several lines: wrapped to the width there is, whatever it holds, and open to be copied."""

    def __init__(self, look: str = "") -> None:
        super().__init__(look)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        self.setSizePolicy(policy)


class Caption(Fact):
    """A message of the catalogue."""

    def __init__(self, key: str = "", look: str = "") -> None:
        super().__init__(look)
        self._key = key
        self._values: dict[str, object] = {}
        self._say_again()

    def say(self, key: str, **values: object) -> None:
        self._key, self._values = key, values
        self._say_again()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()
        super().changeEvent(event)

    def _say_again(self) -> None:
        self.tell(t(self._key, **self._values) if self._key else "")


class Action(QPushButton):
    """A button with a message and, where it has one, its key in brackets."""

    def __init__(self, key: str, hint: str = "", look: str = "") -> None:
        super().__init__()
        self._key = key
        self._values: dict[str, object] = {}
        self._hint = hint
        self._is_short = False
        self.setProperty("look", look)
        self.setMinimumHeight(32)
        self._say_again()

    def say(self, key: str, **values: object) -> None:
        self._key, self._values = key, values
        self._say_again()

    def shorten(self, is_short: bool) -> None:
        """Show the key alone, where there is no room for the words; they stay the accessible name."""
        self._is_short = is_short
        self.hint("")
        self._say_again()

    def restyle(self, look: str) -> None:
        """Take another style class of the theme."""
        restyle(self, look)

    def hint(self, text: str) -> None:
        """Text from data that floats above the button: shown as it is written, not read as markup."""
        _hint(self, text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()
        super().changeEvent(event)

    def _say_again(self) -> None:
        words = one_line(t(self._key, **self._values)).replace("&", "&&")
        shown = self._hint if self._is_short else f"{words}  {self._hint}" if self._hint else words
        self.setText(shown)
        self.setAccessibleName(words)
        if self._is_short:
            self.hint(words)


def restyle(widget: QWidget, look: str) -> None:
    """Give a widget another style class of the theme."""
    if look != widget.property("look"):
        widget.setProperty("look", look)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _hint(widget: QWidget, text: str) -> None:
    widget.setToolTip(f"<p>{escape(plain(text))}</p>" if text else "")
