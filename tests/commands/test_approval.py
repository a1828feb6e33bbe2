"""Approvals: for one act of one person, given by another, good once, and reviewed where used first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.commands.administrators import Hub
from workstation.commands import approval as approvals
from workstation.commands.approval import Wish
from workstation.domain.records import Approval
from workstation.situation import AuditFilter

WISH = Wish(act="unmask", object="report:1", purpose="missing_person", reason="寻找走失老人", incident="incident:1")


def asked(hub: Hub, wish: Wish = WISH) -> str:
    hub.does("chenjie", "OP", approvals.ask(wish))
    return hub.journal.situation.find(Approval, state="asked")[-1].id


def known(hub: Hub, approval: str) -> Approval:
    found = hub.journal.situation.get(Approval, approval)
    assert found is not None
    return found


def test_an_approval_is_for_one_act_of_one_person_and_good_once(hub: Hub) -> None:
    wanted = asked(hub)
    assert hub.refusal("chenjie", "OP", approvals.use(wanted, "unmask")) == "approval.not_given"
    hub.does("wangfang", "SUP", approvals.answer(wanted, True))
    assert approvals.is_good(known(hub, wanted), hub.clock.now())
    assert hub.refusal("chenjie", "OP", approvals.use(wanted, "search_person")) == "approval.other"
    assert hub.refusal("liqiang", "OP", approvals.use(wanted, "unmask")) == "approval.other"
    hub.does("chenjie", "OP", approvals.use(wanted, "unmask"))
    assert hub.refusal("chenjie", "OP", approvals.use(wanted, "unmask")) == "approval.used"
    assert not approvals.is_good(known(hub, wanted), hub.clock.now())


def test_a_request_is_answered_by_another_person_within_thirty_minutes_and_once(hub: Hub) -> None:
    wanted = asked(hub)
    assert hub.refusal("chenjie", "SUP", approvals.answer(wanted, True)) == "approval.oneself"
    assert hub.refusal("liqiang", "OP", approvals.answer(wanted, True)) == "approval.role"
    assert hub.refusal("wangfang", "SUP", approvals.answer(wanted, False)) == "approval.reason"
    assert hub.refusal("wangfang", "SUP", approvals.answer("approval:none", True)) == "approval.unknown"
    hub.does("wangfang", "SUP", approvals.answer(wanted, False, "无关"))
    assert hub.refusal("wangfang", "SUP", approvals.answer(wanted, True)) == "approval.answered"
    late = asked(hub)
    hub.clock.advance(30 * 60)
    assert hub.refusal("wangfang", "SUP", approvals.answer(late, True)) == "approval.expired"


def test_an_approval_given_in_time_cannot_be_used_after_it(hub: Hub) -> None:
    wanted = asked(hub)
    hub.does("wangfang", "SUP", approvals.answer(wanted, True))
    hub.clock.advance(30 * 60)
    assert not approvals.is_good(known(hub, wanted), hub.clock.now())
    assert hub.refusal("chenjie", "OP", approvals.use(wanted, "unmask")) == "approval.expired"


@pytest.mark.parametrize(
    ("said", "rule"), [({"reason": " "}, "approval.reason"), ({"purpose": ""}, "approval.purpose")]
)
def test_who_asks_says_what_for_and_why(hub: Hub, said: dict[str, str], rule: str) -> None:
    assert hub.refusal("chenjie", "OP", approvals.ask(replace(WISH, **said))) == rule


def test_used_first_is_reviewed_by_another_before_it_may_happen_again(hub: Hub) -> None:
    hub.does("chenjie", "OP", approvals.use_at_once(WISH))
    (own,) = hub.journal.situation.find(Approval)
    assert (own.state, own.answered_by) == ("approved", "chenjie")
    assert own.review_until == hub.clock.now() + timedelta(minutes=30) and own.break_glass is None
    hub.does("chenjie", "OP", approvals.use(own.id, "unmask"))
    assert hub.refusal("chenjie", "OP", approvals.use_at_once(WISH)) == "approval.review_due"
    assert hub.refusal("chenjie", "SUP", approvals.review(own.id, "属实")) == "approval.oneself"
    assert hub.refusal("wangfang", "SUP", approvals.review(own.id, "")) == "approval.reason"
    hub.does("wangfang", "SUP", approvals.review(own.id, "属实"))
    assert hub.refusal("wangfang", "SUP", approvals.review(own.id, "属实")) == "approval.no_review"
    hub.does("chenjie", "OP", approvals.use_at_once(WISH))


def test_two_supervisors_who_collude_leave_both_names_in_a_record_neither_can_alter(hub: Hub) -> None:
    hub.does("wangfang", "SUP", approvals.ask(WISH))
    found = hub.journal.situation.find(Approval, state="asked")[-1].id
    hub.does("liqiang", "SUP", approvals.answer(found, True))
    hub.does("wangfang", "SUP", approvals.use(found, "unmask"))
    told = hub.journal.situation.audit(AuditFilter(record=found))
    assert [(one.author, one.act) for one in reversed(told)] == [
        ("wangfang", "approval.ask"),
        ("liqiang", "approval.answer"),
        ("wangfang", "approval.use"),
    ]
    assert list(hub.journal.verify()) == []
    hub.journal.store.connection.execute(
        "update entry set content = replace(content, 'liqiang', 'zhaomin') where content like '%approval.answer%'"
    )
    assert list(hub.journal.verify())
