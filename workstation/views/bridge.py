"""The only crossing from other threads to Qt.

The station's thread says which kinds changed; the bridge gathers them and tells the views: within a frame where the
desk was at rest, and no more than five times a second, so that a burst of a thousand entries is one redraw, and a night
of measurements does not read the same lists over and over. Results of futures are handed over on the GUI thread. No
widget sees a thread.
"""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from workstation.views.workplace import Workplace

FRAME_MS = 33
REST_MS = 200


class Bridge(QObject):
    """`changed` carries a frozenset of kinds, `FRAME_MS` after the first of them and at most once in `REST_MS`."""

    changed = Signal(object)
    _arrived = Signal()
    _settled = Signal(object, object)

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = Lock()
        self._kinds: set[str] = set()
        self._closed = False
        self._rested = QElapsedTimer()
        self._frame = QTimer(self, singleShot=True)
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
            rested = self._rested.elapsed() if self._rested.isValid() else REST_MS
            self._frame.start(max(FRAME_MS, REST_MS - rested))

    def _flush(self) -> None:
        with self._lock:
            kinds, self._kinds = frozenset(self._kinds), set()
        if kinds:
            self._rested.start()
            self.changed.emit(kinds)


def _hand_over(future: "Future[Any]", then: Callable[["Future[Any]"], None]) -> None:
    then(future)
