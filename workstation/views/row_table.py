"""A table of rows that are shown as they are: plain text, colours with words, sorted by who made them.

One model for every list of the desk. It is given new rows as a whole and keeps selection and scroll by the row's id, so
that a list that changes under an operator's hands does not jump.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from workstation.domain.levels import Severity
from workstation.views.palette import SeverityMark, palette, severity_picture
from workstation.views.plain import one_line
from workstation.words import t

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
CELL_ROLE = int(Qt.ItemDataRole.UserRole) + 1
TEXT_ROLES = frozenset({int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)})
COLOUR_ROLE = int(Qt.ItemDataRole.ForegroundRole)
ROLES = TEXT_ROLES | {COLOUR_ROLE, CELL_ROLE}
"""What a cell says; Qt asks for ten things of every cell it paints."""
ROW_HEIGHT, MARK_RADIUS = 30, 9
WORDS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell: its text, the colour of the theme it is written in, a severity's mark or a bar (0..1) before it."""

    text: str
    colour: str = "text"
    mark: SeverityMark | None = None
    bar: float | None = None


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """A column: the message key of its head, what it shows of a row, its width in pixels (0: it takes what is left).

    In a table narrower than `least` pixels it is left out, so that no list ever needs to be scrolled sideways.
    """

    key: str
    show: Callable[[R], Shown]
    width: int = 0
    least: int = 0


class RowModel(QAbstractTableModel, Generic[R]):
    """Rows of one kind, each with an id."""

    def __init__(self, columns: Sequence[Column[R]], identity: Callable[[R], str], parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self.identity = identity
        self.rows: list[R] = []

    def show_rows(self, rows: Sequence[R]) -> None:
        if len(rows) == len(self.rows) and all(map(self._same, self.rows, rows)):
            self.rows = list(rows)
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def row_of(self, identity: str) -> int:
        """The place of a row, -1 for one that is not here."""
        return next((number for number, row in enumerate(self.rows) if self.identity(row) == identity), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in ROLES or not index.isValid() or index.row() >= len(self.rows):
            return None
        shown = self.shown(index)
        if role in TEXT_ROLES:
            return one_line(shown.text)
        return QColor(str(getattr(palette(), shown.colour))) if role == COLOUR_ROLE else shown

    def shown(self, index: Index) -> Shown:
        return self.columns[index.column()].show(self.rows[index.row()])

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            key = self.columns[section].key
            return t(key) if key else ""
        return None

    def _same(self, one: R, other: R) -> bool:
        return self.identity(one) == self.identity(other)


class _Delegate(QStyledItemDelegate):
    """Paints severity marks and bars before the text."""

    def __init__(self, model: RowModel[Any], parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """A cell as it is: Qt's own way asks the model for ten things, one after the other."""
        shown, colours = self._model.shown(index), QPalette(option.palette)
        colours.setColor(QPalette.ColorRole.Text, QColor(str(getattr(palette(), shown.colour))))
        option.index, option.text, option.palette = index, one_line(shown.text), colours  # type: ignore[assignment]
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDisplay

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shown = self._model.shown(index)
        if shown.mark is not None:
            super().paint(painter, _shifted(option, 26), index)
            mark = severity_picture(shown.mark, MARK_RADIUS, painter.device().devicePixelRatioF())
            half = mark.deviceIndependentSize().width() / 2
            painter.drawPixmap(QPointF(option.rect.left() + 15 - half, option.rect.center().y() + 1 - half), mark)
            return
        super().paint(painter, _shifted(option, 58) if shown.bar is not None else option, index)
        if shown.bar is not None:
            box = option.rect.adjusted(6, option.rect.height() // 2 - 4, 0, 0)
            painter.fillRect(box.x(), box.y(), 48, 8, QColor(palette().line))
            painter.fillRect(box.x(), box.y(), round(48 * shown.bar), 8, QColor(palette().focus))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, ROW_HEIGHT)


def _shifted(option: QStyleOptionViewItem, pixels: int) -> QStyleOptionViewItem:
    moved = QStyleOptionViewItem(option)
    moved.rect = option.rect.adjusted(pixels, 0, 0, 0)
    return moved


class RowTable(QTableView, Generic[R]):
    """The table. `chosen` carries the id of the row under the cursor, `used` that of a row on Enter or double click;
    `none` is the message key of what is written where there is no row."""

    chosen = Signal(str)
    used = Signal(str)

    def __init__(self, columns: Sequence[Column[R]], identity: Callable[[R], str], name: str, none: str = "") -> None:
        super().__init__()
        self._name, self._none = name, none
        self.rows_model: RowModel[R] = RowModel(columns, identity, self)
        self.setModel(self.rows_model)
        self.setItemDelegate(_Delegate(self.rows_model, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self._size_columns(columns)
        self.selectionModel().currentRowChanged.connect(self._moved)
        self.doubleClicked.connect(lambda index: self._use())
        self.setAccessibleName(t(name))

    def resizeEvent(self, event: QResizeEvent) -> None:
        for number, column in enumerate(self.rows_model.columns):
            self.setColumnHidden(number, self.viewport().width() < column.least)
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._none and not self.rows_model.rows:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(palette().muted))
            painter.drawText(self.viewport().rect().adjusted(10, 8, -10, -8), WORDS, t(self._none))
            painter.end()

    def show_rows(self, rows: Sequence[R]) -> None:
        """New rows; the row that was chosen stays chosen where it still is."""
        before = self.chosen_id()
        bar = self.verticalScrollBar().value()
        blocked = self.selectionModel().blockSignals(True)
        self.rows_model.show_rows(rows)
        if before:
            self._go_to(before)
        self.selectionModel().blockSignals(blocked)
        self.verticalScrollBar().setValue(bar)

    def chosen_id(self) -> str:
        row = self.chosen_row()
        return "" if row is None else self.rows_model.identity(row)

    def choose(self, identity: str) -> None:
        """Put the cursor on a row by its id."""
        if identity != self.chosen_id():
            self._go_to(identity)

    def chosen_row(self) -> R | None:
        index = self.currentIndex()
        rows = self.rows_model.rows
        return rows[index.row()] if index.isValid() and index.row() < len(rows) else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The row that the keys act on is seen: Qt puts the cursor on the first one and does not show it."""
        super().focusInEvent(event)
        if self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self.selectRow(self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._use()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(t(self._name))
            self.rows_model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.rows_model.columns) - 1)
            self.viewport().update()
        super().changeEvent(event)

    def _size_columns(self, columns: Sequence[Column[R]]) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for number, column in enumerate(columns):
            if column.width:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Interactive)
                self.setColumnWidth(number, column.width)
            else:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)

    def _go_to(self, identity: str) -> None:
        row = self.rows_model.row_of(identity)
        if row >= 0:
            self.setCurrentIndex(self.rows_model.index(row, 0))

    def _moved(self, index: Index, before: Index) -> None:
        if index.isValid():
            self.chosen.emit(self.chosen_id())

    def _use(self) -> None:
        if self.chosen_id():
            self.used.emit(self.chosen_id())


def severity_shown(severity: Severity | None, filled: bool, stale: bool = False) -> Shown:
    """A severity as mark and word, grey when its data have stopped; unknown as a word."""
    if severity is None:
        return Shown(t("unknown"), "muted")
    return Shown(t(f"severity.{severity.value}"), "muted" if stale else "text", SeverityMark(severity, filled, stale))
