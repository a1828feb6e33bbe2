"""One incident: its steps are confirmed by key, its tasks signed, its reports put together and taken apart."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox

from tests.desks import UNDERPASS, Room, cells, desk_at, flood, press, run_of, station_in, step, texts
from tests.hubs import linked, until
from tests.intake.calling import two_fires
from tests.stations import known
from tests.views.conftest import OPERATOR
from tests.views.incidents import Answers, click, page
from workstation.app.seat import Person
from workstation.commands.log import write_log
from workstation.domain.records import Incident, Run, Step, Task
from workstation.words import t

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
STEP, DO, ROLE, STATE, DUE = range(5)
MERGE = 4


@pytest.fixture
def supervised(tmp_path, clock, nothing_left) -> Iterator[tuple[Room, Room]]:
    """Two persons at two desks of one station: an operator and the supervisor."""
    with ExitStack() as stack:
        station = stack.enter_context(station_in(tmp_path, clock))
        second = stack.enter_context(desk_at(station, clock, Person("zhao", "SUP")))
        yield stack.enter_context(desk_at(station, clock, OPERATOR)), second


def with_steps(room: Room, *steps: Step) -> None:
    """An incident with a running checklist, shown, the cursor on the first step."""
    room.write(flood(room.clock, 1), *run_of("i1", *steps))
    page(room)
    press(Qt.Key.Key_2, ALT)
    room.until(lambda: len(cells(room.window.incident.checklist.table, STEP)) == len(steps))


def states(room: Room) -> list[str]:
    return cells(room.window.incident.checklist.table, STATE)


def with_two_fires(room: Room) -> None:
    """Two calls that may be about one fire, shown with what is proposed of the second."""
    room.station.take(two_fires(UNDERPASS, room.clock.now())).result()
    page(room, "incident:calls:2")
    press(Qt.Key.Key_4, ALT)
    room.until(lambda: merges(room) == ["待确认"])


def merges(room: Room) -> list[str]:
    return cells(room.window.incident.reports.table, MERGE)


def test_what_a_running_playbook_forbids_stands_above_its_steps_and_goes_when_it_is_stopped(room: Room) -> None:
    room.write(flood(room.clock, 1), *run_of("i1", step(room.clock, "i1", "F1")))
    page(room)
    press(Qt.Key.Key_2, ALT)
    checklist = room.window.incident.checklist
    room.until(checklist.prohibited.isVisible)
    first, *forbidden = checklist.prohibited.text().splitlines()
    assert (first, forbidden[0], len(forbidden)) == ("安全禁令", "• 不得派员涉水进入无照明下穿通道", 3)
    assert checklist.prohibited.geometry().bottom() < checklist.table.geometry().top()
    room.write(Run(id="run:i1", state="stopped"))
    room.until(lambda: not checklist.prohibited.isVisible())


def test_the_cursor_stands_on_the_step_that_is_due_first_and_stays_where_it_was_put(room: Room) -> None:
    later, sooner = room.clock.now() + timedelta(minutes=20), room.clock.now() - timedelta(minutes=3)
    states = {"F1": ("done", sooner), "F2": ("active", later), "F3": ("active", sooner)}
    steps = [step(room.clock, "i1", code, state=state, due_at=due) for code, (state, due) in states.items()]
    room.write(flood(room.clock, 1), *run_of("i1", *steps))
    page(room)
    table = room.window.incident.checklist.table
    assert table.chosen_id() == "run:i1:F3"
    press(Qt.Key.Key_2, ALT)
    press(Qt.Key.Key_Up)
    room.write(Step(id="run:i1:F3", state="done", done_at=room.clock.now()))
    room.until(lambda: cells(table, STATE) == ["已完成", "进行中", "已完成"])
    assert table.chosen_id() == "run:i1:F2"


def test_a_question_names_the_incident_and_begins_with_the_level_that_stands(room: Room, monkeypatch) -> None:
    room.open_with(flood(room.clock, 1, "III"))
    page(room)
    asked: list[tuple[str, int]] = []

    def item(parent, title, label, choices, first, *rest) -> tuple[str, bool]:
        asked.append((title, first))
        return choices[first], True

    monkeypatch.setattr(QInputDialog, "getItem", item)
    monkeypatch.setattr(QInputDialog, "getText", lambda parent, title, label: (" ", True))
    press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert asked == [("SJ20261124-0001 积水1", 2)]
    assert "没有填写,未执行" in [box.text() for box in room.window.findChildren(QMessageBox)] + [
        box.text() for box in room.window.incident.findChildren(QMessageBox)
    ]
    assert room.known(Incident)[0].level == "III"


def test_no_playbook_stands_there_for_an_incident_of_unknown_kind_and_none_is_offered_twice(
    room: Room, person: Answers
) -> None:
    room.open_with(flood(room.clock, 1, type=None))
    page(room)
    press(Qt.Key.Key_F9)
    assert (person.offered[0], len(person.offered)) == ("事件类型未知,请选择", 10)
    assert room.known(Run) == []
    room.write(flood(room.clock, 1, type="N02"), *run_of("i1"))
    room.until(lambda: room.window.incident.dossier.runs)
    press(Qt.Key.Key_F9)
    room.until(lambda: room.said() == "已在执行:PB-FLOOD")


def test_enter_confirms_a_step_with_name_and_time(room: Room) -> None:
    with_steps(room, step(room.clock, "i1", "F1", position=1), step(room.clock, "i1", "F2", position=2))
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    room.until(lambda: states(room) == ["进行中", "已完成"])
    [done] = room.known(Step, state="done")
    assert (done.step, done.done_by, done.done_at) == ("F2", "wang", room.clock.now())
    assert cells(room.window.incident.checklist.table, DUE)[1] == "19:40"
    assert room.window.incident.checklist.table.chosen_id() == "run:i1:F2"


def test_a_double_step_is_not_confirmed_twice_by_one_person_but_by_a_second(supervised: tuple[Room, Room]) -> None:
    operator, supervisor = supervised
    with_steps(operator, step(operator.clock, "i1", "F5", mode="double"))
    press(Qt.Key.Key_Return)
    operator.until(lambda: states(operator) == ["待第二人确认"])
    press(Qt.Key.Key_Return)
    operator.until(lambda: operator.said() == "步骤 F5 须由另一人复核")
    assert operator.known(Step)[0].state == "first_confirmed"
    page(supervisor)
    supervisor.window.activateWindow()
    supervisor.until(supervisor.window.isActiveWindow)
    press(Qt.Key.Key_2, ALT)
    press(Qt.Key.Key_Return)
    operator.until(lambda: states(operator) == ["已完成"])
    [done] = operator.known(Step)
    assert (done.first_by, done.done_by) == ("wang", "zhao")


def test_a_step_whose_condition_nobody_knows_waits_for_a_person_and_a_reason(room: Room, person: Answers) -> None:
    with_steps(room, step(room.clock, "i1", "F6", state="unknown", condition="unknown"))
    assert states(room) == ["条件数据不足·请人工判断"]
    press(Qt.Key.Key_Return)
    room.until(lambda: "请先判断是否适用" in room.said())
    click(room, "不适用")
    assert person.asked == ["理由(必填)"]
    assert room.known(Step)[0].state == "unknown"
    person.said = "地下室已排空"
    click(room, "不适用")
    room.until(lambda: states(room) == ["不适用"])
    assert room.known(Step)[0].result == "地下室已排空"


def test_a_step_is_passed_over_and_a_run_ended_only_with_a_reason(room: Room, person: Answers) -> None:
    with_steps(room, step(room.clock, "i1", "F1"), step(room.clock, "i1", "F2"))
    person.said = "道路已封闭"
    click(room, "跳过")
    room.until(lambda: states(room) == ["已跳过", "进行中"])
    person.said = "水已退"
    click(room, "终止预案")
    room.until(lambda: room.known(Run)[0].state == "stopped")
    assert room.known(Run)[0].stop_reason == "水已退"


def test_an_overdue_step_says_by_how_much(room: Room) -> None:
    with_steps(room, step(room.clock, "i1", "F1", overrun="red"))
    assert cells(room.window.incident.checklist.table, DUE) == ["剩 10:00"]
    room.clock.advance(645)
    assert cells(room.window.incident.checklist.table, DUE) == ["超 00:45"]


def test_f9_starts_the_playbook_of_the_incidents_kind_and_its_steps_stand_ready(
    city_room: Room, person: Answers
) -> None:
    city_room.open_with(flood(city_room.clock, 1))
    page(city_room)
    press(Qt.Key.Key_F9)
    assert person.asked == ["预案"]
    assert [choice.split()[0] for choice in person.offered] == ["PB-FLOOD"]
    checklist = city_room.window.incident.checklist.table
    city_room.until(lambda: len(cells(checklist, STEP)) > 5)
    assert checklist.isVisible()
    assert "已完成" in states(city_room)


def test_a_field_step_goes_out_as_a_task_that_the_office_signs(room: Room, person: Answers) -> None:
    with_steps(room, step(room.clock, "i1", "F3", role="WATER"))
    press(Qt.Key.Key_Return)
    tasks = room.window.incident.tasks.table
    room.until(lambda: cells(tasks, 0) == ["步骤F3"])
    press(Qt.Key.Key_3, ALT)
    press(Qt.Key.Key_Return)
    room.until(lambda: cells(tasks, 2) == ["已签收"])
    click(room, "完成")
    assert room.known(Task)[0].state == "acknowledged"
    person.said = "泵车到位"
    click(room, "完成")
    room.until(lambda: cells(tasks, 2) == ["完成"])
    assert (cells(tasks, 3), cells(tasks, 4), room.known(Task)[0].result) == (["19:40"], ["19:40 完成"], "泵车到位")


def test_an_order_given_by_telephone_names_who_took_it_and_stays_undelivered(room: Room, person: Answers) -> None:
    room.write(flood(room.clock, 1), Task(id="t1", incident="i1", title="封路", office="JD03", state="sent"))
    page(room)
    press(Qt.Key.Key_3, ALT)
    assert cells(room.window.incident.tasks.table, 3) == ["未送达"]
    person.said = "赵主任"
    click(room, "记录电话告知")
    room.until(lambda: cells(room.window.incident.tasks.table, 3) == ["电话告知 赵主任"])
    assert room.known(Task)[0].delivered_at is None


def test_a_level_is_set_with_a_reason_and_lowered_by_no_operator_who_proposes_it(room: Room, person: Answers) -> None:
    room.open_with(flood(room.clock, 1, "III"))
    page(room)
    press(Qt.Key.Key_L, CTRL)
    assert person.asked == ["响应级别", "理由(必填)"]
    assert room.known(Incident)[0].level == "III"
    person.said, person.chosen = "水深过膝", 1
    press(Qt.Key.Key_L, CTRL)
    room.until(lambda: any("Ⅱ 严重" in text for text in texts(room.window.incident)))
    person.chosen = 3
    press(Qt.Key.Key_L, CTRL)
    room.until(lambda: "已提请" in room.said())
    assert room.known(Incident)[0].level == "II"


def test_only_the_states_that_may_follow_are_offered(room: Room, person: Answers) -> None:
    room.open_with(flood(room.clock, 1, state="responding"))
    page(room)
    click(room, "变更状态")
    assert person.offered == ["受控", "响应终止"]


def test_a_proposed_merge_is_accepted_and_taken_apart_again(room: Room, person: Answers) -> None:
    with_two_fires(room)
    click(room, "并入")
    room.until(lambda: len(room.window.queue.table.rows_model.rows) == 1)
    room.turn_to("incident:calls:1")
    press(Qt.Key.Key_4, ALT)
    room.until(lambda: merges(room) == ["首报", "人工并入"])
    room.window.incident.reports.table.choose("calls:2")
    person.said = "两处不同的火"
    click(room, "拆分")
    room.until(lambda: len(room.window.queue.table.rows_model.rows) == 2)
    room.until(lambda: merges(room) == ["首报"])


def test_a_rejected_merge_stays_an_incident_of_its_own(room: Room) -> None:
    with_two_fires(room)
    click(room, "另案")
    room.until(lambda: merges(room) == ["另案"])
    assert len(room.window.queue.table.rows_model.rows) == 2


def test_counts_that_nobody_gave_are_unknown_and_a_counted_nought_is_nought(room: Room) -> None:
    room.open_with(flood(room.clock, 1, deaths=0, trapped=2))
    page(room)
    assert "死亡 0 · 失联 未知 · 受伤 未知 · 被困 2 · 转移 未知" in texts(room.window.incident)


def test_the_page_of_an_incident_that_is_gone_stays_and_is_not_blank(room: Room) -> None:
    room.open_with(flood(room.clock, 1))
    page(room)
    room.write(flood(room.clock, 1, state="merged", merged_into="i9"))
    room.until(lambda: any("已合并" in text for text in texts(room.window.incident)))


def test_what_a_cut_off_street_wrote_stands_at_its_own_time_marked_as_late(centre_and_street, clock) -> None:
    room, street = centre_and_street
    with linked(room.station):
        room.open_with(flood(clock, 1))
        with linked(street):
            until(lambda: known(street, Incident, id="i1"))
        clock.advance(600)
        street.submit(write_log("已拦车", "i1"), "li", "street").result()
        clock.advance(1200)
        room.station.submit(write_log("中心再次呼叫", "i1"), "wang", "OP").result()
        with linked(street):
            page(room)
            press(Qt.Key.Key_5, ALT)
            timeline = room.window.incident.timeline.table
            room.until(lambda: len(cells(timeline, 0)) == 3)
        assert cells(timeline, 0) == ["20:10:00", "19:50:00", "19:40:00"]
        assert cells(timeline, 3)[:2] == ["值班记录 — 中心再次呼叫", f"[{t('document.late')}] 值班记录 — 已拦车"]
        assert cells(timeline, 1)[1] == "JD03"
