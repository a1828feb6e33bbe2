"""What no grant may ever do, whoever asks for whatever."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.security.grants import (
    CELL,
    CITY,
    DISTRICT,
    NEIGHBOUR,
    NOON,
    ROLES,
    STREET,
    grant,
    matrix,
    outcome,
    request,
)
from workstation.domain.records import Grant
from workstation.security.authority import (
    Outcome,
    Request,
    decide,
    in_force,
)
from workstation.words import catalogue

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
