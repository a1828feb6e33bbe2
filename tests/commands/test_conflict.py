"""A named person decides what was said apart; until then a guarded field closes nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journals import enrolled, exchange
from workstation.commands.conflict import decide, keep_unit_at
from workstation.commands.incident import close, count_casualties
from workstation.commands.seat import Command, Seat
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import Assignment, Incident
from workstation.journal import Journal


def seat(journal: Journal, author: str = "zhao") -> Seat:
    return Seat(author, "SUP", journal.identity.station, "", journal.clock.now(), journal.situation, journal.new_id)


def give(journal: Journal, command: Command, author: str = "zhao") -> None:
    journal.append([command(seat(journal, author))])


def rule(journal: Journal, command: Command, author: str = "zhao") -> str:
    with pytest.raises(Refused) as refused:
        command(seat(journal, author))
    return refused.value.rule


def write(journal: Journal, kind: str, record: str, **values: object) -> None:
    journal.append([Draft("wang", "test", set_fields(kind, record, **values))])


@pytest.fixture
def pair(tmp_path: Path, clock: ManualClock) -> Iterator[tuple[Journal, Journal]]:
    """Two stations that counted the injured of an ended incident apart, and called it by two names."""
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    write(centre, "incident", "i1", state="ended", deaths=0, missing=0, injured=0, title="积水")
    exchange(centre, street)
    write(centre, "incident", "i1", injured=1, title="下穿积水")
    write(street, "incident", "i1", injured=3, title="人民路积水")
    exchange(centre, street)
    yield centre, street
    for journal in (centre, street):
        journal.close()


def test_an_incident_is_not_closed_before_a_named_person_decided(pair: tuple[Journal, Journal]) -> None:
    centre, street = pair
    assert [rule(one, close("i1", "完")) for one in pair] == ["incident.disputed"] * 2
    give(street, decide("incident", "i1", "injured", 3, "清点核对"))
    exchange(centre, street)
    give(centre, close("i1", "完"))
    assert centre.situation.get(Incident, "i1").state == "closed"


def test_the_decision_tells_who_and_why_and_stays_in_the_history(pair: tuple[Journal, Journal]) -> None:
    centre, street = pair
    give(centre, decide("incident", "i1", "injured", 3, "清点核对"))
    exchange(centre, street)
    for journal in pair:
        (decided,) = journal.situation.conflicts(state="decided")
        assert {claim.value for claim in decided.heads} == {1, 3}
        assert (decided.decision.author, decided.decision.value, decided.decision.reason) == ("zhao", 3, "清点核对")
        assert journal.situation.undecided() == 0


def test_another_value_than_those_said_may_be_decided(pair: tuple[Journal, Journal]) -> None:
    give(pair[0], decide("incident", "i1", "injured", 2, "两人为一人重复统计"))
    assert pair[0].situation.get(Incident, "i1").injured == 2


@pytest.mark.parametrize("value", ["三", -1, True, 2.5])
def test_what_is_no_number_of_people_is_refused(pair: tuple[Journal, Journal], value: object) -> None:
    assert rule(pair[0], decide("incident", "i1", "injured", value, "核对")) == "conflict.value"


@pytest.mark.parametrize(
    ("field", "said", "wrong", "right"),
    [
        ("state", ("verified", "responding"), "随便", "controlled"),
        ("type", ("N02", "A03"), "XYZ", "A01"),
        ("lat", (29.61, 29.62), 999.0, 29.615),
        ("restricted", (True, False), "否", False),
        ("owner", ("li", "zhao"), "nobody", None),
    ],
)
def test_a_value_that_the_field_cannot_have_is_no_decision(
    pair: tuple[Journal, Journal], field, said, wrong, right
) -> None:
    centre, street = pair
    for journal, value in zip(pair, said, strict=True):
        write(journal, "incident", "i1", **{field: value})
    exchange(centre, street)
    assert rule(centre, decide("incident", "i1", field, wrong, "核对")) == "conflict.value"
    if right is not None:
        give(centre, decide("incident", "i1", field, right, "核对"))
        assert getattr(centre.situation.get(Incident, "i1"), field) == right


def test_a_place_is_decided_as_one_and_no_point_between_what_two_said(pair: tuple[Journal, Journal]) -> None:
    centre, street = pair
    write(centre, "incident", "i1", lat=29.61, lon=124.18, place="人民路")
    write(street, "incident", "i1", lat=29.62, lon=124.19, place="解放路")
    exchange(centre, street)
    give(centre, decide("incident", "i1", "lat", 29.61, ""))
    exchange(centre, street)
    for journal in pair:
        known = journal.situation.get(Incident, "i1")
        assert (known.lat, known.lon, known.place) == (29.61, 124.18, "人民路")
        assert {one.field for one in journal.situation.conflicts(state="rule")} == {"title"}


def test_a_guarded_field_is_decided_with_a_reason_by_a_person(pair: tuple[Journal, Journal]) -> None:
    assert rule(pair[0], decide("incident", "i1", "injured", 3, " ")) == "conflict.reason"
    assert rule(pair[0], decide("incident", "i1", "injured", 3, "核对"), "rule:intake") == "conflict.person"
    assert rule(pair[0], count_casualties("i1", injured=3)) == "incident.reason"


def test_what_the_rule_settled_may_be_confirmed_without_a_reason(pair: tuple[Journal, Journal]) -> None:
    centre, street = pair
    give(centre, decide("incident", "i1", "title", "人民路积水", ""))
    exchange(centre, street)
    for journal in pair:
        assert [one.field for one in journal.situation.conflicts(state="decided")] == ["title"]
        assert journal.situation.conflicts(state="rule") == []


def test_what_nobody_disputes_cannot_be_decided(pair: tuple[Journal, Journal]) -> None:
    assert rule(pair[0], decide("incident", "i1", "deaths", 0, "核对")) == "conflict.none"


def test_deciding_that_an_incident_is_closed_asks_what_closing_asks(pair: tuple[Journal, Journal]) -> None:
    centre, street = pair
    write(centre, "incident", "i1", state="closed")
    write(street, "incident", "i1", state="responding")
    exchange(centre, street)
    assert rule(centre, decide("incident", "i1", "state", "closed", "完")) == "incident.disputed"
    give(centre, decide("incident", "i1", "injured", 3, "清点核对"))
    give(centre, decide("incident", "i1", "state", "closed", "完"))
    assert centre.situation.get(Incident, "i1").state == "closed"


def test_a_unit_in_two_places_stays_at_the_one_that_is_chosen(pair: tuple[Journal, Journal]) -> None:
    centre, street = pair
    write(centre, "assignment", "a1", unit="u1", incident="i1")
    assert rule(centre, keep_unit_at("u1", "i1", "更近")) == "conflict.none"
    write(street, "assignment", "a2", unit="u1", incident="i2")
    exchange(centre, street)
    assert rule(centre, keep_unit_at("u1", "i1", "")) == "conflict.reason"
    give(centre, keep_unit_at("u1", "i2", "人命优先"))
    assert centre.situation.breaches() == []
    assert centre.situation.get(Assignment, "a1").state == "released"
