"""An incident's timeline tells of each entry where it is, and follows the receipts as they come."""

import pytest
from PySide6.QtCore import Qt

from tests.desks import Room, cells, fitting, flood, press
from workstation.domain.records import Step
from workstation.words import LANGUAGES, t

ALT = Qt.KeyboardModifier.AltModifier


def shown(room: Room) -> None:
    """The timeline of an incident, its one line chosen."""
    room.open_with(flood(room.clock, 1))
    room.turn_to("i1")
    press(Qt.Key.Key_5, ALT)
    room.until(lambda: len(room.window.incident.timeline.table.rows_model.rows) == 1)
    press(Qt.Key.Key_Down)


def confirmed(room: Room, *peers: str) -> None:
    """Receipts as the link writes them."""
    for peer in peers:
        room.station.ask(lambda journal, one=peer: journal.exchange.receipt(one, journal.exchange.heads())).result()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_entry_is_only_here_then_at_the_centre_then_seen_by_stations(room: Room, language: str) -> None:
    shown(room)
    page = room.window.incident.timeline
    room.window.speak(language)
    room.until(lambda: page.whole.text().endswith(t("timeline.only_here")))
    confirmed(room, "HUB")
    page.tick()
    room.until(lambda: page.whole.text().endswith(t("timeline.at_centre")))
    confirmed(room, "JD03", "JD01")
    page.tick()
    room.until(lambda: page.whole.text().endswith(t("timeline.seen_by", stations="JD01, JD03")))
    assert t("timeline.at_centre") in page.whole.text()


def test_a_wide_desk_tells_it_of_every_line_and_a_narrow_one_of_the_chosen(room: Room) -> None:
    shown(room)
    table = room.window.incident.timeline.table
    assert table.isColumnHidden(4) and fitting(table)
    room.window.resize(1920, 1080)
    room.until(lambda: not table.isColumnHidden(4) and fitting(table))
    assert cells(table, 4) == ["仅在本站"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_says_which_step_was_done_in_the_list_and_whole(room: Room, language: str) -> None:
    done = Step(
        id="s1", incident="i1", step="F2", title_zh="封闭下穿两端", title_en="Close the underpass", state="done"
    )
    room.open_with(flood(room.clock, 1))
    room.write(done)
    room.turn_to("i1")
    page = room.window.incident.timeline
    room.window.speak(language)
    named = {"zh": "F2 封闭下穿两端", "en": "F2 Close the underpass"}[language]
    room.until(lambda: named in cells(page.table, 3)[0] and named in cells(room.window.incident.newest, 3)[0])
    page.table.selectRow(0)
    room.until(lambda: named in page.whole.text())
