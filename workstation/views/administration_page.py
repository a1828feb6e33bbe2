"""Who may sign in, what each of them may in effect, and which stations there are; SEC takes authority back here.

What an account may is what the judge answers, not a list of its own. Read only for who may not grant.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from workstation.commands.administration import revoke_grant
from workstation.commands.seat import Command
from workstation.domain.records import Account, Grant, Station
from workstation.security.authority import in_force, standing
from workstation.security.permission import matrix, may
from workstation.security.preview import Preview, Right, compare, preview
from workstation.situation import Situation
from workstation.views.ages import full_time
from workstation.views.columns import NameOf, word
from workstation.views.labels import Action, Caption, Passage
from workstation.views.reader import Reader
from workstation.views.row_table import Column, RowTable, Shown
from workstation.views.workplace import Workplace
from workstation.words import t

PERMISSION, GRANTING = "view_accounts", "grant_authority"


@dataclass(frozen=True, slots=True)
class House:
    """Accounts, grants and stations as the root said they are."""

    accounts: tuple[Account, ...] = ()
    grants: tuple[Grant, ...] = ()
    stations: tuple[Station, ...] = field(default=())

    def rights(self, login: str, at: datetime) -> Preview:
        """What an account may at a moment."""
        account = next((one for one in self.accounts if one.id == login), None)
        return preview(standing(account, self.grants), at, matrix())


def read_house(situation: Situation) -> House:
    accounts, grants = situation.find(Account, order="id"), situation.find(Grant, order="id")
    return House(tuple(accounts), tuple(grants), tuple(situation.find(Station, order="id")))


class AdministrationPage(QWidget):
    """`give` has a command carried out and tells what came of it."""

    def __init__(self, workplace: Workplace, give: Callable[[Command], object], reader: Reader) -> None:
        super().__init__()
        self._workplace, self._give, self._reader = workplace, give, reader
        self._house = House()
        now, name_of = workplace.clock.now, workplace.name_of
        self.about, self.told = Caption("administration.about", "second"), Passage("second")
        self.accounts = RowTable(account_columns(), lambda one: one.id, "administration.accounts")
        self.grants = RowTable(grant_columns(now, name_of), lambda one: one.id, "administration.grants")
        self.rights = RowTable(right_columns(name_of), _right_key, "administration.rights")
        self.stations = RowTable(station_columns(name_of), lambda one: one.id, "administration.stations")
        self.other_label, self.other = Caption("administration.compare", "second"), QComboBox()
        self.reason_label, self.reason = Caption("desk.col.reason", "second"), QLineEdit()
        self.revoke = Action("administration.revoke", "", "warn")
        self._lay_out()
        self.accounts.chosen.connect(lambda login: self._show_account())
        self.other.currentIndexChanged.connect(lambda number: self._compare())
        self.revoke.clicked.connect(self.take_back)
        self.reason.returnPressed.connect(self.take_back)
        self.revoke.setEnabled(may(workplace.role, GRANTING))
        self.retranslate()

    @property
    def is_allowed(self) -> bool:
        """Whether who sits here may see accounts."""
        return may(self._workplace.role, PERMISSION)

    def ask(self) -> None:
        """Have the house read again."""
        if self.is_allowed:
            self._reader.ask("house", read_house, self.show_house)

    def show_house(self, house: House) -> None:
        self._house = house
        self.accounts.show_rows(house.accounts)
        self.stations.show_rows(house.stations)
        if self.accounts.chosen_row() is None:
            self.accounts.selectRow(0)
        chosen = self.other.currentText()
        blocked = self.other.blockSignals(True)
        self.other.clear()
        self.other.addItems(["", *(one.id for one in house.accounts)])
        self.other.setCurrentText(chosen)
        self.other.blockSignals(blocked)
        self._show_account()

    def take_back(self) -> None:
        """Revoke the chosen grant for the reason given; where one is missing, the cursor asks for it."""
        grant = self.grants.chosen_row()
        if grant is None or not may(self._workplace.role, GRANTING):
            return
        if not self.reason.text().strip():
            self.reason.setFocus()
            return
        self._give(revoke_grant(grant.id, self.reason.text()))
        self.reason.clear()

    def retranslate(self) -> None:
        self.other.setAccessibleName(t("administration.compare"))
        self.reason.setAccessibleName(t("desk.col.reason"))
        self._show_account()

    def _show_account(self) -> None:
        login = self.accounts.chosen_id()
        self.grants.show_rows([one for one in self._house.grants if one.account == login])
        self.rights.show_rows(self._house.rights(login, self._workplace.clock.now()).rights)
        self._compare()

    def _compare(self) -> None:
        """How the chosen account differs from another."""
        login, other, now = self.accounts.chosen_id(), self.other.currentText(), self._workplace.clock.now()
        if not login or not other:
            self.told.tell("")
            return
        found = compare(self._house.rights(login, now), self._house.rights(other, now))
        more, less = _listed(found.more), _listed(found.less)
        self.told.tell(t("administration.differs", other=other, more=more, less=less))

    def _lay_out(self) -> None:
        both = QSplitter(Qt.Orientation.Vertical)
        for table in (self.accounts, self.grants, self.rights, self.stations):
            both.addWidget(table)
        column, foot, comparing = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        column.setContentsMargins(8, 8, 8, 8)
        self.about.setWordWrap(True)
        column.addWidget(self.about)
        column.addWidget(both, 1)
        comparing.addWidget(self.other_label)
        comparing.addWidget(self.other, 1)
        column.addLayout(comparing)
        column.addWidget(self.told)
        foot.addWidget(self.reason_label)
        foot.addWidget(self.reason, 1)
        foot.addWidget(self.revoke)
        column.addLayout(foot)


def account_columns() -> list[Column[Account]]:
    return [
        Column("administration.account", lambda one: Shown(one.id), 130),
        Column("desk.col.state", lambda one: Shown(word("account.state", one.state)), 100),
        Column("administration.used", lambda one: Shown(_time(one.last_used_at), "text2")),
    ]


def grant_columns(now: Callable[[], datetime], name_of: NameOf) -> list[Column[Grant]]:
    return [
        Column("administration.role", lambda one: Shown(one.role or t("unknown")), 60),
        Column("administration.region", lambda one: Shown(region_text(one.region, name_of)), 110),
        Column("administration.level", lambda one: Shown(f"L{one.level}" if one.level else t("unknown")), 50),
        Column("administration.until", lambda one: Shown(*_until(one, now()))),
    ]


def right_columns(name_of: NameOf) -> list[Column[Right]]:
    return [
        Column("administration.right", lambda one: Shown(word("permission", one.permission))),
        Column("administration.region", lambda one: Shown(region_text(one.region, name_of)), 100),
        Column("administration.outcome", lambda one: Shown(word("outcome", one.outcome.value)), 110),
        Column("administration.level", lambda one: Shown(f"L{one.level}"), 50),
    ]


def station_columns(name_of: NameOf) -> list[Column[Station]]:
    return [
        Column("administration.station", lambda one: Shown(one.id), 70),
        Column("administration.region", lambda one: Shown(region_text(one.region, name_of)), 120),
        Column("administration.enrolled", lambda one: Shown(_time(one.enrolled_at), "text2")),
        Column("administration.revoked", lambda one: Shown(_time(one.revoked_at) if one.revoked_at else "—"), 120),
    ]


def region_text(region: str | None, name_of: NameOf) -> str:
    """A region by its name; the root is the whole house."""
    return t("administration.everywhere") if region == "" else name_of(region)


def _right_key(right: Right) -> str:
    return f"{right.permission} {right.region}"


def _until(grant: Grant, now: datetime) -> tuple[str, str]:
    if grant.revoked_at is not None:
        return t("administration.revoked_by", who=grant.revoked_by or t("unknown"), at=_time(grant.revoked_at)), "muted"
    return _time(grant.valid_to), "text" if in_force(grant, now) else "muted"


def _time(at: datetime | None) -> str:
    return full_time(at) if at else t("unknown")


def _listed(rights: Sequence[Right]) -> str:
    return ", ".join(dict.fromkeys(word("permission", one.permission) for one in rights)) or "—"
