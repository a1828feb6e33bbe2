"""Alarms from observations, told as gauges behave: steps, ramps, ripples, and what people did meanwhile."""

from tests.reactions.evening import gauge, minute
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields


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
