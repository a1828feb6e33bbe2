"""Hybrid logical time: milliseconds << 16 | counter. Never behind anything seen, never far from the wall.

Source: Kulkarni et al., Logical Physical Clocks (2014).
"""

from workstation.domain.clock import Clock, millis

FARTHEST_AHEAD_MS = 60_000


class HybridClock:
    """Gives each entry a time later than every entry this station wrote or received.

    `offset` is what the station's clock lacks to the hub's, in milliseconds, as it was last measured.
    """

    def __init__(self, clock: Clock, last: int = 0, offset: int = 0) -> None:
        self._clock = clock
        self._last = last
        self.offset = offset
        self.raw = 0

    def next(self) -> int:
        """The next entry's time; `raw` is then what the station's own clock said, in milliseconds."""
        self.raw = millis(self._clock.now())
        self._last = max(self.raw + self.offset << 16, self._last + 1)
        return self._last

    def saw(self, time: int) -> bool:
        """Stay behind nothing seen, but for a clock that is itself far ahead: it must not carry ours away with it.

        What a change supersedes is told by its base, not by its time, so order is kept either way. False for one that
        is too far ahead.
        """
        is_near = time >> 16 <= millis(self._clock.now()) + self.offset + FARTHEST_AHEAD_MS
        if is_near:
            self._last = max(self._last, time)
        return is_near

    def follow(self, time: int) -> None:
        """Go on behind what this station itself wrote, however far ahead that is."""
        self._last = max(self._last, time)

    def back_to(self, time: int) -> None:
        """Give back what an abandoned transaction took."""
        self._last = time

    @property
    def last(self) -> int:
        return self._last
