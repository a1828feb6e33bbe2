"""Asking to see a personal value: for which purpose and why. Without a reason nothing is asked."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.commands.access import Sight
from workstation.security.permission import matrix
from workstation.views.columns import word
from workstation.views.labels import Action, Caption
from workstation.words import t

FIRST = "duty"


class UnmaskDialog(QDialog):
    """`asked` carries the `Sight`. It stands over the desk until it is answered; a desk that locks closes it."""

    asked = Signal(object)

    def __init__(self, parent: QWidget, before: Sight) -> None:
        super().__init__(parent)
        self._before = before
        self.about = Caption("unmask.about", "second")
        self.about.setWordWrap(True)
        self.purpose, self.reason, self.wrong = QComboBox(), QLineEdit(before.reason), Caption("", "bad")
        self.purposes = (FIRST, *sorted(matrix().purposes - {FIRST}))
        self.purpose.addItems([word("purpose", one) for one in self.purposes])
        self.purpose.setCurrentIndex(self.purposes.index(before.purpose) if before.purpose in self.purposes else 0)
        self.go, self.leave = Action("unmask.do.show", "Enter", "primary"), Action("unmask.do.leave", "Esc")
        self.go.setDefault(True)
        self.go.clicked.connect(self.attempt)
        self.leave.clicked.connect(self.reject)
        self._lay_out()
        self._say_again()
        self.reason.setFocus()

    def attempt(self) -> None:
        """Ask, where a reason was given."""
        reason = self.reason.text().strip()
        if not reason:
            self.wrong.say("refused.access.reason")
            self.reason.setFocus()
            return
        purpose = self.purposes[self.purpose.currentIndex()]
        self.accept()
        sight = Sight(report=self._before.report, field=self._before.field, reason=reason, purpose=purpose)
        self.asked.emit(sight)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()
        super().changeEvent(event)

    def _say_again(self) -> None:
        self.setWindowTitle(t("unmask.title", field=word("desk.field", self._before.field)))
        self.purpose.setAccessibleName(t("unmask.purpose"))
        self.reason.setAccessibleName(t("desk.ask.reason"))
        for number, one in enumerate(self.purposes):
            self.purpose.setItemText(number, word("purpose", one))

    def _lay_out(self) -> None:
        self.setMinimumWidth(440)
        grid, buttons = QGridLayout(), QHBoxLayout()
        for row, (key, field) in enumerate((("unmask.purpose", self.purpose), ("desk.ask.reason", self.reason))):
            grid.addWidget(Caption(key), row, 0)
            grid.addWidget(field, row, 1)
        grid.setColumnStretch(1, 1)
        buttons.addStretch()
        for button in (self.leave, self.go):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(self.about)
        column.addLayout(grid)
        column.addWidget(self.wrong)
        column.addLayout(buttons)
