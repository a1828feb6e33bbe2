"""The form by which something is asked for that is put on record: for which purpose, and why.

It stands in a dialog over the desk, whatever is asked for; the dialog says what that is and what comes of it.
"""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.security.permission import matrix
from workstation.views.columns import word
from workstation.views.labels import Action, Caption
from workstation.words import t


class PurposeForm(QWidget):
    """`asked` carries purpose and reason; `left`: nothing is asked. `first` is the purpose that is most likely meant,
    `reason_label` says what a reason must be; `go` becomes the default button of the dialog."""

    asked = Signal(str, str)
    left = Signal()

    def __init__(self, dialog: QDialog, go: Action, first: str, reason_label: Caption) -> None:
        super().__init__(dialog)
        self.go, self.leave = go, Action("unmask.do.leave", "Esc")
        self.purposes = (first, *sorted(matrix().purposes - {first}))
        self.purpose, self.reason, self.wrong = QComboBox(), QLineEdit(), Caption("", "bad")
        self.purpose.addItems([word("purpose", one) for one in self.purposes])
        self.wrong.setWordWrap(True)
        go.setDefault(True)
        go.clicked.connect(self.attempt)
        self.leave.clicked.connect(self.left)
        self.setFocusProxy(self.reason)
        self._lay_out(reason_label)
        self._say_again()

    def begin_with(self, purpose: str, reason: str) -> None:
        """What was said before; a purpose that nobody knows says nothing."""
        self.purpose.setCurrentIndex(self.purposes.index(purpose) if purpose in self.purposes else 0)
        self.reason.setText(reason)

    def attempt(self) -> None:
        """Ask, with what was said."""
        self.wrong.say("")
        self.asked.emit(self.purposes[self.purpose.currentIndex()], self.reason.text().strip())

    def refuse(self, why: str) -> None:
        """Say why it was refused; nothing that was typed is lost."""
        self.wrong.tell(why)
        self.reason.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()
        super().changeEvent(event)

    def _say_again(self) -> None:
        self.purpose.setAccessibleName(t("unmask.purpose"))
        self.reason.setAccessibleName(t("desk.ask.reason"))
        for number, one in enumerate(self.purposes):
            self.purpose.setItemText(number, word("purpose", one))

    def _lay_out(self, reason_label: Caption) -> None:
        grid, buttons = QGridLayout(), QHBoxLayout()
        for row, (label, field) in enumerate(((Caption("unmask.purpose"), self.purpose), (reason_label, self.reason))):
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.setColumnStretch(1, 1)
        buttons.addStretch()
        for button in (self.leave, self.go):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(grid)
        column.addWidget(self.wrong)
        column.addLayout(buttons)
