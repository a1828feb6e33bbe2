"""The audit page: an auditor finds who changed what, proves that nothing was altered, and takes the rows along."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.desks import Room, cells, desk_at, flood, press, station_in, type_in
from workstation.app.seat import Person
from workstation.commands.incident import change_level
from workstation.domain.clock import ManualClock
from workstation.domain.records import Access
from workstation.views.desk_pages import NAMES
from workstation.words import t

PROOF_S = 60
AUDIT = NAMES.index("audit")


@pytest.fixture
def auditor(tmp_path: Path, clock: ManualClock, nothing_left: None, qtbot: object) -> Iterator[Room]:
    """The desk of an auditor at a centre where an incident was opened and its level set."""
    with ExitStack() as stack:
        station = stack.enter_context(station_in(tmp_path, clock))
        room = stack.enter_context(desk_at(station, clock, Person("qian", "AUD")))
        room.open_with(flood(clock, 1, "IV"))
        station.submit(change_level("i1", "II", "水位上涨"), "wang", "SUP").result()
        room.write(Access(id="a1", at=clock.now(), user="zhao", act="view", object="i1"))
        yield room


def proved(room: Room) -> str:
    """What the page says once the proof has come to its end."""
    page = room.window.pages.audit
    page.verify()
    for _ in range(PROOF_S * 20):
        if page.prove.isEnabled():
            break
        QTest.qWait(50)
    return page.verdict.text()


def test_an_auditor_finds_who_changed_what_by_keyboard_alone(auditor: Room) -> None:
    page = auditor.window.pages.audit
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    assert page.fields["author"].hasFocus()
    page.fields["act"].setFocus()
    type_in("incident.level")
    press(Qt.Key.Key_Return)
    auditor.until(lambda: cells(page.entries, 3) == ["定级 — 水位上涨"] or cells(page.entries, 3))
    assert page.about.text() == "1 条,最新在前"
    page.entries.setFocus()
    page.entries.selectRow(0)
    wanted = f"响应级别:{t('severity.IV')} → {t('severity.II')}"
    auditor.until(lambda: wanted in page.detail.toPlainText())
    assert "查阅:zhao" in page.detail.toPlainText()


def test_an_auditor_asks_who_saw_a_record_by_its_id_and_sees_all_stations(auditor: Room) -> None:
    page = auditor.window.pages.audit
    assert page.show_who_saw() is None and page.about.text() == t("seen.choose")
    auditor.write(Access(id="a2", at=auditor.clock.now(), user="li", act="unmask", object="i1", station="JD03"))
    page.fields["record"].setText("i1")
    dialog = page.show_who_saw()
    auditor.until(lambda: sorted(cells(dialog.table, 1)) == ["li", "zhao"])
    assert dialog.about.text() == "2 条查阅记录,最新在前"
    dialog.close()


def test_a_time_that_is_none_is_said_and_nothing_is_looked_for(auditor: Room) -> None:
    page = auditor.window.pages.audit
    page.fields["since"].setText("昨天")
    page.search()
    assert page.about.text() == "不是时间:昨天;写作 2026-11-24 19:40"
    page.fields["since"].setText("2026-11-24 00:00")
    page.search()
    auditor.until(lambda: len(cells(page.entries, 0)) == 3)


def test_a_good_record_is_proved_with_how_much_and_when(auditor: Room) -> None:
    told = proved(auditor)
    assert told.startswith("记录未被改动")
    assert "3 条,1 个站点" in told


def test_an_altered_record_is_told_by_its_place(auditor: Room) -> None:
    with closing(sqlite3.connect(auditor.station.space.journal)) as connection:
        connection.execute("update incident set title = '一切正常'")
        connection.commit()
    told = proved(auditor)
    assert "记录有 1 处不符" in told
    assert "incident i1" in told


def test_a_proof_that_was_stopped_proves_nothing(auditor: Room) -> None:
    page = auditor.window.pages.audit
    page.verify()
    assert not page.prove.isEnabled()
    page.stop_proving()
    assert page.verdict.text() == "验证已停止,未得出结论"
    assert page.prove.isEnabled()


def test_what_does_not_count_is_listed_by_itself_and_what_came_late_too(auditor: Room) -> None:
    page = auditor.window.pages.audit
    page.search()
    auditor.until(lambda: page.entries.rows_model.rows)
    for only in (2, 1):
        page.only.setCurrentIndex(only)
        page.only.activated.emit(only)
        auditor.until(lambda: page.about.text() == "没有符合的条目")
        assert not page.entries.rows_model.rows


def test_the_rows_leave_as_a_sheet(auditor: Room) -> None:
    auditor.window.pages.audit.csv.click()
    auditor.until(lambda: auditor.said().startswith("已导出:audit-"))
    assert len(auditor.known(Access, act="export", user="qian")) == 1


def test_a_supervisor_reads_the_own_station_alone_and_an_operator_nothing(tmp_path: Path, auditor: Room) -> None:
    with desk_at(auditor.station, auditor.clock, Person("zhao", "SUP")) as room:
        page = room.window.pages.audit
        page.fields["station"].setText("JD03")
        page.search()
        room.until(lambda: page.about.text() == "本站 3 条,最新在前")
    with desk_at(auditor.station, auditor.clock, Person("wang", "OP")) as room:
        assert not room.window.tabs.isTabVisible(AUDIT)
        press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
        assert room.window.tabs.currentIndex() != AUDIT
