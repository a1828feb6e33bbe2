"""An asyncio loop in a thread of its own, for a library that speaks only asyncio in a program that has threads."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
CANCEL_AGAIN_S, LONGEST_S = 0.1, 60.0


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
    """Cancel all else on the loop until it ends: a client may take a cancel for a failed attempt and try again."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=CANCEL_AGAIN_S)
    await asyncio.get_running_loop().shutdown_asyncgens()
