"""The pages beside the map: disagreements are decided by name, sources and broken records are told, reports go out."""

import pytest
from PySide6.QtCore import Qt

from tests.desks import Room, alarm, cells, desk_at, flood, gauge, press, texts, type_in
from tests.hubs import linked, until
from tests.stations import known
from tests.views.conftest import OPERATOR
from workstation.commands.incident import change_level
from workstation.domain.records import Document, Incident, Quarantine, Source
from workstation.station import Station
from workstation.views.inbox import FILTERS
from workstation.views.printer import PrintError
from workstation.words import t


def levels(station: Station) -> list[str | None]:
    return [incident.level for incident in known(station, Incident)]


@pytest.fixture
def disputed(centre_and_street, clock) -> Room:
    """The centre's desk after it and a street that was cut off set the level of one incident apart."""
    room, street = centre_and_street
    centre = room.station
    room.write(flood(clock, 1, "IV"))
    with linked(centre), linked(street):
        until(lambda: levels(street) == ["IV"])
    street.submit(change_level("i1", "II", "现场有人被困"), "li", "street").result()
    centre.submit(change_level("i1", "III", "雨势加强"), "wang", "OP").result()
    with linked(centre), linked(street):
        until(lambda: levels(street) == levels(centre) == ["II"])
    return room


