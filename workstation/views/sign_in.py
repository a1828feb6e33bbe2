"""Signing in: account, password and one-time code; a new password where the old one must change.

What is typed is never kept: each attempt, good or not, empties the secret fields. Secrets are no accessible text.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout

from workstation.domain.errors import KnownError
from workstation.station.credentials import Credentials, SignedIn
from workstation.views.labels import Action, Caption
from workstation.words import t
from workstation.words.refusals import refusal_text

FIRST = ("login", "password", "code")
SECOND = ("new", "again")


class SignInDialog(QDialog):
    """`signed_in` is who proved who they are; None until then. `admit` raises Refused for who may not come in."""

    def __init__(self, credentials: Credentials, admit: Callable[[str], object]) -> None:
        super().__init__()
        self._credentials, self._admit = credentials, admit
        self._waiting: tuple[SignedIn, str] | None = None
        self.signed_in: SignedIn | None = None
        self.setMinimumWidth(460)
        self.about = Caption("sign_in.about", "second")
        self.about.setWordWrap(True)
        self.wrong = Caption("", "bad")
        self.wrong.setWordWrap(True)
        self.labels = {name: Caption(f"sign_in.{name}") for name in (*FIRST, *SECOND)}
        self.fields = {name: secret_field() if name != "login" else QLineEdit() for name in (*FIRST, *SECOND)}
        self.go, self.leave = Action("sign_in.go", "Enter", "primary"), Action("sign_in.leave", "Esc")
        self._lay_out()
        self.go.clicked.connect(self.attempt)
        self.leave.clicked.connect(self.reject)
        self._turn_to(FIRST)
        self._retitle()

    def attempt(self) -> None:
        """Try what was typed; where it is refused, say why and let it be typed again."""
        said = {name: field.text() for name, field in self.fields.items()}
        if self._waiting is None and not said["password"]:  # Enter goes on to the next field
            self.fields["password"].setFocus()
            return
        if self._waiting is None and not said["code"] and self.fields["password"].hasFocus():
            self.fields["code"].setFocus()
            return
        for name in (*FIRST[1:], *SECOND):
            self.fields[name].clear()
        try:
            if self._waiting is None:
                self._sign_in(said["login"].strip(), said["password"], said["code"])
            else:
                self._change(*self._waiting, said)
        except KnownError as error:
            self.wrong.tell(refusal_text(error))
            self.fields["password" if self._waiting is None else "new"].setFocus()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retitle()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._waiting = None
        super().closeEvent(event)

    def _sign_in(self, login: str, password: str, code: str) -> None:
        told = self._credentials.sign_in(login, password, code)
        self._admit(login)
        if not told.must_change:
            self.signed_in = told
            self.accept()
            return
        self._waiting = told, password
        self.wrong.tell("")
        self.about.say("sign_in.about_change")
        self._turn_to(SECOND)

    def _change(self, told: SignedIn, old: str, said: dict[str, str]) -> None:
        if said["new"] != said["again"]:
            self.wrong.say("refused.sign_in.differ")
            self.fields["new"].setFocus()
            return
        self._credentials.change(told, old, said["new"])
        self._waiting, self.signed_in = None, told
        self.accept()

    def _turn_to(self, names: tuple[str, ...]) -> None:
        for name, field in self.fields.items():
            field.setVisible(name in names)
            self.labels[name].setVisible(name in names)
        self.fields[names[0]].setFocus()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        for row, name in enumerate(self.fields):
            grid.addWidget(self.labels[name], row, 0)
            grid.addWidget(self.fields[name], row, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.go)
        buttons.addWidget(self.leave)
        buttons.addStretch()
        self.go.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(self.about)
        column.addLayout(grid)
        column.addWidget(self.wrong)
        column.addLayout(buttons)

    def _retitle(self) -> None:
        self.setWindowTitle(t("sign_in.title"))
        for name, field in self.fields.items():
            field.setAccessibleName(t(f"sign_in.{name}"))


def secret_field() -> QLineEdit:
    """A field that shows dots and lets nothing be copied out of it."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field
