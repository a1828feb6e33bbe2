"""The person behind a report: each personal field masked, and in clear for a while for who may and says why."""

from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from workstation.commands.access import CLASS_OF, Sight
from workstation.commands.erasure import erase
from workstation.commands.glass import can_help
from workstation.domain.errors import KnownError, Refused
from workstation.domain.records import Report
from workstation.security.permission import may
from workstation.views.ages import short_time
from workstation.views.asking import ask_text
from workstation.views.clear_text import ClearText
from workstation.views.columns import word
from workstation.views.files_page import Deliver
from workstation.views.labels import Action, Caption, Passage
from workstation.views.sights import InSight, Sights
from workstation.views.unmask_dialog import UnmaskDialog
from workstation.views.workplace import Workplace
from workstation.words import t
from workstation.words.refusals import refusal_text

NEEDS_ANOTHER = "access.approval"
MAY_SEE_WHO, MAY_ERASE = "read_audit", "erase_subject"
MASKED_SHOWN = 160
"""Letters of a masked value that are shown; the report's own text is in the list above."""


class FieldRow:
    """The widgets of one field: its name, its value masked or in clear, how long still, and what may be done."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.caption, self.masked, self.clear = Caption(f"desk.field.{name}", "muted"), Passage(), ClearText()
        self.left = Caption("", "muted")
        self.caption.setContentsMargins(0, 8, 6, 0)
        self.show, self.copy = Action("unmask.do.see", look="flat"), Action("unmask.do.copy", look="flat")

    def tell(self, masked: str, seen: InSight | None, mark: str) -> None:
        """Masked, or what is in sight."""
        self.masked.tell(masked if len(masked) <= MASKED_SHOWN else f"{masked[:MASKED_SHOWN]}…")
        self.masked.setVisible(seen is None)
        for widget in (self.clear, self.left, self.copy):
            widget.setVisible(seen is not None)
        if seen is None:
            self.clear.forget()
        else:
            self.clear.show_clear(seen.text, mark)
        self.show.say("unmask.do.see" if seen is None else "unmask.do.mask")

    def widgets(self) -> tuple[QWidget, ...]:
        return self.caption, self.masked, self.clear, self.left, self.show, self.copy


class PersonPanel(QWidget):
    """`who_saw` carries the id of the report of which somebody asks who saw it; `glass_wanted`: what was refused is to
    be opened in an emergency."""

    who_saw = Signal(str)
    glass_wanted = Signal()

    def __init__(self, workplace: Workplace, deliver: Deliver) -> None:
        super().__init__()
        self._workplace, self._deliver = workplace, deliver
        self._sights, self._last = Sights(), dict[tuple[str, str], Sight]()
        self._report: Report | None = None
        self._masked: dict[str, str] = {}
        self._waiting: Sight | None = None
        self.rows = {name: FieldRow(name) for name in CLASS_OF}
        self.told = Passage("second")
        self.ask, self.at_once = Action("unmask.do.ask"), Action("unmask.do.at_once", look="warn")
        self.glass = Action("glass.do.break", look="danger")
        self.who, self.erase = Action("unmask.do.who_saw", look="flat"), Action("erasure.do.erase", look="flat")
        self._lay_out()
        self._connect()
        self.show_report(None)

    def show_report(self, report: Report | None) -> None:
        """The report whose person is shown; None: no report is chosen."""
        if report is None or self._report is None or report.id != self._report.id:
            self._say("")
        self._report = report
        self._masked = dict(self._workplace.personal.masked(report)) if report is not None else {}
        self.setVisible(bool(self._masked))
        self.tick()

    def see(self, field: str) -> None:
        """Ask to see a field, or mask the one that is in sight."""
        report, now = self._report, self._workplace.clock.now()
        if report is None:
            return
        if self._sights.of(report.id, field, now) is not None:
            self._sights.mask(report.id, field)
            self.tick()
            return
        empty = Sight(report=report.id, field=field, reason="", purpose="")
        dialog = UnmaskDialog(self, self._last.get((report.id, field), empty))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.asked.connect(self._unmask)
        dialog.open()

    def copy(self, field: str) -> None:
        """Copy what is in sight, once that is on record; the desk empties the clipboard after half a minute."""
        seen = self._seen(field)
        if seen is not None:
            self._deliver(self._workplace.personal.copied(seen.sight), lambda done: self._copied(field, done))

    def tick(self) -> None:
        """Let the time of what is in sight run on."""
        self._sights.drop_over(self._workplace.clock.now())
        for name, row in self.rows.items():
            row.clear.setAccessibleName(t("unmask.in_sight", field=word("desk.field", name)))
            for widget in row.widgets():
                widget.setVisible(name in self._masked)
            if name in self._masked:
                seen = self._seen(name)
                row.tell(self._masked[name], seen, self._mark(seen))
                self._tell_left(row, seen)
            else:
                row.clear.forget()

    def mask_all(self) -> None:
        """Mask everything at once: the desk locks, or is closed."""
        self._sights.forget()
        self._last.clear()
        self.tick()

    def _tell_left(self, row: FieldRow, seen: InSight | None) -> None:
        if seen is not None:
            minutes, seconds = divmod(int(seen.left(self._workplace.clock.now()).total_seconds()), 60)
            row.left.say("unmask.left", minutes=minutes, seconds=f"{seconds:02d}")

    def _seen(self, field: str) -> InSight | None:
        return self._sights.of(self._report.id, field, self._workplace.clock.now()) if self._report else None

    def _mark(self, seen: InSight | None) -> str:
        here = self._workplace
        return f"{here.author} · {here.station} · {short_time(seen.since)}" if seen else ""

    def _unmask(self, sight: Sight) -> None:
        self._last[sight.report, sight.field] = sight
        self._say("")
        self._deliver(self._workplace.personal.unmask(sight), lambda done: self._unmasked(sight, done))

    def _unmasked(self, sight: Sight, done: "Future[Any]") -> None:
        error = done.exception()
        if isinstance(error, KnownError):
            self._refuse(sight, error)
        elif error is not None:
            raise error
        elif self._is_open():
            self._sights.keep(sight, done.result() or "", self._workplace.clock.now())
            self.tick()

    def _is_open(self) -> bool:
        """What comes once the desk is locked is not shown."""
        duty = self._workplace.duty
        return duty is None or not duty.rights().is_shut

    def _refuse(self, sight: Sight, error: KnownError) -> None:
        self._say(refusal_text(error))
        self.glass.setVisible(can_help(error, self._workplace.role))
        if isinstance(error, Refused) and error.rule == NEEDS_ANOTHER:
            self._waiting = sight
            self.ask.show()
            self.at_once.setVisible(may(self._workplace.role, "use_at_once"))

    def _ask(self) -> None:
        if self._waiting is not None:
            self._deliver(self._workplace.personal.ask(self._waiting), self._asked)

    def _asked(self, done: "Future[Any]") -> None:
        error = done.exception()
        if error is not None and not isinstance(error, KnownError):
            raise error
        self._say(refusal_text(error) if isinstance(error, KnownError) else t("unmask.asked"))

    def _use_at_once(self) -> None:
        if self._waiting is not None:
            sight = self._waiting
            self._deliver(self._workplace.personal.use_at_once(sight), lambda done: self._used(sight, done))

    def _used(self, sight: Sight, done: "Future[Any]") -> None:
        if self._is_done(done):
            self._unmask(sight)

    def _copied(self, field: str, done: "Future[Any]") -> None:
        if self._is_done(done) and self._seen(field) is not None:
            self.rows[field].clear.copy()
            self._say(t("unmask.copied"))

    def _is_done(self, done: "Future[Any]") -> bool:
        """Whether it was carried out; a refusal is told in words."""
        error = done.exception()
        if isinstance(error, KnownError):
            self._say(refusal_text(error))
        elif error is not None:
            raise error
        return error is None

    def _erase(self) -> None:
        """Have the keys of this person's data destroyed, here and wherever the journal goes; it takes a reason."""
        report = self._report
        if report is not None and (said := ask_text(self, "erasure.ask")):
            self._deliver(self._workplace.submit(erase(report.id, said)), lambda done: self._erased(report, done))

    def _erased(self, report: Report, done: "Future[Any]") -> None:
        if self._is_done(done):
            for name in self.rows:
                self._sights.mask(report.id, name)
            self.show_report(self._report)
            self._say(t("erasure.erased"))

    def _say(self, text: str) -> None:
        self.told.tell(text)
        self.told.setVisible(bool(text))
        self._waiting = None
        for button in (self.ask, self.at_once, self.glass):
            button.hide()

    def _connect(self) -> None:
        for name, row in self.rows.items():
            row.show.clicked.connect(lambda checked=False, name=name: self.see(name))
            row.copy.clicked.connect(lambda checked=False, name=name: self.copy(name))
        self.ask.clicked.connect(self._ask)
        self.at_once.clicked.connect(self._use_at_once)
        self.glass.clicked.connect(self.glass_wanted)
        self.who.clicked.connect(lambda: self.who_saw.emit(self._report.id if self._report else ""))
        self.who.setVisible(may(self._workplace.role, MAY_SEE_WHO, own=True))
        self.erase.clicked.connect(self._erase)
        self.erase.setVisible(may(self._workplace.role, MAY_ERASE))

    def _lay_out(self) -> None:
        head, grid, foot = QHBoxLayout(), QGridLayout(), QHBoxLayout()
        head.addWidget(Caption("unmask.person", "section"))
        head.addStretch()
        head.addWidget(self.who)
        head.addWidget(self.erase)
        for number, row in enumerate(self.rows.values()):
            grid.addWidget(row.caption, number * 2, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row.masked, number * 2, 1)
            grid.addWidget(row.clear, number * 2, 1)
            grid.addWidget(row.left, number * 2 + 1, 1)
            grid.addWidget(row.copy, number * 2, 2, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row.show, number * 2, 3, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(1, 1)
        grid.setVerticalSpacing(2)
        for button in (self.ask, self.at_once, self.glass):
            foot.addWidget(button)
        foot.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 4)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(grid)
        column.addWidget(self.told)
        column.addLayout(foot)
