"""Who may do what with which grant, what broken glass opens, and what a refusal says is missing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.security.grants import (
    CELL,
    CITY,
    DISTRICT,
    NEIGHBOUR,
    NOON,
    STREET,
    grant,
    matrix,
    missing,
    outcome,
    request,
)
from workstation.domain.records import Account, Grant
from workstation.security.authority import (
    Outcome,
    Request,
    decide,
    in_force,
    may_read,
    standing,
)
from workstation.words import catalogue


def test_an_act_nobody_mapped_is_refused_to_everybody() -> None:
    everything = [grant(role) for role in matrix().roles]
    assert missing(request("incident.erase"), *everything) == ("authority.act",)


def test_without_any_grant_nothing_is_allowed() -> None:
    assert missing(request()) == ("authority.none",)


@pytest.mark.parametrize(
    ("asked", "given_", "key"),
    [
        (request("change_rules"), grant("OP"), "authority.role"),
        (request(region=NEIGHBOUR, own=True), grant("ST", STREET), "authority.region"),
        (request(region=""), grant("OP"), "authority.region"),
        (request(region="the old town"), grant("OP"), "authority.region"),
        (request(data_class=3, membership=True), grant("OP", level=2), "authority.level"),
        (request("export", data_class=3, membership=True), grant("OP"), "authority.level"),
        (request(data_class=0), grant("OP"), "authority.level"),
        (request(), grant("OP", level=None), "authority.level"),
        (request(at=NOON + timedelta(days=364)), grant("OP"), "authority.expired"),
        (request(at=NOON - timedelta(days=2)), grant("OP"), "authority.expired"),
        (request(), grant("OP", valid_to=None), "authority.expired"),
        (request(), grant("OP", revoked_at=NOON), "authority.expired"),
        (request(data_class=3, membership=True, purpose=""), grant("OP"), "authority.purpose"),
        (request("unmask", purpose=""), grant("SUP"), "authority.purpose"),
        (request(data_class=3), grant("OP"), "authority.membership"),
        (request(data_class=3, membership=False), grant("OP"), "authority.membership"),
        (request("incident.state.ended"), grant("ST", STREET), "authority.own"),
    ],
)
def test_a_refusal_says_what_is_missing_in_both_languages(asked: Request, given_: Grant, key: str) -> None:
    assert missing(asked, given_) == (key,)
    assert set(catalogue()[key]) == {"zh", "en"}


def test_a_grant_is_in_force_from_its_first_moment_until_before_its_last() -> None:
    one = grant(valid_from=NOON, valid_to=NOON + timedelta(hours=1), revoked_at=None)
    assert in_force(one, NOON) and not in_force(one, NOON + timedelta(hours=1))
    assert in_force(grant(revoked_at=NOON + timedelta(seconds=1)), NOON)


def test_of_several_grants_the_one_that_allows_most_decides() -> None:
    several = (grant("OP", id="grant:op"), grant("SUP", id="grant:sup"), grant("AUD", id="grant:aud"))
    assert decide(request("change_level"), several, matrix()).grant == "grant:sup"


def test_no_two_grants_together_allow_what_neither_allows_alone() -> None:
    wide, deep = grant("OP", CITY, level=1), grant("OP", NEIGHBOUR, level=4)
    assert outcome(request(data_class=2), wide, deep) is Outcome.REFUSED


@pytest.mark.parametrize(
    ("permission", "role", "expected"),
    [
        ("change_level", "OP", Outcome.ALLOWED),
        ("sign_warning", "SUP", Outcome.ALLOWED),
        ("change_rules", "SUP", Outcome.APPROVAL),
        ("create_account", "OP", Outcome.REFUSED),
    ],
)
def test_an_approval_carries_a_proposal_and_never_a_role(permission: str, role: str, expected: Outcome) -> None:
    assert outcome(request(permission, approved=True), grant(role)) is expected


def test_broken_glass_leaves_a_proposal_a_proposal_where_nothing_lies_behind_it() -> None:
    assert outcome(request("close_incident", glass_broken=True), grant("OP")) is Outcome.PROPOSAL


def test_broken_glass_opens_what_saves_life_and_is_marked() -> None:
    asked = request("unmask", data_class=3, glass_broken=True)
    said = decide(asked, [grant("OP", level=2)], matrix())
    assert said.is_allowed and said.glass_broken
    assert not decide(replace(asked, membership=True), [grant("SUP")], matrix()).glass_broken


@pytest.mark.parametrize(
    ("permission", "given_", "said"),
    [
        ("unmask", grant("OP"), {"purpose": ""}),
        ("unmask", grant("OP"), {"purpose": "rescue"}),
        ("unmask", grant("OP"), {"region": "990200"}),
        ("unmask", grant("OP"), {"at": NOON + timedelta(days=400)}),
        ("unmask", grant("OP"), {"data_class": 5}),
        ("unmask", grant("SEC"), {}),
        ("grant_authority", grant("OP"), {}),
        ("create_account", grant("OP"), {}),
        ("read_audit", grant("OP"), {}),
    ],
)
def test_broken_glass_opens_nothing_without_purpose_outside_region_and_validity_nor_rights_themselves(
    permission: str, given_: Grant, said: dict[str, object]
) -> None:
    broken = request(permission, glass_broken=True)
    assert outcome(replace(broken, **said), given_) is Outcome.REFUSED  # type: ignore[arg-type]


def test_a_station_writes_what_its_rules_find_and_signs_nothing() -> None:
    own = grant("STATION", STREET)
    assert outcome(request("alarm.raise"), own) is Outcome.ALLOWED
    assert outcome(request("incident.level.set"), own) is Outcome.REFUSED
    assert outcome(request("alarm.raise", NEIGHBOUR), own) is Outcome.REFUSED


@pytest.mark.parametrize("state", ["suspended", "locked", None])
def test_an_account_out_of_service_stands_on_nothing(state: str | None) -> None:
    assert standing(Account(id="account:1", state="active"), [grant()]) == (grant(),)
    assert standing(Account(id="account:1", state=state), [grant()]) == ()
    assert standing(Account(id="account:2", state="active"), [grant()]) == ()
    assert standing(Account(id="account:1", state="active"), [grant(deleted=True)]) == ()
    assert standing(None, [grant()]) == ()


@pytest.mark.parametrize(
    ("scope", "data_class", "seen"),
    [
        (STREET, 2, True),
        (CELL, 2, True),
        (DISTRICT, 2, True),
        (CITY, 2, True),
        ("", 2, True),
        (NEIGHBOUR, 1, False),
        ("990102", 1, False),
        (STREET, 3, False),
        (CITY, 3, False),
        (STREET, 0, False),
        ("nowhere", 1, False),
    ],
)
def test_a_station_reads_its_street_and_what_is_ordered_from_above(scope: str, data_class: int, seen: bool) -> None:
    assert may_read(STREET, 2, scope, data_class) is seen
