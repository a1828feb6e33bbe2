"""The administration page: who may what in effect, how two accounts differ, and authority taken back with a reason."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog

from tests.desks import Room, cells, desk_at, press, station_in, type_in
from workstation.app.seat import Person
from workstation.commands.approval import answer
from workstation.commands.founding import found
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.people import ADMINISTRATORS
from workstation.domain.records import Account, Approval, Grant
from workstation.station.attempts import recorder
from workstation.views.desk_pages import NAMES
from workstation.views.grant_form import GrantForm


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
    security.window.pages.turn("administration")
    page.accounts.choose("aud")
    page.grants.selectRow(0)
    page.take_back()
    assert page.reason.hasFocus()
    type_in("调离岗位")
    press(Qt.Key.Key_Return)
    security.until(lambda: cells(page.rights, 0) == [])
    [grant] = security.known(Grant, account="aud")
    assert (grant.revoked_by, grant.revoke_reason) == ("sec", "调离岗位")


def answering(monkeypatch: pytest.MonkeyPatch, said: str) -> list[str]:
    """Whoever is asked for a line says this; what they were asked."""
    asked: list[str] = []
    monkeypatch.setattr(QInputDialog, "getText", lambda parent, title, label: (asked.append(label) or said, bool(said)))
    return asked


def states(room: Room) -> list[str]:
    return cells(room.window.pages.administration.accounts, 1)


def test_an_account_is_taken_out_of_service_with_a_reason_and_put_back(
    security: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = security.window.pages.administration
    security.window.pages.turn("administration")
    page.accounts.choose("aud")
    assert page.service.accessibleName() == "停用 aud"
    answering(monkeypatch, "")
    page.service.click()
    assert states(security) == ["在用"] * 3
    asked = answering(monkeypatch, "调离岗位")
    page.service.setFocus()
    press(Qt.Key.Key_Space)
    security.until(lambda: states(security) == ["停用", "在用", "在用"])
    assert (asked, page.service.accessibleName(), cells(page.rights, 0)) == (["理由(必填)"], "恢复 aud", [])
    answering(monkeypatch, "复职")
    press(Qt.Key.Key_Space)
    security.until(lambda: states(security) == ["在用"] * 3)
    assert "查阅审计" in cells(page.rights, 0)
    told = known_acts(security)
    assert told == [("account.suspend", "sec", "调离岗位"), ("account.restore", "sec", "复职")]


def known_acts(room: Room) -> list[tuple[str, str, str | None]]:
    """What was done to accounts since they were founded: the act, by whom and why."""
    lines = reversed(room.desk.seat.situation().recent(20))
    return [(one.act, one.author, one.reason) for one in lines if one.act in ("account.suspend", "account.restore")]


def test_the_longest_login_pushes_nothing_aside(security: Room) -> None:
    page, login = security.window.pages.administration, "wwwwwwwwwwmmmmmmmmmmwwwwwwwwwwmm"
    security.window.pages.turn("administration")
    before = page.width()
    security.write(Account(id=login, state="locked"), author="sys")
    security.until(lambda: login in cells(page.accounts, 0))
    page.accounts.choose(login)
    assert page.service.accessibleName() == "恢复 wwwwwwwwwwmmmmm…" and login in page.service.toolTip()
    assert page.minimumSizeHint().width() <= before


def test_nobody_suspends_himself_and_is_told_so(security: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    page = security.window.pages.administration
    page.accounts.choose("sec")
    answering(monkeypatch, "休假")
    page.service.click()
    security.until(lambda: security.said() == "不能停用或恢复自己的账号")
    assert states(security) == ["在用"] * 3


def test_what_the_hub_suspended_for_want_of_use_the_account_administrator_puts_back(
    tmp_path: Path, clock: ManualClock, nothing_left: None, qtbot: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with station_in(tmp_path, clock, "HUB") as station:
        station.submit(found(dict.fromkeys(ADMINISTRATORS, "00" * 32)), "system", "").result()
        unused = set_fields("account", "aud", state="suspended")
        station.write([Draft("rule:disuse", "account.suspend", unused, "90 天无人登录,自动停用")]).result()
        with desk_at(station, clock, Person("sys", "SYS")) as room:
            page = room.window.pages.administration
            room.until(lambda: states(room) == ["停用", "在用", "在用"])
            page.accounts.choose("aud")
            assert page.service.isEnabled() and not page.revoke.isEnabled()
            answering(monkeypatch, "休假归来")
            page.service.click()
            room.until(lambda: states(room) == ["在用"] * 3)
            [aud] = room.known(Account, id="aud")
            assert aud.restored_at == clock.now()


def filled(room: Room, **said: str) -> GrantForm:
    """The form, filled in for a street officer; the aud account stands for somebody new."""
    room.window.pages.administration.accounts.choose("aud")
    form = room.window.pages.administration.open_form()
    known = {"account": "aud", "role": "AUD", "level": "2"}
    for name, code in (known | {key: said[key] for key in said if key in known}).items():
        form.choices[name].setCurrentIndex(form.choices[name].findData(code))
    form.choices["region"].setEditText(said.get("region", "990101003"))
    for name, text in ({"form": "SQ-2026-118", "reason": "兼任"} | said).items():
        if name in form.lines:
            form.lines[name].setText(text)
    return form


def test_what_somebody_may_then_is_told_before_anybody_signs(security: Room) -> None:
    form = filled(security, region="990101004")
    assert "查阅审计" in cells(form.rights, 0)
    assert form.then.text().startswith("共 ") and "查阅审计" in form.then.text()
    assert form.standing.text() == "一人即可授权" and not form.ask.isVisible()
    assert len(security.known(Grant, account="aud")) == 1


def test_a_grant_is_given_in_the_form_with_its_terms(security: Room) -> None:
    form = filled(security, valid_from="2026-12-01", valid_to="2027-11-30")
    form.give.click()
    security.until(lambda: not form.isVisible())
    [given] = security.known(Grant, account="aud", region="990101003")
    assert (given.role, given.level, given.purposes, given.form) == ("AUD", 2, ["duty"], "SQ-2026-118")
    assert given.valid_from == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert given.valid_to == datetime(2027, 11, 30, 16, tzinfo=UTC)
    assert (given.given_by, given.reason) == ("sec", "兼任")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"form": " "}, "请填写审批单号"),
        ({"reason": " "}, "请填写理由"),
        ({"region": "人民路"}, "没有辖区 人民路"),
        ({"account": "sec"}, "不能给自己授权"),
        ({"role": "SEC"}, "三员分立:已任 AUD,不能再任 SEC"),
        ({"valid_to": "2026-11-01"}, "有效期的起止不成立"),
        ({"level": "3"}, "三级及以上或全市授权须由值班长另行批准这份内容"),
    ],
)
def test_what_the_administrator_may_not_is_refused_in_the_form_and_nothing_is_lost(
    security: Room, said: dict[str, str], told: str
) -> None:
    form = filled(security, **said)
    before = len(security.known(Grant))
    form.give.click()
    security.until(lambda: form.wrong.text() == told)
    assert form.isVisible() and form.lines["form"].text() == said.get("form", "SQ-2026-118")
    assert len(security.known(Grant)) == before


def test_for_an_account_that_is_not_in_use_the_form_stands_at_nobody_and_says_so(security: Room) -> None:
    page = security.window.pages.administration
    security.write(Account(id="lili", state="suspended"), author="sys")
    security.until(lambda: "lili" in cells(page.accounts, 0))
    page.accounts.choose("lili")
    form = page.open_form()
    assert (form.choices["account"].currentText(), form.give.isEnabled()) == ("", False)
    assert form.wrong.text() == "账号 lili 未在用:先选择一个在用的账号"
    assert form.give.isDefault() and not form.leave.autoDefault()
    form.close()


def test_a_day_that_is_none_is_named_and_nothing_can_be_given(security: Room) -> None:
    form = filled(security, valid_to="明年")
    assert form.wrong.text() == "不是日期:至(含当日)"
    assert not form.give.isEnabled() and cells(form.rights, 0) == []


def test_what_reaches_deep_is_asked_of_a_supervisor_and_given_once_approved(security: Room) -> None:
    form = filled(security, level="3")
    assert form.ask.isVisible()
    form.ask.click()
    security.until(lambda: form.standing.text().startswith("已申请"))
    [asked] = security.known(Approval)
    assert (asked.act, asked.object, asked.asked_by) == ("grant.give", form.terms().object, "sec")
    security.station.submit(answer(asked.id, True), "wangfang", "SUP").result()
    security.until(lambda: form.standing.text() == "wangfang 已批准这份内容,30 分钟内可授权")
    form.give.click()
    security.until(lambda: not form.isVisible())
    [given] = security.known(Grant, level=3)
    assert (given.given_by, given.approved_by) == ("sec", "wangfang")


def test_a_quarter_later_each_grant_is_confirmed_or_revoked(security: Room) -> None:
    page = security.window.pages.administration
    assert cells(page.reviews.table, 0) == [] and page.parts.tabText(1) == "季度复核"
    security.clock.advance(90 * 86400)
    page.ask()
    security.until(lambda: cells(page.reviews.table, 0) == ["aud", "sec", "sys"])
    assert page.parts.tabText(1) == "季度复核 3"
    page.parts.setCurrentWidget(page.reviews)
    page.reviews.table.setFocus()
    page.reviews.table.selectRow(0)
    press(Qt.Key.Key_Return)
    security.until(lambda: cells(page.reviews.table, 0) == ["sec", "sys"])
    assert security.known(Grant, account="aud")[0].reviewed_by == "sec"
    page.reviews.table.choose("grant:sys")
    page.reviews.revoke.click()
    assert page.reviews.reason.hasFocus()
    type_in("调离岗位")
    page.reviews.revoke.click()
    security.until(lambda: cells(page.reviews.table, 0) == ["sec"])
    assert security.known(Grant, account="sys")[0].revoke_reason == "调离岗位"


def test_who_may_see_accounts_and_not_grant_finds_the_ways_to_grant_shut(tmp_path, clock, nothing_left, qtbot) -> None:
    with station_in(tmp_path, clock, "HUB") as station, desk_at(station, clock, Person("aud", "AUD")) as room:
        page = room.window.pages.administration
        assert page.is_allowed
        ways = (page.grant, page.revoke, page.service, page.reviews.confirm, page.reviews.revoke)
        assert not any(one.isEnabled() for one in ways)


def test_the_page_is_hidden_from_who_may_not_see_accounts(room: Room) -> None:
    assert not room.window.tabs.isTabVisible(NAMES.index("administration"))


def test_an_account_nobody_came_in_by_for_sixty_days_says_so(security: Room) -> None:
    page = security.window.pages.administration
    assert cells(page.accounts, 2) == ["从未登录"] * 3
    note = recorder(security.station.submit)
    note("aud", "sign_in")
    security.clock.advance(timedelta(days=59).total_seconds())
    note("sec", "sign_in")
    security.until(lambda: cells(page.accounts, 2)[1] != "从未登录")
    security.clock.advance(timedelta(days=2).total_seconds())
    aud, sec, sys = cells(page.accounts, 2)
    assert (aud.split(" · ")[1:], sec.split(" · ")[1:]) == (["61 天未用"], [])
    assert sys == "从未登录 · 61 天未用"
