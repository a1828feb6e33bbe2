"""Whatever a caller, a feed or another station writes is shown as the letters it is made of, and stays in its place."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea

from tests.desks import SMALL, UNDERPASS, Room, alarm, flood, run_of, step
from tests.views.conftest import bare_room
from workstation.domain.records import Incident, Report, Sensor, Source, Task
from workstation.views.asking import tell
from workstation.views.row_table import RowTable

MARKUP = "<h1>全市解除</h1><img src='http://10.0.0.1/x'><script>alert(1)</script>&amp;"
TURNED = "平安\u202e险危\u2066\u200f\u0000\u0007"
LINES = "第一行\n第二行\r\n第三行\u2028第四行\t末"
ENDLESS = "水" * 5_000 + "x" * 5_000
HOSTILE = [MARKUP, TURNED, LINES, ENDLESS]
TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u0000\u0007")


@pytest.fixture(scope="module")
def flooded(tmp_path_factory, dressed) -> Iterator[Room]:
    """A desk on which every text that comes from outside is hostile, each incident in its own way. Tests only look."""
    with bare_room(tmp_path_factory.mktemp("flooded")) as room:
        flood_with_text(room)
        yield room


def flood_with_text(room: Room) -> None:
    clock, (lat, lon) = room.clock, UNDERPASS
    for number, text in enumerate(HOSTILE, 1):
        known = as_fields(flood(clock, number, lat=lat + 0.01 * number, lon=lon))
        room.open_with(Incident(**(known | {"title": text, "place": text, "type": None})))
        room.write(
            *run_of(f"i{number}", step(clock, f"i{number}", "F1", title_zh=text, title_en=text)),
            Task(id=f"t{number}", incident=f"i{number}", title=text, office=text, state="sent", due_at=clock.now()),
            Report(id=f"r{number}", incident=f"i{number}", text=text, source=text, received_at=clock.now()),
            Sensor(id=f"RM-{number}", name_zh=text, unit=text[:40]),
            alarm(clock, f"RM-{number}", "I"),
            Source(id=f"s{number}", name=text, state="outage", reason=text, since=clock.now()),
            author=text[:60],
        )
    room.until(lambda: len(room.window.pages.alarms.table.rows_model.rows) == len(room.window.snapshot.sources) == 4)


def pages(room: Room) -> Iterator[tuple[str, str]]:
    """Each incident's page with the trend of its gauge, brought up and read whole; its id and its text."""
    for number, text in enumerate(HOSTILE, 1):
        room.turn_to(f"i{number}")
        room.window.pick("sensor", f"RM-{number}")
        room.window.tabs.setCurrentWidget(room.window.incident)
        yield f"i{number}", text


def as_fields(incident: Incident) -> dict[str, object]:
    return {name: getattr(incident, name) for name in incident.__dataclass_fields__}


def tables(room: Room) -> list[RowTable[object]]:
    return room.window.findChildren(RowTable)


def cells_of(room: Room) -> Iterator[str]:
    for table in tables(room):
        model = table.rows_model
        for row in range(model.rowCount()):
            for column in range(model.columnCount()):
                yield str(model.index(row, column).data())


def labels(room: Room) -> list[QLabel]:
    return [one for one in room.window.findChildren(QLabel) if one.text()]


def test_no_label_reads_text_as_markup(flooded: Room) -> None:
    for _ in pages(flooded):
        assert {one.textFormat() for one in labels(flooded)} == {Qt.TextFormat.PlainText}


def test_no_text_turns_or_hides_the_text_beside_it(flooded: Room) -> None:
    for _ in pages(flooded):
        shown = [*cells_of(flooded), *(one.text() for one in labels(flooded))]
        assert not TURNING & set("".join(shown))


def test_every_cell_is_one_line_of_bounded_length_in_a_row_of_the_usual_height(flooded: Room) -> None:
    for _ in pages(flooded):
        assert all(len(cell.splitlines()) <= 1 and len(cell) <= 1100 for cell in cells_of(flooded))
        assert {table.rowHeight(0) for table in tables(flooded) if table.rows_model.rows} == {30}


def test_no_text_pushes_the_desk_wider_or_the_page_sideways(flooded: Room) -> None:
    [scroll] = flooded.window.incident.findChildren(QScrollArea)
    for _ in pages(flooded):
        QCoreApplication.processEvents()
        assert flooded.window.size().toTuple() == SMALL
        assert min(flooded.window.split.sizes()) > 300
        assert scroll.horizontalScrollBar().maximum() == 0


def test_what_was_written_is_still_there_to_be_read(flooded: Room) -> None:
    for _, text in pages(flooded):
        beginning = "".join(letter for letter in text if letter not in TURNING).split()[0][:8]
        assert sum(beginning in cell for cell in cells_of(flooded)) >= 6


def test_the_card_on_the_map_shows_the_title_as_it_is_written_and_stays_on_the_map(flooded: Room) -> None:
    canvas, card = flooded.window.map.canvas, flooded.window.map.card
    for incident, text in pages(flooded):
        middle = QPoint(canvas.width() // 2, canvas.height() // 2)
        flooded.until(lambda at=middle: canvas.hit(at.x(), at.y()))
        assert canvas.hit(middle.x(), middle.y()).id == incident
        QTest.mouseMove(canvas, middle - QPoint(1, 1))
        QTest.mouseMove(canvas, middle)
        flooded.until(card.isVisible)
        assert not TURNING & set(card.text)
        assert card.text.startswith(text[:2])
        assert canvas.rect().contains(card.geometry())


def test_a_told_text_is_plain_and_goes_when_it_is_read(flooded: Room) -> None:
    tell(flooded.window, "desk.help", MARKUP)
    [box] = [one for one in flooded.window.children() if one.inherits("QMessageBox")]
    assert (box.textFormat(), box.text(), box.isModal()) == (Qt.TextFormat.PlainText, MARKUP, False)
    box.accept()
