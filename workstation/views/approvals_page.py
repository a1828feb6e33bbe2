"""What one person asks of another: a supervisor approves or refuses it, and says what they find of what was done first.

What was done first, or under broken glass, the security administrator reviews as well, and sees what was done then.
Everybody sees what they asked for themselves and how it stands. The page is offered while there is anything on it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.commands import approval as approvals
from workstation.commands.proposal import is_proposal
from workstation.commands.seat import Command
from workstation.domain.records import Approval
from workstation.security.authority import GLASS
from workstation.security.permission import matrix, may
from workstation.situation import AuditEntry, AuditFilter, Situation
from workstation.views.ages import clock_text, due_words, full_time
from workstation.views.columns import word
from workstation.views.labels import Action, Caption, Passage
from workstation.views.list_page import ListPage
from workstation.views.proposal_text import incidents_of, is_for, named, proposed_text
from workstation.views.reader import Reader
from workstation.views.row_table import Column, RowTable, Shown
from workstation.views.workplace import Workplace
from workstation.words import t

MOST = 500
WAITING, REVIEW, OVERDUE, OPEN = "asked", "review", "overdue", "open"


class ApprovalsPage(QWidget):
    """`give` has a command carried out; `counted` tells how many rows there are and how many wait for who sits here."""

    counted = Signal(int, int)

    def __init__(self, workplace: Workplace, give: Callable[[Command], object], reader: Reader) -> None:
        super().__init__()
        self._workplace, self._give, self._reader = workplace, give, reader
        self._may = {WAITING: may(workplace.role, approvals.ANSWERING)}
        self._may |= dict.fromkeys((REVIEW, OVERDUE, OPEN), may(workplace.role, approvals.REVIEWING))
        self._done: Done | None = None
        self._names: Mapping[str, str] = {}
        columns = approval_columns(workplace.clock.now, self._what)
        self.page: ListPage[Approval] = ListPage(RowTable(columns, lambda one: one.id, "desk.tab.approvals"))
        self.whole, self.reason = Passage("second"), QLineEdit()
        self.approve = self.page.add_action(Action("approval.do.approve", "Enter", "primary"), self.agree)
        self.refuse = self.page.add_action(Action("approval.do.refuse", "", "warn"), self.turn_down)
        self.review = self.page.add_action(Action("approval.do.review"), self.say_reviewed)
        self.page.finish_actions()
        self._lay_out()
        self.table.used.connect(lambda approval: self.agree())
        self.table.chosen.connect(lambda approval: self._read_done())
        self.retranslate()

    @property
    def table(self) -> RowTable[Approval]:
        return self.page.table

    def ask(self) -> None:
        """Have the requests read again."""
        self._reader.follow("approvals", self._read, self._show_read)

    def _read(self, situation: Situation) -> tuple[list[Approval], dict[str, str]]:
        found = situation.find(Approval, order="-asked_at", limit=MOST)
        incidents = incidents_of(situation, found)
        return [one for one in found if is_for(one, incidents)], named(incidents, self._workplace.name_of)

    def _show_read(self, read: tuple[list[Approval], dict[str, str]]) -> None:
        found, self._names = read
        self.show_approvals(found)

    def show_approvals(self, found: Sequence[Approval]) -> None:
        now, author = self._workplace.clock.now(), self._workplace.author
        rows = [one for one in found if self._is_shown(standing_of(one, now), one.asked_by == author)]
        self.page.show_rows(rows, "approval.none")
        mine = [standing_of(one, now) for one in rows if one.asked_by != author]
        late, waiting = mine.count(OVERDUE), sum(one in (WAITING, REVIEW, OVERDUE) for one in mine)
        self.page.say_about("approval.late" if late else "approval.about", count=waiting, late=late)
        self.counted.emit(len(rows), waiting)
        self._read_done()

    def agree(self) -> None:
        """Approve the chosen request; what was proposed is done with it."""
        if (one := self._chosen(WAITING)) is not None:
            self._give(self._workplace.approve(one.id, self.reason.text()))
            self.reason.clear()

    def turn_down(self) -> None:
        """Refuse it, with a reason."""
        if (one := self._chosen(WAITING)) is not None and self._has_reason():
            self._give(approvals.answer(one.id, False, self.reason.text()))
            self.reason.clear()

    def say_reviewed(self) -> None:
        """Say what one finds of what was done first."""
        if (one := self._chosen(REVIEW, OVERDUE)) is not None and self._has_reason():
            self._give(approvals.review(one.id, self.reason.text()))
            self.reason.clear()

    def tick(self) -> None:
        """Let the time that is left run on; what has run out goes with the next reading."""
        self.table.viewport().update()
        self._show_chosen()

    def retranslate(self) -> None:
        self.reason.setAccessibleName(t("desk.col.reason"))
        self._show_chosen()

    def _is_shown(self, standing: str, is_own: bool) -> bool:
        """Whether a request that stands so concerns who sits here."""
        return bool(standing) and (is_own or self._may.get(standing, self._may[WAITING]))

    def _chosen(self, *standings: str) -> Approval | None:
        """The chosen request, where it stands so, is another person's and may be answered here."""
        one = self.table.chosen_row()
        if one is None or one.asked_by == self._workplace.author:
            return None
        standing = standing_of(one, self._workplace.clock.now())
        return one if standing in standings and self._may[standing] else None

    def _read_done(self) -> None:
        """Have it read what was done under the chosen glass, for whoever may review it."""
        one = self.table.chosen_row()
        if one is not None and one.break_glass and self._may[REVIEW]:
            self._reader.ask("done", lambda situation: done_under(situation, one), self._show_done)
        self._show_chosen()

    def _show_done(self, done: "Done") -> None:
        self._done = done
        self._show_chosen()

    def _what(self, one: Approval) -> str:
        """What is asked for: an act, a field of a person, a role for an account."""
        return proposed_text(one, self._names) if is_proposal(one) else what_text(one)

    def _has_reason(self) -> bool:
        if not self.reason.text().strip():
            self.reason.setFocus()
        return bool(self.reason.text().strip())

    def _show_chosen(self) -> None:
        one = self.table.chosen_row()
        self.whole.setVisible(one is not None)
        if one is not None:
            done = done_text(self._done) if self._done is not None and self._done.approval == one.id else ""
            self.whole.tell("\n".join(filter(None, (approval_text(one, self._what(one)), done))))
        self.approve.setEnabled(self._chosen(WAITING) is not None)
        self.refuse.setEnabled(self._chosen(WAITING) is not None)
        self.review.setEnabled(self._chosen(REVIEW, OVERDUE) is not None)

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


