"""Where an entry is told: to the offices of the region that all it speaks of lies in, and to no other street's."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.journals import opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import set_fields
from workstation.journal import Journal
from workstation.station.placing import placed

CITY, RENMIN, BINJIANG, FAR = "990100", "990101003", "990101004", "990102001"
SET = {
    ("incident", "flood"): {"street": RENMIN},
    ("incident", "fire"): {"street": BINJIANG},
    ("incident", "smoke"): {"street": FAR},
    ("incident", "rumour"): {"title": "somewhere"},
    ("alarm", "water"): {"street": RENMIN},
    ("step", "pump"): {"incident": "flood"},
    ("task", "boat"): {"incident": "flood", "street": RENMIN},
    ("member", "op"): {"incident": "flood"},
}


@pytest.fixture
def centre(tmp_path: Path, clock: ManualClock) -> Iterator[Journal]:
    with closing(opened(tmp_path, "ZX", clock)) as journal:
        journal.append(
            [Draft("op", f"{kind}.set", set_fields(kind, name, **told)) for (kind, name), told in SET.items()]
        )
        yield journal


def told_in(journal: Journal, *changes: tuple[Change, ...], act: str = "x", scope: str = CITY, own: str = CITY) -> str:
    draft = Draft("op", act, tuple(one for some in changes for one in some), scope=scope)
    return placed(draft, journal.situation, own).scope


@pytest.mark.parametrize(
    ("kind", "name", "field", "value"),
    [
        ("alarm", "water", "state", "acknowledged"),
        ("step", "pump", "state", "done"),
        ("task", "boat", "state", "done"),
        ("log", "log:1", "incident", "flood"),
        ("run", "run:1", "incident", "flood"),
        ("approval", "approval:1", "incident", "flood"),
        ("member", "op", "deleted", True),
        ("alarm", "new", "street", RENMIN),
    ],
)
def test_what_the_centre_says_of_a_matter_in_a_street_is_told_in_that_street_alone(
    centre: Journal, kind: str, name: str, field: str, value: object
) -> None:
    assert told_in(centre, set_fields(kind, name, **{field: value})) == RENMIN


def test_what_is_said_of_two_streets_is_told_in_both_and_in_the_least_that_holds_them(centre: Journal) -> None:
    flood, fire, smoke = (set_fields("incident", name, state="merged") for name in ("flood", "fire", "smoke"))
    assert told_in(centre, flood, fire, scope=BINJIANG) == "990101"
    assert told_in(centre, flood, smoke, scope=FAR) == CITY


def test_what_moves_is_told_where_it_was_and_where_it_will_be(centre: Journal) -> None:
    assert told_in(centre, set_fields("incident", "flood", street=BINJIANG)) == "990101"
    assert told_in(centre, set_fields("step", "pump", incident="fire")) == "990101"
    assert told_in(centre, set_fields("report", "r", street=RENMIN, incident="fire"), scope=BINJIANG) == "990101"


def test_what_lies_nowhere_is_told_where_its_author_said_or_in_our_own_region(centre: Journal) -> None:
    line = set_fields("log", "log:1", text="quiet")
    assert told_in(centre, line) == told_in(centre, line, scope="") == CITY
    assert told_in(centre, set_fields("incident", "rumour", title="nothing")) == CITY
    assert told_in(centre, set_fields("grant", "g", region=RENMIN), scope=RENMIN) == RENMIN


def test_an_office_that_works_for_another_street_says_so_in_its_own_region(centre: Journal) -> None:
    assert told_in(centre, set_fields("task", "boat", state="done"), scope=BINJIANG, own=BINJIANG) == BINJIANG
    assert told_in(centre, set_fields("step", "pump", state="done"), scope="", own=BINJIANG) == BINJIANG


def test_a_broken_glass_is_told_wherever_its_author_may_do_something_under_it(centre: Journal) -> None:
    glass = set_fields("approval", "approval:1", incident="flood")
    assert told_in(centre, glass, act="approval.break_glass") == CITY
