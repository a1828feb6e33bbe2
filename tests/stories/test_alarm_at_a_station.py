"""A gauge, a station and a person: from the observation to the acknowledgement, through the writer thread."""

from datetime import timedelta
from pathlib import Path

import pytest

from workstation.commands.alarm import acknowledge_alarm
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.errors import Refused
from workstation.domain.observation import Observation
from workstation.domain.records import Alarm, Sensor
from workstation.reactions.limits import rules
from workstation.reactions.thresholds import Thresholds
from workstation.situation import Situation
from workstation.station import Parts, Space, Station
from workstation.telemetry import Telemetry

GAUGE = Sensor(id="RM-07", type="underpass_ponding", street="990101003", period_s=60.0, name_zh="人民路下穿积水计")


def station_at(space: Space, clock: ManualClock) -> Station:
    telemetry = Telemetry.open(space.telemetry, writable=True)
    watch = Thresholds(rules(), ())
    if space.journal.exists():
        situation = Situation.open(space.journal)
        watch = Thresholds.from_situation(situation, telemetry.latest(), clock.now())
        situation.close()
    station = Station(space, clock, Parts(watch=watch, telemetry=telemetry))
    station.start()
    return station


def pour(station: Station, clock: ManualClock, *values: float) -> None:
    for value in values:
        clock.advance(60)
        station.observe([Observation("RM-07", clock.now(), value)]).result(10)


def test_an_alarm_is_raised_seen_and_survives_a_restart(tmp_path: Path, clock: ManualClock) -> None:
    space = Space.found(tmp_path / "space", "ZX")
    station = station_at(space, clock)
    station.write([Draft("system", "city.load", changes_of(GAUGE))]).result(10)
    pour(station, clock, 12, 12)
    situation = station.situation()
    (alarm,) = situation.find(Alarm, state="raised")
    assert (alarm.level, alarm.place) == ("III", "人民路下穿积水计")
    station.submit(acknowledge_alarm(alarm.id), "王芳", "operator").result(10)
    with pytest.raises(Refused):
        station.submit(acknowledge_alarm(alarm.id), "李强", "operator").result(10)
    reader = Telemetry.open(space.telemetry, writable=False)
    assert reader.age("RM-07", clock.now() + timedelta(minutes=1)) == timedelta(minutes=1)
    reader.close()
    station.stop()

    again = station_at(space, clock)
    pour(again, clock, *[0.0] * 22)
    assert [one.state for one in situation.find(Alarm)] == ["cleared"]
    situation.close()
    again.stop()
