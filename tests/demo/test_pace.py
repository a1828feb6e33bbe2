"""Time that waits for what it brings."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.hubs import until
from workstation.demo import pace as paces
from workstation.demo.pace import Pace, wait_for
from workstation.domain.clock import ManualClock
from workstation.domain.errors import KnownError

BEGIN = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
QUICK = 60_000.0


class Moments:
    """What is brought: it writes down when it was, and waits at a moment it is told to wait at."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.seen: list[float] = []
        self.slow_at: float | None = None
        self.fails_at: float | None = None
        self.may_end = threading.Event()

    def bring(self) -> None:
        minute = (self._clock.now() - BEGIN) / timedelta(minutes=1)
        self.seen.append(minute)
        if self.slow_at is not None and minute >= self.slow_at:
            assert self.may_end.wait(20)
        if self.fails_at is not None and minute >= self.fails_at:
            self.fails_at = None
            raise KnownError("the broker is gone")


@pytest.fixture
def moments() -> Moments:
    return Moments(ManualClock(BEGIN))


@pytest.fixture
def pace(moments: Moments) -> Iterator[Pace]:
    going = Pace(moments._clock, QUICK, moments.bring)
    going.start()
    yield going
    moments.may_end.set()
    going.stop()


def test_time_stands_still_while_a_moment_is_slow(pace: Pace, moments: Moments) -> None:
    moments.slow_at = 1000.0
    pace.run_until(2000)
    until(lambda: bool(moments.seen) and moments.seen[-1] >= 1000)
    assert moments._clock.now() == BEGIN + timedelta(minutes=moments.seen[-1])
    assert not pace.has_arrived
    moments.may_end.set()
    until(lambda: pace.has_arrived)
    assert moments.seen[-1] == 2000


def test_a_slow_machine_brings_the_same_moments_as_a_quick_one() -> None:
    played = []
    for slow_at in (None, 500.0):
        each = Moments(ManualClock(BEGIN))
        each.slow_at = slow_at
        pace = Pace(each._clock, QUICK, each.bring)
        pace.start()
        pace.run_until(1990)
        if slow_at is not None:
            until(lambda seen=each.seen: bool(seen) and seen[-1] >= 500)
            each.may_end.set()
        until(lambda pace=pace: pace.has_arrived)
        pace.stop()
        played.append(each.seen)
    assert played[0] == played[1]
    assert len(played[0]) > 4


def test_it_goes_no_further_than_it_was_let(pace: Pace, moments: Moments) -> None:
    pace.run_until(62)
    until(lambda: pace.has_arrived)
    pace.run_until(73)
    until(lambda: pace.has_arrived)
    assert 62 in moments.seen
    assert moments.seen[-1] == 73


def test_nothing_moves_in_a_pause(moments: Moments) -> None:
    pace = Pace(moments._clock, 0, moments.bring)
    pace.start()
    pace.run_until(100)
    assert not pace.has_arrived
    pace.stop()
    assert moments.seen == []


def test_a_moment_that_fails_holds_the_evening_until_it_is_sent_on(
    pace: Pace, moments: Moments, caplog: pytest.LogCaptureFixture
) -> None:
    moments.fails_at = 500.0
    pace.run_until(2000)
    until(lambda: pace.speed == 0)
    with pytest.raises(KnownError, match="the broker is gone"):
        until(lambda: pace.has_arrived)
    assert moments.seen[-1] < 2000
    assert "the evening stands at" in caplog.text
    pace.run_at(QUICK)
    until(lambda: pace.has_arrived)
    assert moments.seen[-1] == 2000


def test_what_does_not_come_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paces, "PATIENCE_S", 0.0)
    with pytest.raises(KnownError, match="in vain: the street does not answer"):
        wait_for(lambda: False, "the street does not answer")
