"""What a locked desk shows: how many alarms wait and how grave the worst are, and nothing of what they say."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.domain.errors import KnownError
from workstation.domain.levels import severity_rank
from workstation.views.header import Mark
from workstation.views.labels import Action, Caption
from workstation.views.sign_in import secret_field
from workstation.views.snapshot import Snapshot, severity_of
from workstation.views.theme import look
from workstation.words import t
from workstation.words.refusals import refusal_text

WAITING = ("raised", "returned")


class LockScreen(QWidget):
    """`opened`: the same person is back; `left`: somebody else wants to sign in. `unlock` raises Refused."""

    opened = Signal()
    left = Signal()

    def __init__(self, unlock: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._unlock = unlock
        look(self, "lock")
        self.setAutoFillBackground(True)
        self.mark = Mark(22)
        self.alarms, self.who, self.wrong = Caption("", "title"), Caption("", "second"), Caption("", "bad")
        self.password: QLineEdit = secret_field()
        self.password.setFixedWidth(320)
        self.asked = Caption("sign_in.password", "second")
        self.asked.setBuddy(self.password)
        self.go, self.other = Action("lock.open", "Enter", "primary"), Action("lock.other")
        self._lay_out()
        self.password.returnPressed.connect(self.attempt)
        self.go.clicked.connect(self.attempt)
        self.other.clicked.connect(self.left)

    def begin(self, account: str) -> None:
        """Cover the desk."""
        self.who.say("lock.who", account=account)
        self.wrong.tell("")
        self.password.clear()
        self.password.setAccessibleName(t("sign_in.password"))
        self.show()
        self.raise_()
        self.password.setFocus()

    def show_alarms(self, snapshot: Snapshot) -> None:
        """The alarms nobody has acknowledged: how many, and how many of the gravest level."""
        waiting = [severity_of(one) for one in snapshot.alarms if one.state in WAITING]
        worst = max((one for one in waiting if one is not None), key=severity_rank, default=None)
        self.mark.setVisible(worst is not None)
        self.mark.show_severity(worst)
        if not waiting:
            self.alarms.say("lock.no_alarms")
        elif worst is None:
            self.alarms.say("lock.alarms_unknown", count=len(waiting))
        else:
            level, grave = t(f"severity.{worst.value}"), waiting.count(worst)
            self.alarms.say("lock.alarms", count=len(waiting), level=level, grave=grave)

    def attempt(self) -> None:
        """Try the password that was typed."""
        said = self.password.text()
        self.password.clear()
        try:
            self._unlock(said)
        except KnownError as error:
            self.wrong.tell(refusal_text(error))
            self.password.setFocus()
        else:
            self.opened.emit()

    def _lay_out(self) -> None:
        top, buttons = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.mark)
        top.addWidget(self.alarms)
        for button in (self.go, self.other):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.addStretch(2)
        for row in (top, self.who, self.asked, self.password, self.wrong, buttons):
            if isinstance(row, QWidget):
                column.addWidget(row, 0, Qt.AlignmentFlag.AlignHCenter)
            else:
                row.insertStretch(0)
                row.addStretch()
                column.addLayout(row)
        column.addStretch(3)
        column.setSpacing(14)
