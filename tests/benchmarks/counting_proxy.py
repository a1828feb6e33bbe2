"""A TCP proxy on loopback that counts what passes: the bytes on the wire, whoever speaks over it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

_PIECE = 256 * 1024


class CountingProxy:
    """`url` leads to the same place as the one it was made for; `count` is the bytes so far, both ways."""

    def __init__(self, url: str) -> None:
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
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._pass_on, args=[one, other], daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while piece := source.recv(_PIECE):
                with self._lock:
                    self.count += len(piece)
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            sink.close()


@contextmanager
def counting(url: str) -> Iterator[CountingProxy]:
    proxy = CountingProxy(url)
    try:
        yield proxy
    finally:
        proxy.close()
