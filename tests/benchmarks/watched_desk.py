"""A desk that has just come up, watched from inside as a person would: the window, the map with its ground and its
points painted, the queue with its rows, and a key that turns to another incident.

A beat every millisecond tells how long the window did not answer: by the wall, and by what its thread itself computed,
which other programs on the cores cannot lengthen.
"""

import time
from collections.abc import Callable
from importlib import import_module
from threading import Thread
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from tests.benchmarks.rig import median_ms, memory_mb

BURST = 1000
KEYS = 10
AT_ONCE = 50
FRAME_MS = 16.0
PATIENCE_S = 60.0
QUIET_S = 1.0


class Beat(QObject):
    """Counts the pauses of the thread that draws, in milliseconds: the longest by the wall and by its own work."""

    def __init__(self) -> None:
        super().__init__()
        self._wall, self._work = time.perf_counter(), time.thread_time()
        self.pauses: list[tuple[float, float]] = []
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self._wall, self._work = time.perf_counter(), time.thread_time()
        self.pauses.clear()
        self._timer.start()

    def told(self) -> dict[str, float]:
        """The longest pause by the wall and by the thread's own work, and how often its work passed a frame."""
        self._timer.stop()
        walls, works = zip(*self.pauses, strict=True)
        over = sum(work > FRAME_MS for work in works)
        return {"longest_ms": max(walls), "longest_work_ms": max(works), "works_over_16_ms": over}

    def _beat(self) -> None:
        wall, work = time.perf_counter(), time.thread_time()
        self.pauses.append(((wall - self._wall) * 1000, (work - self._work) * 1000))
        self._wall, self._work = wall, work


class Painted(QObject):
    """When the map was first painted with all its ground and the situation on it."""

    def __init__(self, window: Any) -> None:
        super().__init__()
        self._canvas = window.map.canvas
        self._canvas.installEventFilter(self)
        self.done = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            content = self._canvas.content
            points = sum(map(len, content.picture.points)) if content else 0
            self.done = self.done or bool(points and self._canvas.tiles.complete(self._canvas.wished()))
        return False


def wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("the desk did not come to that in time")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


def rest() -> None:
    end = time.monotonic() + QUIET_S
    wait(lambda: time.monotonic() > end)


def answered(window: Any) -> None:
    """The next incident of the queue by a key; done when its page is there."""
    table, before = window.queue.table, window.chosen
    table.setFocus()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.postEvent(table, QKeyEvent(kind, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier))
    shown: list[str] = []
    show = window.incident.show_dossier

    def noting(dossier: Any) -> None:
        show(dossier)
        shown.extend([dossier.incident.id] if dossier else [])

    window.incident.show_dossier = noting
    wait(lambda: window.chosen != before and window.chosen in shown)
    window.incident.show_dossier = show


def watch(began: float, incidents: int, live: int) -> dict[str, object]:
    """Seconds since `began`, the start of the process, until each thing a person waits for; pauses in milliseconds."""

    def since() -> float:
        return time.time() - began

    window = next(one for one in QApplication.topLevelWidgets() if type(one).__name__ == "MainWindow")
    found: dict[str, object] = {"window_s": since()}
    painted, beat = Painted(window), Beat()
    beat.start()
    wait(lambda: painted.done)
    found["map_s"] = since()
    wait(lambda: window.queue.table.rows_model.rowCount() > 0)
    found["queue_s"] = since()
    answered(window)
    found |= {"usable_s": since(), "memory_mb": memory_mb(), "after_show": beat.told()}
    rest()
    beat.start()
    found |= {"key_ms": median_ms(lambda: answered(window), KEYS), "keys": beat.told()}
    return found | poured(window, beat, incidents, live)


def poured(window: Any, beat: Beat, incidents: int, live: int) -> dict[str, object]:
    """How the window answers while entries pour in from another thread, until it shows them."""
    station = window.workplace._station
    drafts = import_module("tests.benchmarks.long_service").burst(live, incidents, BURST, station.clock.now())

    def pour() -> None:
        for first in range(0, len(drafts), AT_ONCE):
            station.write(drafts[first : first + AT_ONCE])
        station.ask(lambda journal: None).result()

    before, pouring = window.snapshot, Thread(target=pour)
    beat.start()
    began = time.perf_counter()
    pouring.start()
    wait(lambda: not pouring.is_alive())
    written = time.perf_counter() - began
    wait(lambda: window.snapshot is not before)
    rest()
    return {"burst_written_s": written, "burst": beat.told()}
