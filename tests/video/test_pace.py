"""Pictures that come before their time wait for it."""

import pytest

from workstation.video.pace import Pace


def test_the_first_picture_is_shown_at_once_and_the_others_at_their_distance():
    pace = Pace()
    assert pace.wait(4.0, now=100.0) == 0.0
    assert pace.wait(4.5, now=100.1) == pytest.approx(0.4)


def test_a_picture_without_a_moment_never_waits():
    assert Pace().wait(None, now=100.0) == 0.0


def test_after_a_pause_in_the_network_late_pictures_catch_up():
    pace = Pace()
    pace.wait(0.0, now=100.0)
    assert [pace.wait(due, now=104.0) for due in (1.0, 2.0, 3.0)] == [0.0, 0.0, 0.0]
    assert pace.wait(5.0, now=104.0) == pytest.approx(1.0)


def test_moments_that_jump_ahead_do_not_freeze_the_picture():
    pace = Pace()
    pace.wait(0.0, now=100.0)
    assert pace.wait(90_000.0, now=100.1) == pytest.approx(0.0, abs=1e-6)
    assert pace.wait(90_000.2, now=100.1) == pytest.approx(0.2)


def test_a_machine_that_slept_does_not_race_through_what_it_missed():
    pace = Pace()
    pace.wait(0.0, now=100.0)
    assert pace.wait(0.1, now=4000.0) == pytest.approx(0.0, abs=1e-6)
    assert pace.wait(0.3, now=4000.0) == pytest.approx(0.2)
