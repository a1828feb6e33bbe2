"""A line between station and hub that fails as real ones do, on order.

A proxy on loopback that passes one request a connection, so that a test can say of each what shall befall it: nothing,
or one of the faults. What comes first off the script applies to the next request of the exchange (push and pull);
with the script empty, `weather` applies to everything. The same seed gives the same faults.
"""

import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import assert_never

from tests.faults import Clear, CutAnswer, CutRequest, Fault, Overtaken, Portal, Refuse, Silent, Slow, Twice

PIECE = 64 * 1024
EXCHANGE = (b" /v1/push", b" /v1/pull")
PORTAL = b"<html><head><title>Free Wi-Fi</title></head><body>data: please accept the terms</body></html>"


class FaultProxy:
    """Between any number of stations and the hub at `port`. All of it may be called from any thread."""

    def __init__(self, port: int) -> None:
        self._hub = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._script: deque[Fault] = deque()
        self._held: deque[bytes] = deque()
        self._weather: Fault = Clear()
        self._lines: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.befell: list[Fault] = []
        self._accepting = threading.Thread(target=self._accept, name="fault-proxy", daemon=True)
        self._accepting.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def pending(self) -> int:
        """How many faults of the script have not yet befallen anybody."""
        with self._lock:
            return len(self._script)

    def weather(self, fault: Fault) -> None:
        """From now on this befalls every request; lines that are open are reset."""
        with self._lock:
            self._weather = fault
        self.cut()

    def next(self, *faults: Fault) -> None:
        """These befall the next requests of the exchange, one each."""
        with self._lock:
            self._script.extend(faults)

    def cut(self) -> None:
        """Reset every open line now, at whatever byte it is."""
        with self._lock:
            lines = list(self._lines)
        for line in lines:
            _reset(line)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in (self._accepting, *self._threads):
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._lines.add(line)
                self._threads = [one for one in self._threads if one.is_alive()]
            thread = threading.Thread(target=self._serve, args=(line,), name="fault-line", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, line: socket.socket) -> None:
        try:
            if isinstance(self._weather, Refuse):
                return
            request = _request(line)
            if request:
                self._befall(self._fault(request), line, request)
        except OSError:
            pass  # either side went away: as lines do
        finally:
            with self._lock:
                self._lines.discard(line)
            _reset(line)

    def _fault(self, request: bytes) -> Fault:
        first = request[: request.index(b"\r\n")]
        with self._lock:
            is_scripted = isinstance(self._weather, Clear) and any(path in first for path in EXCHANGE)
            fault = self._script.popleft() if self._script and is_scripted else self._weather
            self.befell.append(fault)
        return fault

    def _befall(self, fault: Fault, line: socket.socket, request: bytes) -> None:
        match fault:
            case CutRequest(after):
                self._send_part(request, _bytes(after, request))
            case CutAnswer(after):
                answer = b"".join(self._answer(request))
                line.sendall(answer[: _bytes(after, answer)])
            case Clear() | Slow() | Twice():
                self._deliver(fault, line, request)
            case Refuse() | Silent() | Overtaken() | Portal():
                self._withhold(fault, line, request)
            case _:
                assert_never(fault)

    def _deliver(self, fault: Clear | Slow | Twice, line: socket.socket, request: bytes) -> None:
        match fault:
            case Clear():
                self._pass_on(line, request)
            case Slow(seconds, drip):
                self._drip(line, b"".join(self._answer(request)), seconds, drip)
            case Twice():
                b"".join(self._answer(request))
                self._pass_on(line, request)
            case _:
                assert_never(fault)

    def _withhold(self, fault: Refuse | Silent | Overtaken | Portal, line: socket.socket, request: bytes) -> None:
        match fault:
            case Refuse():
                return
            case Silent():
                while line.recv(PIECE):
                    pass
            case Overtaken():
                with self._lock:
                    self._held.append(request)
            case Portal(status):
                line.sendall(_page(status))
                line.shutdown(socket.SHUT_WR)
            case _:
                assert_never(fault)

    def _pass_on(self, line: socket.socket, request: bytes) -> None:
        """Deliver, then whatever this request has overtaken, then answer."""
        pieces = self._answer(request)
        answered = next(pieces, b"")
        with self._lock:
            held, self._held = list(self._held), deque()
        for earlier in held:
            b"".join(self._answer(earlier))
        line.sendall(answered)
        for piece in pieces:
            line.sendall(piece)
        line.shutdown(socket.SHUT_WR)

    def _answer(self, request: bytes) -> Iterator[bytes]:
        """The hub's answer to a whole request, as it comes, until the hub ends it or the line is cut."""
        with self._to_hub() as hub:
            hub.sendall(request)
            while piece := hub.recv(PIECE):
                yield piece

    def _send_part(self, request: bytes, length: int) -> None:
        """What got through before the line broke. A hub that got everything works on, though nobody hears it."""
        with self._to_hub() as hub:
            hub.sendall(request[:length])
            if length == len(request):
                hub.recv(1)

    @contextmanager
    def _to_hub(self) -> Iterator[socket.socket]:
        with socket.create_connection(self._hub, timeout=60) as hub:
            with self._lock:
                self._lines.add(hub)
            try:
                yield hub
            finally:
                with self._lock:
                    self._lines.discard(hub)

    def _drip(self, line: socket.socket, answer: bytes, seconds: float, drip: int) -> None:
        time.sleep(seconds)
        step = drip or len(answer)
        for start in range(0, len(answer), step):
            line.sendall(answer[start : start + step])
            time.sleep(0.001 if drip else 0)
        line.shutdown(socket.SHUT_WR)


@contextmanager
def fault_proxy(url: str) -> Iterator[FaultProxy]:
    """A line to the hub at that URL; gone at the end."""
    proxy = FaultProxy(int(url.rsplit(":", 1)[1]))
    try:
        yield proxy
    finally:
        proxy.close()


def _request(line: socket.socket) -> bytes:
    """One whole request, told to be the only one of its connection; empty when the sender went away before."""
    got = bytearray()
    while b"\r\n\r\n" not in got:
        if not (piece := line.recv(PIECE)):
            return b""
        got += piece
    head, _, body = bytes(got).partition(b"\r\n\r\n")
    fields = head.split(b"\r\n")
    length = next((int(one[15:]) for one in fields if one.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        if not (piece := line.recv(PIECE)):
            return b""
        body += piece
    kept = [one for one in fields if not one.lower().startswith(b"connection:")]
    return b"\r\n".join([*kept, b"Connection: close"]) + b"\r\n\r\n" + body


def _bytes(after: float, whole: bytes) -> int:
    return int(after * len(whole)) if isinstance(after, float) else after


def _page(status: int) -> bytes:
    fields = ("Content-Type: text/html", f"Content-Length: {len(PORTAL)}", "Connection: close")
    return "\r\n".join((f"HTTP/1.1 {status} Portal", *fields, "", "")).encode() + PORTAL


def _reset(line: socket.socket) -> None:
    """Close without a goodbye: the other side hears a reset, also of what it was just reading."""
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.shutdown(socket.SHUT_RDWR)
    line.close()
