"""When a picture is due that came before its time.

A clip, and the segments of HLS, decode much faster than they were taken. Shown at once they would race and then stand
still; so each waits for its moment, counted from when the first was shown.
"""

LONGEST_GAP_S = 10.0
"""Moments further off than this have jumped, or the machine has slept: counting begins anew."""


class Pace:
    """The pace of one connection."""

    def __init__(self) -> None:
        self._start: float | None = None

    def wait(self, due: float | None, now: float) -> float:
        """Seconds until a picture of the moment `due` is to be shown; none for one that is late or has no moment."""
        if due is None:
            return 0.0
        if self._start is None or abs(self._start + due - now) > LONGEST_GAP_S:
            self._start = now - due
        return max(0.0, self._start + due - now)
