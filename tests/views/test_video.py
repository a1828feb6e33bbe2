"""The camera tile: what an operator sees and reads of a stream that lives, stalls, is lost or is drawn."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from tests.desks import PATIENCE_MS
from workstation.domain.records import Camera
from workstation.video.health import Health, State
from workstation.video.stream import Frame
from workstation.views.video import CameraTile
from workstation.words import LANGUAGES, use

RED = (200, 40, 30)

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has no window manager


class Streamed:
    """A stream as the tile sees it; the test sets what it shows. `calls` is what the tile asked for."""

    def __init__(self, name, url):
        self.name, self.url = name, url
        self.is_simulated = url.startswith("clip:")
        self.frame = None
        self.now = Health(State.CONNECTING, None, "")
        self.size = None
        self.calls = []

    def health(self):
        return self.now

    def fit(self, size):
        self.size = size

    def start(self):
        self.calls.append("start")

    def stop(self):
        self.calls.append("stop")

    def show(self, state, age, width=333, fault=""):
        self.frame = Frame(np.full((188, width, 3), RED, np.uint8), 0.0)
        self.now = Health(state, age, fault)


@pytest.fixture
def opened():
    """The streams a tile has opened, the newest last."""
    return []


@pytest.fixture
def tile(qtbot, opened):
    def opens(name, url):
        opened.append(Streamed(name, url))
        return opened[-1]

    tile = CameraTile(opens)
    qtbot.addWidget(tile)
    tile.resize(420, 320)
    return tile


@pytest.fixture(autouse=True)
def chinese():
    use("zh")
    yield
    use("zh")


def camera(url="rtsp://10.0.3.7/1", name="CAM-01"):
    return Camera(id=name, name_zh="东郊路下穿摄像机", name_en="Dongjiao Road Underpass Camera", url=url)


def seen(tile):
    """The colours of the middle of the painted picture."""
    tile.refresh()
    grabbed = tile.screen_area.grab().toImage()
    return QColor(grabbed.pixel(grabbed.width() // 2, grabbed.height() // 2)).getRgb()[:3]


def red_rows(tile):
    """In how many rows the left part of the picture is painted as it is."""
    tile.refresh()
    grabbed = tile.screen_area.grab().toImage()
    colours = [grabbed.pixelColor(30, y).getRgb()[:3] for y in range(grabbed.height())]
    return sum(np.abs(np.subtract(colour, RED)).max() <= 2 for colour in colours)


def test_a_live_camera_says_its_name_its_state_and_the_age_of_its_picture(tile, opened):
    tile.show()
    tile.show_camera(camera())
    opened[0].show(State.LIVE, 1.2)
    tile.refresh()
    assert tile.caption.text() == "东郊路下穿摄像机 · CAM-01"
    assert tile.health.text() == "实时 · 画面 1 秒前"
    assert tile.screen_area.accessibleName() == ""


def test_the_tile_speaks_the_language_of_the_desk(tile, opened):
    tile.show()
    tile.show_camera(camera())
    opened[0].show(State.LIVE, 0.0)
    use("en")
    tile.refresh()
    assert tile.caption.text() == "Dongjiao Road Underpass Camera · CAM-01"
    assert tile.health.text().startswith("Live")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_word(tile, opened, language, state):
    tile.show()
    tile.show_camera(camera())
    use(language)
    opened[0].show(state, 3.0)
    tile.refresh()
    assert "3" in tile.health.text()


def test_a_picture_is_painted_in_its_colours(tile, opened):
    tile.show()
    tile.show_camera(camera())
    opened[0].show(State.LIVE, 0.1)
    assert np.abs(np.subtract(seen(tile), RED)).max() <= 2


@pytest.mark.parametrize("state", [State.STALLED, State.LOST])
def test_an_old_picture_stays_but_turns_grey_and_says_across_it_what_it_is(tile, opened, state):
    tile.show()
    tile.show_camera(camera())
    opened[0].show(State.LIVE, 0.1)
    seen(tile)
    opened[0].now = Health(state, 45.0, "Connection refused")
    red, green, blue = seen(tile)
    assert max(red, green, blue) - min(red, green, blue) < 20
    assert red > 20
    words = {State.STALLED: "画面停滞", State.LOST: "信号丢失"}[state]
    assert tile.screen_area.accessibleName() == words
    assert tile.health.text() == f"{words} · 画面 45 秒前"
    assert tile.health.toolTip() == "<p>Connection refused</p>"


def test_what_a_decoder_says_of_a_fault_is_no_markup(tile, opened):
    tile.show()
    tile.show_camera(camera())
    opened[0].now = Health(State.LOST, 45.0, "<img src='http://example.org/x'>")
    seen(tile)
    assert "<img" not in tile.health.toolTip()
    assert "&lt;img" in tile.health.toolTip()


def test_a_picture_that_comes_back_has_its_colours_back(tile, opened):
    tile.show()
    tile.show_camera(camera())
    opened[0].show(State.STALLED, 5.0)
    seen(tile)
    opened[0].show(State.LIVE, 0.1)
    assert np.abs(np.subtract(seen(tile), RED)).max() <= 2
    assert tile.screen_area.accessibleName() == ""


def test_a_drawn_camera_carries_the_word_across_its_picture_and_keeps_it_when_it_stalls(tile, opened):
    tile.show()
    tile.show_camera(camera("clip:underpass"))
    opened[0].show(State.LIVE, 0.1)
    opened[0].is_simulated = False
    bare = red_rows(tile)
    opened[0].show(State.SIMULATED, 0.1)
    opened[0].is_simulated = True
    assert red_rows(tile) < bare - 15
    assert tile.screen_area.accessibleName() == "演示画面"
    assert tile.health.text() == "演示画面 · 画面 0 秒前"
    opened[0].now = Health(State.STALLED, 4.0, "")
    tile.refresh()
    assert tile.screen_area.accessibleName() == "演示画面 · 画面停滞"


@pytest.mark.parametrize("width", [331, 332, 333, 334])
def test_a_stripe_stays_upright_at_any_width(tile, opened, width):
    tile.show()
    tile.show_camera(camera())
    pixels = np.zeros((188, width, 3), np.uint8)
    pixels[:, width // 2 - 20 : width // 2 + 20] = (255, 255, 255)
    opened[0].frame, opened[0].now = Frame(pixels, 0.0), Health(State.LIVE, 0.1, "")
    tile.refresh()
    grabbed = tile.screen_area.grab().toImage()
    middle = grabbed.width() // 2
    column = [grabbed.pixelColor(middle, y).lightness() for y in range(70, grabbed.height() - 70)]
    beside = [grabbed.pixelColor(middle - 60, y).lightness() for y in range(70, grabbed.height() - 70)]
    assert min(column) == 255
    assert max(beside) == 0


def test_a_camera_without_an_address_says_so_and_shows_nothing_of_the_one_before(tile, opened):
    tile.show()
    tile.show_camera(camera())
    opened[0].show(State.LIVE, 0.1)
    seen(tile)
    tile.show_camera(camera(url=None, name="CAM-02"))
    assert np.abs(np.subtract(seen(tile), RED)).max() > 50
    assert tile.caption.text().endswith("CAM-02")
    assert tile.health.text() == "未开流"
    assert len(opened) == 1


def test_no_camera_is_said_in_words(tile, opened):
    tile.show()
    tile.show_camera(None)
    assert tile.caption.text() == "未选择摄像机;在地图上点击一个"
    assert tile.health.text() == ""
    assert opened == []


def test_nothing_is_decoded_for_a_tile_that_nobody_sees(tile, opened):
    tile.show_camera(camera())
    assert opened == []
    tile.show()
    assert opened[0].calls == ["start"]
    tile.hide()
    assert opened[0].calls == ["start", "stop"]
    tile.show()
    assert opened[1].calls == ["start"]


def test_turning_to_another_camera_lets_go_of_the_first(tile, opened):
    tile.show()
    tile.show_camera(camera())
    tile.show_camera(camera(name="CAM-02", url="rtsp://10.0.3.8/1"))
    assert [(stream.name, stream.calls) for stream in opened] == [("CAM-01", ["start", "stop"]), ("CAM-02", ["start"])]


def test_choosing_the_same_camera_again_does_not_open_it_again(tile, opened):
    tile.show()
    tile.show_camera(camera())
    tile.show_camera(camera())
    assert [stream.calls for stream in opened] == [["start"]]


def test_a_closed_tile_lets_go_and_says_so(tile, opened):
    tile.show()
    tile.show_camera(camera())
    tile.close_camera()
    tile.refresh()
    assert opened[0].calls == ["start", "stop"]
    assert tile.health.text() == "未开流"


def test_a_picture_is_asked_for_in_the_size_of_its_tile_also_when_that_changes(tile, opened):
    tile.show()
    tile.show_camera(camera())
    first = opened[0].size
    tile.resize(840, 640)
    tile.refresh()
    assert opened[0].size.width > first.width
    assert opened[0].size.width == tile.screen_area.width()


def test_the_tile_takes_new_pictures_by_itself(tile, opened, qtbot):
    tile.show()
    tile.show_camera(camera())
    opened[0].show(State.LIVE, 0.1)
    qtbot.waitUntil(lambda: tile.health.text() == "实时 · 画面 0 秒前", timeout=PATIENCE_MS)
