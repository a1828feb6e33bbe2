"""A page of the desk that is made when it is first turned to.

Most people never open most pages, and each costs the desk's start a hundredth of a second or more.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

P = TypeVar("P", bound=QWidget)


class LatePage(QWidget, Generic[P]):
    """The place of a page; `make` makes it. `made` is None until somebody has seen it or `page` was asked for."""

    def __init__(self, make: Callable[[], P]) -> None:
        super().__init__()
        self._make = make
        self.made: P | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def page(self) -> P:
        if self.made is None:
            self.made = self._make()
            self._column.addWidget(self.made)
        return self.made

    def showEvent(self, event: QShowEvent) -> None:
        self.page.show()
        super().showEvent(event)
