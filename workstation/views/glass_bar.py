"""The bar under the header while the glass is broken: red, counted down, with a button that ends it.

Where something was refused that broken glass would open, the bar offers that, until it is answered.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workstation.commands.approval import is_open_glass
from workstation.commands.glass import break_glass, can_help, end_glass, glass_of
from workstation.domain.errors import KnownError, Refused
from workstation.domain.records import Approval, Incident
from workstation.security.permission import may
from workstation.views.columns import word
from workstation.views.errands import Errands
from workstation.views.glass_dialog import GlassDialog
from workstation.views.labels import Action, Caption, Line
from workstation.views.reader import Reader
from workstation.views.theme import look
from workstation.views.workplace import Workplace
from workstation.words import t
from workstation.words.refusals import refusal_text

PERMISSION = "break_glass"


class GlassBar(QWidget):
    """`ended`: what was opened is shut again. `begun`: it opens."""

    begun = Signal()
    ended = Signal()

    def __init__(self, workplace: Workplace, errands: Errands, reader: Reader) -> None:
        super().__init__()
        self._workplace, self._errands, self._reader = workplace, errands, reader
        self.glass: Approval | None = None
        self._refused: KnownError | None = None
        self._incident = ""
        self.told, self.why = Caption(), Line()
        self.end = Action("glass.do.end", "", "on_red")
        self.breaks, self.dismiss = Action("glass.do.break", "Ctrl+Shift+G", "danger"), Action("glass.do.dismiss")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        for widget in (self.told, self.why, self.end, self.breaks, self.dismiss):
            row.addWidget(widget, int(widget is self.why))
        self.end.clicked.connect(self.end_now)
        self.breaks.clicked.connect(lambda: self.open_dialog(self._incident))
        self.dismiss.clicked.connect(self.withdraw)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether the glass is broken and its time not over."""
        return self.glass is not None and is_open_glass(self.glass, self._workplace.clock.now())

    def ask(self) -> None:
        """Have it read whether the glass is broken."""
        who, where, now = self._workplace.author, self._workplace.station, self._workplace.clock.now()
        self._reader.ask("glass", lambda situation: glass_of(situation, who, now, where), self.show_glass)

    def show_glass(self, glass: Approval | None) -> None:
        """What is open now; None: nothing."""
        was, self.glass = self.glass, glass
        if was is None and glass is not None:
            self._refused = None
            self.begun.emit()
        if was is not None and glass is None:
            self._errands.say(t("glass.ended"), 5000)
            self.ended.emit()
        self._tell()

    def offer(self, error: KnownError, incident: str = "") -> None:
        """Something was refused: where broken glass would open it, say so."""
        if not self.is_open and can_help(error, self._workplace.role):
            self._refused, self._incident = error, incident
            self._tell()

    def withdraw(self) -> None:
        self._refused = None
        self._tell()

    def open_dialog(self, incident: str) -> GlassDialog | None:
        """Ask for purpose and reason; None where the role may not, or it is broken already."""
        if self.is_open or not may(self._workplace.role, PERMISSION):
            refused = Refused("glass.open_already") if self.is_open else Refused("glass.role")
            self._errands.refuse(refusal_text(refused))
            return None
        known = self._workplace.situation().get(Incident, incident) if incident else None
        dialog = GlassDialog(self.window(), known.number or known.id if known else "")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.asked.connect(
            lambda purpose, reason: self._errands.carry_out(break_glass(purpose, reason, incident), dialog.settle)
        )
        dialog.open()
        return dialog

    def end_now(self) -> None:
        """Shut it before its time is over."""
        self._errands.give(end_glass())

    def tick(self) -> None:
        """Let its time run on; when it is over, it is shut."""
        if self.glass is not None and not self.is_open:
            self.show_glass(None)
        else:
            self._tell()

    def retranslate(self) -> None:
        self._tell()

    def _tell(self) -> None:
        glass, refused = self.glass, self._refused
        self.setVisible(glass is not None or refused is not None)
        for button in (self.breaks, self.dismiss):
            button.setVisible(glass is None)
        self.end.setVisible(glass is not None)
        if glass is not None and glass.expires_at is not None:
            left = max(0, int((glass.expires_at - self._workplace.clock.now()).total_seconds()))
            self._dress("glass", "on_red")
            self.told.say("glass.open", left=f"{left // 60}:{left % 60:02d}")
            self.why.tell(t("glass.open_for", purpose=word("purpose", glass.purpose), reason=glass.reason or ""))
        elif refused is not None:
            self._dress("panel", "warn")
            self.told.say("glass.offer", why=refusal_text(refused))
            self.why.tell(t("glass.offered"))

    def _dress(self, bar: str, text: str) -> None:
        if self.property("look") != bar:
            look(self, bar)
            self.told.restyle(text)
            self.why.restyle(text)
