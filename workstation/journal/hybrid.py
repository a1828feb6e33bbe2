"""Hybrid logical time: milliseconds << 16 | counter. Never behind anything seen, never far from the wall.

Source: Kulkarni et al., Logical Physical Clocks (2014).
"""

from workstation.domain.clock import Clock, millis


class HybridClock:
    """Gives each entry a time later than every entry this station wrote or received."""

    def __init__(self, clock: Clock, last: int = 0) -> None:
        self._clock = clock
        self._last = last

    def next(self) -> int:
        self._last = max(millis(self._clock.now()) << 16, self._last + 1)
        return self._last

    def saw(self, time: int) -> None:
        self._last = max(self._last, time)

    def back_to(self, time: int) -> None:
        """Give back what an abandoned transaction took."""
        self._last = time

    @property
    def last(self) -> int:
        return self._last
