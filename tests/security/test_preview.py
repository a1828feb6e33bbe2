"""What an account's grants amount to, told before anybody signs."""

from dataclasses import replace

from tests.security.grants import CITY, NEIGHBOUR, NOON, STREET, grant, matrix
from workstation.domain.records import Grant
from workstation.security.authority import Outcome
from workstation.security.preview import Preview, Right, compare, preview


def told(*grants: Grant) -> Preview:
    return preview(grants, NOON, matrix())


def test_a_street_officer_sees_one_street_and_what_may_be_done_there() -> None:
    seen = told(grant("ST", STREET, level=2))
    assert seen.regions == (STREET,)
    assert Right("do_task", STREET, Outcome.ALLOWED, 2) in seen.rights
    assert Right("change_level", STREET, Outcome.PROPOSAL, 2) in seen.rights
    assert {"sign_warning", "read_audit", "create_account", "search_person"} <= set(seen.refused)
    assert len(seen.rights) + len(seen.refused) == len(matrix().permissions)


def test_what_no_purpose_was_granted_for_is_not_promised() -> None:
    seen = told(grant("SUP", CITY, purposes=[]))
    assert "unmask" in seen.refused and Right("read_incident", CITY, Outcome.ALLOWED, 2) in seen.rights


def test_a_cap_of_the_role_shows_below_the_level_granted() -> None:
    assert Right("export", CITY, Outcome.ALLOWED, 2) in told(grant("OP", CITY, level=4)).rights


def test_a_grant_that_is_over_promises_nothing() -> None:
    assert told(grant("OP", CITY, valid_to=NOON)).rights == () == told().rights


def test_two_officers_of_like_streets_do_not_differ_and_one_with_more_is_shown() -> None:
    usual, other = told(grant("ST", STREET, level=2)), told(grant("ST", NEIGHBOUR, level=2))
    assert compare(usual, other).more == () == compare(usual, other).less
    more = told(grant("ST", STREET, level=2), replace(grant("AUD", STREET, level=2), id="grant:2"))
    assert {right.permission for right in compare(more, usual).more} == {"read_audit", "export_audit", "view_accounts"}
    assert compare(usual, more).more == () and compare(usual, more).less == compare(more, usual).more
