"""The evening's pace: time goes on in short steps, and only when everything the last moment brought is done.

What a measurement, a call or an order leads to then hangs on the scenario alone and not on how busy the machine is: one
that cannot keep the speed plays the evening longer and not otherwise.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from workstation.domain.clock import ManualClock
from workstation.domain.errors import KnownError

STEPS_A_SECOND = 3
SHORTEST_STEP_S = 1.0
LOOK_S = 0.01
PATIENCE_S = 60.0
"""By the wall clock: a machine that is merely busy has brought anything by then; what has not come will not come."""
log = logging.getLogger(__name__)


class Pace:
    """Moves the clock on from `start` to `stop`, at `speed` times the wall's and no further than `run_until` allows.

    `bring` does what a moment brings, on the pace's own thread, while the clock stands at that moment. Where it fails
    the clock is paused, the reason logged and kept; `run_at` goes on from there.
    """

    def __init__(self, clock: ManualClock, speed: float, bring: Callable[[], None]) -> None:
        self._clock = clock
        self._speed = speed
        self._bring = bring
        self._begin = self._until = clock.now()
        self._failure: Exception | None = None
        self._is_moving = False
        self._ending = threading.Event()
        self._turn = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="pace", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what the present moment brings is done first."""
        with self._turn:
            self._ending.set()
            self._turn.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def speed(self) -> float:
        return self._speed

    def run_at(self, speed: float) -> None:
        """Change the speed from the next step on; 0 is a pause."""
        with self._turn:
            self._speed, self._failure = speed, None
            self._turn.notify_all()

    def run_until(self, minute: float) -> None:
        """Let the clock go on as far as this minute of the evening, and stand there."""
        with self._turn:
            self._until = self._begin + timedelta(minutes=minute)
            self._turn.notify_all()

    @property
    def has_arrived(self) -> bool:
        """Whether the minute of `run_until` is reached and what it brings is done. Raises what a moment failed by."""
        with self._turn:
            if self._failure is not None:
                raise self._failure
            return not self._is_moving and self._clock.now() >= self._until

    def _run(self) -> None:
        while self._wait_for_turn():
            due = time.monotonic() + self._step()
            with self._turn:
                self._is_moving = False
            self._ending.wait(max(0.0, due - time.monotonic()))

    def _wait_for_turn(self) -> bool:
        """Stand until the clock may go on; False: it shall not any more."""
        with self._turn:
            self._turn.wait_for(lambda: self._ending.is_set() or (self._speed > 0 and self._clock.now() < self._until))
            self._is_moving = not self._ending.is_set()
            return self._is_moving

    def _step(self) -> float:
        """Move the clock on and do what the moment brings. The seconds of the wall that the step is worth."""
        speed = self._speed
        before = self._clock.now()
        self._clock.set(self._next(before, speed))
        try:
            self._bring()
        except Exception as error:  # border: the evening stands still, says why, and can be sent on
            log.exception("the evening stands at %s", self._clock.now())
            with self._turn:
                self._speed, self._failure = 0.0, error
        return (self._clock.now() - before).total_seconds() / speed if speed else 0.0

    def _next(self, before: datetime, speed: float) -> datetime:
        step = timedelta(seconds=max(SHORTEST_STEP_S, speed / STEPS_A_SECOND))
        return min(before + step, self._until)


def wait_for(is_so: Callable[[], bool], what: str, meanwhile: Callable[[], None] = lambda: time.sleep(LOOK_S)) -> None:
    """Wait until it is so, doing something short meanwhile. Raises KnownError naming what did not come."""
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > end:
            raise KnownError(f"waited {PATIENCE_S:.0f} s in vain: {what}")
        meanwhile()
