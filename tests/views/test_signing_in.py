"""Signing in at the desk, the locked desk that shows no content, and the next person's turn."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.desks import Room, alarm, desk_at, flood, press, station_in, texts, type_in
from tests.station.test_credentials import NEW, code
from workstation.app.assembly import city
from workstation.app.duty import role_of, take_turns, vouch_by
from workstation.app.seat import Person
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.errors import Refused
from workstation.domain.records import Account, Grant
from workstation.situation import AccessFilter
from workstation.station import Station
from workstation.station.credentials import Credentials, Issued
from workstation.station.sitting import HubHeard, Sitting
from workstation.views.sign_in import SignInDialog
from workstation.views.window import MainWindow
from workstation.words import LANGUAGES, t, use

pytestmark = pytest.mark.usefixtures("quick_hashes")
LOCK = (Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier)


@dataclass(frozen=True, slots=True)
class Duty:
    """A desk with somebody signed in, and what they know."""

    room: Room
    issued: Issued
    sitting: Sitting


@pytest.fixture
def station(tmp_path, clock, nothing_left, qtbot) -> Iterator[Station]:
    with station_in(tmp_path, clock, "HUB") as made:
        yield made


@pytest.fixture
def on_duty(station, clock) -> Iterator[Duty]:
    credentials = Credentials(station.space.folder, clock)
    issued = credentials.issue("wangfang")
    heard = HubHeard(station.space, clock)
    signed_in = credentials.sign_in("wangfang", issued.password, code(issued, clock))
    sitting = Sitting(credentials, signed_in, heard, clock)
    with desk_at(station, clock, Person("wangfang", "OP", "live", sitting, heard)) as room:
        yield Duty(room, issued, sitting)


def shown_texts(root: QWidget) -> str:
    return "\n".join(texts(root))


def test_a_locked_desk_shows_how_many_alarms_wait_and_no_content(on_duty: Duty) -> None:
    room = on_duty.room
    room.open_with(flood(room.clock, 1))
    room.write(alarm(room.clock, "RM-07", "I"), alarm(room.clock, "RM-08", "III"))
    room.until(lambda: room.window.snapshot.unacknowledged == 2)
    press(*LOCK)
    assert room.window.guard.is_locked
    told = shown_texts(room.window)
    assert "未确认报警 2 条" in told and "1 条" in told
    assert "积水1" not in told and "RM-07" not in told and "SJ20261124" not in told
    press(Qt.Key.Key_F2)
    assert room.window.calls.form is None


def test_the_same_person_opens_it_by_password_and_a_wrong_one_does_not(on_duty: Duty) -> None:
    room, screen = on_duty.room, on_duty.room.window.guard.screen
    room.window.queue.table.setFocus()
    press(*LOCK)
    type_in("guess")
    press(Qt.Key.Key_Return)
    assert screen.wrong.text() == "账号、密码或验证码有误"
    assert screen.password.text() == ""
    type_in(on_duty.issued.password)
    press(Qt.Key.Key_Return)
    assert not room.window.guard.is_locked
    assert room.window.header.isVisible()
    assert room.window.queue.table.hasFocus()


def test_enter_behind_the_password_goes_on_to_the_code_and_costs_no_try(station, clock) -> None:
    credentials = Credentials(station.space.folder, clock)
    issued = credentials.issue("wangfang")
    dialog = SignInDialog(credentials, lambda login: None)
    dialog.show()
    dialog.activateWindow()
    assert QTest.qWaitForWindowActive(dialog)
    dialog.fields["login"].setFocus()
    for name, said in (("login", "wangfang"), ("password", issued.password), ("code", code(issued, clock))):
        assert dialog.fields[name].hasFocus()
        type_in(said)
        press(Qt.Key.Key_Return)
    assert dialog.wrong.text() == "" and dialog.labels["new"].isVisible()
    dialog.close()
    dialog.deleteLater()


def test_a_desk_left_alone_locks_and_refuses_what_was_under_way(on_duty: Duty) -> None:
    room = on_duty.room
    form = room.window.calls.open()
    room.clock.advance(600)
    room.window.guard.tick()
    assert room.window.guard.is_locked and not form.isVisible()
    room.until(lambda: isinstance(room.desk.seat.submit(lambda seat: None).exception(), Refused))


def test_the_header_names_who_is_on_duty_since_when(on_duty: Duty) -> None:
    header = on_duty.room.window.header
    on_duty.room.until(lambda: "wangfang 19:40 起值班" in shown_texts(header))


def test_after_twelve_hours_the_desk_closes_for_whoever_comes_next(on_duty: Duty) -> None:
    room = on_duty.room
    room.clock.advance(12 * 3600)
    room.window.guard.tick()
    assert room.window.guard.is_over and not room.window.isVisible()


def test_what_was_copied_is_forgotten_when_the_desk_locks_and_after_half_a_minute(on_duty: Duty) -> None:
    guard, clipboard = on_duty.room.window.guard, QGuiApplication.clipboard()
    clipboard.setText("13800138000")
    assert guard._forget.isActive() and guard._forget.interval() == 30_000
    guard._forget.timeout.emit()
    assert clipboard.text() == ""
    clipboard.setText("13800138000")
    press(*LOCK)
    assert clipboard.text() == ""


def test_a_space_without_accounts_says_that_it_cannot_be_locked(room: Room) -> None:
    press(*LOCK)
    assert not room.window.guard.is_locked
    assert room.said() == "本空间没有账号,不能锁定"


def granted(station: Station, login: str, role: str) -> None:
    """The root's word as it arrives."""
    now = station.clock.now()
    account = Account(id=login, state="active", public_key="00" * 32)
    grant = Grant(id=f"grant:{login}", account=login, role=role, region="", level=4, purposes=["duty"])
    bounds = Grant(id=f"grant:{login}", valid_from=now, valid_to=now.replace(year=now.year + 1), given_at=now)
    changes = (*changes_of(account), *changes_of(grant), *changes_of(bounds))
    station.write([Draft("system", "account.create", changes, scope="")]).result()


