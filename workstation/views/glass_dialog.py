"""Breaking the glass: what it opens, for how long, and that it is recorded and reviewed; for which purpose, and why."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from workstation.commands.glass import FEWEST_LETTERS, REVIEW
from workstation.domain.errors import KnownError
from workstation.security.authority import EMERGENCY, OPEN_FOR
from workstation.security.permission import matrix
from workstation.views.columns import word
from workstation.views.labels import Action, Caption
from workstation.views.purpose_form import PurposeForm
from workstation.words import t
from workstation.words.refusals import refusal_text


class GlassDialog(QDialog):
    """`asked` carries purpose and reason. It stays until the glass is broken or its owner leaves it; a desk that locks
    closes it."""

    asked = Signal(str, str)

    def __init__(self, parent: QWidget, incident: str = "") -> None:
        super().__init__(parent)
        self.about, self.opens, self.lasts = Caption("glass.about", "warn"), Caption(), Caption()
        self.recorded, self.incident, self.reason_label = Caption("", "second"), Caption("", "second"), Caption()
        self.form = PurposeForm(self, Action("glass.do.break", "Enter", "danger"), EMERGENCY, self.reason_label)
        self.form.asked.connect(self.asked)
        self.form.left.connect(self.reject)
        self.incident.setVisible(bool(incident))
        self.incident.say("glass.incident", incident=incident)
        self._lay_out()
        self._say_again()
        self.form.setFocus()

    def settle(self, error: KnownError | None) -> None:
        """The glass is broken; or it was refused, and nothing that was typed is lost."""
        if error is None:
            self.accept()
        else:
            self.form.refuse(refusal_text(error))

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

    def _lay_out(self) -> None:
        self.setMinimumWidth(560)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        for caption in (self.about, self.opens, self.lasts, self.recorded, self.incident):
            caption.setWordWrap(True)
            column.addWidget(caption)
        column.addWidget(self.form)
