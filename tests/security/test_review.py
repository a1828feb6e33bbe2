"""Which grants are due for their quarterly review."""

from dataclasses import replace
from datetime import timedelta

from tests.security.grants import NOON, grant
from workstation.domain.records import Grant
from workstation.security.review import QUARTER, due_for_review

OLD = replace(grant("ST"), id="g1", given_at=NOON - QUARTER)


def due(*grants: Grant) -> list[str]:
    return [one.id for one in due_for_review(grants, NOON)]


def test_a_grant_is_due_a_quarter_after_it_was_given_and_not_before() -> None:
    assert due(OLD) == ["g1"]
    assert due(replace(OLD, given_at=NOON - QUARTER + timedelta(seconds=1))) == []


def test_what_was_confirmed_is_due_a_quarter_after_that() -> None:
    assert due(replace(OLD, reviewed_at=NOON - timedelta(days=1))) == []
    assert due(replace(OLD, given_at=NOON - 2 * QUARTER, reviewed_at=NOON - QUARTER)) == ["g1"]


def test_what_is_revoked_over_or_not_yet_in_force_is_nobody_s_to_review() -> None:
    assert due(replace(OLD, revoked_at=NOON), replace(OLD, valid_to=NOON), replace(OLD, deleted=True)) == []
    assert due(replace(OLD, valid_from=NOON + timedelta(days=1))) == []


def test_the_longest_unseen_comes_first_and_what_nobody_knows_since_when_before_it() -> None:
    older = replace(OLD, id="g2", given_at=NOON - 2 * QUARTER)
    assert due(OLD, older, replace(OLD, id="g3", given_at=None)) == ["g3", "g2", "g1"]
