"""The queue shows the worst first, loses nobody, and does not move under the hands."""

from datetime import timedelta

from PySide6.QtCore import Qt

from tests.desks import Room, cells, fitting, flood, press, run_of, step, type_in
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.views.queue_panel import QueuePanel
from workstation.views.row_table import RowTable

SEVERITY, TITLE, STATE, DUE, AGE = range(5)


def queue(room: Room) -> RowTable[object]:
    return room.window.queue.table


def panel(room: Room) -> QueuePanel:
    return room.window.queue


def titles(room: Room) -> list[str]:
    return [str(row.incident.id) for row in queue(room).rows_model.rows]


def test_the_worst_stands_first_and_the_unjudged_before_the_minor(room: Room) -> None:
    levels = {1: "IV", 2: "II", 3: None, 4: "I", 5: "III"}
    room.open_with(*(flood(room.clock, number, level) for number, level in levels.items()))
    assert titles(room) == ["i4", "i2", "i5", "i3", "i1"]
    assert cells(queue(room), SEVERITY) == ["Ⅰ 特别严重", "Ⅱ 严重", "Ⅲ 较重", "未知", "Ⅳ 一般"]


def test_of_two_as_grave_the_one_that_is_due_sooner_stands_first(room: Room) -> None:
    room.open_with(flood(room.clock, 1), flood(room.clock, 2))
    soon = room.clock.now() + timedelta(minutes=3)
    room.write(*run_of("i2", step(room.clock, "i2", "F3", due_at=soon)))
    room.until(lambda: titles(room) == ["i2", "i1"])
    assert cells(queue(room), DUE) == ["剩 03:00", "—"]


def test_what_is_overdue_says_so_in_words_and_runs_on(room: Room) -> None:
    room.open_with(flood(room.clock, 1))
    room.write(*run_of("i1", step(room.clock, "i1", "F3")))
    room.until(lambda: cells(queue(room), DUE) == ["剩 10:00"])
    room.clock.advance(800)
    assert cells(queue(room), DUE) == ["超 03:20"]


def test_an_incident_that_nobody_verified_is_filled_and_a_verified_one_outlined(room: Room) -> None:
    room.open_with(flood(room.clock, 1, state="reported"), flood(room.clock, 2))
    shown = [queue(room).rows_model.columns[SEVERITY].show(row) for row in queue(room).rows_model.rows]
    assert [(one.mark.filled, one.text) for one in shown] == [(True, "Ⅲ 较重"), (False, "Ⅲ 较重")]


def test_the_filter_looks_into_every_word_that_is_shown(room: Room) -> None:
    gas = {"type": "A01", "place": "解放路", "state": "verified", "title": "I2那句话"}
    room.open_with(flood(room.clock, 1, state="reported"), flood(room.clock, 2, **gas))
    for words in ("0002", "解放路", "燃气", "已核实", "i2那句话"):
        press(Qt.Key.Key_F3)
        assert panel(room).filter.hasFocus()
        panel(room).filter.clear()
        assert titles(room) == ["i1", "i2"]
        type_in(words)
        assert titles(room) == ["i2"]
        press(Qt.Key.Key_Return)
        assert queue(room).hasFocus()


def test_the_filter_reads_pinyin_and_initials_of_places_and_esc_takes_it_away(room: Room) -> None:
    room.open_with(flood(room.clock, 1, place="人民路下穿"), flood(room.clock, 2, place="新城"))
    press(Qt.Key.Key_F3)
    for typed in ("rmlxc", "renminluxiachuan"):
        room.window.queue.filter.clear()
        type_in(typed)
        assert [row.incident.id for row in room.window.queue.table.rows_model.rows] == ["i1"]
    type_in("zzz")
    assert room.window.queue.empty.isVisible() and room.window.queue.empty.text() == "没有符合筛选的未结事件"
    press(Qt.Key.Key_Escape)
    assert len(room.window.queue.table.rows_model.rows) == 2


