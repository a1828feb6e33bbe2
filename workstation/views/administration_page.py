"""Who may sign in, what each may in effect, and which stations there are; SEC gives authority and takes it back.

What an account may is what the judge answers, not a list of its own. An account is taken out of service and put back
here, by SYS too; read only for who may neither grant nor suspend.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSplitter, QTabWidget, QVBoxLayout, QWidget

from workstation.commands.administration import revoke_grant
from workstation.domain.records import Account, Grant, Station
from workstation.security.permission import may
from workstation.security.preview import compare
from workstation.security.review import unused_for
from workstation.views.columns import NameOf, word
from workstation.views.errands import Errands
from workstation.views.grant_form import GrantForm
from workstation.views.grant_text import GRANTING, region_text, time_text, until_text
from workstation.views.house import House, listed, read_house, right_columns, right_key
from workstation.views.labels import Action, Caption, Passage
from workstation.views.reader import Reader
from workstation.views.reviews_panel import ReviewsPanel
from workstation.views.row_table import Column, RowTable, Shown
from workstation.views.service_button import ServiceButton
from workstation.views.workplace import Workplace
from workstation.words import t

PERMISSION = "view_accounts"
PARTS = ("administration.accounts", "review.tab", "administration.stations")


def is_for(workplace: Workplace) -> bool:
    """Whether who sits here may see accounts."""
    return may(workplace.role, PERMISSION)


class AdministrationPage(QWidget):
    """`errands` have a command carried out and tell what came of it; `form` is where a grant is given."""

    def __init__(self, workplace: Workplace, errands: Errands, reader: Reader) -> None:
        super().__init__()
        self._workplace, self._errands, self._reader = workplace, errands, reader
        self._house = House()
        now, name_of = workplace.clock.now, workplace.name_of
        self.about, self.told = Caption("administration.about", "second"), Passage("second")
        self.accounts = RowTable(
            account_columns(self._last_used),
            lambda one: one.id,
            "administration.accounts",
            "administration.none.accounts",
        )
        self.grants = RowTable(
            grant_columns(now, name_of), lambda one: one.id, "administration.grants", "administration.none.grants"
        )
        self.rights = RowTable(right_columns(name_of), right_key, "administration.rights", "administration.none.rights")
        self.stations = RowTable(
            station_columns(name_of), lambda one: one.id, "administration.stations", "administration.none.stations"
        )
        self.other_label, self.other = Caption("administration.compare", "second"), QComboBox()
        self.reason_label, self.reason = Caption("desk.col.reason", "second"), QLineEdit()
        self.revoke = Action("administration.revoke", "", "warn")
        self.grant = Action("grant.do.open", "", "primary")
        self.service = ServiceButton(workplace, errands.give)
        self.reviews, self.parts = ReviewsPanel(workplace, errands.give), QTabWidget()
        self.form: GrantForm | None = None
        self._lay_out()
        self.accounts.chosen.connect(lambda login: self._show_account())
        self.other.currentIndexChanged.connect(lambda number: self._compare())
        self.revoke.clicked.connect(self.take_back)
        self.reason.returnPressed.connect(self.take_back)
        self.grant.clicked.connect(self.open_form)
        for button in (self.revoke, self.grant):
            button.setEnabled(may(workplace.role, GRANTING))
        self.retranslate()

    @property
    def is_allowed(self) -> bool:
        return is_for(self._workplace)

    def ask(self) -> None:
        """Have the house read again."""
        if self.is_allowed:
            self._reader.follow("house", read_house, self.show_house)

    def show_house(self, house: House) -> None:
        self._house = house
        self._say_parts()
        if self.form is not None:
            self.form.show_house(house)
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
            self._errands.refuse(t("administration.choose_grant"))
            return
        if not self.reason.text().strip():
            self._errands.refuse(t("refused.account.reason"))
            self.reason.setFocus()
            return
        self._errands.give(revoke_grant(grant.id, self.reason.text()))
        self.reason.clear()

    def open_form(self) -> GrantForm:
        """The form in which a grant is given, or the one that was put aside."""
        if self.form is None:
            self.form = GrantForm(self._workplace, self._errands.carry_out, self)
        self.form.show_house(self._house)
        self.form.choose_account(self.accounts.chosen_id())
        self.form.show()
        return self.form

    def _say_parts(self) -> None:
        """The name of each part, and how many grants are due for review."""
        due = self.reviews.show_grants(self._house.grants)
        for number, key in enumerate(PARTS):
            self.parts.setTabText(number, f"{t(key)} {due}" if key == "review.tab" and due else t(key))

    def retranslate(self) -> None:
        self._say_parts()
        self.reviews.retranslate()
        self.other.setAccessibleName(t("administration.compare"))
        self.reason.setAccessibleName(t("desk.col.reason"))
        self._show_account()

    def _show_account(self) -> None:
        login = self.accounts.chosen_id()
        self.service.show_account(self.accounts.chosen_row())
        self.grants.show_rows([one for one in self._house.grants if one.account == login])
        self.rights.show_rows(self._house.rights(login, self._workplace.clock.now()).rights)
        self._compare()

    def _last_used(self, account: Account) -> Shown:
        """When somebody last came in by an account; one that has long been unused is to be asked about."""
        used, now = self._house.used.get(account.id), self._workplace.clock.now()
        told = time_text(used) if used else t("administration.never_used")
        idle = unused_for(account, used, now)
        if idle is None:
            return Shown(told, "text2")
        return Shown(f"{told} · {t('administration.unused', days=idle.days)}", "yellow_iii")

    def _compare(self) -> None:
        """How the chosen account differs from another."""
        login, other, now = self.accounts.chosen_id(), self.other.currentText(), self._workplace.clock.now()
        if not login or not other:
            self.told.hide()
            return
        found = compare(self._house.rights(login, now), self._house.rights(other, now))
        name_of = self._workplace.name_of
        more, less = listed(found.more, name_of), listed(found.less, name_of)
        self.told.show()
        self.told.tell(t("administration.differs", other=other, more=more, less=less))

    def _lay_out(self) -> None:
        both = QSplitter(Qt.Orientation.Vertical)
        for table in (self.accounts, self.grants, self.rights):
            both.addWidget(table)
        people, inside, foot, comparing = QWidget(), QVBoxLayout(), QHBoxLayout(), QHBoxLayout()
        comparing.addWidget(self.other_label)
        comparing.addWidget(self.other, 1)
        for button in (self.service, self.grant):
            comparing.addWidget(button)
        for widget in (self.reason_label, self.reason, self.revoke):
            foot.addWidget(widget, int(widget is self.reason))
        inside.setContentsMargins(0, 6, 0, 0)
        inside.addWidget(both, 1)
        inside.addLayout(comparing)
        inside.addWidget(self.told)
        inside.addLayout(foot)
        people.setLayout(inside)
        for part in (people, self.reviews, self.stations):
            self.parts.addTab(part, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        self.about.setWordWrap(True)
        column.addWidget(self.about)
        column.addWidget(self.parts, 1)


def account_columns(last_used: Callable[[Account], Shown]) -> list[Column[Account]]:
    return [
        Column("administration.account", lambda one: Shown(one.id), 130),
        Column("desk.col.state", lambda one: Shown(word("account.state", one.state)), 100),
        Column("administration.used", last_used),
    ]


def grant_columns(now: Callable[[], datetime], name_of: NameOf) -> list[Column[Grant]]:
    return [
        Column("administration.role", lambda one: Shown(one.role or t("unknown")), 60),
        Column("administration.region", lambda one: Shown(region_text(one.region, name_of)), 110),
        Column("administration.level", lambda one: Shown(f"L{one.level}" if one.level else t("unknown")), 50),
        Column("administration.until", lambda one: Shown(*until_text(one, now()))),
    ]


def station_columns(name_of: NameOf) -> list[Column[Station]]:
    return [
        Column("administration.station", lambda one: Shown(one.id), 70),
        Column("administration.region", lambda one: Shown(region_text(one.region, name_of)), 120),
        Column("administration.enrolled", lambda one: Shown(time_text(one.enrolled_at), "text2")),
        Column("administration.revoked", lambda one: Shown(time_text(one.revoked_at) if one.revoked_at else "—"), 168),
    ]
