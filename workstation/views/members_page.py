"""Who works on a restricted incident: its members, let in and removed here; to whoever is none, that it is closed."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.commands.glass import can_open
from workstation.commands.members import PERMISSION, READING, add_member, remove_member
from workstation.domain.happenings import ClosedIncident, Incident
from workstation.domain.records import Member, Station
from workstation.security.permission import may
from workstation.views.ages import full_time
from workstation.views.errands import Give
from workstation.views.labels import Action, Caption
from workstation.views.row_table import Column, RowTable, Shown
from workstation.views.workplace import Workplace
from workstation.words import t


class MembersPage(QWidget):
    """`give` has a command carried out; `glass_wanted`: what is closed is to be opened in an emergency."""

    glass_wanted = Signal()

    def __init__(self, workplace: Workplace, give: Give) -> None:
        super().__init__()
        self._workplace, self._give = workplace, give
        self._incident: Incident | None = None
        self.about, self.glass = Caption("member.about", "second"), Action("glass.do.break", "Ctrl+Shift+G", "danger")
        self.table: RowTable[Member] = RowTable(member_columns(), lambda one: one.id, "desk.tab.members")
        self.empty = Caption("desk.none.members", "muted")
        self.account, self.station, self.reason = QLineEdit(), QComboBox(), QLineEdit()
        self.add, self.remove = Action("member.do.add", "", "primary"), Action("member.do.remove", "", "warn")
        self.terms = QWidget()
        self._lay_out()
        self.glass.clicked.connect(self.glass_wanted)
        self.add.clicked.connect(self.let_in)
        self.remove.clicked.connect(self.put_out)
        self.retranslate()

    def show_members(self, incident: Incident, members: Sequence[Member]) -> None:
        """The members of an incident; of one that is closed here, only what may be done about it."""
        is_closed = isinstance(incident, ClosedIncident)
        if self._incident is None or self._incident.id != incident.id:
            self._begin()
        self._incident = incident
        self.about.say("member.closed_about" if is_closed else "member.about")
        self.glass.setVisible(is_closed and can_open(READING, self._workplace.role))
        self.table.setVisible(not is_closed)
        self.table.show_rows(members)
        self.empty.setVisible(not is_closed and not members)
        self.terms.setVisible(may(self._workplace.role, PERMISSION, own=incident.owner == self._workplace.author))
        self.remove.setVisible(not is_closed)

    def let_in(self) -> None:
        """Let in who is named, for the reason given; where one is missing, the cursor asks for it."""
        if self._incident is not None and self._is_filled(self.account, self.reason):
            account, station = self.account.text().strip(), self.station.currentText()
            self._give(add_member(self._incident.id, account, station, self.reason.text()))
            self._begin()

    def put_out(self) -> None:
        """Remove the chosen member, for the reason given."""
        member = self.table.chosen_row()
        if self._incident is not None and member is not None and self._is_filled(self.reason):
            self._give(remove_member(self._incident.id, member.account or "", self.reason.text()))
            self._begin()

    def retranslate(self) -> None:
        for widget, key in (
            (self.account, "member.account"),
            (self.station, "member.station"),
            (self.reason, "desk.col.reason"),
        ):
            widget.setAccessibleName(t(key))

    def _begin(self) -> None:
        """Empty the fields; the stations are those there are, this one first."""
        here = self._workplace.station
        others = [one for one in self._workplace.situation().ids(Station) if one != here]
        self.station.clear()
        self.station.addItems([here, *others])
        self.account.clear()
        self.reason.clear()

    def _is_filled(self, *fields: QLineEdit) -> bool:
        missing = next((one for one in fields if not one.text().strip()), None)
        if missing is not None:
            missing.setFocus()
        return missing is None

    def _lay_out(self) -> None:
        said, who = QHBoxLayout(), QHBoxLayout()
        for key, field in (("member.account", self.account), ("member.station", self.station)):
            who.addWidget(Caption(key, "second"))
            who.addWidget(field, 1)
        said.addWidget(Caption("desk.col.reason", "second"))
        said.addWidget(self.reason, 1)
        for button in (self.add, self.remove):
            said.addWidget(button)
        inside = QVBoxLayout(self.terms)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(who)
        inside.addLayout(said)
        emergency = QHBoxLayout()
        emergency.addWidget(self.glass)
        emergency.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        self.about.setWordWrap(True)
        column.addWidget(self.about)
        column.addLayout(emergency)
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        column.addWidget(self.terms)
        column.addStretch()


def member_columns() -> list[Column[Member]]:
    return [
        Column("member.account", lambda one: Shown(one.account or t("unknown")), 110),
        Column("member.station", lambda one: Shown(one.station or t("unknown")), 80),
        Column("member.added", lambda one: Shown(_added(one), "text2")),
    ]


def _added(one: Member) -> str:
    return t("member.added_by", at=full_time(one.added_at), by=one.added_by or t("unknown"))
