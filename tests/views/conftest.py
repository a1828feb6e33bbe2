"""The room every test of the desk is in: the theme on, Chinese spoken, and nothing left running when it leaves."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QInputDialog

from tests.desks import Room, desk_at, station_in
from tests.hubs import running_trio
from tests.views.incidents import Answers
from workstation.app.seat import Person
from workstation.domain.clock import ManualClock
from workstation.mapping.basemap import Basemap
from workstation.station import Station
from workstation.telemetry import Telemetry
from workstation.video.stream import end_all
from workstation.views.map.gate import Gate
from workstation.views.map.scene import TILE, Scene, TileKey
from workstation.views.palette import palette
from workstation.views.theme import dress, speak_qt
from workstation.words import use

OPERATOR = Person("wang", "OP")
EVENING = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)
QUICK_FRAME_MS = 3


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


class BareGround:
    """Paints tiles on which there is nothing: quick, where a test does not look at the ground."""

    def __init__(self, base: Basemap, gate: Gate) -> None:
        self._tile = QImage(TILE, TILE, QImage.Format.Format_RGB32)
        self._tile.fill(QColor(palette().map.land))

    def paint(self, scene: Scene, key: TileKey) -> QImage:
        return self._tile


@contextmanager
def nothing_left_running() -> Iterator[None]:
    """Fails where a thread is left, or a window whose timers run on; a camera may end its last read first.

    Frames follow one another faster.
    """
    before, others = set(threading.enumerate()), QApplication.topLevelWidgets()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workstation.views.bridge.FRAME_MS", QUICK_FRAME_MS)
        yield
    end_all()
    assert set(threading.enumerate()) <= before
    windows = (one for one in QApplication.topLevelWidgets() if one not in others)
    assert [one for window in windows for one in window.findChildren(QTimer) if one.isActive()] == []


@contextmanager
def bare_room(folder: Path) -> Iterator[Room]:
    """An operator's desk at a centre that answers nothing by itself and knows nothing of the city but a bare ground."""
    clock = ManualClock(EVENING)
    with ExitStack() as stack:
        stack.enter_context(nothing_left_running())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr("workstation.views.map.tiles.GroundPainter", BareGround)
        station = stack.enter_context(station_in(folder, clock))
        yield stack.enter_context(desk_at(station, clock, OPERATOR))


@pytest.fixture
def nothing_left(dressed: QApplication) -> Iterator[None]:
    with nothing_left_running():
        yield


@pytest.fixture
def room(tmp_path: Path, dressed: QApplication, qtbot: object) -> Iterator[Room]:
    """A bare room of the test's own."""
    with bare_room(tmp_path) as made:
        yield made


@pytest.fixture
def centre_and_street(tmp_path: Path, clock: ManualClock, nothing_left: None) -> Iterator[tuple[Room, Station]]:
    """An operator's desk at the centre, and a street's station; neither's line to the hub is up yet."""
    with running_trio(tmp_path, clock) as (_, _, centre, street):
        Telemetry.open(centre.space.telemetry, True).close()
        with desk_at(centre, clock, OPERATOR) as room:
            yield room, street


@pytest.fixture
def city_room(tmp_path: Path, clock: ManualClock, nothing_left: None, qtbot: object) -> Iterator[Room]:
    """An operator's desk at a centre on duty, with playbooks and the city's instruments, cameras and facilities."""
    with ExitStack() as stack:
        station = stack.enter_context(station_in(tmp_path, clock, on_duty=True))
        yield stack.enter_context(desk_at(station, clock, OPERATOR))


@pytest.fixture
def person(monkeypatch) -> Answers:
    answers = Answers()
    monkeypatch.setattr(QInputDialog, "getText", answers.text)
    monkeypatch.setattr(QInputDialog, "getItem", answers.item)
    return answers