def test_what_two_stations_said_apart_is_decided_by_a_named_person_with_a_reason(disputed: Room) -> None:
    room, page = disputed, disputed.window.pages.conflicts
    room.until(lambda: cells(page.matters, 0) == ["待裁定"])
    assert cells(page.matters, 2) == ["响应级别"]
    room.until(lambda: room.window.tabs.tabText(5) == "分歧 1")
    assert room.window.header.conflicts.text() == "待裁定 1"
    press(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert sorted(cells(page.claims, 0)) == [t("severity.II"), t("severity.III")]
    assert sorted(cells(page.claims, 1)) == ["li · JD03", "wang · ZX"]
    assert sorted(cells(page.claims, 3)) == ["现场有人被困", "雨势加强"]
    room.until(lambda: t("severity.IV") in page.base.text())
    press(Qt.Key.Key_Return)
    page.claims.selectRow(cells(page.claims, 0).index(t("severity.III")))
    press(Qt.Key.Key_Return)
    assert page.reason.hasFocus()
    assert levels(room.station) == ["II"]
    type_in("会商决定")
    press(Qt.Key.Key_Return)
    room.until(lambda: levels(room.station) == ["III"])
    assert page.matters.hasFocus()
    room.until(lambda: cells(page.matters, 0) == [])
    assert page.empty.text() == "没有待裁定的分歧;按规则取值 0 项,可在“全部”中复核"
    page.filter.setCurrentIndex(FILTERS.index("decided"))
    assert cells(page.matters, 0) == ["已裁定"]
    page.matters.selectRow(0)
    assert "wang · ZX" in page.why.text()
    assert "会商决定" in page.why.text()


def test_whoever_comes_to_the_disagreements_by_key_for_the_first_time_has_the_first_before_him(disputed: Room) -> None:
    disputed.until(lambda: disputed.window.header.conflicts.text() == "待裁定 1")
    press(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    page = disputed.window.pages.conflicts
    disputed.until(lambda: len(cells(page.claims, 0)) == 2)
    assert page.matters.hasFocus()


def test_a_source_that_fell_silent_says_since_when_and_why(room: Room) -> None:
    since = room.clock.now()
    room.write(Source(id="calls", name="calls", state="outage", since=since, reason="connection refused"))
    room.until(lambda: room.window.snapshot.sources)
    room.clock.advance(47 * 60)
    table = room.window.pages.sources.table
    assert [cells(table, column) for column in range(4)] == [["热线"], ["中断"], ["47 分前"], ["connection refused"]]


def test_a_broken_record_is_told_with_its_field_and_why(room: Room) -> None:
    broken = Quarantine(
        id="q1", source="calls:x", record="17", field="phone", reason="not a number", received_at=room.clock.now()
    )
    room.write(broken)
    table = room.window.pages.rejects.table
    room.until(lambda: cells(table, 0) == ["19:40:00"])
    assert [cells(table, column) for column in range(1, 5)] == [["热线"], ["17"], ["phone"], ["not a number"]]
    assert room.window.pages.rejects.about.text() == "已隔离的坏记录 1 条;原始内容已保留"


def test_the_row_of_a_broken_table_is_named_in_the_language_of_the_desk(room: Room) -> None:
    rows = ("q1", "row 45"), ("q2", "热线 row 7")
    for name, record in rows:
        room.write(Quarantine(id=name, source="calls:x", record=record, received_at=room.clock.now()))
    table = room.window.pages.rejects.table
    room.until(lambda: len(cells(table, 0)) == len(rows))
    assert sorted(cells(table, 2)) == ["热线 第 7 行", "第 45 行"]
    room.window.speak("en")
    assert sorted(cells(table, 2)) == ["row 45", "热线 row 7"]


def test_an_empty_page_says_that_it_is_empty(room: Room) -> None:
    pages = room.window.pages
    room.until(lambda: pages.conflicts.empty.text() == t("inbox.none"))
    for number, name in ((1, "alarms"), (4, "log"), (6, "sources"), (6, "rejects")):
        room.window.tabs.setCurrentIndex(number)
        room.until(lambda name=name: getattr(pages, name).empty.text() == t(f"desk.none.{name}"))
        assert getattr(pages, name).empty.isVisible()


ABSENT = {"无未结事件", "没有未结事件", "无待办时限", "无未确认报警"}


def test_before_anything_is_read_nothing_is_said_to_be_absent(room: Room) -> None:
    """A second desk, looked at before its first answer can have come."""
    with desk_at(room.station, room.clock, OPERATOR) as fresh:
        fresh.window.header.tick()
        assert not ABSENT & set(texts(fresh.window))
        fresh.until(lambda: set(texts(fresh.window)) >= ABSENT)


def test_the_log_names_what_each_line_is_about(city_room: Room) -> None:
    city_room.open_with(flood(city_room.clock, 1))
    table = city_room.window.pages.log.table
    city_room.until(lambda: "积水1" in cells(table, 4))
    assert cells(table, 3)[0] == "新建事件"


def test_the_log_names_an_alarm_s_gauge_in_the_language_of_the_desk(room: Room) -> None:
    room.write(gauge(), alarm(room.clock, "RM-07", "I", place="人民路下穿积水计"))
    room.window.speak("en")
    table = room.window.pages.log.table
    room.until(lambda: "Renmin Road Underpass Ponding Gauge" in cells(table, 4))


def test_f10_writes_the_report_while_the_desk_goes_on_and_names_the_files(room: Room, monkeypatch) -> None:
    monkeypatch.setattr("workstation.app.exporting.print_pdf", lambda html, pdf: pdf.write_bytes(html.read_bytes()))
    room.open_with(flood(room.clock, 1))
    room.turn_to("i1")
    press(Qt.Key.Key_F10)
    assert room.said() == "正在生成报告…"
    room.until(lambda: room.said() == "已导出:SJ20261124-0001-zh.html, SJ20261124-0001-zh.pdf")
    assert sorted(one.format for one in room.known(Document)) == ["html", "pdf"]


def test_a_report_that_could_not_be_printed_says_why(room: Room, monkeypatch) -> None:
    def fails(html: object, pdf: object) -> None:
        raise PrintError("no web engine")

    monkeypatch.setattr("workstation.app.exporting.incident_html", lambda *told: "")
    monkeypatch.setattr("workstation.app.exporting.print_pdf", fails)
    room.open_with(flood(room.clock, 1))
    room.turn_to("i1")
    press(Qt.Key.Key_F10)
    room.until(lambda: room.said() == "导出失败:no web engine")


def test_a_desk_that_is_closed_lets_the_station_go_on(room: Room) -> None:
    room.open_with(flood(room.clock, 1))
    room.window.close()
    room.write(flood(room.clock, 2))
    assert len(room.known(Incident)) == 2
    assert len(room.window.queue.table.rows_model.rows) == 1
