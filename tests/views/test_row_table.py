"""The one model behind every list: consistent through every change, and still under the cursor."""

import random
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QAbstractItemModelTester, QTest

from workstation.domain.levels import Severity
from workstation.views.palette import SeverityMark
from workstation.views.row_table import CELL_ROLE, Column, RowTable, Shown


@dataclass(frozen=True, slots=True)
class Thing:
    """A row of any kind."""

    id: str
    text: str = "x"


COLUMNS = (
    Column("desk.col.text", lambda one: Shown(one.text)),
    Column("", lambda one: Shown("", mark=SeverityMark(Severity.II), bar=0.5), 80),
    Column("desk.col.state", lambda one: Shown(one.id, "muted"), 90, 400),
)


@pytest.fixture
def table(qtbot, dressed) -> RowTable[Thing]:
    table = RowTable(COLUMNS, lambda one: one.id, "desk.queue")
    qtbot.addWidget(table)
    table.resize(500, 300)
    table.show()
    return table


def things(*ids: object) -> list[Thing]:
    return [Thing(str(one)) for one in ids]


def test_the_model_keeps_qts_rules_through_inserts_removes_and_resets(table) -> None:
    tester = QAbstractItemModelTester(table.rows_model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    chance = random.Random(7)
    ids = list(range(30))
    for _ in range(200):
        chance.shuffle(ids)
        table.show_rows(things(*ids[: chance.randrange(31)]))
    assert tester.failureReportingMode() is QAbstractItemModelTester.FailureReportingMode.Fatal


def test_rows_that_only_say_something_new_are_not_taken_away_and_put_back(table, qtbot) -> None:
    table.show_rows(things(1, 2))
    with qtbot.assertNotEmitted(table.rows_model.modelReset), qtbot.waitSignal(table.rows_model.dataChanged):
        table.show_rows([Thing("1", "deeper"), Thing("2", "x")])
    assert table.rows_model.index(0, 0).data() == "deeper"


def test_the_cursor_follows_its_row_and_tells_nobody(table, qtbot) -> None:
    table.show_rows(things(*range(100)))
    table.choose("40")
    with qtbot.assertNotEmitted(table.chosen):
        table.show_rows(things(200, *range(100)))
    assert (table.chosen_id(), table.currentIndex().row()) == ("40", 41)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [41]


def test_a_row_that_is_gone_leaves_no_cursor_on_another(table) -> None:
    table.show_rows(things(1, 2, 3))
    table.choose("2")
    table.show_rows(things(1, 3))
    assert (table.chosen_id(), table.chosen_row()) == ("", None)


def test_enter_uses_the_chosen_row_and_nothing_where_there_is_none(table, qtbot) -> None:
    with qtbot.assertNotEmitted(table.used):
        QTest.keyClick(table, Qt.Key.Key_Return)
    table.show_rows(things(1, 2))
    table.choose("2")
    with qtbot.waitSignal(table.used) as used:
        QTest.keyClick(table, Qt.Key.Key_Enter)
    assert used.args == ["2"]


def test_an_index_out_of_the_rows_shows_nothing(table) -> None:
    table.show_rows(things(1))
    outside = table.rows_model.createIndex(5, 0)
    assert table.rows_model.data(outside) is None
    assert table.rows_model.data(QModelIndex()) is None


def test_a_cell_gives_text_and_colour_by_their_roles_and_itself_to_its_painter(table) -> None:
    table.show_rows(things(1))
    first, second, third = (table.rows_model.index(0, column) for column in range(3))
    assert (first.data(), first.data(Qt.ItemDataRole.AccessibleTextRole)) == ("x", "x")
    cell = second.data(CELL_ROLE)
    assert (cell.mark, cell.bar) == (SeverityMark(Severity.II), 0.5)
    assert third.data(Qt.ItemDataRole.ForegroundRole) != first.data(Qt.ItemDataRole.ForegroundRole)
    assert isinstance(third.data(Qt.ItemDataRole.ForegroundRole), QColor)


def test_in_a_narrow_list_the_least_column_gives_way(table) -> None:
    assert not table.isColumnHidden(2)
    table.resize(300, 300)
    assert table.isColumnHidden(2)
    table.resize(500, 300)
    assert not table.isColumnHidden(2)


def test_what_is_painted_before_the_text_leaves_room_for_it(table) -> None:
    """A mark's own colours are seen, and no failure of a painter reaches the log."""
    table.show_rows(things(*range(8)))
    picture = table.grab().toImage()
    colours = {picture.pixelColor(x, 45).name() for x in range(picture.width())}
    assert len(colours) > 3


def test_a_table_without_rows_says_so(qapp, qtbot) -> None:
    table = RowTable(
        [Column("desk.col.record", lambda row: Shown("x"))], lambda row: "x", "desk.tab.log", "desk.none.log"
    )
    qtbot.addWidget(table)
    table.resize(400, 200)
    blank = RowTable([Column("desk.col.record", lambda row: Shown("x"))], lambda row: "x", "desk.tab.log")
    qtbot.addWidget(blank)
    blank.resize(400, 200)
    assert table.viewport().grab().toImage() != blank.viewport().grab().toImage()
