"""Pictures of every page of the desk in both languages, as a person would see them."""

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from workstation.views.desk_pages import NAMES
from workstation.views.incident_page import TABS
from workstation.views.window import MainWindow
from workstation.words import LANGUAGES

SETTLE_MS = 60
BEAT_MS = 5
CAMERA_MS = 1000
MOST_LOOKS = 100
QUICKLY = 80
"""How hard a picture is packed: an eighth larger than at the hardest, in two thirds of the time."""


def grab_pages(window: MainWindow, folder: Path, sensor: str, sizes: tuple[tuple[int, int], ...]) -> list[Path]:
    """Write a PNG of every page, language and size; `sensor` is the one whose trend is shown. The files' paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for width, height in sizes:
        window.resize(width, height)
        for language in LANGUAGES:
            window.speak(language)
            for name, widget in _scenes(window, sensor):
                path = folder / f"{name}-{language}-{width}.png"
                widget().grab().save(str(path), "PNG", QUICKLY)
                written.append(path)
    return written


def settle(milliseconds: int = SETTLE_MS) -> None:
    """Let the desk read, paint and answer for a moment."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _stand(window: MainWindow, milliseconds: int = SETTLE_MS) -> None:
    """Let the desk settle until it shows what it asked for, and the map stands on ground of its own scale."""
    settle(milliseconds)
    canvas = window.map.canvas
    for _ in range(MOST_LOOKS):
        _wait_for_answers(window)
        if canvas.tiles.complete(canvas.wished()):
            return
        settle()


def _wait_for_answers(window: MainWindow) -> None:
    """Until the desk was told all that it has asked: the reader answers in the order in which it begins."""
    while not window.reader.is_done:
        settle(BEAT_MS)
    loop = QEventLoop()
    window.reader.ask("stand", lambda situation: None, lambda nothing: loop.quit())
    loop.exec()


def _scenes(window: MainWindow, sensor: str) -> Iterator[tuple[str, Callable[[], QWidget]]]:
    """Each page, brought up and given time to settle."""

    def whole() -> QWidget:
        return window

    window.tabs.setCurrentWidget(window.incident)
    for number, name in enumerate(TABS):
        window.incident.tabs.setCurrentIndex(number)
        _stand(window)
        yield f"incident-{name}", whole
    window.incident.tabs.setCurrentIndex(0)
    window.pick("sensor", sensor)
    window.pages.conflicts.show_all()
    window.pages.audit.search()
    for number, name in enumerate(NAMES[1:], 1):
        window.tabs.setCurrentIndex(number)
        _stand(window, CAMERA_MS if name == "camera" else SETTLE_MS)
        yield name, whole
    window.tabs.setCurrentWidget(window.incident)
    form = window.calls.open()
    form.take_down("人民路下穿", "下穿里面水很深，有车熄火，人还在车上")
    _stand(window)
    yield "call", lambda: form
    form.close()
