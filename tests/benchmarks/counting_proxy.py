"""A TCP proxy on loopback that counts what passes: the bytes on the wire, whoever speaks over it; where it is told to,
it is as slow as a line between buildings.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

_PIECE = 256 * 1024
_MORSELS_A_SECOND = 50


class CountingProxy:
    """`url` leads to the same place as the one it was made for; `count` is the bytes so far, both ways.

    `rate`: how many bytes a second pass each way, on all connections together; 0 for as many as there are.
    """

    def __init__(self, url: str, rate: int = 0) -> None:
        self._paces = (_Pace(rate), _Pace(rate))
        there = urlsplit(url)
        self._target = (there.hostname, there.port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self.count = 0
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                here, _ = self._listening.accept()
            except OSError:
                return
            there = socket.create_connection(self._target)
            for one, other, pace in ((here, there, self._paces[0]), (there, here, self._paces[1])):
                threading.Thread(target=self._pass_on, args=[one, other, pace], daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, pace: "_Pace") -> None:
        try:
            while piece := source.recv(pace.piece):
                pace.wait_for(len(piece))
                with self._lock:
                    self.count += len(piece)
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            sink.close()


class _Pace:
    """One way of a line: it is busy with each piece for as long as that takes at its rate."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._lock = threading.Lock()
        self._free = 0.0
        self.piece = max(1024, rate // _MORSELS_A_SECOND) if rate else _PIECE

    def wait_for(self, length: int) -> None:
        if not self._rate:
            return
        with self._lock:
            self._free = max(self._free, time.monotonic()) + length / self._rate
            wait = self._free - time.monotonic()
        time.sleep(max(0.0, wait))


@contextmanager
def counting(url: str, rate: int = 0) -> Iterator[CountingProxy]:
    proxy = CountingProxy(url, rate)
    try:
        yield proxy
    finally:
        proxy.close()
