"""Requests: a supervisor answers by keyboard, reviews what was done first, and never what they asked for themselves."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from PySide6.QtCore import Qt

from tests.desks import Room, cells, desk_at, flood, press, station_in, texts, type_in
from workstation.app.seat import Person
from workstation.commands import approval as approvals
from workstation.commands.approval import Wish
from workstation.commands.incident import change_level
from workstation.domain.records import Approval, Incident
from workstation.views.ages import short_time
from workstation.views.approvals_page import ApprovalsPage
from workstation.views.desk_pages import NAMES
from workstation.words import LANGUAGES, t

WISH = Wish(act="unmask", object="r1 reporter_phone", purpose="rescue", reason="回拨核实")
TAB = NAMES.index("approvals")
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desks(tmp_path, clock, nothing_left, qtbot) -> Iterator[tuple[Room, Room]]:
    """A supervisor and an operator at two desks of one station."""
    with ExitStack() as stack:
        station = stack.enter_context(station_in(tmp_path, clock))
        operator = stack.enter_context(desk_at(station, clock, Person("wang", "OP")))
        yield stack.enter_context(desk_at(station, clock, Person("zhao", "SUP"))), operator


def page(room: Room) -> ApprovalsPage:
    return room.window.pages.approvals


def asks(room: Room, command, author: str = "wang", role: str = "OP") -> str:
    """Somebody asks; the id of the request."""
    before = {one.id for one in room.known(Approval)}
    room.station.submit(command, author, role).result()
    [made] = {one.id for one in room.known(Approval)} - before
    room.until(lambda: made in [one.id for one in page(room).table.rows_model.rows])
    return made


def lowers(room: Room) -> None:
    """The operator would lower the level, for which it takes a supervisor."""
    room.window.errands.give(change_level("i1", "IV", "水位回落"))


def state(room: Room) -> tuple[str | None, str | None]:
    [one] = room.known(Approval)
    return one.state, one.answered_by


def test_a_request_comes_up_by_itself_and_is_approved_by_keyboard(desks: tuple[Room, Room]) -> None:
    supervisor, operator = desks
    assert not supervisor.window.tabs.isTabVisible(TAB)
    asks(supervisor, approvals.ask(WISH))
    assert supervisor.window.tabs.isTabVisible(TAB)
    supervisor.until(lambda: supervisor.window.tabs.tabText(TAB) == "申请 1")
    press(Qt.Key.Key_Q, CTRL, SHIFT)
    press(Qt.Key.Key_Down)
    assert cells(page(supervisor).table, 2) == ["查看个人信息原文 电话 · 回拨核实"]
    assert "抢险救援" in page(supervisor).whole.text()
    press(Qt.Key.Key_Return)
    supervisor.until(lambda: state(supervisor) == ("approved", "zhao"))
    operator.until(lambda: cells(page(operator).table, 0) == ["已批准"])
    assert not page(operator).approve.isEnabled()


def test_a_refusal_needs_a_reason(desks: tuple[Room, Room]) -> None:
    supervisor, _ = desks
    page(supervisor).table.choose(asks(supervisor, approvals.ask(WISH)))
    press(Qt.Key.Key_Q, CTRL, SHIFT)
    page(supervisor).refuse.click()
    assert page(supervisor).reason.hasFocus() and state(supervisor) == ("asked", None)
    type_in("没有必要")
    page(supervisor).refuse.click()
    supervisor.until(lambda: state(supervisor) == ("refused", "zhao"))


def test_what_was_done_first_waits_for_review_and_says_when_that_is_late(desks: tuple[Room, Room]) -> None:
    supervisor, _ = desks
    made = asks(supervisor, approvals.use_at_once(WISH))
    table = page(supervisor).table
    assert cells(table, 0) == ["待审查"] and cells(table, 3) == ["剩 30:00"]
    supervisor.clock.advance(31 * 60)
    assert cells(table, 3) == ["超 01:00"]
    table.choose(made)
    assert not page(supervisor).approve.isEnabled() and page(supervisor).review.isEnabled()
    page(supervisor).reason.setText("确有必要")
    page(supervisor).review.click()
    supervisor.until(lambda: cells(table, 0) == [])
    [one] = supervisor.known(Approval)
    assert one.reviewed_by == "zhao"


def test_nobody_answers_what_they_asked_for_themselves(desks: tuple[Room, Room]) -> None:
    supervisor, operator = desks
    page(supervisor).table.choose(asks(supervisor, approvals.ask(WISH), "zhao", "SUP"))
    assert cells(page(supervisor).table, 0) == ["待批准"]
    assert not any(one.isEnabled() for one in (page(supervisor).approve, page(supervisor).refuse))
    page(supervisor).agree()
    supervisor.until(lambda: page(supervisor).page.about.text() == "待您答复或审查 0 项")
    assert state(supervisor) == ("asked", None) and cells(page(operator).table, 0) == []


def test_what_has_run_out_is_listed_no_more(desks: tuple[Room, Room]) -> None:
    supervisor, _ = desks
    asks(supervisor, approvals.ask(WISH))
    supervisor.clock.advance(30 * 60)
    page(supervisor).ask()
    supervisor.until(lambda: cells(page(supervisor).table, 0) == [])
    assert not supervisor.window.tabs.isTabVisible(TAB)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_grant_that_waits_is_told_with_its_terms(desks: tuple[Room, Room], language: str) -> None:
    supervisor, _ = desks
    terms = "chenjie ST 990101003 L3 duty 2026-12-01/2027-12-01 SQ-2026-118"
    wish = Wish(act="grant.give", object=terms, purpose="administration", reason="新任")
    supervisor.window.speak(language)
    asks(supervisor, approvals.ask(wish), "liqiang", "SEC")
    assert cells(page(supervisor).table, 2) == [f"{t('permission.grant_authority')} {terms} · 新任"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_operator_may_not_do_alone_is_proposed_told_at_the_incident_and_done_by_approval(
    desks: tuple[Room, Room], language: str
) -> None:
    supervisor, operator = desks
    operator.open_with(flood(operator.clock, 1, "II"))
    for room in desks:
        room.window.speak(language)
        room.turn_to("i1")
    lowers(operator)
    operator.until(lambda: operator.said() == t("proposal.sent"))
    shown = f"{t('act.incident.level.set')} {t('severity.IV')}"
    [asked] = operator.known(Approval)
    told = ("wang", shown, short_time(asked.asked_at), short_time(asked.expires_at))
    for room in desks:
        room.until(lambda room=room: any(all(one in x for one in told) for x in texts(room.window.incident)))
    supervisor.until(lambda: cells(page(supervisor).table, 2) == [f"{shown} · SJ20261124-0001 积水1 · 水位回落"])
    lowers(operator)
    operator.until(lambda: operator.said() == t("refused.proposal.waits", by="wang"))
    supervisor.window.activateWindow()
    press(Qt.Key.Key_Q, CTRL, SHIFT)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    operator.until(lambda: operator.known(Incident, id="i1")[0].level == "IV")
    operator.until(lambda: not any(shown in text and "wang" in text for text in texts(operator.window.incident)))
    assert state(operator) == ("used", "zhao")


def test_a_proposal_about_a_restricted_incident_is_told_to_its_members_alone(desks: tuple[Room, Room]) -> None:
    supervisor, operator = desks
    operator.open_with(flood(operator.clock, 1, "II", title="桥头聚集", restricted=True, owner="wang"))
    operator.write(flood(operator.clock, 2, "II"))
    lowers(operator)
    operator.until(lambda: len(cells(page(operator).table, 2)) == 1)
    operator.window.errands.give(change_level("i2", "IV", "水位回落"))
    supervisor.until(lambda: len(cells(page(supervisor).table, 2)) == 1)
    assert "SJ20261124-0002" in cells(page(supervisor).table, 2)[0]
    operator.until(lambda: len(cells(page(operator).table, 2)) == 2)
