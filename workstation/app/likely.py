"""Likely incidents for a half-typed call, found while it is typed.

A thread of its own keeps the index up with the journal, so that a key waits neither for the incidents that were open
when the desk opened nor for what a storm brought since the last key.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Lock

from workstation.domain.call import CallNotes
from workstation.intake.reception import Reception
from workstation.intake.similar import Likeness, Similar
from workstation.situation import Situation
from workstation.station import Station

SETTLE_S = 2.0
"""The window stands before the open incidents are read, unless a call comes sooner."""
LONGEST_S = 0.01
"""What a key waits for the newest entries; those that take longer to read are taken in by the next key."""
CONCERNED = frozenset({"incident", "report"})


class Likely:
    """Keeps up from the beginning, with what `situation` lets be seen; close it before the station is stopped."""

    def __init__(self, station: Station, reception: Reception, situation: Situation) -> None:
        self._clock = station.clock
        self._similar = Similar(reception)
        self._situation = situation
        self._lock, self._called, self._closed = Lock(), Event(), False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="likely")
        self._first = self._newest = self._thread.submit(self._begin)
        station.subscribe(self._hear)

    def of(self, notes: CallNotes) -> Sequence[Likeness]:
        """Open incidents the call may be about, the likeliest first. Raises here what went wrong in reading them."""
        self._called.set()
        self._first.result()
        with suppress(TimeoutError):
            self._look_again().result(LONGEST_S)
        return self._similar.of(notes)

    def close(self) -> None:
        with self._lock:
            self._closed = True
        self._called.set()
        self._thread.shutdown()
        self._situation.close()

    def _hear(self, kinds: frozenset[str]) -> None:
        """On the station's thread."""
        if kinds & CONCERNED:
            self._look_again()

    def _look_again(self) -> "Future[None]":
        """The next look that has not begun; there is never more than one."""
        with self._lock:
            if not self._closed and (self._newest.running() or self._newest.done()):
                self._newest = self._thread.submit(self._follow)
            return self._newest

    def _begin(self) -> None:
        self._called.wait(SETTLE_S)
        self._follow()

    def _follow(self) -> None:
        self._similar.follow(self._situation, self._clock.now())
