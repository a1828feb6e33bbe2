"""What one person asks of another: a supervisor approves or refuses it, and says what they find of what was done first.

Everybody sees what they asked for themselves and how it stands. The page is offered while there is anything on it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.commands import approval as approvals
from workstation.commands.seat import Command
from workstation.domain.records import Approval
from workstation.security.permission import matrix, may
from workstation.situation import Situation
from workstation.views.ages import due_words, full_time
from workstation.views.columns import word
from workstation.views.labels import Action, Caption, Passage
from workstation.views.list_page import ListPage
from workstation.views.reader import Reader
from workstation.views.row_table import Column, RowTable, Shown
from workstation.views.workplace import Workplace
from workstation.words import t

MOST = 500
ANSWERING = "answer_approval"
WAITING, REVIEW = "asked", "review"


class ApprovalsPage(QWidget):
    """`give` has a command carried out; `counted` tells how many rows there are and how many wait for who sits here."""

    counted = Signal(int, int)

    def __init__(self, workplace: Workplace, give: Callable[[Command], object], reader: Reader) -> None:
        super().__init__()
        self._workplace, self._give, self._reader = workplace, give, reader
        self._is_supervisor = may(workplace.role, ANSWERING)
        columns = approval_columns(workplace.clock.now)
        self.page: ListPage[Approval] = ListPage(RowTable(columns, lambda one: one.id, "desk.tab.approvals"))
        self.whole, self.reason = Passage("second"), QLineEdit()
        self.approve = self.page.add_action(Action("approval.do.approve", "Enter", "primary"), self.agree)
        self.refuse = self.page.add_action(Action("approval.do.refuse", "", "warn"), self.turn_down)
        self.review = self.page.add_action(Action("approval.do.review"), self.say_reviewed)
        self.page.finish_actions()
        self._lay_out()
        self.table.used.connect(lambda approval: self.agree())
        self.table.chosen.connect(lambda approval: self._show_chosen())
        self.retranslate()

    @property
    def table(self) -> RowTable[Approval]:
        return self.page.table

    def ask(self) -> None:
        """Have the requests read again."""
        self._reader.follow("approvals", read_approvals, self.show_approvals)

    def show_approvals(self, found: Sequence[Approval]) -> None:
        now, author = self._workplace.clock.now(), self._workplace.author
        rows = [one for one in found if standing_of(one, now) and (self._is_supervisor or one.asked_by == author)]
        self.page.show_rows(rows, "approval.none")
        mine = [one for one in rows if self._is_supervisor and one.asked_by != author]
        waiting = sum(standing_of(one, now) in (WAITING, REVIEW) for one in mine)
        self.page.say_about("approval.about", count=waiting)
        self.counted.emit(len(rows), waiting)
        self._show_chosen()

    def agree(self) -> None:
        """Approve the chosen request."""
        if (one := self._chosen(WAITING)) is not None:
            self._give(approvals.answer(one.id, True, self.reason.text()))
            self.reason.clear()

    def turn_down(self) -> None:
        """Refuse it, with a reason."""
        if (one := self._chosen(WAITING)) is not None and self._has_reason():
            self._give(approvals.answer(one.id, False, self.reason.text()))
            self.reason.clear()

    def say_reviewed(self) -> None:
        """Say what one finds of what was done first."""
        if (one := self._chosen(REVIEW)) is not None and self._has_reason():
            self._give(approvals.review(one.id, self.reason.text()))
            self.reason.clear()

    def tick(self) -> None:
        """Let the time that is left run on; what has run out goes with the next reading."""
        self.table.viewport().update()
        self._show_chosen()

    def retranslate(self) -> None:
        self.reason.setAccessibleName(t("desk.col.reason"))
        self._show_chosen()

    def _chosen(self, standing: str) -> Approval | None:
        """The chosen request, where it stands so and is another person's."""
        one = self.table.chosen_row()
        if one is None or not self._is_supervisor or one.asked_by == self._workplace.author:
            return None
        return one if standing_of(one, self._workplace.clock.now()) == standing else None

    def _has_reason(self) -> bool:
        if not self.reason.text().strip():
            self.reason.setFocus()
        return bool(self.reason.text().strip())

    def _show_chosen(self) -> None:
        one = self.table.chosen_row()
        self.whole.setVisible(one is not None)
        if one is not None:
            self.whole.tell(approval_text(one))
        self.approve.setEnabled(self._chosen(WAITING) is not None)
        self.refuse.setEnabled(self._chosen(WAITING) is not None)
        self.review.setEnabled(self._chosen(REVIEW) is not None)

    def _lay_out(self) -> None:
        said, under = QHBoxLayout(), QWidget()
        said.addWidget(Caption("desk.col.reason", "second"))
        said.addWidget(self.reason, 1)
        inside = QVBoxLayout(under)
        inside.setContentsMargins(10, 6, 10, 2)
        inside.addWidget(self.whole)
        inside.addLayout(said)
        self.page.put_under(under)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)


def read_approvals(situation: Situation) -> list[Approval]:
    return situation.find(Approval, order="-asked_at", limit=MOST)


def standing_of(one: Approval, now: datetime) -> str:
    """How a request stands: asked, approved, refused, or to be reviewed; empty where nothing is to be done any more."""
    if approvals.is_review_due(one):
        return REVIEW
    is_open = one.expires_at is not None and now < one.expires_at
    return one.state or "" if is_open and one.state in (WAITING, "approved", "refused") else ""


def approval_columns(now: Callable[[], datetime]) -> list[Column[Approval]]:
    return [
        Column("desk.col.state", lambda one: Shown(word("approval", standing_of(one, now())), _colour(one, now())), 76),
        Column("desk.col.who", lambda one: Shown(one.asked_by or t("unknown")), 90),
        Column("desk.col.what", lambda one: Shown(" · ".join(filter(None, (what_text(one), one.reason))))),
        Column("desk.col.due", lambda one: Shown(due_words(_until(one), now()), "text2"), 96),
    ]


def what_text(one: Approval) -> str:
    """What is asked for: a field of a person, a role for an account."""
    permission, said = matrix().permission(one.act or ""), one.object or ""
    told = word("desk.field", said.rpartition(" ")[2]) if permission == one.act else said
    return f"{word('permission', permission)} {told}".strip()


def approval_text(one: Approval) -> str:
    """A request whole: who, when, what, for which purpose and why, and what came of it."""
    asked = t(
        "approval.whole",
        who=one.asked_by or t("unknown"),
        at=full_time(one.asked_at),
        what=what_text(one),
        purpose=word("purpose", one.purpose),
        reason=one.reason or t("inbox.no_reason"),
    )
    if one.answered_by is None or one.answered_by == one.asked_by:
        return asked
    answer = t("approval.answered", who=one.answered_by, answer=word("approval", one.state))
    return f"{asked}\n{answer}"


def _until(one: Approval) -> datetime | None:
    return one.review_until if approvals.is_review_due(one) else one.expires_at


def _colour(one: Approval, now: datetime) -> str:
    late = approvals.is_review_due(one) and one.review_until is not None and one.review_until < now
    return "red_i" if late else "yellow_iii" if standing_of(one, now) == REVIEW else "text"
