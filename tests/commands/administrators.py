"""The hub where accounts, grants and approvals are made, and terms as its people write them."""

from dataclasses import replace
from datetime import UTC, datetime

from tests.commands.desk import Desk
from workstation.commands import approval as approvals
from workstation.commands.administration import Terms
from workstation.commands.approval import Wish
from workstation.domain.clock import ManualClock
from workstation.domain.records import Approval, Grant
from workstation.journal import Journal

KEY = "ab" * 32
TERMS = Terms(
    account="chenjie",
    role="ST",
    region="990101003",
    level=2,
    purposes=("duty",),
    valid_from=datetime(2026, 11, 1, tzinfo=UTC),
    valid_to=datetime(2027, 11, 1, tzinfo=UTC),
    reason="新任街道值守员",
    form="SQ-2026-118",
)
DEEP = replace(TERMS, level=3)


class Hub(Desk):
    """The hub's journal, and the persons who sit at it."""

    def __init__(self, journal: Journal, clock: ManualClock) -> None:
        super().__init__(journal, clock, "HUB")

    def grants(self, account: str = "chenjie") -> list[Grant]:
        return self.journal.situation.find(Grant, account=account)

    def approved(self, terms: Terms, answer: bool = True) -> str:
        """The id of an approval of these terms that SEC asked for and the supervisor answered."""
        wish = Wish(act="grant.give", object=terms.object, purpose="administration", reason=terms.reason)
        self.does("liqiang", "SEC", approvals.ask(wish))
        found = self.journal.situation.find(Approval, state="asked")[-1].id
        self.does("wangfang", "SUP", approvals.answer(found, answer, "人员未到岗"))
        return found
