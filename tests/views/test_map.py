"""The map of the desk: what is clicked is what is seen, the keys reach all of it, and every colour has its legend."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetrics, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel

from tests.desks import SMALL, UNDERPASS, Room, flood, gauge, press, texts, visible
from workstation.domain.records import Facility
from workstation.views.map.canvas import PAN_PX, MapCanvas
from workstation.views.map.content import CHOROPLETHS, ON_AT_FIRST, SWITCHES
from workstation.views.map.layer_panel import LayerPanel
from workstation.words import LANGUAGES, tell, use


def canvas(room: Room) -> MapCanvas:
    return room.window.map.canvas


def shown(room: Room, kind: str, id_: str) -> QPoint:
    """Wait until the map holds a record; the pixel it lies under."""
    room.until(lambda: (layer := canvas(room).content.layer(kind)) and layer.index(id_) is not None)
    layer = canvas(room).content.layer(kind)
    number = layer.index(id_)
    return QPoint(*(round(at) for at in canvas(room).view.point(float(layer.x[number]), float(layer.y[number]))))


def click(room: Room, place: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    QTest.mouseClick(canvas(room), button, pos=place)


def switch(room: Room, name: str) -> QCheckBox:
    [found] = [
        one
        for one in room.window.map.findChildren(QCheckBox)
        if one.text() in {tell(language, f"map.layer.{name}") for language in LANGUAGES}
    ]
    return found


def panel(room: Room) -> LayerPanel:
    return room.window.map.panel


def middle(room: Room) -> tuple[float, float]:
    """Latitude and longitude of the middle of the map."""
    lon, lat = canvas(room).view.degrees(canvas(room).width() / 2, canvas(room).height() / 2)
    return lat, lon


def test_a_click_on_an_incident_turns_the_desk_to_it_and_leaves_the_map_where_it_is(room: Room) -> None:
    room.open_with(flood(room.clock, 1), flood(room.clock, 2, lat=29.63, lon=124.22))
    before = canvas(room).view
    click(room, shown(room, "incident", "i2"))
    assert room.window.chosen == "i2"
    assert room.window.queue.table.chosen_id() == "i2"
    assert room.window.tabs.currentWidget() is room.window.incident
    assert canvas(room).view == before


def test_choosing_in_the_queue_brings_the_incident_to_the_middle_close_by(room: Room) -> None:
    room.open_with(flood(room.clock, 1), flood(room.clock, 2, lat=29.63, lon=124.22))
    press(Qt.Key.Key_F6)
    press(Qt.Key.Key_Down)
    assert middle(room) == pytest.approx((29.63, 124.22), abs=1e-5)
    assert canvas(room).view.ground_scale() < 3


def test_a_new_incident_does_not_move_the_map(room: Room) -> None:
    before = canvas(room).view
    room.open_with(flood(room.clock, 1, "I"))
    shown(room, "incident", "i1")
    assert canvas(room).view == before


def test_a_click_on_an_instrument_shows_its_trend(room: Room) -> None:
    room.write(gauge())
    click(room, shown(room, "sensor", "RM-07"))
    assert room.window.tabs.currentWidget() is room.window.pages.trend
    assert room.window.pages.trend.title.text() == "人民路下穿积水计 · RM-07"


def test_of_two_signs_on_one_place_the_incident_lies_on_top(room: Room) -> None:
    room.write(gauge())
    room.open_with(flood(room.clock, 1))
    shown(room, "sensor", "RM-07")
    place = shown(room, "incident", "i1")
    assert canvas(room).hit(place.x(), place.y()).kind == "incident"
    room.window.map.switch("incident", False)
    assert canvas(room).hit(place.x(), place.y()).kind == "sensor"


def test_arrows_move_plus_and_minus_zoom_and_home_shows_the_whole_city(room: Room) -> None:
    press(Qt.Key.Key_F4)
    whole = canvas(room).view
    press(Qt.Key.Key_Right)
    assert canvas(room).view.x == pytest.approx(whole.x + PAN_PX * whole.scale)
    press(Qt.Key.Key_Up)
    assert canvas(room).view.y == pytest.approx(whole.y + PAN_PX * whole.scale)
    press(Qt.Key.Key_Plus)
    nearer = canvas(room).view
    assert nearer.scale < whole.scale
    press(Qt.Key.Key_Minus)
    assert canvas(room).view.scale == pytest.approx(whole.scale)
    press(Qt.Key.Key_Home)
    assert canvas(room).view == whole


def test_the_whole_city_is_seen_until_somebody_moves_the_map_at_whatever_size(room: Room) -> None:
    for width in (1366, 1920, 1500):
        room.window.resize(width, 900)
        assert canvas(room).view.bounds.holds(canvas(room).content.base.bounds)
    press(Qt.Key.Key_F4)
    press(Qt.Key.Key_Plus)
    nearer = canvas(room).view
    room.window.resize(*SMALL)
    assert (canvas(room).view.x, canvas(room).view.scale) == (nearer.x, nearer.scale)


def test_the_wheel_zooms_about_the_pointer(room: Room) -> None:
    place, before = QPointF(120, 90), canvas(room).view
    for turn in (120, 120, -120):
        event = QWheelEvent(
            place,
            canvas(room).mapToGlobal(place),
            QPoint(),
            QPoint(0, turn),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(canvas(room), event)
    assert canvas(room).view.scale < before.scale
    assert canvas(room).view.to_world(120, 90) == pytest.approx(before.to_world(120, 90))


def test_a_drag_moves_the_map_and_picks_nothing(room: Room, qtbot) -> None:
    start, end = QPoint(200, 200), QPoint(260, 170)
    before = canvas(room).view
    with qtbot.assertNotEmitted(room.window.map.picked):
        QTest.mousePress(canvas(room), Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(canvas(room), end)
        QTest.mouseRelease(canvas(room), Qt.MouseButton.LeftButton, pos=end)
    assert canvas(room).view.point(*before.to_world(200, 200)) == pytest.approx((260, 170))


def test_the_right_button_takes_a_place_into_the_call_form(room: Room) -> None:
    room.window.map.centre_on(*UNDERPASS)
    click(room, QPoint(canvas(room).width() // 2, canvas(room).height() // 2), Qt.MouseButton.RightButton)
    assert room.window.calls.form.isVisible()
    assert (room.window.calls.form.notes().lat, room.window.calls.form.notes().lon) == pytest.approx(
        UNDERPASS, abs=2e-5
    )


def test_a_place_is_chosen_by_keyboard_and_esc_lets_it_be(room: Room) -> None:
    room.window.map.centre_on(*UNDERPASS)
    press(Qt.Key.Key_F4)
    press(Qt.Key.Key_P)
    assert canvas(room).placing
    press(Qt.Key.Key_Escape)
    assert not canvas(room).placing
    press(Qt.Key.Key_P)
    press(Qt.Key.Key_Return)
    assert room.window.calls.form.isVisible()
    assert (room.window.calls.form.notes().lat, room.window.calls.form.notes().lon) == pytest.approx(
        UNDERPASS, abs=2e-5
    )


def test_each_switch_turns_its_layer_on_and_off(room: Room) -> None:
    panel(room).fold.setChecked(False)
    independent = [name for name in SWITCHES if name not in CHOROPLETHS]
    for name in (*independent, *independent):
        before = name in canvas(room).content.on
        QTest.keyClick(switch(room, name), Qt.Key.Key_Space)
        assert (name in canvas(room).content.on) is not before
    assert canvas(room).content.on == ON_AT_FIRST


def test_a_layer_that_is_off_cannot_be_hit(room: Room) -> None:
    lat, lon = UNDERPASS
    room.write(Facility(id="h1", name_zh="一院", category="hospital", lat=lat, lon=lon))
    place = shown(room, "facility", "h1")
    assert canvas(room).hit(place.x(), place.y()) is None
    room.window.map.switch("facility", True)
    assert canvas(room).hit(place.x(), place.y()).id == "h1"


def test_the_population_has_a_legend_with_its_unit_and_gives_way_to_the_incidents_by_cell(room: Room) -> None:
    assert canvas(room).content.legend() is None
    room.window.map.switch("population", True)
    legend = canvas(room).content.legend()
    assert (tell("zh", legend.title), tell("en", legend.title)) == ("网格人口（人）", "Population (people per cell)")
    assert list(legend.limits) == sorted(legend.limits)
    assert len(legend.limits) >= 4
    room.window.map.switch("load", True)
    assert tell("zh", canvas(room).content.legend().title) == "网格事件数（起）"
    assert not switch(room, "population").isChecked()


def test_the_legend_is_seen_on_the_map(room: Room) -> None:
    bare = canvas(room).grab().toImage()
    room.window.map.switch("population", True)
    painted = canvas(room).grab().toImage()
    corner = QPoint(30, canvas(room).height() - 60)
    assert painted.pixelColor(corner) != bare.pixelColor(corner)


def test_on_a_narrow_map_the_switches_are_folded_and_open_by_key(room: Room) -> None:
    assert canvas(room).width() < 640
    assert not switch(room, "grid").isVisible()
    panel(room).fold.setFocus()
    press(Qt.Key.Key_Space)
    assert switch(room, "grid").isVisible()
    assert canvas(room).rect().contains(panel(room).geometry())


def test_a_panel_that_was_opened_stays_open_when_the_window_changes_a_little(room: Room) -> None:
    panel(room).fold.click()
    room.window.resize(1380, 768)
    assert switch(room, "grid").isVisible()


def test_incidents_without_a_place_are_counted_below_the_map(room: Room) -> None:
    room.open_with(flood(room.clock, 1, lat=None, lon=None), flood(room.clock, 2))
    room.until(lambda: "1 起事件无位置" in texts(room.window.map))


def test_the_pointer_reads_degrees_and_the_grid_cell(room: Room) -> None:
    room.window.map.centre_on(*UNDERPASS)
    place = QPoint(canvas(room).width() // 2, canvas(room).height() // 2)
    QTest.mouseMove(canvas(room), place + QPoint(3, 3))
    QTest.mouseMove(canvas(room), place)
    room.until(lambda: any(text.startswith("29.606") and "网格 9901" in text for text in texts(room.window.map)))


def test_below_a_narrow_map_stands_how_to_move_it_whole_until_somebody_points_at_a_place(room: Room) -> None:
    for language in LANGUAGES:
        use(language)
        QApplication.sendEvent(room.window.map, QEvent(QEvent.Type.LanguageChange))
        QApplication.processEvents()
        [hint] = [one for one in visible(room.window.map, QLabel) if one.text() == tell(language, "map.keys")]
        assert QFontMetrics(hint.font()).horizontalAdvance(hint.text()) <= hint.contentsRect().width()
    canvas(room).pointed.emit(None, QPointF(20, 20))
    assert not hint.isVisible()
    canvas(room).leaveEvent(None)
    assert hint.isVisible()


def test_a_city_of_points_is_gathered_into_bubbles_that_open_by_click(room: Room) -> None:
    lat, lon = UNDERPASS
    room.write(*(flood(room.clock, n, lat=lat + n % 20 * 1e-3, lon=lon + n // 20 * 1e-3) for n in range(300)))
    room.until(lambda: (layer := canvas(room).content.layer("incident")) and len(layer.ids) == 300)
    whole = canvas(room).view
    place = shown(room, "incident", "i150")
    found = canvas(room).hit(place.x(), place.y())
    assert found.count > 1
    click(room, place)
    assert canvas(room).view.scale < whole.scale
    assert canvas(room).view.bounds.holds(found.bounds)
