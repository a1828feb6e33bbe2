"""What a gauge says is not always so: spikes, bad values, gaps, and clocks that jump."""

import pytest

from tests.reactions.evening import minute
from workstation.domain.observation import Observation, Quality


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
