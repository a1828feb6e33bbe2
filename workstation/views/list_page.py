"""A page that is a list with a line above it and buttons below: alarms, log, disagreements, sources."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.views.labels import Action, Caption
from workstation.views.row_table import RowTable

R = TypeVar("R")


class ListPage(QWidget, Generic[R]):
    """`about` says what the list is and how much of it there is; each button acts on the chosen row."""

    def __init__(self, table: RowTable[R]) -> None:
        super().__init__()
        self.table = table
        self.about = Caption("", "second")
        self.about.hide()
        self.empty = Caption("", "muted")
        self._buttons = QHBoxLayout()
        self._buttons.setContentsMargins(8, 4, 8, 8)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.about.setContentsMargins(10, 8, 10, 6)
        self.empty.setContentsMargins(10, 2, 10, 10)
        column.addWidget(self.about)
        column.addWidget(self.empty)
        column.addWidget(table, 1)
        column.addLayout(self._buttons)

    def put_over(self, widget: QWidget) -> None:
        """What is shown above all else."""
        self._column.insertWidget(0, widget)

    def put_under(self, widget: QWidget) -> None:
        """What is shown between the list and its buttons, of the chosen row."""
        self._column.insertWidget(self._column.count() - 1, widget)

    def add_action(self, action: Action, use: Callable[[], object]) -> Action:
        action.clicked.connect(use)
        self._buttons.addWidget(action)
        return action

    def finish_actions(self) -> None:
        self._buttons.addStretch()

    def say_about(self, key: str, **values: object) -> None:
        """The line above the list."""
        self.about.say(key, **values)
        self.about.show()

    def show_rows(self, rows: Sequence[R], none: str) -> None:
        """The rows, and the words for there being none."""
        self.table.show_rows(rows)
        self.empty.say(none)
        self.empty.setVisible(not rows)
