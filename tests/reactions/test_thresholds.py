"""Alarms from observations, told as gauges behave: steps, ramps, ripples, gaps, spikes, clocks that jump."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.journals import opened
from workstation.commands.alarm import acknowledge_alarm
from workstation.commands.seat import Seat
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.errors import ContentError
from workstation.domain.observation import Observation, Quality
from workstation.domain.records import Alarm, Sensor
from workstation.reactions.limits import Limits, read_rule, rules
from workstation.reactions.thresholds import Thresholds

START = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def gauge(name: str = "RM-07", type_: str = "underpass_ponding", **known: object) -> Sensor:
    given: dict = {"street": "990101001", "owner": "water", "period_s": 60.0, "name_zh": "人民路下穿"} | known
    return Sensor(id=name, type=type_, **given)


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


class Scene:
    """A station with a journal and a watch, minute by minute."""

    def __init__(self, folder: Path, sensors: Sequence[Sensor]) -> None:
        self.clock = ManualClock(START)
        self.journal = opened(folder, "ZX", self.clock)
        self.journal.append([Draft("system", "city.load", changes_of(sensor)) for sensor in sensors])
        self.watch = Thresholds.from_situation(self.journal.situation, {}, START)
        self.acts: list[str] = []

    def write(self, drafts: Sequence[Draft]) -> None:
        for entry in self.journal.append(drafts):
            self.acts.append(entry.act)
            self.watch.after(entry)

    def see(self, at: float, value: float, sensor: str = "RM-07", quality: Quality = Quality.GOOD) -> None:
        self.clock.set(max(self.clock.now(), minute(at)))
        self.write(self.watch.observe([Observation(sensor, minute(at), value, quality)], self.clock.now()))

    def run(self, start: float, values: Sequence[float], sensor: str = "RM-07") -> None:
        for index, value in enumerate(values):
            self.see(start + index, value, sensor)

    def wait(self, until: float) -> None:
        self.clock.set(minute(until))
        self.write(self.watch.tick(self.clock.now()))

    def acknowledge(self, alarm_id: str) -> None:
        situation, now = self.journal.situation, self.clock.now()
        seat = Seat("王芳", "operator", "ZX", "", now, situation, self.journal.new_id)
        self.write([acknowledge_alarm(alarm_id)(seat)])

    def restart(self) -> None:
        self.watch = Thresholds.from_situation(self.journal.situation, {}, self.clock.now())

    @property
    def alarms(self) -> list[Alarm]:
        return self.journal.situation.find(Alarm, order="raised_at")

    @property
    def alarm(self) -> Alarm:
        (only,) = self.alarms
        return only


@pytest.fixture
def scene(tmp_path: Path):
    made = []

    def make(*sensors: Sensor) -> Scene:
        made.append(Scene(tmp_path, sensors or (gauge(),)))
        return made[-1]

    yield make
    for one in made:
        one.journal.close()


def test_an_underpass_filling_in_one_step_is_red_after_the_delay(scene) -> None:
    evening = scene()
    evening.see(0, 30)
    assert evening.alarms == []
    evening.see(1, 30)
    alarm = evening.alarm
    assert (alarm.state, alarm.level, alarm.peak, alarm.value, alarm.limit) == ("raised", "I", "I", 30, 25)
    assert (alarm.threshold, alarm.unit, alarm.sensor) == ("underpass_ponding.R", "cm", "RM-07")
    assert alarm.id == f"alarm:RM-07:{int(minute(1).timestamp() * 1000)}"
    assert (alarm.street, alarm.place, alarm.observed_at) == ("990101001", "人民路下穿", minute(1))


def test_rising_water_escalates_one_and_the_same_alarm(scene) -> None:
    evening = scene()
    evening.run(0, [1, 6, 7, 11, 12, 21, 22, 26, 27])
    assert evening.acts == ["alarm.raise", "alarm.escalate", "alarm.escalate", "alarm.escalate"]
    assert evening.alarm.level == "I"


def test_an_hour_of_ripples_inside_the_deadband_is_one_alarm(scene) -> None:
    evening = scene()
    evening.run(0, [10.4, 10.5] + [8.6, 10.4] * 30)
    assert evening.acts == ["alarm.raise"]
    assert evening.alarm.level == "III"


def test_falling_water_goes_down_a_step_at_a_time_and_returns(scene) -> None:
    evening = scene()
    evening.run(0, [22, 22])
    evening.run(2, [1.0] * 11)
    assert evening.alarm.level == "III"
    evening.run(13, [1.0] * 2)
    assert evening.acts == ["alarm.raise", "alarm.ease", "alarm.ease", "alarm.return"]
    assert (evening.alarm.state, evening.alarm.peak, evening.alarm.returned_at) == ("returned", "II", minute(14))


def test_a_returned_alarm_stays_until_somebody_has_seen_it(scene) -> None:
    evening = scene()
    evening.run(0, [6, 6] + [0] * 60)
    assert evening.alarm.state == "returned"
    evening.acknowledge(evening.alarm.id)
    alarm = evening.alarm
    assert (alarm.state, alarm.acknowledged_by, alarm.cleared_at) == ("cleared", "王芳", minute(61))
    evening.run(70, [6, 6])
    assert [one.state for one in evening.alarms] == ["cleared", "raised"]


def test_an_acknowledged_alarm_clears_when_its_value_returns(scene) -> None:
    evening = scene()
    evening.run(0, [6, 6])
    evening.acknowledge(evening.alarm.id)
    evening.run(2, [0] * 12)
    assert (evening.alarm.state, evening.acts[-1]) == ("cleared", "alarm.clear")


def test_worse_than_what_was_acknowledged_asks_again(scene) -> None:
    evening = scene()
    evening.run(0, [6, 6])
    evening.acknowledge(evening.alarm.id)
    evening.run(2, [12, 12])
    assert (evening.alarm.state, evening.alarm.acknowledged_by, evening.alarm.level) == ("raised", None, "III")


def test_water_that_comes_back_before_anybody_looked_is_the_same_alarm(scene) -> None:
    evening = scene()
    evening.run(0, [6, 6] + [0] * 12 + [26, 26])
    assert (evening.alarm.state, evening.alarm.level, evening.alarm.peak) == ("raised", "I", "I")
    assert evening.alarm.returned_at is None


def test_a_single_spike_is_no_alarm(scene) -> None:
    evening = scene()
    evening.run(0, [1, 90, 1, 1, 90, 1])
    assert evening.alarms == []


@pytest.mark.parametrize("quality", [Quality.BAD, Quality.SUSPECT, Quality.STALE])
def test_untrusted_values_neither_raise_nor_clear(scene, quality: Quality) -> None:
    evening = scene()
    for at in range(5):
        evening.see(at, 90, quality=quality)
    assert evening.alarms == []
    evening.run(5, [26, 26])
    for at in range(7, 60):
        evening.see(at, 0, quality=quality)
    assert (evening.alarm.state, evening.alarm.level) == ("raised", "I")


def test_an_officer_reading_a_staff_gauge_can_raise_an_alarm(scene) -> None:
    evening = scene()
    evening.see(0, 26, quality=Quality.MANUAL)
    evening.see(1, 26, quality=Quality.MANUAL)
    assert evening.alarm.level == "I"


def test_missing_data_keep_the_alarm_and_say_so(scene) -> None:
    evening = scene()
    evening.run(0, [26, 26])
    evening.wait(2)
    assert evening.alarm.stale is False
    evening.wait(3.5)
    assert (evening.alarm.state, evening.alarm.level, evening.alarm.stale) == ("raised", "I", True)
    evening.wait(600)
    flood = next(one for one in evening.alarms if one.indicator == "underpass_ponding")
    assert (flood.state, flood.level) == ("raised", "I")
    evening.see(601, 26)
    assert next(one for one in evening.alarms if one.id == flood.id).stale is False


def test_a_gap_is_no_evidence_that_the_water_fell(scene) -> None:
    evening = scene()
    evening.run(0, [6, 6, 0])
    evening.see(40, 0)
    assert evening.alarm.state == "raised"
    evening.run(41, [0] * 10)
    assert evening.alarm.state == "returned"


def test_a_clock_that_jumps_back_cannot_clear_and_can_raise(scene) -> None:
    evening = scene()
    evening.run(60, [6, 6])
    evening.run(0, [0] * 30)
    assert (evening.alarm.state, evening.alarm.level) == ("raised", "IV")
    evening.run(30, [26, 26])
    assert evening.alarm.level == "I"


def test_a_clock_ahead_of_ours_does_not_blind_the_watch(scene) -> None:
    evening = scene()
    observation = Observation("RM-07", minute(60 * 24), 1.0)
    evening.write(evening.watch.observe([observation], evening.clock.now()))
    evening.run(1, [6, 6] + [0] * 12)
    assert evening.alarm.state == "returned"


def test_a_smoke_alarm_latches_even_when_it_was_acknowledged(scene) -> None:
    evening = scene(gauge("SM-01", "smoke"))
    evening.see(0, 1, "SM-01")
    evening.acknowledge(evening.alarm.id)
    evening.run(1, [0] * 12, "SM-01")
    assert evening.alarm.state == "returned"


def test_low_pressure_is_an_alarm_downwards(scene) -> None:
    evening = scene(gauge("HY-01", "hydrant_pressure"))
    evening.run(0, [0.30, 0.12, 0.12, 0.12], "HY-01")
    assert (evening.alarm.level, evening.alarm.limit) == ("III", 0.14)
    evening.run(4, [0.20] * 7, "HY-01")
    assert evening.alarm.state == "returned"


def test_a_river_gauge_without_levels_of_its_own_raises_nothing(scene) -> None:
    evening = scene(gauge("RL-01", "river_level"), gauge("RL-02", "river_level", warn=4.0, guarantee=5.0))
    evening.run(0, [4.6] * 8, "RL-01")
    evening.run(10, [4.6] * 8, "RL-02")
    assert (evening.alarm.sensor, evening.alarm.level, evening.alarm.limit) == ("RL-02", "II", 4.5)


def test_a_restart_in_the_middle_of_a_flood_goes_on_with_the_same_alarm(scene) -> None:
    evening = scene()
    evening.run(0, [12, 12])
    evening.restart()
    evening.run(3, [26, 26])
    assert (evening.alarm.level, evening.acts) == ("I", ["alarm.raise", "alarm.escalate"])
    evening.restart()
    evening.run(6, [0] * 16)
    assert evening.alarm.state == "returned"
    evening.restart()
    evening.run(30, [6, 6])
    assert evening.alarm.state == "raised"


def test_an_alarm_cleared_elsewhere_while_the_water_stands_is_raised_anew(scene) -> None:
    evening = scene()
    evening.run(0, [26, 26])
    cleared = set_fields("alarm", evening.alarm.id, state="cleared", cleared_at=minute(2))
    evening.write([Draft("街道", "alarm.clear", cleared)])
    evening.see(3, 27)
    assert [one.state for one in evening.alarms] == ["cleared", "raised"]


def test_a_sensor_added_while_the_station_runs_is_watched(scene) -> None:
    evening = scene()
    evening.write([Draft("admin", "sensor.add", changes_of(gauge("RM-99")))])
    evening.run(0, [26, 26], "RM-99")
    assert evening.alarm.sensor == "RM-99"
    evening.write([Draft("admin", "sensor.remove", set_fields("sensor", "RM-99", deleted=True))])
    evening.run(2, [0] * 30, "RM-99")
    assert evening.alarm.state == "raised"


def test_an_unknown_sensor_is_no_error(scene) -> None:
    evening = scene()
    evening.run(0, [26, 26], "nobody knows it")
    assert evening.alarms == []


@pytest.mark.parametrize("indicator", sorted(set(rules()) - {"source_silence"}))
def test_every_indicator_raises_at_its_limit_and_returns_past_its_deadband(indicator: str) -> None:
    sensor = gauge("S", indicator, warn=4.0, guarantee=5.0)
    limits = Limits.of(rules()[indicator], sensor)
    for step in limits.steps:
        beyond = step.deadband or 0.01
        assert limits.reached(step.severity, step.value)
        assert not limits.left(step.severity, step.value)
        safe = step.value + beyond if step.low else step.value - beyond
        assert step.left(safe)
        assert not step.reached(safe)


def test_less_severe_limits_are_met_before_more_severe_ones() -> None:
    for rule in rules().values():
        for low in (False, True):
            steps = [one for one in Limits.of(rule, gauge(warn=4.0, guarantee=5.0)).steps if one.low is low]
            values = [one.value for one in steps]
            assert values == sorted(values, reverse=low), rule.id


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"id": "x"}, "x"),
        ({"B": 1}, "rule 1"),
        ({"id": "x", "B": "warn - 1"}, "x.high.B"),
        ({"id": "x", "low": {"P": 1}}, "x.low"),
        ({"id": "x", "B": {"wran": 1}}, "x.high.B"),
        ({"id": "x", "B": 1, "on_s": -1}, "x"),
    ],
)
def test_a_wrong_rule_is_named_by_its_place(row: dict, place: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_rule(row, "rule 1")
    assert f" {place}:" in f" {caught.value}"
