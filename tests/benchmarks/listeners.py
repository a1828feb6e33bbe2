"""Many listeners to one hub in one process: real signed HTTP connections that note when they are told of what.

Run: python -m tests.benchmarks.listeners URL,... SPACE COUNT

Says `{}` once all listen; each line on its standard input is the order to write what was heard to the `file` it names.
"""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from workstation.domain.clock import WallClock, millis
from workstation.station import Space
from workstation.sync.signing import signed_headers

PATH = "/v1/events"
AT_ONCE = 50


class Listeners:
    """What `count` connections to a hub hear: (listener, cursor, moment in seconds)."""

    def __init__(self, urls: Sequence[str], space: Space) -> None:
        self._doors = [urlsplit(url) for url in urls]
        self._identity = space.identity()
        self._opening = asyncio.Semaphore(AT_ONCE)
        self.heard: list[tuple[int, int, float]] = []

    async def listen(self, number: int, ready: "asyncio.Future[None]") -> None:
        async with self._opening:
            there = self._doors[number % len(self._doors)]
            reader, writer = await asyncio.open_connection(there.hostname, there.port)
            writer.write(self._request(there.netloc))
            status = await reader.readline()
            if b" 200 " not in status:
                raise ConnectionError(status.decode())
            while (await reader.readline()).strip():
                pass
        ready.set_result(None)
        while line := await reader.readline():
            if line.startswith(b"data:"):
                self.heard.append((number, int(line[5:]), time.time()))

    def _request(self, host: str) -> bytes:
        signed = signed_headers(self._identity, ("GET", PATH), millis(WallClock().now()))
        lines = [f"GET {PATH} HTTP/1.1", f"Host: {host}", *(f"{k}: {v}" for k, v in signed.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def main() -> None:
    url, folder, count = sys.argv[1:]
    listeners, loop = Listeners(url.split(","), Space(Path(folder))), asyncio.get_running_loop()
    ready = [loop.create_future() for _ in range(int(count))]
    tasks = [loop.create_task(listeners.listen(number, one)) for number, one in enumerate(ready)]
    await asyncio.wait([asyncio.gather(*ready), *tasks], return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        if task.done():
            task.result()
    print("{}", flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        np.save(json.loads(line)["file"], np.array(listeners.heard, dtype=np.float64).reshape(-1, 3))
        print("{}", flush=True)
    for task in tasks:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)


if __name__ == "__main__":
    asyncio.run(main())
