"""Two incidents that are one: the one shown is merged into another, which is offered and named."""

import threading

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from tests.desks import UNDERPASS, Room, flood, press, texts, visible
from tests.views.incidents import Answers, button, click, page
from workstation.domain.records import Incident, Report, Task

ALT = Qt.KeyboardModifier.AltModifier


def with_three_floods(room: Room) -> None:
    """An incident on whose page of reports the cursor is, one beside it, and one far away with a task out."""
    far = flood(room.clock, 3, lat=UNDERPASS[0] + 0.05, type="A02", place="新城", title="起火3")
    room.open_with(flood(room.clock, 1), far, flood(room.clock, 2))
    room.write(Task(id="t3", incident="i3", title="封路", office="JD03", state="sent"))
    page(room)
    press(Qt.Key.Key_4, ALT)


def boxes() -> list[QMessageBox]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QMessageBox) and one.isVisible()]


def test_an_incident_is_merged_into_another_about_the_same_and_says_into_which(room: Room, person: Answers) -> None:
    with_three_floods(room)
    click(room, "整案合并")
    room.until(lambda: person.asked[-1:] == ["理由(必填)"])
    assert room.known(Incident, state="merged") == []
    person.said = "同一处积水"
    click(room, "整案合并")
    room.until(lambda: [line.split()[0][-4:] for line in person.offered] == ["0002", "0003"])
    assert person.offered[0].endswith("积水2 · 0 m")
    room.until(lambda: any("已合并,见 SJ20261124-0002" in text for text in texts(room.window.incident)))
    [merged] = room.known(Incident, state="merged")
    assert (merged.id, merged.merged_into) == ("i1", "i2")
    room.until(lambda: len(room.window.queue.table.rows_model.rows) == 2)


def test_an_incident_with_tasks_out_is_not_merged_and_says_how_many(room: Room, person: Answers) -> None:
    with_three_floods(room)
    room.turn_to("i3")
    person.said = "同一处"
    click(room, "整案合并")
    room.until(lambda: room.said() == "被合并的事件还有 1 项任务未完成")
    assert room.known(Incident, state="merged") == []


def test_where_no_other_incident_is_open_there_is_nothing_to_merge_into(room: Room, person: Answers) -> None:
    room.open_with(flood(room.clock, 1))
    page(room)
    press(Qt.Key.Key_4, ALT)
    click(room, "整案合并")
    room.until(lambda: boxes())
    [box] = boxes()
    assert (box.text(), person.asked) == ("没有其他可合并的未结事件", [])
    box.close()


def test_a_merge_without_reports_is_taken_apart_from_either_page(room: Room, person: Answers) -> None:
    with_three_floods(room)
    room.write(Report(id="r2", incident="i2", text="积水"))
    person.said = "同一处积水"
    click(room, "整案合并")
    room.until(lambda: room.known(Incident, state="merged"))
    room.until(lambda: any("已合并" in text for text in texts(room.window.incident)))
    click(room, "拆分")
    room.until(lambda: room.known(Incident, state="merged") == [])
    room.until(lambda: button(room, "整案合并").isEnabled())
    click(room, "整案合并")
    room.until(lambda: room.known(Incident, state="merged"))
    room.turn_to("i2")
    room.until(lambda: room.window.incident.dossier.merged)
    room.window.incident.reports.table.selectRow(0)
    person.chosen = 1
    click(room, "拆分")
    assert [line.split(" ")[0] for line in person.offered] == ["所选来报", "SJ20261124-0001"]
    room.until(lambda: [one.state for one in room.known(Incident, id="i1")] == ["verified"])


def ways(room: Room) -> list[str]:
    return [one.accessibleName() for one in visible(room.window.incident.merged, QPushButton)]


def test_an_incident_leads_to_the_one_it_was_merged_into_and_back(room: Room, person: Answers) -> None:
    with_three_floods(room)
    assert not room.window.incident.merged.isVisible()
    person.said = "同一处积水"
    click(room, "整案合并")
    room.until(lambda: ways(room) == ["SJ20261124-0002 积水2"])
    assert not button(room, "整案合并").isEnabled() and button(room, "拆分").isEnabled()
    visible(room.window.incident.merged, QPushButton)[0].click()
    room.until(lambda: room.window.incident.dossier.incident.id == "i2")
    room.until(lambda: ways(room) == ["SJ20261124-0001 积水1"])
    assert room.window.chosen == "i2"
    assert button(room, "整案合并").isEnabled()
    room.turn_to("i3")
    assert not room.window.incident.merged.isVisible() and not button(room, "拆分").isEnabled()


def test_of_many_that_were_merged_into_one_the_first_are_offered_and_the_rest_is_a_number(room: Room) -> None:
    gone = [flood(room.clock, number, state="merged", merged_into="i1") for number in (2, 3, 4)]
    room.open_with(flood(room.clock, 1))
    room.write(*gone)
    page(room)
    room.until(lambda: len(ways(room)) == 2)
    assert "另有 1 起" in texts(room.window.incident.merged)


def test_who_turned_to_another_incident_meanwhile_is_not_asked_into_which_the_first_is_merged(
    room: Room, person: Answers
) -> None:
    with_three_floods(room)
    answers: list[str] = []
    begun, go_on = threading.Event(), threading.Event()
    room.window.reader.ask("busy", lambda situation: (begun.set(), go_on.wait()), lambda nothing: None)
    room.until(begun.is_set)
    click(room, "整案合并")
    room.window.choose_incident("i2")
    go_on.set()
    room.until(lambda: room.window.incident.dossier.incident.id == "i2")
    room.window.reader.ask("later", lambda situation: "later", answers.append)
    room.until(lambda: answers)
    assert person.asked == []
