"""A restricted incident on the desk: closed to whoever is no member, until let in, or the glass is broken."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from PySide6.QtCore import Qt

from tests.desks import SMALL, Room, cells, desk_at, flood, press, station_in, texts, type_in, visible
from tests.views.test_glass import REASON, asked
from workstation.app.seat import Person
from workstation.commands.members import add_member
from workstation.domain.records import Access, Member, Report
from workstation.security.authority import GLASS
from workstation.situation import AuditFilter
from workstation.views.incident_page import EVERY_TAB
from workstation.views.members_page import MembersPage
from workstation.words import LANGUAGES

SECRET = "桥头聚集二百人"
RIOT = {"title": SECRET, "type": "S02", "restricted": True, "owner": "zhao"}


@pytest.fixture
def desks(tmp_path, clock, nothing_left, qtbot) -> Iterator[tuple[Room, Room]]:
    """The owner's desk and an operator's, at one station that knows of a restricted incident and of a flood."""
    with ExitStack() as stack:
        station = stack.enter_context(station_in(tmp_path, clock))
        owner = stack.enter_context(desk_at(station, clock, Person("zhao", "OP")))
        other = stack.enter_context(desk_at(station, clock, Person("wang", "OP")))
        owner.write(flood(clock, 1, None, **RIOT), flood(clock, 2), Report(id="r1", incident="i1", text=SECRET))
        for room in (owner, other):
            room.until(lambda room=room: len(cells(room.window.queue.table, 1)) == 2)
        yield owner, other


def page(room: Room) -> MembersPage:
    return room.window.incident.members


def offered(room: Room) -> list[str]:
    tabs = room.window.incident.tabs
    return [name for number, name in enumerate(EVERY_TAB) if tabs.isTabVisible(number)]


def breaks_in(room: Room) -> None:
    """Break the glass on the closed incident's page, until it is open and the bar counts it down."""
    page(room).glass.click()
    asked(room)
    type_in(REASON)
    press(Qt.Key.Key_Return)
    room.until(lambda: "summary" in offered(room) and room.window.glass.is_open)


def test_whoever_is_no_member_finds_it_in_the_queue_by_its_number_and_closed(desks: tuple[Room, Room]) -> None:
    owner, other = desks
    assert "受限事件(仅成员可见)" in cells(other.window.queue.table, 1)
    other.turn_to("i1")
    assert offered(other) == ["members"] and page(other).glass.isVisible()
    told = " ".join(texts(other.window))
    assert SECRET not in told and "SJ20261124-0001" in told and "不是成员" in told
    assert "未定级" not in told and "成员 0" not in other.window.incident.tabs.tabText(EVERY_TAB.index("members"))
    assert not page(other).terms.isVisible()
    owner.turn_to("i1")
    assert SECRET in " ".join(texts(owner.window)) and "members" in offered(owner)


def test_any_other_incident_has_no_page_of_members(desks: tuple[Room, Room]) -> None:
    _, other = desks
    other.turn_to("i2")
    assert offered(other) == list(EVERY_TAB[:-1])


def test_its_owner_lets_somebody_in_with_a_reason_and_their_desk_opens_it(desks: tuple[Room, Room]) -> None:
    owner, other = desks
    other.turn_to("i1")
    owner.turn_to("i1")
    owner.window.incident.tabs.setCurrentWidget(page(owner))
    page(owner).account.setText("wang")
    page(owner).add.click()
    assert owner.window.focusWidget() is page(owner).reason and owner.known(Member) == []
    page(owner).reason.setText("负责现场谈判")
    page(owner).add.click()
    owner.until(lambda: cells(page(owner).table, 0) == ["wang"])
    assert cells(page(owner).table, 2) == ["2026-11-24 19:40:00 zhao"]
    other.until(lambda: "summary" in offered(other))
    assert other.window.incident.tabs.currentIndex() == 0
    other.until(lambda: [one.user for one in other.known(Access, act="read")] == ["zhao", "wang"])
    page(owner).table.selectRow(0)
    page(owner).reason.setText("任务结束")
    page(owner).remove.click()
    other.until(lambda: offered(other) == ["members"])
    assert SECRET not in " ".join(texts(other.window))


def test_broken_glass_opens_it_until_it_is_over_and_that_is_on_record(desks: tuple[Room, Room]) -> None:
    _, other = desks
    other.turn_to("i1")
    breaks_in(other)
    other.until(lambda: other.known(Access, act="read"))
    situation = other.station.situation()
    [looked] = situation.audit(AuditFilter(author="wang", act="access.read"))
    situation.close()
    assert looked.cause.startswith(GLASS)
    other.window.glass.end.click()
    other.until(lambda: offered(other) == ["members"])
    assert SECRET not in " ".join(texts(other.window))


