"""Grants that are due for their quarterly review: each is confirmed, or revoked with a reason."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.commands.administration import confirm_grant, revoke_grant
from workstation.commands.seat import Command
from workstation.domain.records import Grant
from workstation.security.permission import may
from workstation.security.review import due_for_review, looked_at
from workstation.views.ages import age
from workstation.views.columns import NameOf
from workstation.views.grant_text import GRANTING, region_text, role_text, until_text
from workstation.views.labels import Action, Caption
from workstation.views.row_table import Column, RowTable, Shown
from workstation.views.workplace import Workplace
from workstation.words import t


class ReviewsPanel(QWidget):
    """`give` has a command carried out and tells what came of it."""

    def __init__(self, workplace: Workplace, give: Callable[[Command], object]) -> None:
        super().__init__()
        self._workplace, self._give = workplace, give
        self.about = Caption("review.none", "second")
        self.about.setWordWrap(True)
        columns = _columns(workplace.clock.now, workplace.name_of)
        self.table: RowTable[Grant] = RowTable(columns, lambda one: one.id, "review.tab")
        self.reason = QLineEdit()
        self.confirm, self.revoke = (
            Action("review.confirm", "Enter", "primary"),
            Action("administration.revoke", "", "warn"),
        )
        self._lay_out()
        self.table.used.connect(lambda grant: self.confirm_one())
        self.confirm.clicked.connect(self.confirm_one)
        self.revoke.clicked.connect(self.take_back)
        for button in (self.confirm, self.revoke):
            button.setEnabled(may(workplace.role, GRANTING))
        self.retranslate()

    def show_grants(self, grants: Sequence[Grant]) -> int:
        """Show those that are due; how many there are."""
        due = due_for_review(grants, self._workplace.clock.now())
        self.table.show_rows(due)
        self.about.say("review.about" if due else "review.none", count=len(due))
        return len(due)

    def confirm_one(self) -> None:
        """Somebody looked, and the grant goes on."""
        grant = self.table.chosen_row()
        if grant is not None and may(self._workplace.role, GRANTING):
            self._give(confirm_grant(grant.id, self.reason.text()))
            self.reason.clear()

    def take_back(self) -> None:
        """The grant ends now; where a reason is missing, the cursor asks for it."""
        grant = self.table.chosen_row()
        if grant is None or not may(self._workplace.role, GRANTING):
            return
        if not self.reason.text().strip():
            self.reason.setFocus()
            return
        self._give(revoke_grant(grant.id, self.reason.text()))
        self.reason.clear()

    def retranslate(self) -> None:
        self.reason.setAccessibleName(t("desk.col.reason"))

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(Caption("desk.col.reason", "second"))
        foot.addWidget(self.reason, 1)
        for button in (self.confirm, self.revoke):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self.about)
        column.addWidget(self.table, 1)
        column.addLayout(foot)


def _columns(now: Callable[[], datetime], name_of: NameOf) -> list[Column[Grant]]:
    return [
        Column("administration.account", lambda one: Shown(one.account or t("unknown")), 100),
        Column("administration.role", lambda one: Shown(role_text(one.role)), 168, 460),
        Column("administration.region", lambda one: Shown(region_text(one.region, name_of)), 120),
        Column("administration.level", lambda one: Shown(f"L{one.level}" if one.level else t("unknown")), 50),
        Column("review.seen", lambda one: Shown(_seen(one, now()))),
        Column("administration.until", lambda one: Shown(*until_text(one, now())), 160, 700),
    ]


def _seen(one: Grant, now: datetime) -> str:
    return age(looked_at(one), now) if one.given_at or one.reviewed_at else t("unknown")
