"""Retention by the command line: first a list, then on somebody's word the deletion and its record."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.command import workstation
from workstation.domain.clock import WallClock
from workstation.domain.observation import Observation
from workstation.domain.records import Deletion
from workstation.station import Parts, Space, Station
from workstation.telemetry import Telemetry

OLD = datetime.now(UTC) - timedelta(days=91)


@pytest.fixture
def space(tmp_path) -> Space:
    """A station's space with two measurements that are too old and one that is not."""
    made = Space.found(tmp_path / "jd03", "JD03")
    telemetry = Telemetry.open(made.telemetry, True)
    times = (OLD, OLD + timedelta(seconds=10), OLD + timedelta(days=30))
    telemetry.store([Observation("RM-07", at, 1.0) for at in times])
    telemetry.close()
    return made


def kept(space: Space) -> int:
    telemetry = Telemetry.open(space.telemetry, False)
    try:
        return len(telemetry.series("RM-07", OLD - timedelta(days=1), OLD + timedelta(days=99))[0])
    finally:
        telemetry.close()


def deletions(space: Space) -> list[Deletion]:
    station = Station(space, WallClock(), Parts())
    station.start()
    try:
        return station.ask(lambda journal: journal.situation.find(Deletion)).result()
    finally:
        station.stop()


def test_a_list_deletes_nothing(space):
    done = workstation("retention", "--space", space.folder)
    assert [(line["rule"], line["count"]) for line in done.lines] == [("raw_telemetry", 2)]
    assert kept(space) == 3
    assert deletions(space) == []


def test_what_was_confirmed_is_deleted_and_recorded_with_its_digest(space):
    done = workstation("retention", "--space", space.folder, "--confirm", "赵敏", "--role", "SEC")
    (record,) = deletions(space)
    assert kept(space) == 1
    assert (record.what, record.count, record.confirmed_by) == ("observation", 2, "赵敏")
    assert record.sha256 == done.lines[0]["sha256"]
    assert workstation("retention", "--space", space.folder).lines == []


def test_an_operator_s_word_deletes_nothing(space):
    with pytest.raises(Exception, match=r"retention\.role"):
        workstation("retention", "--space", space.folder, "--confirm", "王芳", "--role", "OP")
    assert kept(space) == 3
