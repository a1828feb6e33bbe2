"""Hearing from the hub that something is new, over a stream of events; where that is not let through, by asking.

A proxy that holds a stream back until it ends looks like a hub with nothing to say. The hub gives a sign of life twice
a second, so its silence is told from that of the street.
"""

import threading
from collections.abc import Callable

from workstation.sync.link_state import POLLING, STREAM
from workstation.sync.peer import Peer
from workstation.wire import WireError

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
Pause = Callable[[float], None]


class News:
    """Listens in a thread of its own. `rung` is called for each piece of news, `way` with how it is heard now."""

    def __init__(self, dial: Callable[[], Peer], rung: Callable[[], None], way: Callable[[str], None]) -> None:
        self._dial = dial
        self._rung = rung
        self._way = way

    def listen(self, stopping: threading.Event, pause: Pause) -> None:
        """Until `stopping` is set; `pause` waits out a failure."""
        peer, wait = self._dial(), FIRST_WAIT
        while not stopping.is_set():
            if self._hear(peer, stopping):
                wait = FIRST_WAIT
            pause(wait)
            wait = min(wait * 2, LONGEST_WAIT)
        peer.close()

    def _hear(self, peer: Peer, stopping: threading.Event) -> bool:
        """One stream to its end; whether anything came over it."""
        heard = False
        try:
            for cursor in peer.news():
                heard = True
                self._way(STREAM)
                if stopping.is_set():
                    break
                if cursor is not None:
                    self._rung()
        except (WireError, ValueError):
            if not heard:
                self._way(POLLING)
        return heard
