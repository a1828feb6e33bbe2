"""The header answers what is worst and what is due next in three seconds, whatever page is open."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.desks import Cable, Room, alarm, desk_at, flood, run_of, station_in, step, texts
from tests.views.conftest import OPERATOR
from workstation.sync.link_state import LinkState
from workstation.views.header import Answer, Header, Mark
from workstation.words import LANGUAGES, t


@pytest.fixture
def cable(clock) -> Cable:
    return Cable(LinkState("online", clock.now()))


@pytest.fixture
def linked(tmp_path, clock, nothing_left, cable) -> Iterator[Room]:
    """A street's desk with a line to the centre."""
    with station_in(tmp_path, clock, "JD03") as station, desk_at(station, clock, OPERATOR, cable) as room:
        yield room


def header(room: Room) -> Header:
    room.window.header.tick()
    return room.window.header


def answers(room: Room) -> list[tuple[str, str]]:
    """What is worst and what is due, in two lines each."""
    return [(one.first.text(), one.second.text()) for one in header(room).findChildren(Answer)]


def loud(button: QWidget) -> int:
    """How bright the ground of a button is."""
    return button.grab().toImage().pixelColor(6, 6).lightness()


def look(widget: QWidget) -> str:
    return str(widget.property("look"))


def test_the_worst_incident_is_named_with_its_level_number_and_age(room: Room) -> None:
    room.open_with(flood(room.clock, 1), flood(room.clock, 12, "I"))
    worst, _ = answers(room)
    assert worst == ("积水12", "当前最重 · Ⅰ 特别严重 · 12 分前 · SJ20261124-0012")
    [mark] = header(room).findChildren(Mark)
    assert mark.accessibleName() == "Ⅰ 特别严重"


def test_an_evening_without_incidents_is_said_and_not_left_blank(room: Room) -> None:
    room.until(lambda: answers(room) == [("无未结事件", ""), ("无待办时限", "")])
    [mark] = header(room).findChildren(Mark)
    assert not mark.isVisible()


def test_the_next_deadline_of_all_incidents_is_counted_down(room: Room) -> None:
    room.open_with(flood(room.clock, 1, "I"), flood(room.clock, 2, "IV"))
    soon = room.clock.now() + timedelta(minutes=4, seconds=32)
    room.write(*run_of("i1", step(room.clock, "i1", "F3")), *run_of("i2", step(room.clock, "i2", "F8", due_at=soon)))
    room.until(lambda: answers(room)[1] == ("下一时限 04:32", "值班员 · 步骤F8"))
    room.clock.advance(32)
    assert answers(room)[1][0] == "下一时限 04:00"


def test_an_overdue_step_is_red_and_says_by_how_much(room: Room) -> None:
    room.open_with(flood(room.clock, 1))
    room.write(*run_of("i1", step(room.clock, "i1", "F3")))
    room.until(lambda: answers(room)[1][0] == "下一时限 10:00")
    room.clock.advance(600 + 200)
    assert answers(room)[1][0] == "已超时 +03:20"
    assert look(room.window.header.findChildren(Answer)[1].first) == "late"


@pytest.mark.parametrize("number", [0, 1])
def test_a_click_on_an_answer_turns_to_the_incident_it_speaks_of(room: Room, number: int) -> None:
    room.open_with(flood(room.clock, 1, "I"), flood(room.clock, 2, "IV"))
    room.write(*run_of("i2", step(room.clock, "i2", "F3")))
    room.until(lambda: answers(room)[1][0] == "下一时限 10:00")
    room.turn_to("i2" if number == 0 else "i1")
    room.window.tabs.setCurrentIndex(1)
    QTest.mouseClick(header(room).findChildren(Answer)[number], Qt.MouseButton.LeftButton)
    assert room.window.chosen == ("i1", "i2")[number]
    assert room.window.tabs.currentWidget() is room.window.incident


def test_a_click_on_what_is_due_puts_the_cursor_on_that_step(room: Room) -> None:
    room.open_with(flood(room.clock, 1))
    sooner = room.clock.now() + timedelta(minutes=5)
    room.write(*run_of("i1", step(room.clock, "i1", "F3"), step(room.clock, "i1", "F5", due_at=sooner)))
    room.until(lambda: answers(room)[1][0] == "下一时限 05:00")
    room.turn_to("i1")
    checklist = room.window.incident.checklist
    room.until(lambda: len(checklist.table.rows_model.rows) == 2)
    checklist.table.choose("run:i1:F3")
    QTest.mouseClick(header(room).findChildren(Answer)[1], Qt.MouseButton.LeftButton)
    assert room.window.incident.tabs.currentWidget() is checklist
    assert checklist.table.chosen_id() == "run:i1:F5"


