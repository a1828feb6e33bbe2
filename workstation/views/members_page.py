"""Who works on a restricted incident: its members, let in and removed here; to whoever is none, that it is closed.

A supervisor restricts an incident here, with those he names first, lifts that again, and takes charge of one that
nobody works on yet.
"""

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.commands.glass import can_open
from workstation.commands.members import PERMISSION, READING, add_member, name, remove_member
from workstation.commands.restriction import lift, may_restrict, restrict, take_charge
from workstation.domain.happenings import ClosedIncident, Incident
from workstation.domain.records import Member, Station
from workstation.security.permission import may
from workstation.views.ages import full_time
from workstation.views.errands import Give
from workstation.views.labels import Action, Caption
from workstation.views.row_table import Column, RowTable, Shown
from workstation.views.workplace import Workplace
from workstation.words import t


class Standing(StrEnum):
    """How an incident stands to whoever sits here; what is said of it, and which buttons are offered."""

    OPEN = "restriction.about"
    MINE = "member.about"
    CLOSED = "member.closed_about"
    VACANT = "restriction.vacant_about"


class MembersPage(QWidget):
    """`give` has a command carried out; `glass_wanted`: what is closed is to be opened in an emergency."""

    glass_wanted = Signal()

    def __init__(self, workplace: Workplace, give: Give) -> None:
        super().__init__()
        self._workplace, self._give = workplace, give
        self._incident: Incident | None = None
        self._standing = Standing.MINE
        self._named: list[Member] = []
        self.about, self.glass = Caption("member.about", "second"), Action("glass.do.break", "Ctrl+Shift+G", "danger")
        self.table: RowTable[Member] = RowTable(member_columns(), lambda one: one.id, "desk.tab.members")
        self.empty = Caption("desk.none.members", "muted")
        self.account, self.station, self.reason = QLineEdit(), QComboBox(), QLineEdit()
        self.add, self.remove = Action("member.do.add", "", "primary"), Action("member.do.remove", "", "warn")
        self.restrict, self.lift = (
            Action("restriction.do.restrict", "", "warn"),
            Action("restriction.do.lift", "", "warn"),
        )
        self.take = Action("restriction.do.take_charge", "", "primary")
        self.terms = QWidget()
        self._lay_out()
        self.glass.clicked.connect(self.glass_wanted)
        for button, use in (
            (self.add, self.let_in),
            (self.remove, self.put_out),
            (self.restrict, self.close_to_others),
            (self.lift, self.open_to_all),
            (self.take, self.take_over),
        ):
            button.clicked.connect(use)
        self.retranslate()

    def show_members(self, incident: Incident, members: Sequence[Member]) -> None:
        """The members of an incident; of one that is closed here, only what may be done about it; of one that is not
        restricted, who is to be a member once it is."""
        standing = _standing(incident)
        if self._incident is None or (self._incident.id, self._standing) != (incident.id, standing):
            self._named = []
            self._begin()
        self._incident, self._standing = incident, standing
        self.about.say(standing.value)
        self.glass.setVisible(self._is_closed and can_open(READING, self._workplace.role))
        self._show_listed(members)
        self._offer(incident)

    def let_in(self) -> None:
        """Let in who is named, for the reason given; where one is missing, the cursor asks for it."""
        account, station = self.account.text().strip(), self.station.currentText()
        if self._incident is None or not self._is_filled(self.account):
            return
        if self._standing is Standing.OPEN:
            one = Member(id=name(self._incident.id, account), account=account, station=station)
            self._named = [*(other for other in self._named if other.id != one.id), one]
            self.account.clear()
            self._show_listed(())
        elif self._is_filled(self.reason):
            self._give(add_member(self._incident.id, account, station, self.reason.text()))
            self._begin()

    def put_out(self) -> None:
        """Remove the chosen member, for the reason given; or strike out who is not yet one."""
        member = self.table.chosen_row()
        if self._incident is None or member is None:
            return
        if self._standing is Standing.OPEN:
            self._named = [one for one in self._named if one.id != member.id]
            self._show_listed(())
        elif self._is_filled(self.reason):
            self._give(remove_member(self._incident.id, member.account or "", self.reason.text()))
            self._begin()

    def close_to_others(self) -> None:
        """Restrict the incident to who sits here and those named, for the reason given."""
        if self._incident is not None and self._is_filled(self.reason):
            named = [(one.account or "", one.station or "") for one in self._named]
            self._give(restrict(self._incident.id, self.reason.text(), named))

    def open_to_all(self) -> None:
        """Lift the restriction, for the reason given."""
        if self._incident is not None and self._is_filled(self.reason):
            self._give(lift(self._incident.id, self.reason.text()))

    def take_over(self) -> None:
        """Take charge of an incident that nobody works on, for the reason given."""
        if self._incident is not None and self._is_filled(self.reason):
            self._give(take_charge(self._incident.id, self.reason.text()))

    @property
    def _is_closed(self) -> bool:
        return self._standing in (Standing.CLOSED, Standing.VACANT)

    def _show_listed(self, members: Sequence[Member]) -> None:
        is_open = self._standing is Standing.OPEN
        rows = self._named if is_open else members
        self.table.setVisible(not self._is_closed)
        self.table.show_rows(rows)
        self.empty.say("restriction.none_named" if is_open else "desk.none.members")
        self.empty.setVisible(not self._is_closed and not rows)

    def _offer(self, incident: Incident) -> None:
        """The fields and buttons by which who sits here may do something about it."""
        role, is_open = self._workplace.role, self._standing is Standing.OPEN
        is_supervisor = may_restrict(role)
        manages = may(role, PERMISSION, own=incident.owner == self._workplace.author)
        self.terms.setVisible(is_supervisor if is_open else manages)
        self.remove.setVisible(not self._is_closed)
        self.restrict.setVisible(is_open)
        self.lift.setVisible(is_supervisor and self._standing is Standing.MINE)
        self.take.setVisible(is_supervisor and self._standing is Standing.VACANT)
        self.add.say("restriction.do.name" if is_open else "member.do.add")
        self.remove.say("restriction.do.strike" if is_open else "member.do.remove")

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
            who.addWidget(button)
        for button in (self.restrict, self.lift, self.take):
            said.addWidget(button)
        inside = QVBoxLayout(self.terms)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(said)
        inside.addLayout(who)
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


def _standing(incident: Incident) -> Standing:
    if isinstance(incident, ClosedIncident):
        return Standing.VACANT if incident.is_vacant else Standing.CLOSED
    return Standing.MINE if incident.restricted else Standing.OPEN


def _added(one: Member) -> str:
    if one.added_at is None and one.added_by is None:
        return t("restriction.named")
    return t("member.added_by", at=full_time(one.added_at), by=one.added_by or t("unknown"))