def test_glass_whose_time_is_over_closes_it_without_anything_else_happening(desks: tuple[Room, Room]) -> None:
    _, other = desks
    other.turn_to("i1")
    breaks_in(other)
    other.clock.advance(15 * 60)
    other.window.glass.tick()
    other.until(lambda: offered(other) == ["members"])


def test_a_supervisor_who_is_none_lets_others_in_without_seeing_it(tmp_path, clock, nothing_left, qtbot) -> None:
    with station_in(tmp_path, clock) as station, desk_at(station, clock, Person("liu", "SUP")) as room:
        room.open_with(flood(clock, 1, None, **RIOT))
        station.submit(add_member("i1", "li", "ZX", "负责处置"), "zhao", "OP").result()
        room.turn_to("i1")
        assert page(room).terms.isVisible() and not page(room).remove.isVisible()
        page(room).account.setText("wang")
        page(room).reason.setText("负责现场谈判")
        page(room).add.click()
        room.until(lambda: sorted(one.account for one in room.known(Member)) == ["li", "wang"])
        page(room).account.setText("liu")
        page(room).reason.setText("督办")
        page(room).add.click()
        room.until(lambda: room.said() == "不能自行加入;请另一值班长办理")
        assert SECRET not in " ".join(texts(room.window))


def test_a_supervisor_restricts_one_with_those_named_and_lifts_it_again(tmp_path, clock, nothing_left, qtbot) -> None:
    with ExitStack() as stack:
        station = stack.enter_context(station_in(tmp_path, clock))
        head = stack.enter_context(desk_at(station, clock, Person("liu", "SUP")))
        other = stack.enter_context(desk_at(station, clock, Person("wang", "OP")))
        head.write(flood(clock, 1, title=SECRET))
        for room in (head, other):
            room.until(lambda room=room: cells(room.window.queue.table, 1) != [])
            room.turn_to("i1")
        form = page(head)
        head.window.incident.tabs.setCurrentWidget(form)
        assert form.restrict.isVisible() and not form.lift.isVisible() and not form.take.isVisible()
        for name in ("li", "chen", "li"):
            form.account.setText(name)
            form.add.click()
        assert cells(form.table, 0) == ["chen", "li"] and head.known(Member) == []
        form.table.selectRow(0)
        form.remove.click()
        form.restrict.click()
        assert head.window.focusWidget() is form.reason and head.known(Member) == []
        form.reason.setText("涉及未公开线索")
        form.restrict.click()
        other.until(lambda: offered(other) == ["members"])
        other.until(lambda: SECRET not in " ".join(texts(other.window)))
        head.until(lambda: cells(form.table, 0) == ["li", "liu"])
        assert form.lift.isVisible() and not form.restrict.isVisible() and form.reason.text() == ""
        form.reason.setText("已公开")
        form.lift.click()
        other.until(lambda: "summary" in offered(other))
        head.until(form.restrict.isVisible)
        assert head.known(Member) == [] and cells(form.table, 0) == []


def test_of_what_came_in_from_outside_a_supervisor_takes_charge(tmp_path, clock, nothing_left, qtbot) -> None:
    with ExitStack() as stack:
        station = stack.enter_context(station_in(tmp_path, clock))
        head = stack.enter_context(desk_at(station, clock, Person("liu", "SUP")))
        other = stack.enter_context(desk_at(station, clock, Person("wang", "OP")))
        head.write(flood(clock, 1, **(RIOT | {"owner": None})))
        for room in (head, other):
            room.until(lambda room=room: cells(room.window.queue.table, 1) == ["受限事件(待接管)"])
            room.turn_to("i1")
        assert page(head).take.isVisible() and not page(other).take.isVisible()
        page(head).reason.setText("值班长接管")
        page(head).take.click()
        head.until(lambda: "summary" in offered(head))
        head.until(lambda: SECRET in " ".join(texts(head.window)))
        other.until(lambda: cells(other.window.queue.table, 1) == ["受限事件(仅成员可见)"])


def test_its_report_is_not_exported_by_whoever_is_none(desks: tuple[Room, Room]) -> None:
    _, other = desks
    other.turn_to("i1")
    other.window.errands.export("i1")
    other.until(lambda: "受限事件,仅成员可导出" in other.said())
    assert not list(other.station.space.documents.glob("*"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_closed_incident_fits_a_small_screen_in_one_language(desks: tuple[Room, Room], language: str) -> None:
    _, other = desks
    other.window.speak(language)
    other.turn_to("i1")
    assert other.window.size().toTuple() == SMALL
    shown = [one for one in texts(page(other)) if one]
    assert visible(other.window, MembersPage) and shown
    assert all(one.isascii() for one in shown) is (language == "en")
