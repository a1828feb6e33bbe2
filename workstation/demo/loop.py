"""An asyncio loop in a thread of its own, for a library that speaks only asyncio in a program that has threads."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
CANCEL_AGAIN_S, LONGEST_S = 0.1, 60.0
LAST_TURNS = 3
"""Of the loop, in which whoever was about to connect does, and is told that it is cut off."""


class Loop:
    """Running from the moment it is made until `close`. Work left over is cancelled and waited for."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], timeout: float = LONGEST_S) -> T:
        """Run a coroutine on the loop and wait for its result. Raises what it raises, TimeoutError when it is late."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout)

    def close(self) -> None:
        if self._loop.is_closed():
            return
        self.run(_wind_up())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _wind_up() -> None:
    """Cancel all else on the loop until it ends: a client may take a cancel for a failed attempt and try again. What a
    cancelled task leaves connected is cut off, also in the middle of what it had to say."""
    loop, myself = asyncio.get_running_loop(), asyncio.current_task()
    while left := asyncio.all_tasks() - {myself}:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=CANCEL_AGAIN_S)
    for _ in range(LAST_TURNS):
        for line in [*getattr(loop, "_transports", {}).values()]:  # of which asyncio has no public list
            line.abort()
        await asyncio.sleep(0)
    await loop.shutdown_asyncgens()
