"""A caller on the desk: masked, in clear for fifteen minutes for who may and says why, then masked again."""

import logging
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from tests.desks import SMALL, Room, cells, desk_at, flood, press, station_in, texts, type_in, visible
from tests.station.test_credentials import code
from workstation.app.desk import _note
from workstation.app.seat import Person
from workstation.commands.access import Sight
from workstation.domain.records import Access, Approval, Report
from workstation.station.credentials import Credentials
from workstation.station.sitting import HubHeard, Sitting
from workstation.views.clear_text import ClearText
from workstation.views.person_panel import PersonPanel
from workstation.views.seen_dialog import SeenDialog, show_who_saw
from workstation.views.unmask_dialog import UnmaskDialog
from workstation.words import LANGUAGES

NAME, PHONE = "欧阳修远", "13800138000"
ALT = Qt.KeyboardModifier.AltModifier


@contextmanager
def desk_of(tmp_path, clock, person: Person) -> Iterator[Room]:
    with station_in(tmp_path, clock) as station, desk_at(station, clock, person) as room:
        with_caller(room)
        yield room


def with_caller(room: Room) -> None:
    """An incident with one report by somebody, chosen on its page."""
    room.open_with(flood(room.clock, 1))
    said = Report(id="r1", incident="i1", street="990101003", text="路面积水", received_at=room.clock.now())
    room.write(said, Report(id="r1", reporter_name=NAME, reporter_phone=PHONE))
    room.turn_to("i1")
    press(Qt.Key.Key_4, ALT)
    room.until(lambda: room.window.incident.reports.table.rows_model.rows)
    press(Qt.Key.Key_Down)
    room.until(lambda: panel(room).isVisible())


@pytest.fixture
def supervisor(tmp_path, clock, nothing_left, qtbot) -> Iterator[Room]:
    with desk_of(tmp_path, clock, Person("zhao", "SUP")) as room:
        yield room


@pytest.fixture
def operator(tmp_path, clock, nothing_left, qtbot) -> Iterator[Room]:
    with desk_of(tmp_path, clock, Person("wang", "OP")) as room:
        yield room


def panel(room: Room) -> PersonPanel:
    return room.window.incident.reports.person


def is_clear(room: Room, field: str = "reporter_phone") -> bool:
    row = panel(room).rows[field]
    return row.clear.is_clear and row.clear.isVisible()


def ask(room: Room, reason: str, field: str = "reporter_phone") -> None:
    """Ask for a field by keyboard alone, for a reason."""
    panel(room).rows[field].show.setFocus()
    press(Qt.Key.Key_Space)
    room.until(lambda: visible(room.window, UnmaskDialog))
    [dialog] = visible(room.window, UnmaskDialog)
    room.until(lambda: QApplication.activeWindow() is dialog and dialog.form.reason.hasFocus())
    type_in(reason)
    press(Qt.Key.Key_Return)


def read_out(root: QWidget) -> str:
    """All that a screen reader is given, of every widget."""
    interfaces = [QAccessible.queryAccessibleInterface(one) for one in (root, *root.findChildren(QWidget))]
    kinds = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help)
    return "\n".join(one.text(kind) for one in interfaces if one is not None for kind in kinds)


def test_a_caller_is_masked_until_somebody_asks(supervisor: Room) -> None:
    told = texts(panel(supervisor))
    assert {"欧***", "138****8000"} <= set(told)
    assert NAME not in " ".join(told) and PHONE not in " ".join(told)


def test_without_a_reason_nothing_is_shown_and_nothing_is_written(supervisor: Room) -> None:
    ask(supervisor, "")
    [dialog] = visible(supervisor.window, UnmaskDialog)
    assert dialog.form.wrong.text() == "请填写查看理由" and dialog.form.reason.hasFocus()
    press(Qt.Key.Key_Escape)
    assert not is_clear(supervisor) and supervisor.known(Access) == []


def test_one_field_is_seen_for_fifteen_minutes_and_the_access_is_on_record(supervisor: Room) -> None:
    room = supervisor
    ask(room, "回拨核实")
    room.until(lambda: is_clear(room))
    assert not is_clear(room, "reporter_name")
    [row] = room.known(Access)
    assert (row.user, row.act, row.object, row.field) == ("zhao", "unmask", "r1", "reporter_phone")
    assert (row.reason, row.purpose, row.station) == ("回拨核实", "duty", "ZX")
    assert panel(room).rows["reporter_phone"].left.text() == "还剩 15 分 00 秒"
    room.clock.advance(14 * 60 + 59)
    room.window.incident.tick()
    assert panel(room).rows["reporter_phone"].left.text() == "还剩 0 分 01 秒" and is_clear(room)
    room.clock.advance(1)
    room.window.incident.tick()
    assert not is_clear(room)
    assert "138****8000" in texts(panel(room))


