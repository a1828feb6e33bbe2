"""The only crossing from other threads to Qt.

The station's thread says which kinds changed; the bridge gathers them and tells the views once a frame, so that a burst
of a thousand entries is one redraw. Results of futures are handed over on the GUI thread. No widget sees a thread.
"""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from workstation.views.workplace import Workplace

FRAME_MS = 33


class Bridge(QObject):
    """`changed` carries a frozenset of kinds, at most once in `FRAME_MS`."""

    changed = Signal(object)
    _arrived = Signal()
    _settled = Signal(object, object)

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = Lock()
        self._kinds: set[str] = set()
        self._closed = False
        self._frame = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._frame.timeout.connect(self._flush)
        self._arrived.connect(self._start, Qt.ConnectionType.QueuedConnection)
        self._settled.connect(_hand_over, Qt.ConnectionType.QueuedConnection)
        workplace.subscribe(self._gather)

    def deliver(self, future: "Future[Any]", then: Callable[["Future[Any]"], None]) -> None:
        """Call `then(future)` on the GUI thread once the future is done."""
        future.add_done_callback(lambda done: self._emit(self._settled, done, then))

    def close(self) -> None:
        """Hear nothing more: what other threads still say goes nowhere."""
        with self._lock:
            self._closed = True
        self._frame.stop()

    def _gather(self, kinds: frozenset[str]) -> None:
        with self._lock:
            first = not self._kinds
            self._kinds |= kinds
        if first and kinds:
            self._emit(self._arrived)

    def _emit(self, signal: Any, *values: object) -> None:
        with self._lock:
            if not self._closed:
                signal.emit(*values)

    def _start(self) -> None:
        if not self._closed and not self._frame.isActive():
            self._frame.start()

    def _flush(self) -> None:
        with self._lock:
            kinds, self._kinds = frozenset(self._kinds), set()
        if kinds:
            self.changed.emit(kinds)


def _hand_over(future: "Future[Any]", then: Callable[["Future[Any]"], None]) -> None:
    then(future)
