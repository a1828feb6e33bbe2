"""The audit trail: search it, read an entry whole, prove that nothing was altered, take the rows along. Read only.

It reads on a thread of its own, since a search for what is rare takes seconds that no other page has to wait for.
"""

from collections.abc import Callable
from datetime import datetime
from time import monotonic

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.clock import CITY_ZONE
from workstation.domain.records import Access
from workstation.security.permission import may
from workstation.situation import AuditEntry, AuditFilter, Situation
from workstation.station.proving import Proof, Proving
from workstation.views.audit_text import Detail, detail_text, entry_columns, entry_key, proof_text
from workstation.views.labels import Action, Caption, Passage
from workstation.views.plain import one_line
from workstation.views.reader import Reader
from workstation.views.row_table import RowTable
from workstation.views.seen_dialog import SeenDialog, show_who_saw
from workstation.views.workplace import Workplace
from workstation.words import t

PERMISSION = "read_audit"
FIELDS = ("since", "until", "author", "act", "station", "incident", "record", "text")
TIMES = ("since", "until")
ONLY = ("", "late", "refused")
TIME_FORM = "%Y-%m-%d %H:%M"
ROWS = 200
BEAT_MS = 200
SEEN_SHOWN = 10


def is_for(workplace: Workplace) -> bool:
    """Whether who sits here may read the trail, or their own team's."""
    return may(workplace.role, PERMISSION, own=True)


