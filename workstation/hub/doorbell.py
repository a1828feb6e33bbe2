"""Wakes everybody who listens for news. Rung from the station's thread."""

import asyncio
import threading
from collections.abc import AsyncIterator

from workstation.sync.peer import HEARTBEAT_SECONDS


class Doorbell:
    """One for a hub; each listener waits at it within its own event loop."""

    def __init__(self) -> None:
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = threading.Lock()
        self.closing = False

    @property
    def listeners(self) -> int:
        return len(self._waiting)

    def ring(self, kinds: frozenset[str] = frozenset()) -> None:
        with self._lock:
            waiting = list(self._waiting)
        for loop, event in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    async def rings(self) -> AsyncIterator[bool]:
        """True each time something changed, False as a sign of life, until the hub closes."""
        place = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._waiting.add(place)
        try:
            while not self.closing:
                try:
                    await asyncio.wait_for(place[1].wait(), HEARTBEAT_SECONDS)
                    place[1].clear()
                    yield True
                except TimeoutError:
                    yield False
        finally:
            with self._lock:
                self._waiting.discard(place)
