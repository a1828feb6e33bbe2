"""Asking to see a personal value: for which purpose and why. Without a reason nothing is asked."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from workstation.commands.access import Sight
from workstation.views.columns import word
from workstation.views.labels import Action, Caption
from workstation.views.purpose_form import PurposeForm
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
        self.form = PurposeForm(self, Action("unmask.do.show", "Enter", "primary"), FIRST, Caption("desk.ask.reason"))
        self.form.begin_with(before.purpose, before.reason)
        self.form.asked.connect(self._ask)
        self.form.left.connect(self.reject)
        self.setMinimumWidth(440)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(self.about)
        column.addWidget(self.form)
        self._say_again()
        self.form.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()
        super().changeEvent(event)

    def _ask(self, purpose: str, reason: str) -> None:
        """Ask, where a reason was given."""
        if not reason:
            self.form.refuse(t("refused.access.reason"))
            return
        self.accept()
        self.asked.emit(Sight(report=self._before.report, field=self._before.field, reason=reason, purpose=purpose))

    def _say_again(self) -> None:
        self.setWindowTitle(t("unmask.title", field=word("desk.field", self._before.field)))
