"""Who saw this: of one record, who saw which field when, for what and where; beside the work, read only.

Who sees the trail of their own team alone is shown the sights had at this station.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from workstation.domain.records import Access
from workstation.security.permission import may
from workstation.situation import AccessFilter, AuditFilter, Situation
from workstation.views.ages import full_time
from workstation.views.columns import word
from workstation.views.labels import Action, Caption, Passage
from workstation.views.reader import Reader
from workstation.views.row_table import Column, RowTable, Shown
from workstation.views.workplace import Workplace
from workstation.words import t

PERMISSION = "read_audit"
MOST = 500


class SeenDialog(QDialog):
    """`table` lists the accesses, the newest first; `whole` tells the chosen one in full."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.is_open = True
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.about, self.whole = Caption("audit.searching", "second"), Passage()
        self.table: RowTable[Access] = RowTable(seen_columns(), lambda one: one.id, "seen.title")
        self.table.chosen.connect(lambda identity: self._tell_whole())
        self.leave = Action("seen.do.close", "Esc")
        self.leave.clicked.connect(self.reject)
        self.finished.connect(self._shut)
        self._lay_out()
        self._say_again()
        self.table.setFocus()

    def show_rows(self, told: tuple[Sequence[Access], bool]) -> None:
        """The accesses, and whether there is such a record at all."""
        if not self.is_open:
            return
        rows, is_known = told
        self.table.show_rows(rows)
        none = "seen.nobody" if is_known else "seen.no_record"
        self.about.say("seen.found" if rows else none, count=len(rows))
        self.table.selectRow(0)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()
        super().changeEvent(event)

    def _shut(self) -> None:
        """What is read from now on has nowhere to be shown."""
        self.is_open = False

    def _say_again(self) -> None:
        self.setWindowTitle(t("seen.title"))
        self._tell_whole()

    def _tell_whole(self) -> None:
        one = self.table.chosen_row()
        self.whole.tell(access_text(one) if one is not None else "")

    def _lay_out(self) -> None:
        self.resize(760, 440)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.addWidget(self.about)
        column.addWidget(self.table, 1)
        column.addWidget(self.whole)
        column.addLayout(foot)


def show_who_saw(parent: QWidget, workplace: Workplace, reader: Reader, records: Sequence[str]) -> SeenDialog | None:
    """Open the list of who saw any of these records; None for who may not read it."""
    role = workplace.role
    if not records or not may(role, PERMISSION, own=True):
        return None
    station = "" if may(role, PERMISSION) else workplace.station
    wanted = AccessFilter(objects=tuple(records), station=station)
    dialog = SeenDialog(parent)
    dialog.show()

    def read(situation: Situation) -> tuple[Sequence[Access], bool]:
        rows = situation.accesses(wanted, MOST)
        return rows, bool(rows) or any(situation.audit(AuditFilter(record=one), limit=1) for one in records)

    reader.ask("seen", read, dialog.show_rows)
    return dialog


def seen_columns() -> list[Column[Access]]:
    return [
        Column("desk.col.time", lambda one: Shown(full_time(one.at), "text2"), 172),
        Column("desk.col.who", lambda one: Shown(one.user or t("unknown")), 100),
        Column("desk.col.what", lambda one: Shown(_what(one), _colour(one)), 170),
        Column("desk.col.station", lambda one: Shown(one.station or t("unknown"), "text2"), 64, 560),
        Column("desk.col.reason", lambda one: Shown(_why(one), "text2")),
    ]


def access_text(one: Access) -> str:
    """One row of the access log whole."""
    return t(
        "seen.whole",
        user=one.user or t("unknown"),
        at=full_time(one.at),
        station=one.station or t("unknown"),
        what=_what(one),
        why=_why(one) or t("inbox.no_reason"),
    )


def _what(one: Access) -> str:
    return " · ".join(filter(None, (word("access", one.act), word("desk.field", one.field) if one.field else "")))


def _why(one: Access) -> str:
    return " · ".join(filter(None, (word("purpose", one.purpose) if one.purpose else "", one.reason or "")))


def _colour(one: Access) -> str:
    return "text" if one.act in ("unmask", "copy") else "text2"