def standing_of(one: Approval, now: datetime) -> str:
    """How a request stands: asked, approved, refused, open, to be reviewed, or overdue for it; empty where nothing is
    to be done any more."""
    if approvals.is_open_glass(one, now):
        return OPEN
    if approvals.is_review_due(one):
        return OVERDUE if one.review_until is not None and one.review_until <= now else REVIEW
    is_open = one.expires_at is not None and now < one.expires_at
    return one.state or "" if is_open and one.state in (WAITING, "approved", "refused") else ""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done under a broken glass, the oldest first."""

    approval: str
    entries: tuple[AuditEntry, ...]


def done_under(situation: Situation, glass: Approval) -> Done:
    """The entries that name a broken glass as their cause; they were written while it was open."""
    until = glass.expires_at + timedelta(seconds=1) if glass.expires_at is not None else None
    found = situation.audit(AuditFilter(since=glass.asked_at, until=until, author=glass.asked_by or ""), limit=MOST)
    return Done(glass.id, tuple(one for one in reversed(found) if one.cause == f"{GLASS}{glass.id}"))


def done_text(done: Done) -> str:
    """What was done, each with its time and reason."""
    told = [f"{clock_text(one.at)} {word('act', one.act)} {one.reason}".strip() for one in done.entries]
    return t("approval.done", count=len(told), what="; ".join(told)) if told else t("approval.done_nothing")


def approval_columns(now: Callable[[], datetime], what: Callable[[Approval], str]) -> list[Column[Approval]]:
    """`what` says what is asked for."""
    return [
        Column("desk.col.state", lambda one: Shown(word("approval", standing_of(one, now())), _colour(one, now())), 76),
        Column("desk.col.who", lambda one: Shown(one.asked_by or t("unknown")), 90),
        Column("desk.col.what", lambda one: Shown(" · ".join(filter(None, (what(one), one.reason))))),
        Column("desk.col.due", lambda one: Shown(due_words(_until(one, now()), now()), "text2"), 96),
    ]


def what_text(one: Approval) -> str:
    """What is asked for, where it is no act: a field of a person, a role for an account."""
    permission, said = matrix().permission(one.act or ""), one.object or ""
    told = word("desk.field", said.rpartition(" ")[2]) if permission == one.act else said
    return f"{word('permission', permission)} {told}".strip()


def approval_text(one: Approval, what: str) -> str:
    """A request whole: who, when, `what`, for which purpose and why, and what came of it."""
    asked = t(
        "approval.broke" if one.break_glass else "approval.whole",
        who=one.asked_by or t("unknown"),
        at=full_time(one.asked_at),
        what=what,
        purpose=word("purpose", one.purpose),
        reason=one.reason or t("inbox.no_reason"),
    )
    if one.answered_by is None or one.answered_by == one.asked_by:
        return asked
    answer = t("approval.answered", who=one.answered_by, answer=word("approval", one.state))
    return f"{asked}\n{answer}"


def _until(one: Approval, now: datetime) -> datetime | None:
    is_waiting = approvals.is_review_due(one) and not approvals.is_open_glass(one, now)
    return one.review_until if is_waiting else one.expires_at


def _colour(one: Approval, now: datetime) -> str:
    return {OVERDUE: "red_i", OPEN: "red_i", REVIEW: "yellow_iii"}.get(standing_of(one, now), "text")