class AuditPage(QWidget):
    """`export` has the rows of a filter written in a form, and tells what came of it."""

    def __init__(self, workplace: Workplace, export: Callable[[AuditFilter, str], object]) -> None:
        super().__init__()
        self._workplace, self._export = workplace, export
        self._reader = Reader(workplace, self)
        self._proving: Proving | None = None
        self._proof: Proof | None = None
        self._began = 0.0
        self._wanted = AuditFilter()
        self._rows: list[AuditEntry] = []
        self._detail: Detail | None = None
        self.fields = {name: QLineEdit() for name in FIELDS}
        self.only = QComboBox()
        self._labels = {name: Caption(f"audit.field.{name}", "second") for name in (*FIELDS, "only")}
        self.about = Caption("audit.about", "second")
        self.entries: RowTable[AuditEntry] = RowTable(entry_columns(), entry_key, "desk.tab.audit")
        self.detail, self.verdict = QPlainTextEdit(), Passage("")
        self.bar = QProgressBar()
        self.look_up, self.more = Action("audit.find", "Enter", "primary"), Action("audit.more")
        self.prove, self.cancel = Action("audit.prove"), Action("audit.cancel")
        self.who_saw = Action("unmask.do.who_saw")
        self.csv, self.jsonl = Action("audit.csv"), Action("audit.jsonl")
        self._beat = QTimer(self, interval=BEAT_MS)
        self._lay_out()
        self._connect()
        self._show_proving(False)

    @property
    def is_allowed(self) -> bool:
        return is_for(self._workplace)

    def search(self) -> None:
        """Look for what the fields ask for, from the newest on."""
        wanted = self._asked()
        if wanted is None or not self.is_allowed:
            return
        self._wanted = wanted
        self.about.say("audit.searching")
        self._reader.ask("audit", lambda situation: situation.audit(wanted, None, ROWS), self._show_first)

    def search_more(self) -> None:
        """The page behind what is shown."""
        if not self._rows:
            return
        wanted, last = self._wanted, self._rows[-1].number
        self._reader.ask("audit", lambda situation: situation.audit(wanted, last, ROWS), self._show_more)

    def show_who_saw(self) -> SeenDialog | None:
        """Who saw the record that is looked for, else those the chosen entry is about."""
        named, entry = self.fields["record"].text().strip(), self.entries.chosen_row()
        records = [named] if named else sorted({one.id for one in entry.changes}) if entry is not None else []
        if not records:
            self.about.say("seen.choose")
        return show_who_saw(self, self._workplace, self._reader, records)

    def verify(self) -> None:
        """Begin to prove the whole record; the desk goes on."""
        if self._proving is None and self.is_allowed:
            self._proving, self._began = self._workplace.prove(), monotonic()
            self._show_proving(True)
            self._beat.start()

    def stop_proving(self) -> None:
        """Give the proof up: nothing is known of the record then."""
        if self._proving is not None:
            self._end_proving()
            self._proof = None
            self.verdict.restyle("")
            self.verdict.tell(t("audit.given_up"))

    def retranslate(self) -> None:
        chosen = max(0, self.only.currentIndex())
        self.only.clear()
        self.only.addItems([t(f"audit.only.{name or 'all'}") for name in ONLY])
        self.only.setCurrentIndex(chosen)
        self.only.setAccessibleName(t("audit.field.only"))
        for name, field in self.fields.items():
            field.setAccessibleName(t(f"audit.field.{name}"))
            if name in TIMES:
                field.setPlaceholderText(t("audit.time_form"))
        self.detail.setAccessibleName(t("desk.tab.audit"))
        self._show_detail(self._detail)
        if self._proof is not None:
            self.verdict.tell(proof_text(self._proof))

    def close_page(self) -> None:
        if self._proving is not None:
            self._end_proving()
        self._reader.close()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        grid = QGridLayout()
        for number, name in enumerate(FIELDS):
            row, side = divmod(number, 2)
            grid.addWidget(self._labels[name], row, side * 2)
            grid.addWidget(self.fields[name], row, side * 2 + 1)
        grid.addWidget(self._labels["only"], len(FIELDS) // 2, 0)
        grid.addWidget(self.only, len(FIELDS) // 2, 1)
        column.addLayout(grid)
        column.addLayout(_row(self.look_up, self.more, self.who_saw, self.csv, self.jsonl))
        self.about.setWordWrap(True)
        column.addWidget(self.about)
        column.addWidget(self.entries, 3)
        self.detail.setReadOnly(True)
        self.detail.setTabChangesFocus(True)
        column.addWidget(self.detail, 2)
        column.addWidget(self.verdict)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        column.addWidget(self.bar)
        column.addLayout(_row(self.prove, self.cancel))

    def _connect(self) -> None:
        for field in self.fields.values():
            field.returnPressed.connect(self.search)
        self.entries.chosen.connect(lambda ref: self._read_detail())
        self.only.activated.connect(lambda index: self.search())
        self.look_up.clicked.connect(self.search)
        self.more.clicked.connect(self.search_more)
        self.prove.clicked.connect(self.verify)
        self.cancel.clicked.connect(self.stop_proving)
        self.who_saw.clicked.connect(self.show_who_saw)
        self.csv.clicked.connect(lambda: self._take("csv"))
        self.jsonl.clicked.connect(lambda: self._take("jsonl"))
        self._beat.timeout.connect(self._look)
        self.retranslate()

    def _asked(self) -> AuditFilter | None:
        """What the fields ask for; a time that is none is said and nothing is looked for."""
        said = {name: field.text().strip() for name, field in self.fields.items()}
        times: dict[str, datetime | None] = {}
        for name in TIMES:
            try:
                times[name] = datetime.strptime(said[name], TIME_FORM).replace(tzinfo=CITY_ZONE) if said[name] else None
            except ValueError:
                self.about.say("audit.no_time", text=said[name])
                self.fields[name].setFocus()
                return None
        station = said["station"]
        if not may(self._workplace.role, PERMISSION):
            station = self._workplace.station
        return AuditFilter(
            times["since"],
            times["until"],
            said["author"],
            said["act"],
            said["record"],
            station,
            said["incident"],
            said["text"],
            ONLY[self.only.currentIndex()],
        )

    def _show_first(self, rows: list[AuditEntry]) -> None:
        self._rows = []
        self._show_more(rows)

    def _show_more(self, rows: list[AuditEntry]) -> None:
        self._rows += rows
        self.entries.show_rows(self._rows)
        self.more.setEnabled(len(rows) == ROWS)
        if self.entries.chosen_row() is None:
            self._show_detail(None)
        key = "audit.found" if may(self._workplace.role, PERMISSION) else "audit.found_own"
        self.about.say(key if self._rows else "audit.none", count=len(self._rows))

    def _read_detail(self) -> None:
        entry = self.entries.chosen_row()
        if entry is not None:
            self._reader.ask("entry", lambda situation: _detail(situation, entry), self._show_detail)

    def _show_detail(self, detail: Detail | None) -> None:
        self._detail = detail
        lines = detail_text(detail, self._workplace.name_of) if detail else [t("audit.choose")]
        self.detail.setPlainText("\n".join(map(one_line, lines)))

    def _take(self, form: str) -> None:
        wanted = self._asked()
        if wanted is not None and self.is_allowed:
            self._export(wanted, form)

    def _look(self) -> None:
        """Whether the proof has come to its end."""
        if self._proving is None:
            return
        proof = self._proving.result()
        if proof is None:
            self.verdict.tell(t("audit.proving", seconds=round(monotonic() - self._began)))
            return
        self._end_proving()
        self._proof = proof
        self.verdict.restyle("bad" if proof.faults or proof.failure else "")
        self.verdict.tell(proof_text(proof))

    def _end_proving(self) -> None:
        self._beat.stop()
        was_asked = self.cancel.hasFocus()
        if self._proving is not None:
            self._proving.cancel()
        self._proving = None
        self._show_proving(False)
        if was_asked:
            self.prove.setFocus()

    def _show_proving(self, runs: bool) -> None:
        self.bar.setVisible(runs)
        self.prove.setEnabled(not runs)
        self.cancel.setEnabled(runs)


def _row(*widgets: QWidget) -> QHBoxLayout:
    made = QHBoxLayout()
    for widget in widgets:
        made.addWidget(widget)
    made.addStretch()
    return made


def _detail(situation: Situation, entry: AuditEntry) -> Detail:
    """On the reading thread: one entry whole, and who saw the records it is about."""
    records = sorted({change.id for change in entry.changes}) or [""]
    seen = situation.find(Access, object=records, order="-at", limit=SEEN_SHOWN)
    return Detail(entry, situation.before(entry), tuple(seen))
