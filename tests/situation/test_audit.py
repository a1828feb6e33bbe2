"""The audit trail is searched by who, what, when, where and about what; of an entry it tells the whole."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journals import enrolled, exchange, opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.journal import Journal
from workstation.journal.audit import extent_of
from workstation.situation import AuditFilter


@pytest.fixture
def centre(tmp_path: Path, clock: ManualClock) -> Iterator[Journal]:
    """A centre that holds an evening of its own and of a street."""
    journals = centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    fields = set_fields("incident", "i1", number="SJ-1", title="积水", level="IV")
    centre.append([Draft("wang", "incident.open", fields, "群众来电")])
    exchange(*journals)
    clock.advance(600)
    centre.append([Draft("wang", "incident.level.set", set_fields("incident", "i1", level="II"), '水深"30%"')])
    street.append([Draft("li", "task.send", set_fields("task", "t1", incident="i1", state="sent"), "封路")])
    street.append([Draft("li", "log.write", set_fields("log", "l1", text="正常"), "正常")])
    exchange(*journals)
    yield centre
    for journal in journals:
        journal.close()


def test_what_was_written_while_the_line_was_down_is_told_by_itself(centre: Journal, tmp_path: Path, clock) -> None:
    with closing(opened(tmp_path, "JD03", clock)) as street:
        street.append([Draft("li", "log.write", set_fields("log", "l2", text="停电"), "停电")])
        clock.advance(6 * 3600)
        exchange(street, centre)
    assert acts(centre, only="late") == ["log.write"]
    assert [one.late for one in centre.situation.audit(AuditFilter(only="late"))] == [True]


def acts(journal: Journal, **wanted: object) -> list[str]:
    found = journal.situation.audit(AuditFilter(**wanted))
    return [entry.act for entry in found if entry.station != "HUB"]


def test_without_a_question_everything_is_told_the_newest_first(centre: Journal) -> None:
    assert acts(centre) == ["log.write", "task.send", "incident.level.set", "incident.open"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"author": "wang"}, ["incident.level.set", "incident.open"]),
        ({"author": "wan"}, []),
        ({"act": "incident."}, ["incident.level.set", "incident.open"]),
        ({"act": "level"}, []),
        ({"station": "JD03"}, ["log.write", "task.send"]),
        ({"record": "t1"}, ["task.send"]),
        ({"incident": "SJ-1"}, ["task.send", "incident.level.set", "incident.open"]),
        ({"incident": "i1", "author": "li"}, ["task.send"]),
        ({"text": '"30%"'}, ["incident.level.set"]),
        ({"text": "3_%"}, []),
        ({"text": "level"}, []),
        ({"only": "late"}, []),
        ({"only": "refused"}, []),
    ],
)
def test_each_question_lets_through_what_it_asks_for(centre: Journal, wanted: dict[str, object], found: list) -> None:
    assert acts(centre, **wanted) == found


def test_a_time_range_holds_its_beginning_and_not_its_end(centre: Journal, clock: ManualClock) -> None:
    later, earlier = clock.now(), clock.now() - timedelta(minutes=10)
    assert acts(centre, since=later) == ["log.write", "task.send", "incident.level.set"]
    assert acts(centre, since=earlier, until=later) == ["incident.open"]


def test_pages_follow_one_another_without_a_gap_or_a_double(centre: Journal) -> None:
    whole = centre.situation.audit(AuditFilter())
    first = centre.situation.audit(AuditFilter(), limit=2)
    assert first + centre.situation.audit(AuditFilter(), first[-1].number) == whole


def test_an_entry_tells_from_what_to_what(centre: Journal) -> None:
    (entry,) = centre.situation.audit(AuditFilter(act="incident.level"))
    assert [(change.field, change.value) for change in entry.changes] == [("level", "II")]
    assert centre.situation.before(entry) == {("incident", "i1", "level"): ["IV"]}
    row = centre.store.connection.execute("select hash from journal where act = 'incident.level.set'").fetchone()
    assert entry.hash == row[0]


def test_the_extent_tells_how_much_there_is_and_from_when_to_when(centre: Journal, clock: ManualClock) -> None:
    extent = centre.situation.extent()
    assert (extent.stations, extent.last) == (3, clock.now())
    assert extent.entries == len(centre.situation.audit(AuditFilter()))


def test_the_extent_of_what_is_no_journal_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"no database at all" * 100)
    assert extent_of(tmp_path / "journal.sqlite") is None
