"""Lets a frame go first: the painting thread waits between two strokes while the GUI thread paints.

Qt's painter keeps Python's interpreter lock during a stroke, so two threads that paint take turns. With small strokes
and this gate between them a frame waits for at most one stroke, and not for a tile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

LONGEST_WAIT_S = 0.2


class Gate:
    """Open unless a frame is being painted."""

    def __init__(self) -> None:
        self._open = Event()
        self._open.set()

    def let_pass(self) -> None:
        """On the painting thread: wait until no frame is being painted, though not for ever."""
        self._open.wait(LONGEST_WAIT_S)

    @contextmanager
    def frame(self) -> Iterator[None]:
        """On the GUI thread: hold the painting thread back meanwhile."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()
