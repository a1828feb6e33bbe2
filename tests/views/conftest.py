"""The room every test of the desk is in: the theme on, Chinese spoken, and nothing left running when it leaves."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.desks import Room, desk_at, station_in
from workstation.app.seat import Person
from workstation.domain.clock import ManualClock
from workstation.mapping.basemap import read_basemap
from workstation.video.stream import end_all
from workstation.views.theme import dress, speak_qt
from workstation.words import use

OPERATOR = Person("wang", "OP")
GROUND = cache(read_basemap)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform has no window manager to ask, and a form that shuts at a key does not hear it let go."""
    silent = pytest.mark.qt_log_ignore("This plugin does not support", "Keyboard event not accepted")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(silent)


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    dress(qapp)
    return qapp


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    use("zh")
    yield
    use("zh")
    speak_qt("zh")


@pytest.fixture
def ground(monkeypatch: pytest.MonkeyPatch) -> None:
    """The city's ground, which no test changes, is read from its files once."""
    monkeypatch.setattr("workstation.views.window.read_basemap", GROUND)


@pytest.fixture
def nothing_left(dressed: QApplication, ground: None) -> Iterator[None]:
    """Fails a test that leaves a thread, or a window whose timers run on; a camera may end its last read first."""
    before = set(threading.enumerate())
    yield
    end_all()
    assert set(threading.enumerate()) <= before
    running = [one for window in dressed.topLevelWidgets() for one in window.findChildren(QTimer) if one.isActive()]
    assert running == []


@pytest.fixture
def room(tmp_path: Path, clock: ManualClock, qtbot: object, nothing_left: None) -> Iterator[Room]:
    """An operator's desk at a centre that knows nothing of the city yet and answers nothing by itself."""
    with ExitStack() as stack:
        station = stack.enter_context(station_in(tmp_path, clock))
        yield stack.enter_context(desk_at(station, clock, qtbot, OPERATOR))


@pytest.fixture
def city_room(tmp_path: Path, clock: ManualClock, qtbot: object, nothing_left: None) -> Iterator[Room]:
    """An operator's desk at a centre on duty, with playbooks and the city's instruments, cameras and facilities."""
    with ExitStack() as stack:
        station = stack.enter_context(station_in(tmp_path, clock, on_duty=True))
        yield stack.enter_context(desk_at(station, clock, qtbot, OPERATOR))
