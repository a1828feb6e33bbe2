"""The queue of open incidents, the worst first, with a filter over it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from workstation.domain.records import Incident
from workstation.views import columns
from workstation.views.columns import kind_word, title_of, word
from workstation.views.labels import Caption
from workstation.views.row_table import RowTable
from workstation.views.snapshot import QueueRow, Snapshot
from workstation.views.theme import look
from workstation.views.workplace import Workplace
from workstation.words import t

FEWEST, PLACES = 2, 20
"""Letters from which a filter is read as pinyin too, and how many places it may stand for."""


class QueuePanel(QWidget):
    """`chosen` carries the id of the incident under the cursor."""

    chosen = Signal(str)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace, self._name_of = workplace, workplace.name_of
        self._snapshot = Snapshot()
        self.title = Caption("desk.queue", "section")
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.table: RowTable[QueueRow] = RowTable(
            columns.queue_columns(workplace.clock.now, workplace.name_of), columns.identity, "desk.queue"
        )
        self.empty = Caption("desk.none.queue", "muted")
        self.empty.hide()
        look(self, "panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 0)
        for widget in (self.title, self.filter, self.empty):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        self.table.chosen.connect(self.chosen)
        self.filter.textChanged.connect(lambda text: self._show())
        self.filter.returnPressed.connect(self.table.setFocus)
        away = QShortcut(QKeySequence("Esc"), self.filter, activated=self.filter.clear)  # type: ignore[call-overload]
        away.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.retranslate()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._show()

    def choose(self, incident: str) -> None:
        """Put the cursor on an incident; nobody is told, since somebody said so."""
        blocked = self.table.blockSignals(True)
        self.table.choose(incident)
        self.table.blockSignals(blocked)

    def tick(self) -> None:
        """Let ages and deadlines run on."""
        self.table.viewport().update()

    def retranslate(self) -> None:
        self.filter.setPlaceholderText(t("desk.filter"))
        self.filter.setAccessibleName(t("desk.filter"))

    def _show(self) -> None:
        wanted = self.filter.text().strip().lower()
        said = self._said(wanted)
        rows = [row for row in self._snapshot.queue if any(one in self._searched(row.incident) for one in said)]
        self.table.show_rows(rows)
        more = self._snapshot.more + len(self._snapshot.queue) - len(rows)
        self.empty.say("desk.none.filtered" if more else "desk.none.queue")
        self.empty.setVisible(not rows)
        self.title.say("desk.queue_more" if more else "desk.queue_count", count=len(rows), more=more)

    def _said(self, wanted: str) -> list[str]:
        """What was typed, and the places that it is the pinyin or the initials of."""
        is_pinyin = len(wanted) >= FEWEST and wanted.isascii() and wanted.isalpha()
        places = self._workplace.suggest(wanted, PLACES) if is_pinyin else ()
        return [wanted, *(place.name_zh.lower() for place in places)]

    def _searched(self, incident: Incident) -> str:
        """What the filter looks into: name, number, place, type and state in the words that are shown."""
        names = (title_of(incident, self._name_of), self._name_of(incident.street))
        words = (kind_word(incident.type), word("incident.state", incident.state))
        told = (incident.title, incident.number, incident.place, *names, *words)
        return " ".join(text for text in told if text).lower()
