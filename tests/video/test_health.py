"""The state of a stream is told by the age of its last picture alone."""

import pytest

from workstation.video.health import LOST_AFTER_S, STALLED_AFTER_S, Health, State, pause_after, state_of


@pytest.mark.parametrize(
    ("age", "failed", "simulated", "state"),
    [
        (None, False, False, State.CONNECTING),
        (None, True, False, State.LOST),
        (0.0, False, False, State.LIVE),
        (1.9, True, False, State.LIVE),
        (1.9, False, True, State.SIMULATED),
        (2.1, False, False, State.STALLED),
        (2.1, False, True, State.STALLED),
        (30.1, False, False, State.LOST),
        (30.1, False, True, State.LOST),
    ],
)
def test_a_stream_is_as_well_as_its_last_picture_is_new(age, failed, simulated, state):
    assert state_of(age, failed=failed, stalled_after=STALLED_AFTER_S, simulated=simulated) is state


def test_only_a_picture_that_moves_may_be_taken_for_the_present():
    assert {state for state in State if Health(state, 1.0, "").is_fresh} == {State.LIVE, State.SIMULATED}


def test_a_camera_that_stays_away_is_asked_less_and_less_often_but_for_ever():
    pauses = [pause_after(failures) for failures in range(1, 7)]
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]
    assert pause_after(10**6) == 8.0 < LOST_AFTER_S
