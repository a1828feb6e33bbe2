"""What a station's clock lacks to the hub's, measured by the time every answer of the hub carries.

The hub read its clock somewhere between question and answer, so half the round trip is taken, and the offset is known
to within that half. The quickest of the last exchanges knows it best, until one contradicts it: then a clock was set.
"""

from collections import deque
from dataclasses import dataclass

KEPT = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """One exchange, in milliseconds: how far the hub is ahead, and the time from question to answer."""

    offset: int
    round_trip: int


class HubClock:
    """The offset to the hub as of the last exchanges."""

    def __init__(self) -> None:
        self._readings: deque[Reading] = deque(maxlen=KEPT)

    @property
    def offset_ms(self) -> int | None:
        """Hub minus ours; None before the first answer."""
        return self._best().offset if self._readings else None

    def heard(self, asked: int, answered: int, hub: int) -> None:
        """Take in an exchange: our clock at question and answer, the hub's between, in milliseconds."""
        reading = Reading(hub - (asked + answered) // 2, max(0, answered - asked))
        if self._readings and abs(reading.offset - self._best().offset) > self._doubt(reading):
            self._readings.clear()
        self._readings.append(reading)

    def _best(self) -> Reading:
        return min(self._readings, key=lambda one: one.round_trip)

    def _doubt(self, reading: Reading) -> int:
        """The most by which two readings of one offset can differ."""
        return (reading.round_trip + self._best().round_trip) // 2 + 1
