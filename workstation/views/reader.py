"""Reads off the GUI thread: a page asks, goes on drawing, and is handed the rows when they are there.

One thread with read connections of its own. Asking again under the same name before the first question was begun
replaces it: a page that is told of ten changes in a row reads once.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from workstation.domain.observation import Observation
from workstation.situation import Situation
from workstation.telemetry import Telemetry
from workstation.views.workplace import Workplace

T = TypeVar("T")
Question = Callable[[Situation], Any]
Answer = Callable[[Any], None]


class Reader(QObject):
    """Carries questions to the reading thread and answers back."""

    _ready = Signal(object, object)
    _failed = Signal(object)

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._situation: Situation | None = None
        self._telemetry: Telemetry | None = None
        self._lock = Lock()
        self._waiting: OrderedDict[str, tuple[Question, Answer]] = OrderedDict()
        self._closed = False
        self._thread = ThreadPoolExecutor(1, "desk-reader")
        self._ready.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)
        self._failed.connect(_raise, Qt.ConnectionType.QueuedConnection)

    def ask(
        self, name: str, question: Callable[[Situation], T], answer: Callable[[T], None], first: bool = False
    ) -> None:
        """Have `question(situation)` answered on the reading thread, then `answer(rows)` called on the GUI thread.

        `first`: before all other questions that wait, for what somebody has just turned to.
        """
        with self._lock:
            if self._closed:
                return
            if name not in self._waiting:
                self._thread.submit(self._read)
            self._waiting[name] = (question, answer)
            if first:
                self._waiting.move_to_end(name, last=False)

    def latest(self) -> Mapping[str, Observation]:
        """The newest measurement of every sensor; for a question, which is on the reading thread."""
        if self._telemetry is None:
            self._telemetry = self._workplace.open_telemetry()
        return self._telemetry.latest()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._waiting.clear()
        self._thread.shutdown(wait=True)
        for store in (self._situation, self._telemetry):
            if store is not None:
                store.close()

    def _read(self) -> None:
        with self._lock:
            if not self._waiting:
                return
            question, answer = self._waiting.popitem(last=False)[1]
        try:
            if self._situation is None:
                self._situation = self._workplace.open_situation()
            rows = question(self._situation)
        except Exception as error:  # noqa: BLE001  border: a failed read must reach the crash dialog of the GUI thread
            self._say(self._failed, error)
        else:
            self._say(self._ready, answer, rows)

    def _hand_over(self, answer: Answer, rows: object) -> None:
        """On the GUI thread; what was under way when the reader was closed is not told any more."""
        if not self._closed:
            answer(rows)

    def _say(self, signal: Any, *values: object) -> None:
        with self._lock:
            if not self._closed:
                signal.emit(*values)


def _raise(error: Exception) -> None:
    raise error
