"""The administration page: who may what in effect, how two accounts differ, and authority taken back with a reason."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.desks import Room, cells, desk_at, press, station_in, type_in
from workstation.app.seat import Person
from workstation.commands.founding import found
from workstation.domain.clock import ManualClock
from workstation.domain.people import ADMINISTRATORS
from workstation.domain.records import Grant
from workstation.views.desk_pages import NAMES


@pytest.fixture
def security(tmp_path: Path, clock: ManualClock, nothing_left: None, qtbot: object) -> Iterator[Room]:
    """The desk of the security administrator at a hub with its three administrators."""
    with ExitStack() as stack:
        station = stack.enter_context(station_in(tmp_path, clock, "HUB"))
        station.submit(found(dict.fromkeys(ADMINISTRATORS, "00" * 32)), "system", "").result()
        room = stack.enter_context(desk_at(station, clock, Person("sec", "SEC")))
        room.until(lambda: cells(room.window.pages.administration.accounts, 0) == ["aud", "sec", "sys"])
        yield room


def test_what_an_account_may_in_effect_is_what_the_judge_answers(security: Room) -> None:
    page = security.window.pages.administration
    press(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    assert page.accounts.hasFocus()
    page.accounts.choose("sys")
    assert cells(page.grants, 0) == ["SYS"]
    assert "建立账号" in cells(page.rights, 0) and "授权" not in cells(page.rights, 0)


def test_two_accounts_are_told_apart_by_what_they_may(security: Room) -> None:
    page = security.window.pages.administration
    page.accounts.choose("sys")
    page.other.setCurrentText("sec")
    more, less = page.told.text().split(";")
    assert "建立账号" in more and "授权" in less


def test_a_grant_is_taken_back_with_a_reason_and_its_rights_are_gone(security: Room) -> None:
    page = security.window.pages.administration
    security.window.tabs.setCurrentWidget(page)
    page.accounts.choose("aud")
    page.grants.selectRow(0)
    page.take_back()
    assert page.reason.hasFocus()
    type_in("调离岗位")
    press(Qt.Key.Key_Return)
    security.until(lambda: cells(page.rights, 0) == [])
    [grant] = security.known(Grant, account="aud")
    assert (grant.revoked_by, grant.revoke_reason) == ("sec", "调离岗位")


def test_the_page_is_hidden_from_who_may_not_see_accounts(room: Room) -> None:
    assert not room.window.tabs.isTabVisible(NAMES.index("administration"))
