"""Broken glass: declared with a purpose and a reason, open for a quarter of an hour, marked, reviewed by another."""

from datetime import timedelta

import pytest

from tests.commands.centre import SIGHT, Centre
from workstation.commands import approval as approvals
from workstation.commands.access import unmask
from workstation.commands.glass import break_glass, can_help, end_glass, glass_of, under_glass
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import Approval, Incident
from workstation.journal import NotAllowed
from workstation.security.authority import GLASS
from workstation.situation import AuditFilter

BREAK = break_glass("rescue", "两人被困车内,值班长联系不上", "i1")
EMPTY_WORDS = ["", "   ", "急", "紧急情况!", "......。。。。。。"]


def glass(centre: Centre, author: str = "wang") -> Approval | None:
    return glass_of(centre.journal.situation, author, centre.clock.now(), "HUB")


def test_who_breaks_it_is_on_record_before_anything_opens_and_it_shuts_after_fifteen_minutes(centre: Centre) -> None:
    draft = centre.does("wang", "OP", BREAK)
    assert (draft.act, draft.reason) == ("approval.break_glass", "两人被困车内,值班长联系不上")
    broken = glass(centre)
    assert (broken.break_glass, broken.state, broken.asked_by, broken.incident) == (True, "approved", "wang", "i1")
    assert broken.expires_at == centre.clock.now() + timedelta(minutes=15)
    assert broken.review_until == centre.clock.now() + timedelta(hours=24)
    centre.clock.advance(15 * 60 - 1)
    assert glass(centre) and glass(centre, "zhao") is None
    centre.clock.advance(1)
    assert glass(centre) is None


@pytest.mark.parametrize("reason", EMPTY_WORDS)
def test_a_word_is_no_reason(centre: Centre, reason: str) -> None:
    assert centre.refusal("wang", "OP", break_glass("rescue", reason)) == "glass.reason"
    assert glass(centre) is None


def test_under_it_one_sees_a_person_whom_one_s_role_may_not_and_the_entry_names_it(centre: Centre) -> None:
    assert centre.refusal("wang", "OP", unmask(SIGHT)) == "access.approval"
    centre.does("wang", "OP", BREAK)
    broken = glass(centre)
    assert centre.does("wang", "OP", unmask(SIGHT)).cause == f"{GLASS}{broken.id}"
    assert centre.does("wang", "OP", unmask(SIGHT)).cause, "it stays open for what else there is to see"
    centre.clock.advance(15 * 60)
    assert centre.refusal("wang", "OP", unmask(SIGHT)) == "access.approval"
    done = centre.journal.situation.audit(AuditFilter(author="wang", act="access.unmask"))
    assert {one.cause for one in done} == {f"{GLASS}{broken.id}"} and len(done) == 2


def test_what_somebody_may_anyway_is_not_marked(centre: Centre) -> None:
    centre.does("zhao", "SUP", BREAK)
    assert centre.does("zhao", "SUP", unmask(SIGHT)).cause == ""


def test_it_opens_a_restricted_incident_s_person_to_who_does_not_work_on_it(centre: Centre) -> None:
    centre.write(Incident(id="i1", restricted=True))
    assert centre.refusal("liu", "SUP", unmask(SIGHT)) == "authority.membership"
    centre.does("liu", "SUP", BREAK)
    assert centre.does("liu", "SUP", unmask(SIGHT)).cause.startswith(GLASS)


def test_ended_by_hand_it_opens_nothing_more(centre: Centre) -> None:
    assert centre.refusal("wang", "OP", end_glass()) == "glass.none"
    centre.does("wang", "OP", BREAK)
    centre.clock.advance(60)
    centre.does("wang", "OP", end_glass())
    [ended] = centre.journal.situation.find(Approval)
    assert (ended.state, ended.expires_at) == ("ended", centre.clock.now())
    assert glass(centre) is None and centre.refusal("wang", "OP", unmask(SIGHT)) == "access.approval"


def test_it_is_not_broken_twice_at_once(centre: Centre) -> None:
    centre.does("wang", "OP", BREAK)
    assert centre.refusal("wang", "OP", BREAK) == "glass.open_already"


@pytest.mark.parametrize("role", ["GRID", "EXP", "SYS", "SEC", "AUD"])
def test_who_may_not_break_it_is_refused(centre: Centre, role: str) -> None:
    assert centre.refusal("x", role, BREAK) == "authority.role"


def test_under_grants_it_is_broken_for_a_purpose_that_was_granted_with_rescue_among_them(centre: Centre) -> None:
    centre.grant("wang", "OP", purposes=["rescue"])
    assert centre.refusal("wang", "OP", break_glass("audit", "两人被困车内")) == "authority.purpose"
    centre.grant("liu", "OP", purposes=["duty"])
    assert centre.refusal("liu", "OP", break_glass("duty", "两人被困车内")) == "authority.purpose"
    centre.does("wang", "OP", BREAK)


def test_another_person_reviews_it_once_it_is_over(centre: Centre) -> None:
    centre.does("wang", "OP", BREAK)
    broken = glass(centre).id
    assert centre.refusal("sec", "SEC", approvals.review(broken, "情况属实")) == "approval.open"
    centre.clock.advance(15 * 60)
    assert centre.refusal("wang", "SEC", approvals.review(broken, "情况属实")) == "approval.oneself"
    assert centre.refusal("liu", "OP", approvals.review(broken, "情况属实")) == "approval.role"
    centre.does("sec", "SEC", approvals.review(broken, "情况属实"))
    [known] = centre.journal.situation.find(Approval)
    assert (known.reviewed_by, known.reviewed_at) == ("sec", centre.clock.now())


def test_who_was_not_reviewed_within_a_day_is_named_and_does_not_break_it_again(centre: Centre) -> None:
    centre.does("wang", "OP", BREAK)
    broken = glass(centre)
    centre.clock.advance(24 * 3600 - 1)
    assert approvals.unreviewed([broken], centre.clock.now()) == frozenset()
    centre.clock.advance(1)
    assert approvals.unreviewed([broken], centre.clock.now()) == {"wang"}
    assert centre.refusal("wang", "OP", BREAK) == "glass.overdue"
    centre.does("liu", "SUP", approvals.review(broken.id, "情况属实"))
    centre.does("wang", "OP", BREAK)


def test_glass_that_waits_for_its_review_does_not_stand_in_the_way_of_using_an_approval_first(centre: Centre) -> None:
    centre.does("wang", "OP", BREAK)
    centre.does("wang", "OP", approvals.use_at_once(SIGHT.wish))


@pytest.mark.parametrize(
    ("error", "role", "helps"),
    [
        (NotAllowed("authority.approval", "incident.level.set"), "op", True),
        (NotAllowed("authority.role", "task.send"), "ST", True),
        (NotAllowed("authority.region", "incident.level.set"), "OP", False),
        (NotAllowed("authority.role", "grant.give"), "OP", False),
        (NotAllowed("authority.role", "incident.level.set"), "GRID", False),
        (Refused("access.approval", act="unmask"), "OP", True),
        (Refused("access.reason"), "OP", False),
    ],
)
def test_it_is_offered_where_it_would_help(error: Refused, role: str, helps: bool) -> None:
    assert can_help(error, role) is helps


def test_a_draft_under_it_says_so_and_nothing_else(centre: Centre) -> None:
    centre.does("wang", "OP", BREAK)
    draft = Draft("wang", "incident.level.set", set_fields("incident", "i1", level="I"), "水位上涨")
    marked = under_glass(draft, glass(centre))
    assert marked.cause.startswith(GLASS) and (marked.changes, marked.reason) == (draft.changes, draft.reason)
