"""One start of the desk, watched from inside: run as a process of its own by `start`, prints one JSON line.

It opens the desk as `workstation desk` does and looks at it as a person would: the window, the map with its ground and
its points painted, the queue with its rows, and a key that turns to another incident. A beat every millisecond tells
how long the window did not answer: by the wall, and by what its thread itself computed, which other programs on the
cores cannot lengthen.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

import workstation.cli  # noqa: F401  the command that opens a desk loads the command line first
from tests.benchmarks.long_service import burst
from tests.benchmarks.rig import memory_mb
from workstation.app.desk import Desk, application
from workstation.app.seat import Person
from workstation.app.serving import serving
from workstation.config import Settings
from workstation.station import Space, Station
from workstation.views.window import MainWindow

BURST = 1000
AT_ONCE = 50
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
        walls, works = (sorted(column) for column in zip(*self.pauses, strict=True))
        return {
            "longest_ms": round(walls[-1], 1),
            "longest_work_ms": round(works[-1], 1),
            "works_over_16_ms": sum(work > 16 for work in works),
            "p99_ms": round(walls[int(len(walls) * 0.99)], 1),
        }

    def _beat(self) -> None:
        wall, work = time.perf_counter(), time.thread_time()
        self.pauses.append(((wall - self._wall) * 1000, (work - self._work) * 1000))
        self._wall, self._work = wall, work


class Painted(QObject):
    """When the map was first painted with all its ground and the situation on it."""

    def __init__(self, window: MainWindow) -> None:
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


def wait(condition: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def answered(window: MainWindow) -> None:
    """The next incident of the queue by a key; done when its page is there."""
    table, before = window.queue.table, window.chosen
    table.setFocus()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.postEvent(table, QKeyEvent(kind, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier))
    shown: list[object] = []
    show = window.incident.show_dossier
    window.incident.show_dossier = lambda dossier: (show(dossier), shown.append(dossier))  # type: ignore[method-assign]
    wait(lambda: window.chosen != before and any(d is not None and d.incident.id == window.chosen for d in shown))


def pour(station: Station, drafts: list[object]) -> None:
    for first in range(0, len(drafts), AT_ONCE):
        station.write(drafts[first : first + AT_ONCE])  # type: ignore[arg-type]


def opened(folder: Path, begun: float, incidents: int, live: int) -> dict[str, object]:
    def since() -> float:
        return round(time.time() - begun, 3)

    found: dict[str, object] = {"imported_s": since()}
    application("zh")
    with serving(Space(folder), Settings()) as (station, town, link):
        found["serving_s"] = since()
        with closing(Desk(station, town, Person("operator"), link)) as desk:
            window, beat = desk.window, Beat()
            painted = Painted(window)
            desk.show(maximised=True)
            found["window_s"] = since()
            beat.start()
            wait(lambda: window.isVisible() and painted.done)
            found["map_s"] = since()
            wait(lambda: window.queue.table.rows_model.rowCount() > 0)
            found["queue_s"] = since()
            answered(window)
            found["usable_s"] = since()
            found["memory_mb"] = memory_mb()
            wait(lambda: False, QUIET_S)
            found["after_show"] = beat.told()
            beat.start()
            begin, before = time.perf_counter(), window.snapshot
            pour(station, burst(live, incidents, BURST, station.clock.now()))
            station.ask(lambda journal: None).result()
            wait(lambda: window.snapshot is not before)
            found["burst_written_s"] = round(time.perf_counter() - begin, 3)
            wait(lambda: False, QUIET_S)
            found["burst"] = beat.told()
    return found


if __name__ == "__main__":
    print(json.dumps(opened(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