def test_nobody_without_a_grant_in_force_comes_in(station: Station) -> None:
    with pytest.raises(Refused, match="nothing_granted"):
        role_of(station, "wangfang")
    granted(station, "wangfang", "SUP")
    assert role_of(station, "wangfang") == "SUP"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_log_in_forces_another_password_by_keyboard_alone(station, clock, caplog, language) -> None:
    caplog.set_level(logging.DEBUG)
    use(language)
    credentials = Credentials(station.space.folder, clock)
    issued = credentials.issue("wangfang")
    dialog = SignInDialog(credentials, lambda login: None)
    dialog.show()
    dialog.activateWindow()
    for name, said in (("login", "wangfang"), ("password", issued.password), ("code", code(issued, clock))):
        dialog.fields[name].setFocus()
        type_in(said)
    press(Qt.Key.Key_Return)
    assert dialog.signed_in is None and dialog.fields["new"].isVisible()
    assert dialog.about.text() == t("sign_in.about_change")
    for said, again in (("short", "short"), (NEW, NEW)):
        dialog.fields["new"].setFocus()
        type_in(said)
        dialog.fields["again"].setFocus()
        type_in(again)
        press(Qt.Key.Key_Return)
    assert dialog.signed_in is not None and not dialog.isVisible()
    assert all(field.text() == "" for name, field in dialog.fields.items() if name != "login")
    assert issued.password not in caplog.text and NEW not in caplog.text
    dialog.deleteLater()


def seen(cls: type[QWidget]):
    """The windows of this kind that are on the screen."""
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, cls) and one.isVisible()]


def test_one_person_after_another_takes_the_desk(station, clock) -> None:
    credentials = Credentials(station.space.folder, clock)
    sheets = [credentials.issue(login) for login in ("wangfang", "li-ming")]
    for issued in sheets:
        granted(station, issued.login, "OP")
        told = credentials.sign_in(issued.login, issued.password, issued.recovery[0])
        credentials.change(told, issued.password, NEW)
    waiting, sat = iter(sheets), []

    def sign_in() -> None:
        dialog = next(iter(seen(SignInDialog)), None)
        if dialog is None:
            QTimer.singleShot(10, sign_in)
            return
        issued = next(waiting)
        said = {"login": issued.login, "password": NEW, "code": issued.recovery[1]}
        for name, text in said.items():
            dialog.fields[name].setText(text)
        dialog.attempt()

    def sit() -> None:
        [window] = seen(MainWindow)
        sat.append((window.workplace.author, window.workplace.role))
        if len(sat) == 1:
            QTimer.singleShot(0, sign_in)
            window.guard.screen.left.emit()

    QTimer.singleShot(0, sign_in)
    take_turns(station, city("linjiang"), Person("operator"), None, sit)
    assert sat == [("wangfang", "OP"), ("li-ming", "OP")]
    situation = station.situation()
    rows = situation.accesses(AccessFilter(), 9)
    situation.close()
    assert sorted((one.user, one.act) for one in rows) == [
        *(("li-ming", done) for done in ("sign_in", "sign_out")),
        *(("wangfang", done) for done in ("sign_in", "sign_out")),
    ]


def test_secrets_are_typed_unseen_and_are_no_accessible_text(station, clock) -> None:
    dialog = SignInDialog(Credentials(station.space.folder, clock), lambda login: None)
    for name, field in dialog.fields.items():
        assert field.accessibleName()
        assert (field.echoMode() is QLineEdit.EchoMode.Password) == (name != "login")
    dialog.deleteLater()


def test_what_a_person_answers_for_is_signed_with_their_own_key_while_they_sit(station, on_duty) -> None:
    signed_in = on_duty.sitting.signed_in
    vouch_by(station, signed_in)
    assert station.ask(lambda journal: journal.vouching("wangfang")).result() is signed_in.key
    assert station.ask(lambda journal: journal.vouching("li-ming")).result() is None
    vouch_by(station, None)
    assert station.ask(lambda journal: journal.vouching("wangfang")).result() is None
