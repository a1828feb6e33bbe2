"""What stations said apart, from which value they set out, and what no command would have allowed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journals import enrolled, exchange, opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.journal import Journal
from workstation.situation import Awaited, Base, Breach, Conflict


def write(journal: Journal, kind: str = "incident", record: str = "i1", why: str = "", **values: object) -> None:
    author = {"ZX": "wang", "JD03": "li"}[journal.identity.station]
    journal.append([Draft(author, "test", set_fields(kind, record, **values), why)])


@pytest.fixture
def pair(tmp_path: Path, clock: ManualClock) -> Iterator[tuple[Journal, Journal]]:
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    yield centre, street
    for journal in (centre, street):
        journal.close()


def only(journal: Journal) -> Conflict:
    (conflict,) = journal.situation.conflicts()
    return conflict


def value(base: Base) -> object:
    assert base.claim is not None
    return base.claim.value


def test_both_set_out_from_the_value_both_had_seen(pair: tuple[Journal, Journal], clock: ManualClock) -> None:
    centre, street = pair
    write(centre, level="IV")
    write(centre, level="III")
    exchange(centre, street)
    clock.advance(60)
    write(centre, level="II", why="雨势加强")
    clock.advance(60)
    write(street, level="I", why="有人被困")
    exchange(centre, street)
    for journal in pair:
        conflict = only(journal)
        assert (conflict.guarded, conflict.state) == (True, "open")
        assert {claim.value: (claim.author, claim.reason) for claim in conflict.heads} == {
            "II": ("wang", "雨势加强"),
            "I": ("li", "有人被困"),
        }
        assert conflict.since == clock.now()
        assert value(journal.situation.base(conflict)) == "III"


def test_a_value_changed_twice_while_apart_keeps_the_base_from_before_the_link_was_lost(
    pair: tuple[Journal, Journal],
) -> None:
    centre, street = pair
    write(centre, level="IV")
    exchange(centre, street)
    write(centre, level="III")
    write(centre, level="II")
    write(street, level="I")
    exchange(centre, street)
    assert [value(one.situation.base(only(one))) for one in pair] == ["IV", "IV"]


def test_where_nothing_had_been_said_before_the_base_is_known_to_be_nothing(pair: tuple[Journal, Journal]) -> None:
    centre, street = pair
    write(centre, level="III")
    write(street, level="I")
    exchange(centre, street)
    assert centre.situation.base(only(centre)) == Base(None, True)


def test_a_base_that_has_not_arrived_is_unknown(pair: tuple[Journal, Journal]) -> None:
    centre, street = pair
    elsewhere = ("JD09/00000000/7",)
    for journal, level in ((centre, "III"), (street, "I")):
        (change,) = set_fields("incident", "i1", level=level)
        journal.append([Draft("x", "test", (type(change)(change.kind, change.id, change.field, level, elsewhere),))])
    exchange(centre, street)
    assert centre.situation.base(only(centre)) == Base(None, False)


def test_a_conflict_outlives_later_syncs_and_restarts_and_is_the_same_on_both(
    tmp_path: Path, clock: ManualClock
) -> None:
    journals = enrolled(tmp_path, clock, "ZX", "JD03")
    write(journals[0], deaths=0, title="积水")
    exchange(*journals)
    write(journals[0], deaths=1)
    write(journals[1], deaths=2)
    for number in range(4):
        write(journals[number % 2], "log", f"l{number}", text="正常")
        exchange(*journals)
        for journal in journals:
            journal.close()
        journals = tuple(opened(tmp_path, station, clock) for station in ("ZX", "JD03"))
        seen = [journal.situation.conflicts() for journal in journals]
        assert seen[0] == seen[1]
        assert [one.state for one in seen[0]] == ["open"]
    for journal in journals:
        assert journal.situation.undecided() == 1
        journal.close()


def test_a_task_open_on_a_closed_incident_is_listed_on_both_stations(
    pair: tuple[Journal, Journal], clock: ManualClock
) -> None:
    centre, street = pair
    write(centre, state="ended", title="积水")
    exchange(centre, street)
    write(centre, state="closed", closed_at=clock.now())
    write(street, "task", "t1", incident="i1", state="sent", sent_at=clock.now())
    assert centre.situation.breaches() == street.situation.breaches() == []
    exchange(centre, street)
    breach = Breach("task_on_finished", "task", "t1", ("i1",), clock.now())
    assert centre.situation.breaches() == street.situation.breaches() == [breach]
    write(street, "task", "t1", state="done")
    exchange(centre, street)
    assert centre.situation.breaches() == street.situation.breaches() == []


def test_a_unit_committed_to_two_incidents_apart_is_listed(pair: tuple[Journal, Journal], clock: ManualClock) -> None:
    centre, street = pair
    write(centre, "assignment", "a1", unit="u1", incident="i1", assigned_at=clock.now())
    write(street, "assignment", "a2", unit="u1", incident="i2", assigned_at=clock.now())
    exchange(centre, street)
    breach = Breach("unit_twice", "unit", "u1", ("i1", "i2"), clock.now())
    assert centre.situation.breaches() == street.situation.breaches() == [breach]
    write(centre, "assignment", "a2", released_at=clock.now())
    assert centre.situation.breaches() == []


def test_a_task_whose_incident_has_not_arrived_is_awaited_and_not_dropped(pair: tuple[Journal, Journal]) -> None:
    centre, street = pair
    write(street, "task", "t1", incident="i1", state="sent")
    exchange(street, centre)
    assert centre.situation.awaited() == [Awaited("task", "t1", "i1")]
    write(street, title="积水")
    exchange(street, centre)
    assert centre.situation.awaited() == []


def test_conflicts_of_what_belongs_to_an_incident_are_conflicts_about_it(pair: tuple[Journal, Journal]) -> None:
    centre, street = pair
    write(centre, title="积水")
    write(centre, "task", "t1", incident="i1")
    write(centre, "task", "t2", incident="i2")
    exchange(centre, street)
    for task in ("t1", "t2"):
        write(centre, "task", task, result="已排水")
        write(street, "task", task, result="仍在排水")
    exchange(centre, street)
    assert [(one.id, one.state) for one in centre.situation.conflicts_about("i1")] == [("t1", "rule")]