def test_alarms_that_nobody_has_seen_are_counted_and_stand_out(room: Room) -> None:
    room.until(lambda: header(room).alarms.text() == "无未确认报警")
    assert look(header(room).alarms) == "flat"
    loud_when_quiet = loud(header(room).alarms)
    seen = [alarm(room.clock, "RM-01", "I"), alarm(room.clock, "RM-02", "II", "returned")]
    room.write(*seen, alarm(room.clock, "RM-03", "III", "acknowledged"))
    room.until(lambda: header(room).alarms.text() == "未确认报警 2")
    assert look(header(room).alarms) == "primary"
    assert loud(header(room).alarms) > loud_when_quiet


def test_a_click_on_the_count_turns_to_the_alarms(room: Room) -> None:
    QTest.mouseClick(header(room).alarms, Qt.MouseButton.LeftButton)
    assert room.window.tabs.currentWidget() is room.window.pages.alarms


def test_a_cut_line_says_for_how_long_and_what_the_centre_does_not_have(linked: Room, cable: Cable) -> None:
    assert header(linked).sync.text() == "在线 · 已同步"
    cable.state = LinkState("offline", linked.clock.now(), 3, "connection refused")
    linked.clock.advance(47 * 60)
    assert header(linked).sync.text() == "离线 47 分 · 未上送 3"
    linked.window.speak("en")
    assert header(linked).sync.text() == "Offline for 47 min · 3 unsent"


def test_every_state_of_the_line_has_its_word(linked: Room, cable: Cable) -> None:
    for state, said in (("syncing", "同步中"), ("refused", "被中心拒绝"), ("online", "在线")):
        cable.state = LinkState(state, linked.clock.now(), 3)
        assert header(linked).sync.text() == f"{said} · 未上送 3"


def test_a_station_whose_history_still_comes_in_says_how_much(linked: Room, cable: Cable) -> None:
    cable.state = LinkState("online", linked.clock.now(), following=41_200)
    assert header(linked).sync.text() == "在线 · 历史待补 41200"
    assert "还有 41200 条历史内容在后台补齐" in header(linked).sync.toolTip()
    linked.window.speak("en")
    assert header(linked).sync.text() == "Online · 41200 of history to come"
    cable.state = LinkState("online", linked.clock.now(), 3, following=41_200)
    assert header(linked).sync.text() == "Online · 3 unsent"


def test_a_station_without_a_hub_does_not_speak_of_a_line(room: Room) -> None:
    assert header(room).sync.text() == "单机"


def test_the_clock_runs_with_the_scenario_and_says_where_one_sits(room: Room) -> None:
    room.clock.advance(65)
    told = texts(header(room))
    assert "19:41:05" in told
    assert "11-24 周二 · ZX wang" in told
    assert "实况" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_narrow_desk_gives_its_room_to_what_is_worst(room: Room, language: str) -> None:
    room.window.speak(language)
    assert header(room).help.text() == "F1" and header(room).help.accessibleName() == t("desk.help")
    room.window.resize(1920, 1080)
    year = {"zh": "2026-11-24 周二 · ZX wang", "en": "Tue 24 Nov 2026 · ZX wang"}[language]
    room.until(lambda: year in texts(header(room)))
    assert header(room).help.text() == f"{t('desk.help')}  F1"


def test_the_hub_cannot_write_into_the_desk_through_its_error(linked: Room, cable: Cable) -> None:
    cable.state = LinkState("offline", linked.clock.now(), 0, "<b>all clear</b><img src='http://10.0.0.1/x'>")
    tip = header(linked).sync.toolTip()
    assert "&lt;b&gt;all clear" in tip
    assert "<img" not in tip


def test_the_line_says_what_is_wrong_with_it(linked: Room, cable: Cable) -> None:
    cable.state = LinkState("offline", linked.clock.now(), 0, "HTTP 511", "portal")
    assert "网络要求网页认证" in header(linked).sync.toolTip()
    cable.state = LinkState("online", linked.clock.now(), 0, "", "clock", -1_200_000, "polling")
    tip = header(linked).sync.toolTip()
    assert "相差 -1200 秒" in tip
    assert "改为定时询问" in tip
