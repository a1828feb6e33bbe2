"""Who saw this: answered by record, by person and by time, the newest first, with an index behind it."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.journals import opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.records import Access
from workstation.journal import Journal
from workstation.situation import AccessFilter


@pytest.fixture
def journal(tmp_path: Path, clock: ManualClock):
    made = opened(tmp_path, "ZX", clock)
    rows = [
        Access(id="a1", at=clock.now(), user="wang", act="unmask", object="r1", field="reporter_phone", station="ZX"),
        Access(id="a2", at=clock.now() + timedelta(hours=1), user="li", act="copy", object="r1", station="JD03"),
        Access(id="a3", at=clock.now() + timedelta(hours=2), user="wang", act="export", object="i1", station="ZX"),
        Access(id="a4", at=clock.now() + timedelta(hours=3), user="li", act="sign_in", station="JD03"),
    ]
    made.append([Draft("content", "access.unmask", changes_of(one)) for one in rows])
    yield made
    made.close()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (AccessFilter(), ["a4", "a3", "a2", "a1"]),
        (AccessFilter(objects=("r1",)), ["a2", "a1"]),
        (AccessFilter(objects=("r1", "i1")), ["a3", "a2", "a1"]),
        (AccessFilter(objects=("r1", "i1"), station="ZX"), ["a3", "a1"]),
        (AccessFilter(user="li"), ["a4", "a2"]),
        (AccessFilter(act="sign_in"), ["a4"]),
        (AccessFilter(objects=("nobody",)), []),
    ],
)
def test_accesses_are_found_the_newest_first(journal: Journal, wanted: AccessFilter, found: list[str]) -> None:
    assert [one.id for one in journal.situation.accesses(wanted, 10)] == found
    assert [one.id for one in journal.situation.accesses(wanted, 1)] == found[:1]


def test_the_time_from_is_in_it_and_the_time_until_is_not(journal: Journal, clock: ManualClock) -> None:
    hours = [clock.now() + timedelta(hours=number) for number in (1, 3)]
    found = journal.situation.accesses(AccessFilter(since=hours[0], until=hours[1]), 10)
    assert [one.id for one in found] == ["a3", "a2"]


@pytest.mark.parametrize(("column", "name"), [("object", "access_object_at"), ("user", "access_user_at")])
def test_a_record_and_a_person_are_looked_up_by_an_index(journal: Journal, column: str, name: str) -> None:
    sql = f'explain query plan select * from access where "{column}" = ? order by "at" desc, id desc limit 9'
    [plan, *_] = journal.store.connection.execute(sql, ["r1"]).fetchall()
    assert name in plan[3]
