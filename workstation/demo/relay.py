"""The street's line to the centre: a relay of TCP that can be cut like a cable, so that an outage is a real one."""

import contextlib
import selectors
import socket
import threading

PIECE = 65536


class Relay:
    """Listens on loopback and passes everything on to one port there. Closed, cut and restored from any thread."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._other: dict[socket.socket, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._is_cut = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Break every connection, and refuse new ones."""
        self._is_cut.set()

    def restore(self) -> None:
        self._is_cut.clear()

    def close(self) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set():
            if self._is_cut.is_set():
                self._drop_all()
            for key, _ in self._selector.select(timeout=0.1):
                if key.fileobj is self._listener:
                    self._welcome()
                elif isinstance(key.fileobj, socket.socket) and key.fileobj in self._other:
                    self._pass_on(key.fileobj)
        self._drop_all()
        self._selector.close()
        self._listener.close()

    def _welcome(self) -> None:
        caller, _ = self._listener.accept()
        if self._is_cut.is_set():
            caller.close()
            return
        try:
            called = socket.create_connection(self._target, timeout=5)
        except OSError:
            caller.close()
            return
        for one, other in ((caller, called), (called, caller)):
            self._other[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _pass_on(self, one: socket.socket) -> None:
        try:
            piece = one.recv(PIECE)
            if piece and not self._is_cut.is_set():
                self._other[one].sendall(piece)
                return
        except OSError:
            pass  # the other side is gone: both ends are dropped below
        self._drop(one)

    def _drop(self, one: socket.socket) -> None:
        for end in (one, self._other.get(one)):
            if end is not None and self._other.pop(end, None) is not None:
                with contextlib.suppress(KeyError, ValueError):
                    self._selector.unregister(end)
                end.close()

    def _drop_all(self) -> None:
        for one in list(self._other):
            self._drop(one)
