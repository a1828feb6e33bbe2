"""Broken glass on the desk: by key, header and refusal; red and counted down while open; reviewed by another."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.desks import SMALL, Room, cells, desk_at, press, station_in, type_in, visible
from tests.station.test_credentials import code
from tests.views.test_unmasking import ask, is_clear, panel, texts, with_caller
from workstation.app.seat import Person
from workstation.commands.approval import is_open_glass
from workstation.commands.glass import break_glass, under_glass
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.records import Access, Approval
from workstation.journal import NotAllowed
from workstation.security.authority import GLASS
from workstation.situation import AuditFilter
from workstation.station.credentials import Credentials
from workstation.station.sitting import HubHeard, Sitting
from workstation.views.glass_bar import GlassBar
from workstation.views.glass_dialog import GlassDialog
from workstation.words import LANGUAGES

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
REASON = "两人被困车内,值班长联系不上"


@pytest.fixture
def operator(tmp_path, clock, nothing_left, qtbot) -> Iterator[Room]:
    with station_in(tmp_path, clock) as station, desk_at(station, clock, Person("wang", "OP")) as room:
        yield room


def bar(room: Room) -> GlassBar:
    return room.window.glass


def asked(room: Room) -> GlassDialog:
    room.until(lambda: visible(room.window, GlassDialog))
    [dialog] = visible(room.window, GlassDialog)
    room.until(lambda: QApplication.activeWindow() is dialog and dialog.form.reason.hasFocus())
    return dialog


def breaks(room: Room, reason: str = REASON) -> None:
    """By keyboard alone."""
    press(Qt.Key.Key_G, CTRL, SHIFT)
    asked(room)
    type_in(reason)
    press(Qt.Key.Key_Return)


def opened(room: Room) -> Room:
    breaks(room)
    room.until(lambda: bar(room).is_open)
    return room


def test_by_keyboard_it_is_on_record_first_and_counts_down_in_red(operator: Room) -> None:
    room = operator
    assert not bar(room).isVisible()
    opened(room)
    [glass] = room.known(Approval)
    assert (glass.asked_by, glass.reason, glass.purpose, glass.break_glass) == ("wang", REASON, "rescue", True)
    assert bar(room).isVisible() and bar(room).property("look") == "glass"
    assert bar(room).told.text() == "破窗授权中 剩余 15:00"
    assert bar(room).why.text() == f"抢险救援 · {REASON}"
    room.clock.advance(28)
    bar(room).tick()
    assert bar(room).told.text() == "破窗授权中 剩余 14:32"
    room.window.speak("en")
    assert bar(room).told.text() == "Break-glass open, 14:32 left"


def test_it_says_plainly_what_it_opens_for_how_long_and_that_it_is_reviewed(operator: Room) -> None:
    operator.window.header.glass.click()
    told = " ".join(texts(asked(operator)))
    for said in ("查看个人信息原文", "变更响应级别", "15 分钟", "日志", "标红", "24 小时", "安全管理员", "锁屏"):
        assert said in told
    press(Qt.Key.Key_Escape)
    assert operator.known(Approval) == []


def test_without_a_reason_in_words_nothing_opens_and_nothing_typed_is_lost(operator: Room) -> None:
    breaks(operator, "急")
    dialog = asked(operator)
    operator.until(lambda: dialog.form.wrong.text() == "事由至少写 6 个字")
    assert dialog.form.reason.text() == "急" and operator.known(Approval) == [] and not bar(operator).is_open


def test_a_refused_sight_leads_to_it_and_what_is_seen_then_names_it(operator: Room) -> None:
    room = operator
    with_caller(room)
    ask(room, "核实被困人数")
    room.until(lambda: panel(room).glass.isVisible())
    panel(room).glass.click()
    asked(room)
    type_in(REASON)
    press(Qt.Key.Key_Return)
    room.until(lambda: bar(room).is_open)
    [glass] = room.known(Approval)
    assert glass.incident == "i1"
    ask(room, "核实被困人数")
    room.until(lambda: is_clear(room))
    situation = room.station.situation()
    [seen] = situation.audit(AuditFilter(act="access.unmask"))
    situation.close()
    assert seen.cause == f"{GLASS}{glass.id}"


def test_a_refused_command_offers_it_and_the_offer_can_be_put_aside(operator: Room) -> None:
    room = operator
    room.window.errands.on_refusal(NotAllowed("authority.region", "incident.level.set"))
    assert not bar(room).isVisible()
    room.window.errands.on_refusal(NotAllowed("authority.approval", "incident.level.set"))
    assert bar(room).isVisible() and bar(room).told.text() == "未获准:须由另一人批准"
    assert bar(room).property("look") == "panel"
    bar(room).dismiss.click()
    assert not bar(room).isVisible()
    room.window.errands.on_refusal(NotAllowed("authority.approval", "incident.level.set"))
    bar(room).breaks.click()
    asked(room)
    type_in(REASON)
    press(Qt.Key.Key_Return)
    room.until(lambda: bar(room).is_open)
    assert not bar(room).breaks.isVisible()


def test_ended_early_it_is_shut_and_what_was_in_clear_is_masked(operator: Room) -> None:
    room = operator
    with_caller(room)
    opened(room)
    ask(room, "核实被困人数")
    room.until(lambda: is_clear(room))
    bar(room).end.click()
    room.until(lambda: not bar(room).isVisible())
    [glass] = room.known(Approval)
    assert glass.state == "ended" and not is_clear(room)


def test_its_time_over_it_is_shut_by_itself(operator: Room) -> None:
    room = operator
    with_caller(room)
    opened(room)
    ask(room, "核实被困人数")
    room.until(lambda: is_clear(room))
    room.clock.advance(15 * 60)
    bar(room).tick()
    assert not bar(room).isVisible() and not is_clear(room)
    assert room.said() == "破窗授权已结束"


def test_whoever_leaves_the_desk_leaves_no_glass_broken(tmp_path, clock, nothing_left, qtbot) -> None:
    with station_in(tmp_path, clock) as station:
        with desk_at(station, clock, Person("wang", "OP")) as room:
            opened(room)
        with desk_at(station, clock, Person("wang", "OP")) as room:
            room.until(lambda: [one.state for one in room.known(Approval)] == ["ended"])
            assert not bar(room).is_open


@pytest.mark.usefixtures("quick_hashes")
def test_a_desk_that_locks_shuts_it_although_the_log_in_allows_nothing(tmp_path, clock, nothing_left, qtbot) -> None:
    with station_in(tmp_path, clock) as station:
        credentials, heard = Credentials(station.space.folder, clock), HubHeard(station.space, clock)
        issued = credentials.issue("wang")
        sitting = Sitting(credentials, credentials.sign_in("wang", issued.password, code(issued, clock)), heard, clock)
        with desk_at(station, clock, Person("wang", "OP", "live", sitting, heard)) as room:
            opened(room)
            room.window.guard.lock()
            room.until(lambda: [one.state for one in room.known(Approval)] == ["ended"])
            sitting.unlock(issued.password)
            room.window.guard.screen.opened.emit()
            room.until(lambda: not bar(room).isVisible())


def test_who_may_not_break_it_finds_no_button_and_the_key_says_why(tmp_path, clock, nothing_left, qtbot) -> None:
    with station_in(tmp_path, clock) as station, desk_at(station, clock, Person("sec", "SEC")) as room:
        assert not room.window.header.glass.isVisible()
        press(Qt.Key.Key_G, CTRL, SHIFT)
        assert room.said() == "该角色不能破窗" and visible(room.window, GlassDialog) == []


def test_the_security_administrator_sees_it_open_then_reviews_what_was_done_and_lateness_is_red(
    tmp_path, clock, nothing_left, qtbot
) -> None:
    with ExitStack() as stack:
        station = stack.enter_context(station_in(tmp_path, clock))
        operator = stack.enter_context(desk_at(station, clock, Person("wang", "OP")))
        room = stack.enter_context(desk_at(station, clock, Person("liqiang", "SEC")))
        station.submit(break_glass("rescue", REASON), "wang", "OP").result()
        page, table = room.window.pages.approvals, room.window.pages.approvals.table
        room.until(lambda: cells(table, 0) == ["破窗中"])
        [glass] = room.known(Approval)
        station.write([_seen_under(glass, clock)]).result()
        table.choose(glass.id)
        assert not page.review.isEnabled() and is_open_glass(glass, clock.now())
        clock.advance(15 * 60)
        page.ask()
        room.until(lambda: cells(table, 0) == ["待审查"] and page.review.isEnabled())
        room.until(lambda: "期间所做 1 项" in page.whole.text())
        assert "查看个人信息原文 核实" in page.whole.text() and REASON in page.whole.text()
        room.window.speak("en")
        assert "Done meanwhile (1)" in page.whole.text() and "期间" not in page.whole.text()
        room.window.speak("zh")
        assert not operator.window.pages.approvals.review.isEnabled()
        clock.advance(24 * 3600)
        page.ask()
        room.until(lambda: page.page.about.text() == "待您答复或审查 1 项,其中 1 项逾期未审查")
        assert cells(table, 0) == ["逾期未审查"]
        page.reason.setText("情况属实")
        page.review.click()
        room.until(lambda: cells(table, 0) == [])
        assert room.known(Approval)[0].reviewed_by == "liqiang"


def _seen_under(glass: Approval, clock):
    row = Access(id="a1", at=clock.now(), user="wang", act="unmask", object="r1", reason="核实")
    draft = Draft("wang", "access.unmask", changes_of(row), "核实")
    return under_glass(draft, glass)


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_words_push_nothing_off_a_small_screen(operator: Room, language: str) -> None:
    operator.window.speak(language)
    opened(operator)
    assert operator.window.size().toTuple() == SMALL
    assert bar(operator).end.geometry().right() <= SMALL[0]