def test_a_filter_hides_and_says_how_many_it_hides(room: Room) -> None:
    room.open_with(flood(room.clock, 1), flood(room.clock, 2), flood(room.clock, 3))
    assert panel(room).title.text() == "事件队列 · 未结 3"
    panel(room).filter.setText("0002")
    assert panel(room).title.text() == "事件队列 · 显示 1,另有 2"
    panel(room).filter.setText("没有这样的事")
    assert panel(room).title.text() == "事件队列 · 显示 0,另有 3"
    assert panel(room).empty.text() == "没有符合筛选的未结事件"


def test_a_desk_without_incidents_says_so(room: Room) -> None:
    room.until(panel(room).empty.isVisible)
    assert panel(room).empty.text() == "没有未结事件"


def test_the_chosen_incident_stays_chosen_while_rows_come_and_go(room: Room) -> None:
    room.open_with(*(flood(room.clock, number) for number in range(1, 41)))
    press(Qt.Key.Key_F6)
    for _ in range(20):
        press(Qt.Key.Key_Down)
    chosen, seen = queue(room).chosen_id(), queue(room).verticalScrollBar().value()
    room.open_with(flood(room.clock, 50, "I"))
    assert titles(room)[0] == "i50"
    assert queue(room).chosen_id() == chosen
    assert queue(room).verticalScrollBar().value() == seen
    assert room.window.chosen == chosen
    closing = Draft("wang", "incident.state.closed", set_fields("incident", chosen, state="closed"))
    room.station.write([closing]).result()
    room.until(lambda: chosen not in titles(room))
    assert room.window.incident.dossier.incident.id == chosen


def test_a_new_incident_takes_no_page_and_no_focus_from_the_operator(room: Room) -> None:
    press(Qt.Key.Key_F5)
    assert room.window.tabs.currentWidget() is room.window.pages.alarms
    room.open_with(flood(room.clock, 1, "I"))
    room.until(lambda: room.window.incident.dossier)
    assert room.window.tabs.currentWidget() is room.window.pages.alarms
    assert room.window.pages.alarms.table.hasFocus()


def test_going_down_the_queue_turns_the_desk_to_each_incident(room: Room) -> None:
    room.open_with(flood(room.clock, 1), flood(room.clock, 2))
    press(Qt.Key.Key_F6)
    press(Qt.Key.Key_Down)
    room.until(lambda: room.window.incident.dossier and room.window.incident.dossier.incident.id == "i2")
    assert room.window.tabs.currentWidget() is room.window.incident


def test_no_list_needs_to_be_scrolled_sideways(room: Room) -> None:
    room.open_with(flood(room.clock, 1))
    for width, language in ((1366, "zh"), (1366, "en"), (1920, "zh"), (1920, "en")):
        room.window.resize(width, 768)
        room.window.speak(language)
        assert room.window.width() == width
        see_every_list_fit(room)


def see_every_list_fit(room: Room) -> None:
    """On each page of the desk that is offered to who sits there, and of the incident."""
    tabs = room.window.tabs
    offered = [number for number in range(tabs.count()) if tabs.isTabVisible(number)]
    withheld = [tabs.widget(number) for number in range(tabs.count()) if number not in offered]
    every = room.window.findChildren(RowTable)
    offered_lists = [table for table in every if not any(page.isAncestorOf(table) for page in withheld)]
    tables = [table for table in offered_lists if not (table.isHidden() or table.parentWidget().isHidden())]
    seen = set()
    for page in offered:
        tabs.setCurrentIndex(page)
        for inner in range(room.window.incident.tabs.count()):
            room.window.incident.tabs.setCurrentIndex(inner)
            shown = [table for table in tables if table.isVisible()]
            assert all(fitting(table) for table in shown)
            seen |= set(shown)
    assert seen == set(tables)


def test_no_grave_incident_is_left_out_among_six_hundred(room: Room) -> None:
    """The minor ones are the newest, so that a mere "latest 500" would lose the grave."""
    minor = [flood(room.clock, number, "IV") for number in range(1, 597)]
    grave = [flood(room.clock, 600 + number, level) for number, level in enumerate(("I", "II", "III", None))]
    drafts = [Draft("wang", "incident.open", changes_of(one)) for one in minor + grave]
    room.station.write(drafts).result()
    room.until(lambda: len(titles(room)) == 500)
    assert titles(room)[:4] == ["i600", "i601", "i602", "i603"]
    assert panel(room).title.text() == "事件队列 · 显示 500,另有 100"
