"""Who may do what: the matrix of the requirements, cell by cell, and what no grant may ever do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.content import folder, read_yaml
from workstation.domain.errors import ContentError
from workstation.domain.people import PERSONS
from workstation.domain.records import Account, Grant
from workstation.security.authority import (
    Matrix,
    Outcome,
    Request,
    decide,
    in_force,
    may_read,
    read_matrix,
    standing,
)
from workstation.words import catalogue

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
CITY, DISTRICT, STREET, NEIGHBOUR, CELL = "990100", "990101", "990101003", "990101004", "990101003001002"
ROLES = ("OP", "SUP", "ST", "GRID", "EXP", "SYS", "SEC", "AUD")

# Written from the requirements' table (6.3), not from the content: ● yes, o own, p propose or request, 2 second, a
# approve, - no; a digit after it is the highest data class.
TABLE = """
                 OP  SUP ST  GRID EXP SYS SEC AUD
read_incident    ●   ●   o   o    -   -   -   -
unmask           p   ●   o   -    -   -   -   -
search_person    p   ●   -   -    -   -   -   -
sign_warning     -   2   -   -    -   -   -   -
change_level     p   ●   p   -    -   -   -   -
close_incident   p   ●   -   -    -   -   -   -
change_rules     -   a   -   -    p   -   -   -
create_account   -   -   -   -    -   ●   -   -
grant_authority  -   a   -   -    -   -   ●   -
view_accounts    -   -   -   -    -   ●   ●   ●
read_audit       -   o   -   -    -   -   -   ●
export           ●2  ●3  o2  -    -   -   -   -
export_audit     -   -   -   -    -   -   -   ●
"""
SAID = {"p": Outcome.PROPOSAL, "2": Outcome.SECOND, "a": Outcome.APPROVAL, "●": Outcome.ALLOWED, "o": Outcome.ALLOWED}


@cache
def matrix() -> Matrix:
    return read_matrix(read_yaml(folder("resources") / "authority.yaml"))


def cells() -> dict[tuple[str, str], str]:
    rows = [line.split() for line in TABLE.strip().splitlines()[1:]]
    return {(row[0], role): cell for row in rows for role, cell in zip(ROLES, row[1:], strict=True)}


def grant(role: str = "OP", region: str = CITY, level: int = 4, **said: object) -> Grant:
    whole = Grant(
        id="grant:1",
        account="account:1",
        role=role,
        region=region,
        level=level,
        purposes=["duty"],
        valid_from=NOON - timedelta(days=1),
        valid_to=NOON + timedelta(days=364),
    )
    return replace(whole, **said)  # type: ignore[arg-type]


def request(act: str = "read_incident", region: str = STREET, data_class: int = 2, **said: object) -> Request:
    return replace(Request(act=act, region=region, data_class=data_class, at=NOON, purpose="duty"), **said)  # type: ignore[arg-type]


def outcome(asked: Request, *given_: Grant) -> Outcome:
    return decide(asked, given_, matrix()).outcome


def missing(asked: Request, *given_: Grant) -> tuple[str, ...]:
    return decide(asked, given_, matrix()).missing


@pytest.mark.parametrize(("permission", "role"), cells(), ids="-".join)
def test_each_cell_of_the_matrix_is_kept_for_every_region_class_level_purpose_and_ownership(
    permission: str, role: str
) -> None:
    cell = cells()[permission, role]
    cap = int(cell[1:] or 4)
    places = [(CITY, STREET, True), (STREET, STREET, True), (STREET, NEIGHBOUR, False), (STREET, DISTRICT, False)]
    for (granted, asked, is_inside), level, data_class, purpose, own in product(
        places, (1, 2, 3, 4), (1, 2, 3, 4), ("duty", "rescue", "curiosity", ""), (True, False)
    ):
        needs_purpose = data_class >= 3 or permission in ("unmask", "search_person")
        may = (
            cell != "-"
            and is_inside
            and data_class <= min(level, cap)
            and (purpose == "duty" or (purpose == "" and not needs_purpose))
            and (own or cell[0] != "o")
        )
        expected = SAID[cell[0]] if may else Outcome.REFUSED
        told = request(permission, asked, data_class, purpose=purpose, own=own, membership=True)
        assert outcome(told, grant(role, granted, level)) is expected, (granted, asked, level, data_class, purpose, own)


def test_the_matrix_has_no_role_and_no_purpose_beyond_the_closed_lists() -> None:
    assert matrix().roles == (*ROLES, "STATION") and set(PERSONS) == set(ROLES)
    assert {role for row in matrix().permissions.values() for role in row} == set(matrix().roles)


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


GRANTS = st.builds(
    grant,
    role=st.sampled_from((*ROLES, "STATION", "nobody")),
    region=st.sampled_from((CITY, DISTRICT, STREET, NEIGHBOUR, "x")),
    level=st.sampled_from((None, 1, 2, 3, 4)),
    purposes=st.lists(st.sampled_from(("duty", "rescue", "curiosity")), max_size=2),
    valid_from=st.sampled_from((None, NOON - timedelta(hours=1), NOON + timedelta(hours=1))),
    valid_to=st.sampled_from((None, NOON - timedelta(hours=1), NOON + timedelta(hours=1))),
    revoked_at=st.sampled_from((None, NOON - timedelta(hours=1), NOON + timedelta(hours=1))),
)
REQUESTS = st.builds(
    request,
    act=st.sampled_from([*matrix().permissions, *matrix().acts, "incident.erase"]),
    region=st.sampled_from((CITY, DISTRICT, STREET, NEIGHBOUR, CELL, "")),
    data_class=st.integers(0, 5),
    at=st.sampled_from((NOON, NOON + timedelta(hours=2))),
    purpose=st.sampled_from(("duty", "rescue", "curiosity", "")),
    membership=st.sampled_from((True, False, None)),
    own=st.booleans(),
    approved=st.booleans(),
)


@given(REQUESTS, GRANTS)
def test_broken_glass_never_takes_away_and_is_marked_where_it_gives(asked: Request, one: Grant) -> None:
    whole, broken = (decide(replace(asked, glass_broken=glass), [one], matrix()) for glass in (False, True))
    assert broken.outcome.rank >= whole.outcome.rank
    assert broken.glass_broken is (broken.is_allowed and not whole.is_allowed)


@given(REQUESTS, st.lists(GRANTS, max_size=3), GRANTS)
def test_less_granted_never_allows_more(asked: Request, fewer: list[Grant], one: Grant) -> None:
    assert outcome(asked, *fewer).rank <= outcome(asked, *fewer, one).rank


@given(
    REQUESTS,
    GRANTS,
    st.sampled_from(
        [
            {"level": 1},
            {"purposes": []},
            {"region": CELL},
            {"revoked_at": NOON - timedelta(days=1)},
            {"valid_to": NOON},
            {"role": None},
        ]
    ),
)
def test_a_narrower_grant_never_allows_more(asked: Request, whole: Grant, cut: dict[str, object]) -> None:
    is_wider = whole.level is None or whole.region in ("x", NEIGHBOUR) or (whole.valid_to or NOON) <= NOON
    if not is_wider and not (whole.valid_to is None and "valid_to" in cut):
        assert outcome(asked, replace(whole, **cut)).rank <= outcome(asked, whole).rank  # type: ignore[arg-type]


@given(REQUESTS, GRANTS)
def test_whoever_is_refused_is_told_why_and_nobody_else(asked: Request, one: Grant) -> None:
    said = decide(asked, [one], matrix())
    assert bool(said.missing) is (said.outcome is Outcome.REFUSED)
    assert all(key in catalogue() for key in said.missing)


@given(REQUESTS, GRANTS)
def test_nothing_is_allowed_outside_region_and_validity(asked: Request, one: Grant) -> None:
    if outcome(asked, one) is not Outcome.REFUSED:
        assert in_force(one, asked.at)
        assert asked.region.startswith(str(one.region).removesuffix("00"))
        assert asked.data_class <= int(one.level or 0)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"permissions": {"export": {"KING": "allow"}}}, "export"),
        ({"permissions": {"export": {"OP": "always"}}}, "export OP"),
        ({"permissions": {"export": {"OP": {"may": "allow", "level": 9}}}}, "export OP"),
        ({"acts": {"fly": ["kite.fly"]}}, "acts"),
        ({"acts": {"export": ["kite.fly"], "unmask": ["kite.fly"]}}, "acts"),
        ({"with_purpose": ["fly"]}, "with_purpose"),
        ({"behind_glass": ["fly"]}, "behind_glass"),
        ({"permissions": None}, ""),
    ],
)
def test_a_mistake_in_the_matrix_is_named(change: dict[str, object], place: str) -> None:
    sound = {
        "roles": ["OP"],
        "purposes": ["duty"],
        "permissions": {"export": {"OP": "allow"}, "unmask": {}},
        "with_purpose": [],
        "behind_glass": [],
        "acts": {"export": ["document.export"]},
    }
    assert read_matrix(sound).acts == {"document.export": "export"}
    with pytest.raises(ContentError) as caught:
        read_matrix(sound | change)
    assert caught.value.place == place
