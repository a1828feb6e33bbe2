"""Breaking the glass: what it opens, for how long, and that it is recorded and reviewed; for which purpose, and why."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.commands.glass import FEWEST_LETTERS, OPEN_FOR, REVIEW
from workstation.domain.errors import KnownError
from workstation.security.authority import EMERGENCY
from workstation.security.permission import matrix
from workstation.views.columns import word
from workstation.views.labels import Action, Caption
from workstation.words import t
from workstation.words.refusals import refusal_text


class GlassDialog(QDialog):
    """`asked` carries purpose and reason. It stays until the glass is broken or its owner leaves it; a desk that locks
    closes it."""

    asked = Signal(str, str)

    def __init__(self, parent: QWidget, incident: str = "") -> None:
        super().__init__(parent)
        self.about, self.opens, self.lasts = Caption("glass.about", "warn"), Caption(), Caption()
        self.recorded, self.incident = Caption("", "second"), Caption("", "second")
        self.label, self.purpose = Caption("unmask.purpose"), QComboBox()
        self.reason_label, self.reason, self.wrong = Caption(), QLineEdit(), Caption("", "bad")
        self.purposes = (EMERGENCY, *sorted(matrix().purposes - {EMERGENCY}))
        self.purpose.addItems([word("purpose", one) for one in self.purposes])
        self.go, self.leave = Action("glass.do.break", "Enter", "danger"), Action("unmask.do.leave", "Esc")
        self.go.setDefault(True)
        self.go.clicked.connect(self.attempt)
        self.leave.clicked.connect(self.reject)
        self.incident.setVisible(bool(incident))
        self.incident.say("glass.incident", incident=incident)
        self._lay_out()
        self._say_again()
        self.reason.setFocus()

    def attempt(self) -> None:
        """Ask for it, with what was said."""
        self.wrong.say("")
        self.asked.emit(self.purposes[self.purpose.currentIndex()], self.reason.text().strip())

    def settle(self, error: KnownError | None) -> None:
        """The glass is broken; or it was refused, and nothing that was typed is lost."""
        if error is None:
            self.accept()
            return
        self.wrong.tell(refusal_text(error))
        self.reason.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()
        super().changeEvent(event)

    def _say_again(self) -> None:
        self.setWindowTitle(t("glass.title"))
        self.opens.say("glass.opens", what=", ".join(word("permission", one) for one in sorted(matrix().behind_glass)))
        self.lasts.say("glass.lasts", minutes=int(OPEN_FOR.total_seconds()) // 60)
        self.recorded.say("glass.recorded", hours=int(REVIEW.total_seconds()) // 3600)
        self.reason_label.say("glass.reason", count=FEWEST_LETTERS)
        self.purpose.setAccessibleName(t("unmask.purpose"))
        self.reason.setAccessibleName(t("desk.ask.reason"))
        for number, one in enumerate(self.purposes):
            self.purpose.setItemText(number, word("purpose", one))

    def _lay_out(self) -> None:
        self.setMinimumWidth(560)
        grid, buttons = QGridLayout(), QHBoxLayout()
        for row, (label, field) in enumerate(((self.label, self.purpose), (self.reason_label, self.reason))):
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.setColumnStretch(1, 1)
        buttons.addStretch()
        for button in (self.leave, self.go):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        for caption in (self.about, self.opens, self.lasts, self.recorded, self.incident):
            caption.setWordWrap(True)
            column.addWidget(caption)
        column.addLayout(grid)
        column.addWidget(self.wrong)
        column.addLayout(buttons)
