"""Wakes everybody who listens for news, all with one ring. Rung from the station's thread."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future

from workstation.sync.peer import HEARTBEAT_SECONDS


class Doorbell:
    """One for a hub; all wait at it within the server's event loop. `newest` asks the journal for its newest cursor.

    What is newest is asked once a ring, and one beat is kept for all: thousands of listeners, each with a question and
    a clock of its own, would hold up the very news they wait for.
    """

    def __init__(self, newest: Callable[[], Future[int]]) -> None:
        self._newest = newest
        self._end = 0
        self._turn: asyncio.Future[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.listeners = 0
        self.closing = False

    def ring(self, kinds: frozenset[str] = frozenset()) -> None:
        self._newest().add_done_callback(self._announce)

    def close(self) -> None:
        """Let every listener go."""
        self.closing = True
        self._wake()

    async def rings(self) -> AsyncIterator[int | None]:
        """The newest cursor each time something arrived, None as a sign of life, until the hub closes."""
        self._loop = asyncio.get_running_loop()
        told = self._end
        self.listeners += 1
        try:
            while not self.closing:
                if told == self._end:
                    await asyncio.shield(self._next_turn(self._loop))
                end = self._end
                yield end if end != told else None
                told = end
        finally:
            self.listeners -= 1

    def _next_turn(self, loop: asyncio.AbstractEventLoop) -> asyncio.Future[None]:
        """What everybody waits for who has been told everything: the next ring, or the next beat."""
        if self._turn is None or self._turn.done():
            self._turn = loop.create_future()
            loop.call_later(HEARTBEAT_SECONDS, _come, self._turn)
        return self._turn

    def _announce(self, newest: Future[int]) -> None:
        if newest.exception() is None:
            self._end = newest.result()
            self._wake()

    def _wake(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._turn_over)

    def _turn_over(self) -> None:
        if self._turn is not None:
            _come(self._turn)


def _come(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)