def test_a_clock_set_back_shows_nothing_longer(supervisor: Room) -> None:
    ask(supervisor, "回拨核实")
    supervisor.until(lambda: is_clear(supervisor))
    supervisor.clock.advance(-60)
    supervisor.window.incident.tick()
    assert not is_clear(supervisor)


def test_it_is_masked_by_hand_and_asked_for_anew(supervisor: Room) -> None:
    ask(supervisor, "回拨核实")
    supervisor.until(lambda: is_clear(supervisor))
    panel(supervisor).rows["reporter_phone"].show.click()
    assert not is_clear(supervisor)
    panel(supervisor).rows["reporter_phone"].show.click()
    supervisor.until(lambda: visible(supervisor.window, UnmaskDialog))
    assert not is_clear(supervisor)


@pytest.mark.usefixtures("quick_hashes")
def test_a_desk_that_locks_masks_it_and_it_stays_masked_when_it_opens(tmp_path, clock, nothing_left, qtbot) -> None:
    with station_in(tmp_path, clock) as station:
        credentials, heard = Credentials(station.space.folder, clock), HubHeard(station.space, clock)
        issued = credentials.issue("zhao")
        signed_in = credentials.sign_in("zhao", issued.password, code(issued, clock))
        sitting = Sitting(credentials, signed_in, heard, clock)
        with desk_at(station, clock, Person("zhao", "SUP", "live", sitting, heard)) as room:
            with_caller(room)
            ask(room, "回拨核实")
            room.until(lambda: is_clear(room))
            room.window.guard.lock()
            assert not panel(room).rows["reporter_phone"].clear.is_clear
            sitting.unlock(issued.password)
            room.window.guard.screen.opened.emit()
            assert not is_clear(room)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_in_clear_is_no_accessible_text_and_in_no_log(supervisor: Room, caplog, language: str) -> None:
    caplog.set_level(logging.DEBUG)
    supervisor.window.speak(language)
    ask(supervisor, "回拨核实")
    supervisor.until(lambda: is_clear(supervisor))
    told = read_out(supervisor.window)
    assert PHONE not in told and NAME not in told
    assert PHONE not in " ".join(texts(supervisor.window)) and PHONE not in caplog.text
    assert PHONE not in repr(panel(supervisor)._sights.of("r1", "reporter_phone", supervisor.clock.now()))
    assert panel(supervisor).rows["reporter_phone"].clear.accessibleName()


