"""Every part of the desk has a key; every key has a use, and is told by F1 in both languages."""

from collections import Counter
from operator import attrgetter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QInputDialog, QMessageBox, QWidget

from tests.desks import Room, alarm, flood, focused, press
from workstation.domain.records import Alarm, Log
from workstation.views.keys import KEYS, key_lines
from workstation.words import LANGUAGES, catalogue, use

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def bound(widget: QWidget) -> list[str]:
    return [one.key().toString() for one in widget.findChildren(QShortcut) if one.parent() is widget]


def box(room: Room) -> QMessageBox:
    room.until(lambda: room.window.findChildren(QMessageBox))
    return room.window.findChildren(QMessageBox)[-1]


def part(room: Room, path: str) -> QWidget:
    return attrgetter(path)(room.window)


def test_every_key_of_the_table_is_bound_and_no_key_twice(room: Room) -> None:
    keys = bound(room.window)
    assert sorted(keys) == sorted(QKeySequence(key).toString() for key in KEYS.values())
    assert max(Counter(keys).values()) == 1
    assert all(QKeySequence(key).count() == 1 for key in KEYS.values())


def test_the_call_form_has_three_keys_of_its_own_and_hears_those_that_do_not_touch_the_incident_shown(
    room: Room,
) -> None:
    keys, desk = bound(room.window.calls.open()), bound(room.window)
    assert sorted(set(keys) - set(desk)) == ["Ctrl+Enter", "Ctrl+J", "Ctrl+Return"]
    assert max(Counter(keys).values()) == 1 and {"F1", "F5", "F8"} <= set(keys)
    assert not {QKeySequence(KEYS[name]).toString() for name in ("level", "playbook", "export", "log")} & set(keys)


def test_a_desk_s_key_is_heard_while_a_call_is_taken(room: Room) -> None:
    room.write(alarm(room.clock, "RM-03", "III"))
    room.until(lambda: room.window.snapshot.alarms)
    form = room.window.calls.open()
    room.until(form.isActiveWindow)
    press(Qt.Key.Key_F8)
    room.until(lambda: room.known(Alarm, state="acknowledged"))
    assert form.isVisible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_f1_tells_every_key_and_what_it_does(room: Room, language: str) -> None:
    room.window.speak(language)
    press(Qt.Key.Key_F1)
    told = box(room).text().split("\n")
    assert told == [f"{keys}\t{catalogue()[f'desk.key.{name}'][language]}" for name, keys in KEYS.items()]


def test_what_a_key_does_is_told_differently_for_each(room: Room) -> None:
    for language in LANGUAGES:
        use(language)
        assert len({what for _, what in key_lines()}) == len(KEYS)


def test_a_key_brings_up_its_part_of_the_desk_with_the_focus_in_it(room: Room) -> None:
    room.open_with(flood(room.clock, 1))
    room.turn_to("i1")
    for key, modifiers, focus in (
        (Qt.Key.Key_F3, (), "queue.filter"),
        (Qt.Key.Key_F4, (), "map.canvas"),
        (Qt.Key.Key_F5, (), "pages.alarms.table"),
        (Qt.Key.Key_F6, (), "queue.table"),
        (Qt.Key.Key_F7, (), "incident.tasks.table"),
        (Qt.Key.Key_2, (ALT,), "incident.checklist.table"),
        (Qt.Key.Key_3, (ALT,), "incident.tasks.table"),
        (Qt.Key.Key_4, (ALT,), "incident.reports.table"),
        (Qt.Key.Key_5, (ALT,), "incident.timeline.table"),
    ):
        press(key, *modifiers)
        assert focused() is part(room, focus)
        assert part(room, focus).isVisible()


def test_alt_1_turns_back_to_the_summary(room: Room) -> None:
    room.open_with(flood(room.clock, 1))
    room.turn_to("i1")
    press(Qt.Key.Key_3, ALT)
    press(Qt.Key.Key_1, ALT)
    assert room.window.incident.tabs.currentIndex() == 0


def test_the_keys_of_the_desk_are_heard_wherever_the_focus_is(room: Room) -> None:
    room.open_with(flood(room.clock, 1))
    room.turn_to("i1")
    for start in (Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F5, Qt.Key.Key_F6):
        press(start)
        press(Qt.Key.Key_F7)
        assert room.window.incident.tasks.table.hasFocus()


def test_f11_fills_the_screen_and_gives_it_back(room: Room) -> None:
    press(Qt.Key.Key_F11)
    assert room.window.isFullScreen()
    press(Qt.Key.Key_F11)
    assert not room.window.isFullScreen()


def test_f12_writes_a_line_in_the_log_of_the_incident(room: Room, monkeypatch) -> None:
    room.open_with(flood(room.clock, 1))
    room.turn_to("i1")
    monkeypatch.setattr(QInputDialog, "getText", lambda *asked: ("已与交警通话", True))
    press(Qt.Key.Key_F12)
    room.until(lambda: room.known(Log))
    [line] = room.known(Log)
    assert (line.text, line.incident, line.author) == ("已与交警通话", "i1", "wang")


def test_ctrl_u_tells_what_the_centre_does_not_have(room: Room) -> None:
    press(Qt.Key.Key_U, CTRL)
    room.until(lambda: room.window.pages.sync.about.text() == "本站之上没有中心,无需上送")
    assert room.window.tabs.currentWidget() is room.window.pages.sync


def test_ctrl_shift_l_changes_the_language_and_back(room: Room) -> None:
    press(Qt.Key.Key_L, CTRL, SHIFT)
    assert room.window.windowTitle() == "Emergency command workstation"
    press(Qt.Key.Key_L, CTRL, SHIFT)
    assert room.window.windowTitle() == "应急指挥工作站"


def test_ctrl_shift_v_shows_the_camera_nearest_to_the_incident(city_room: Room) -> None:
    room = city_room
    room.open_with(flood(room.clock, 1))
    room.turn_to("i1")
    press(Qt.Key.Key_V, CTRL, SHIFT)
    assert room.window.tabs.currentWidget() is room.window.pages.camera
    assert "人民路下穿" in room.window.pages.camera.caption.text()


def test_a_key_written_on_a_button_is_the_one_that_is_bound(room: Room) -> None:
    header = room.window.header
    assert header.new.text().endswith(KEYS["new"])
    assert header.help.text().endswith(KEYS["help"])
    [acknowledge] = [one for one in room.window.pages.alarms.findChildren(QAbstractButton) if one.text()]
    assert acknowledge.text().endswith(KEYS["acknowledge"])
