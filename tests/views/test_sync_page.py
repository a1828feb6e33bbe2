"""The sync page says how the link stands, what remains by urgency, and which entries the centre does not have."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from tests.desks import Cable, Room, cells, desk_at, flood, press, station_in
from tests.views.conftest import OPERATOR
from workstation.sync.link_state import LinkState
from workstation.views.sync_page import SyncPage

CTRL = Qt.KeyboardModifier.ControlModifier


class Line(Cable):
    """A cable that counts how often it was told to hurry."""

    hurried = 0

    def hurry(self) -> None:
        self.hurried += 1


@pytest.fixture
def line(clock) -> Line:
    return Line(LinkState("online", clock.now()))


@pytest.fixture
def street(tmp_path, clock, nothing_left, line) -> Iterator[Room]:
    with station_in(tmp_path, clock, "JD03") as station, desk_at(station, clock, OPERATOR, line) as room:
        yield room


def opened(room: Room) -> SyncPage:
    press(Qt.Key.Key_U, CTRL)
    page = room.window.pages.sync
    assert room.window.tabs.currentWidget() is page
    room.until(lambda: page.lacking.text())
    return page


def test_an_outage_says_why_since_when_and_what_remains(street: Room, line: Line) -> None:
    street.write(flood(street.clock, 1, "II"))
    line.state = LinkState("offline", street.clock.now(), 1, "no route", "unreachable", -1200)
    street.clock.advance(timedelta(hours=6).total_seconds())
    page = opened(street)
    assert "离线" in page.state.text()
    assert "6 小时" in page.state.text()
    assert "网络不可达" in page.state.text()
    assert "-1.2 秒" in page.state.text()
    assert page.state.text().endswith("no route")
    street.until(lambda: page.queue.text() == "待中心确认 1 条:特急 1 · 加急 0 · 优先 0 · 普通 0")
    assert cells(page.table, 0) == ["特急"]
    assert cells(page.table, 5) == ["仅在本站"]
    assert "即时通知" not in page.state.text()


def test_a_difference_of_clocks_nobody_measured_is_unknown(street: Room, line: Line) -> None:
    assert "时差未知" in opened(street).state.text()
    line.state = replace(line.state, offset_ms=0)
    street.window.pages.sync.ask()
    assert "+0.0 秒" in street.window.pages.sync.state.text()


def test_the_page_says_how_much_of_history_is_still_to_come(street: Room, line: Line) -> None:
    line.state = replace(line.state, following=900)
    assert "还有 900 条历史内容在后台补齐" in opened(street).state.text()
    line.state = replace(line.state, following=0)
    street.window.pages.sync.ask()
    assert "补齐" not in street.window.pages.sync.state.text()


def test_try_now_hurries_the_link(street: Room, line: Line) -> None:
    opened(street).retry.click()
    assert line.hurried == 1


def test_a_station_without_a_hub_has_nothing_to_try(room: Room) -> None:
    page = opened(room)
    assert page.state.text() == "单机"
    assert not page.retry.isEnabled()
    room.write(flood(room.clock, 1, "II"))
    room.window.pages.sync.ask()
    room.until(lambda: page.about.text() == "本站之上没有中心,无需上送")
    assert (page.queue.text(), cells(page.table, 0)) == ("", [])


def test_what_the_centre_refused_is_told_whole_and_counted_on_the_tab(street: Room, line: Line) -> None:
    street.write(flood(street.clock, 1, "II"))

    def refuse(journal) -> None:
        with journal.store.transaction():
            journal.store.refuse(journal.own, journal.own.seq, "authority.unseen")
            own = (journal.own.station, journal.own.incarnation)
            journal.exchange.receipt("HUB", {own: journal.own.seq})

    street.station.ask(refuse).result()
    page = opened(street)
    street.until(lambda: page.about.text() == "没有待送条目;下列 1 条中心未采信")
    assert cells(page.table, 5) == ["中心未采信:该站无权查看这条记录，不能改动"]
    page.table.selectRow(0)
    assert page.whole.text().startswith("新建事件 · 事件 i1 · ") and page.whole.text().endswith("不能改动")
    street.write(flood(street.clock, 2, "II"))
    tab = street.window.tabs.indexOf(page)
    street.until(lambda: street.window.tabs.tabText(tab) == "同步 1")
    street.window.pages.sync.ask()
    street.until(lambda: page.about.text() == "先列中心未采信的 1 条,其后是中心尚未收到的 1 条")


def test_the_page_is_told_in_the_language_of_the_desk(street: Room, line: Line) -> None:
    page = opened(street)
    street.window.speak("en")
    street.until(lambda: page.queue.text().startswith("0 not confirmed by the centre"))
    assert page.state.text().startswith("Online since")
    assert page.about.text() == "Everything is with the centre"
