"""Reads off the GUI thread: a page asks, goes on drawing, and is handed the rows when they are there.

One thread with read connections of its own. Asking again under the same name before the first question was begun
replaces it: a page that is told of ten changes in a row reads once. What follows every change rests nine times as long
as its answer took, so that in a night of a thousand open incidents it takes a tenth of a processor at most; and never
so long that an alarm would be late.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from workstation.domain.observation import Observation
from workstation.situation import Situation
from workstation.telemetry import Telemetry
from workstation.views.workplace import Workplace

T = TypeVar("T")
Question = Callable[[Situation], Any]
Answer = Callable[[Any], None]
RESTS = 9
LEAST_REST_S, LONGEST_REST_S = 0.005, 0.5
"""What is answered as quickly as the first need not rest; nothing rests longer than the second, as what took long may
have waited for a busy machine."""


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
        self._resting, self._rested = set[str](), dict[str, float]()
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
        self._put(name, (question, answer), 0.0, first)

    def follow(self, name: str, question: Callable[[Situation], T], answer: Callable[[T], None]) -> None:
        """As `ask`, for what is asked at every change: not before it has rested."""
        self._put(name, (question, answer), self._rested.get(name, 0.0) - monotonic())

    def _put(self, name: str, asked: tuple[Question, Answer], rest: float, first: bool = False) -> None:
        with self._lock:
            if self._closed:
                return
            is_new = name not in self._waiting
            self._waiting[name] = asked
            if first:
                self._waiting.move_to_end(name, last=False)
            if rest > 0 and is_new:
                self._resting.add(name)
        if rest <= 0:
            self._wake(name)
        elif is_new:
            QTimer.singleShot(ceil(rest * 1000), self, lambda: self._wake(name))

    @property
    def is_done(self) -> bool:
        """Whether no question waits to be begun."""
        return not self._waiting

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

    def _wake(self, name: str) -> None:
        with self._lock:
            self._resting.discard(name)
            if not self._closed:
                self._thread.submit(self._read)

    def _read(self) -> None:
        with self._lock:
            name = next((one for one in self._waiting if one not in self._resting), None)
            if name is None:
                return
            question, answer = self._waiting.pop(name)
        try:
            if self._situation is None:
                self._situation = self._workplace.open_situation()
            began = monotonic()
            rows = question(self._situation)
        except Exception as error:  # noqa: BLE001  border: a failed read must reach the crash dialog of the GUI thread
            self._say(self._failed, error)
        else:
            took = monotonic() - began
            self._rested[name] = monotonic() + (min(took * RESTS, LONGEST_REST_S) if took > LEAST_REST_S else 0.0)
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