def test_an_error_of_ours_tells_the_log_no_value_that_came_to_be_shown(
    supervisor: Room, caplog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(widget: ClearText, text: str, mark: str) -> None:
        raise RuntimeError("the painter is broken")

    monkeypatch.setattr(ClearText, "show_clear", fail)
    opened: Future[str] = Future()
    opened.set_result(PHONE)
    with pytest.raises(RuntimeError, match="broken") as caught:
        panel(supervisor)._unmasked(Sight(report="r1", field="reporter_phone", reason="回拨", purpose="duty"), opened)
    _note(caught.type, caught.value, caught.tb)
    monkeypatch.undo()
    panel(supervisor).mask_all()
    assert "the painter is broken" in caplog.text and "_unmasked" in caplog.text
    assert PHONE not in caplog.text


def test_long_words_push_nothing_off_a_small_screen_and_can_be_scrolled_to_their_end(supervisor: Room) -> None:
    room = supervisor
    room.write(Report(id="r1", text_full="水已经到车门把手的位置," * 90))
    room.until(lambda: "text_full" in panel(room)._masked)
    ask(room, "核实位置", "text_full")
    room.until(lambda: is_clear(room, "text_full"))
    clear = panel(room).rows["text_full"].clear
    room.until(lambda: clear.verticalScrollBar().maximum() > clear.height())
    assert room.window.size().toTuple() == SMALL
    assert room.window.incident.reports.table.height() > 60
    before = clear.grab().toImage()
    clear.verticalScrollBar().setValue(clear.verticalScrollBar().maximum())
    assert clear.grab().toImage() != before


def test_what_is_over_is_kept_nowhere_whichever_report_is_shown(supervisor: Room) -> None:
    room = supervisor
    ask(room, "回拨核实")
    room.until(lambda: is_clear(room))
    panel(room).show_report(None)
    room.clock.advance(15 * 60)
    room.window.incident.tick()
    assert panel(room)._sights._held == {}


def test_it_is_drawn_with_who_looks_behind_it(supervisor: Room) -> None:
    ask(supervisor, "回拨核实")
    supervisor.until(lambda: is_clear(supervisor))
    clear = panel(supervisor).rows["reporter_phone"].clear
    shown = clear.grab().toImage()
    clear._mark = ""
    unmarked = clear.grab().toImage()
    clear._text = ""
    assert len({id(one) for one in (shown, unmarked)}) == 2 and shown != unmarked != clear.grab().toImage()


def test_a_copy_is_on_record_first_and_no_history_keeps_it(supervisor: Room) -> None:
    room = supervisor
    ask(room, "回拨核实")
    room.until(lambda: is_clear(room))
    panel(room).rows["reporter_phone"].copy.click()
    clipboard = QGuiApplication.clipboard()
    room.until(lambda: clipboard.text() == PHONE)
    assert sorted(one.act for one in room.known(Access)) == ["copy", "unmask"]
    assert bytes(clipboard.mimeData().data("x-kde-passwordManagerHint")) == b"secret"
    room.window.guard._forget.timeout.emit()
    assert clipboard.text() == ""


def test_an_operator_asks_a_supervisor_and_sees_it_once_that_is_approved(operator: Room) -> None:
    room = operator
    ask(room, "回拨核实")
    room.until(lambda: panel(room).ask.isVisible())
    assert not is_clear(room) and room.known(Access) == []
    assert panel(room).told.text() == "须由值班长另行批准,或先用后审"
    panel(room).ask.click()
    room.until(lambda: room.known(Approval))
    [asked] = room.known(Approval)
    assert (asked.state, asked.asked_by, asked.act, asked.object) == ("asked", "wang", "unmask", "r1 reporter_phone")
    room.write(Approval(id=asked.id, state="approved", answered_by="zhao"))
    panel(room).rows["reporter_phone"].show.click()
    room.until(lambda: visible(room.window, UnmaskDialog))
    [dialog] = visible(room.window, UnmaskDialog)
    assert dialog.form.reason.text() == "回拨核实"
    dialog.form.attempt()
    room.until(lambda: is_clear(room))


def test_in_an_emergency_an_operator_uses_it_now_and_that_is_marked_for_review(operator: Room) -> None:
    ask(operator, "有人被困")
    operator.until(lambda: panel(operator).at_once.isVisible())
    panel(operator).at_once.click()
    operator.until(lambda: is_clear(operator))
    [approval] = operator.known(Approval)
    assert approval.state == "used" and approval.review_until is not None


def test_another_report_s_person_is_not_shown_with_this_one_s_number(supervisor: Room) -> None:
    room = supervisor
    room.write(Report(id="r2", incident="i1", text="又一个电话", reporter_phone="13912345678"))
    room.until(lambda: len(room.window.incident.reports.table.rows_model.rows) == 2)
    ask(room, "回拨核实")
    room.until(lambda: is_clear(room))
    room.window.incident.reports.table.choose("r2")
    assert not is_clear(room) and "139****5678" in texts(panel(room))
    room.window.incident.reports.table.choose("r1")
    assert is_clear(room)


def test_a_supervisor_is_told_who_saw_it_when_why_and_where(supervisor: Room) -> None:
    room = supervisor
    ask(room, "回拨核实")
    room.until(lambda: is_clear(room))
    elsewhere = Access(id="a9", at=room.clock.now(), user="li", act="unmask", object="r1", station="JD03")
    room.write(elsewhere, Access(id="a8", at=room.clock.now(), user="wang", act="export", object="i1", station="ZX"))
    panel(room).who.click()
    room.until(lambda: visible(room.window, SeenDialog))
    [dialog] = visible(room.window, SeenDialog)
    room.until(lambda: len(cells(dialog.table, 0)) == 2)
    assert sorted(cells(dialog.table, 1)) == ["wang", "zhao"]
    assert sorted(cells(dialog.table, 2)) == ["导出", "查看原文 · 电话"]
    dialog.table.selectRow(cells(dialog.table, 1).index("zhao"))
    assert dialog.whole.text() == "zhao · 2026-11-24 19:40:00 · ZX 站 · 查看原文 · 电话 · 值班处置 · 回拨核实"
    room.until(lambda: QApplication.activeWindow() is dialog)
    press(Qt.Key.Key_Escape)
    assert not dialog.is_open and not visible(room.window, SeenDialog)


def test_an_operator_is_not_told_who_saw_it(operator: Room) -> None:
    assert not panel(operator).who.isVisible()
    assert show_who_saw(operator.window, operator.desk.seat, operator.window.reader, ["r1"]) is None
