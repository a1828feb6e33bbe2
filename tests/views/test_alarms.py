"""Alarms: the worst that nobody has seen stands first, a key says "seen", and grey means that the data have stopped."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from tests.desks import Room, alarm, cells, flood, gauge, press
from workstation.domain.observation import Observation
from workstation.domain.records import Alarm, Sensor
from workstation.views.palette import SeverityMark
from workstation.views.row_table import RowTable

SEVERITY, SENSOR, VALUE, STATE, AGE = range(5)


def table(room: Room) -> RowTable[Alarm]:
    return room.window.pages.alarms.table


def wait_for(room: Room, *records: Alarm | Sensor) -> None:
    room.write(*records)
    alarms = sum(isinstance(one, Alarm) for one in records)
    room.until(lambda: len(table(room).rows_model.rows) == alarms)


def order(room: Room) -> list[str]:
    return [one.sensor or one.id for one in table(room).rows_model.rows]


def mark(room: Room, row: int = 0) -> SeverityMark:
    shown = table(room).rows_model.columns[SEVERITY].show(table(room).rows_model.rows[row])
    assert shown.mark is not None
    return shown.mark


def test_what_nobody_has_seen_stands_before_what_somebody_has_and_the_worst_first(room: Room) -> None:
    seen = alarm(room.clock, "RM-01", "I", "acknowledged")
    over = alarm(room.clock, "RM-02", "I", "cleared", cleared_at=room.clock.now())
    waiting = [alarm(room.clock, "RM-03", "III"), alarm(room.clock, "RM-04", "II", "returned")]
    wait_for(room, seen, over, *waiting)
    assert order(room) == ["RM-04", "RM-03", "RM-01", "RM-02"]
    assert room.window.tabs.tabText(1) == "报警 2"
    assert room.window.pages.alarms.about.text().startswith("未确认 2 条")


def test_f8_from_any_page_acknowledges_the_worst_that_nobody_has_seen(room: Room) -> None:
    wait_for(room, alarm(room.clock, "RM-03", "III"), alarm(room.clock, "RM-04", "I"), alarm(room.clock, "RM-05", "II"))
    press(Qt.Key.Key_F6)
    press(Qt.Key.Key_F8)
    room.until(lambda: order(room) == ["RM-05", "RM-03", "RM-04"])
    [seen] = room.known(Alarm, state="acknowledged")
    assert (seen.sensor, seen.acknowledged_by, seen.acknowledged_at) == ("RM-04", "wang", room.clock.now())
    assert room.said() == "已写入日志:确认报警"
    press(Qt.Key.Key_F5)
    room.window.pages.alarms.table.choose(seen.id)
    press(Qt.Key.Key_F8)
    room.until(lambda: len(room.known(Alarm, state="acknowledged")) == 2)
    assert {one.sensor for one in room.known(Alarm, state="acknowledged")} == {"RM-04", "RM-05"}


def test_an_alarm_that_has_just_become_worse_is_new(room: Room) -> None:
    raised = alarm(room.clock, "RM-03", "I")
    wait_for(room, replace(raised, observed_at=room.clock.advance(1800)))
    room.clock.advance(60)
    assert cells(room.window.pages.alarms.table, AGE) == ["1 分前"]


def test_on_the_alarm_page_f8_and_enter_acknowledge_the_chosen_one(room: Room) -> None:
    wait_for(room, *(alarm(room.clock, f"RM-0{number}", "II") for number in range(1, 5)))
    press(Qt.Key.Key_F5)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_F8)
    room.until(lambda: room.known(Alarm, state="acknowledged"))
    assert [one.sensor for one in room.known(Alarm, state="acknowledged")] == ["RM-02"]
    room.until(lambda: order(room)[-1] == "RM-02")
    table(room).choose("alarm:RM-03")
    press(Qt.Key.Key_Return)
    room.until(lambda: len(room.known(Alarm, state="acknowledged")) == 2)


def test_who_was_second_hears_who_was_first(room: Room) -> None:
    wait_for(room, alarm(room.clock, "RM-01", "I", "acknowledged", acknowledged_by="李强"))
    press(Qt.Key.Key_F5)
    press(Qt.Key.Key_F8)
    room.until(room.said)
    assert room.window.statusBar().currentMessage() == "未执行:已由 李强 确认"


def test_an_acknowledged_alarm_is_hollow_and_one_that_waits_is_filled(room: Room) -> None:
    wait_for(room, alarm(room.clock, "RM-01", "I"))
    assert mark(room).filled
    assert cells(table(room), STATE) == ["未确认"]
    press(Qt.Key.Key_F8)
    room.until(lambda: cells(table(room), STATE) == ["已确认"])
    assert not mark(room).filled
    assert cells(table(room), SEVERITY) == ["Ⅰ 特别严重"]


def test_an_alarm_whose_data_have_stopped_is_grey_and_says_so_but_stays(room: Room) -> None:
    wait_for(room, alarm(room.clock, "RM-01", "I", value=31.0, stale=True))
    assert mark(room).stale
    assert (cells(table(room), VALUE), cells(table(room), SEVERITY)) == (["过期"], ["Ⅰ 特别严重"])


def test_the_value_beside_an_alarm_moves_on_while_it_stands(room: Room) -> None:
    wait_for(room, alarm(room.clock, "RM-07", "I", value=26.0), gauge())
    press(Qt.Key.Key_F5)
    room.until(lambda: cells(table(room), SENSOR) == ["人民路下穿积水计"])
    assert cells(table(room), VALUE) == ["26 cm"]
    room.station.observe([Observation("RM-07", room.clock.now(), 31.25)]).result()
    room.window.pages.tick()
    room.until(lambda: cells(table(room), VALUE) == ["31.25 cm"])


def test_a_value_the_gauge_could_not_give_is_unknown_and_no_number(room: Room) -> None:
    wait_for(room, alarm(room.clock, "RM-07", "I", value=26.0), gauge())
    press(Qt.Key.Key_F5)
    room.station.observe([Observation("RM-07", room.clock.now(), float("nan"))]).result()
    room.window.pages.tick()
    room.until(lambda: cells(table(room), VALUE) == ["未知"])


def test_a_cleared_alarm_keeps_the_value_it_was_cleared_by(room: Room) -> None:
    room.station.observe([Observation("RM-07", room.clock.now(), 55.0)]).result()
    over = alarm(room.clock, "RM-07", "I", "cleared", cleared_at=room.clock.now(), value=4.0)
    wait_for(room, over, gauge())
    assert cells(table(room), VALUE) == ["4 cm"]
    assert mark(room).stale


@pytest.mark.parametrize("language", ["zh", "en"])
def test_many_sensors_falling_silent_is_one_line_that_says_how_many_and_where(room: Room, language: str) -> None:
    room.window.speak(language)
    silent = {"indicator": "source_silence", "value": 12.0, "place": "990101003"}
    wait_for(room, Alarm(id="alarm:silence", state="raised", level="II", raised_at=room.clock.now(), **silent))
    told = {"zh": "人民路街道 · 12 个传感器失联", "en": "Renminlu Street · 12 sensors silent"}[language]
    room.until(lambda: cells(table(room), SENSOR) == [told])


def test_a_gauge_under_water_raises_an_alarm_that_the_operator_sees_and_acknowledges(city_room: Room) -> None:
    room = city_room
    for centimetres in (6.0, 27.0, 28.0, 29.0, 30.0):
        room.clock.advance(10)
        room.station.observe([Observation("RM-07", room.clock.now(), centimetres)]).result()
    room.until(lambda: order(room) == ["RM-07"])
    assert cells(table(room), SENSOR) == ["人民路下穿积水计"]
    press(Qt.Key.Key_F8)
    room.until(lambda: room.known(Alarm, sensor="RM-07", state="acknowledged"))


def test_choosing_an_alarm_brings_its_instrument_to_the_middle_of_the_map(room: Room) -> None:
    room.open_with(flood(room.clock, 1, lat=29.65, lon=124.3))
    placed = gauge()
    wait_for(room, alarm(room.clock, "RM-07", "I", lat=placed.lat, lon=placed.lon), placed)
    press(Qt.Key.Key_F5)
    canvas = room.window.map.canvas
    lon, lat = canvas.view.degrees(canvas.width() / 2, canvas.height() / 2)
    assert (lat, lon) == pytest.approx((placed.lat, placed.lon), abs=1e-6)
    assert room.window.pages.trend.title.text() == "人民路下穿积水计 · RM-07"
    assert room.window.tabs.currentWidget() is room.window.pages.alarms
