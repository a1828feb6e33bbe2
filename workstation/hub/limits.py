"""How much one caller may ask of the hub, so that none of them can keep it from the others."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from workstation.hub.gate import Turned

MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second in the long run, and how many at once after a rest."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What is let through. Sizes in bytes, times in seconds; a stranger is who shows no enrolled station's name."""

    station: Rate = Rate(200, 4000)
    address: Rate = Rate(1000, 10_000)
    enrolment: Rate = Rate(0.2, 30)
    body: int = 64 * 1024 * 1024
    stranger_body: int = 1024 * 1024
    body_seconds: float = 60.0
    header_seconds: float = 10.0
    connections: int = 4000
    writer_seconds: float = 2.0
    free_disk: int = 1024**3


class Buckets:
    """A token bucket for each caller; `now` gives monotonic seconds."""

    def __init__(self, rate: Rate, now: Callable[[], float]) -> None:
        self._rate = rate
        self._now = now
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, caller: str) -> None:
        """Use up one request of a caller's; raises Turned (429) with the seconds until the next is free."""
        now = self._now()
        with self._lock:
            left, at = self._left.get(caller, (float(self._rate.burst), now))
            left = min(float(self._rate.burst), left + (now - at) * self._rate.per_second)
            if left < 1:
                raise Turned(429, "busy", wait=(1 - left) / self._rate.per_second)
            self._left[caller] = (left - 1, now)
            if len(self._left) > MOST_BUCKETS:
                self._forget(now)

    def _forget(self, now: float) -> None:
        """Drop who has rested long enough to be as new; where that is nobody, who has asked least of late."""
        whole = self._rate.burst / self._rate.per_second
        kept = {caller: one for caller, one in self._left.items() if now - one[1] < whole}
        self._left = dict(sorted(kept.items(), key=lambda one: one[1][0])[: MOST_BUCKETS // 2])
