"""What a merge has made of an incident, under its name, with a way to each of the others: into which it was merged, or
which were merged into it."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from workstation.domain.records import Incident
from workstation.views.columns import NameOf
from workstation.views.labels import Caption
from workstation.views.merging import line_of

SHOWN = 2
"""Ways that are offered at once; the rest is a number, and all are offered where they are taken apart."""


class MergedBar(QWidget):
    """Hidden for an incident that was not merged. `chosen` names the incident somebody wants to turn to."""

    chosen = Signal(str)

    def __init__(self, name_of: NameOf) -> None:
        super().__init__()
        self._name_of = name_of
        self._shown: tuple[Incident, ...] = ()
        self._caption, self._more = Caption("", "second"), Caption("", "second")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 0, 10, 6)
        self._ways: list[QPushButton] = []
        self._row.addWidget(self._caption)
        self._row.addWidget(self._more)
        self._row.addStretch()
        self.hide()

    def show_merged(self, into: Incident | None, merged: Sequence[Incident]) -> None:
        """`into` which the incident was merged, and those that were `merged` into it."""
        others = (into,) if into is not None else tuple(merged)
        self.setVisible(bool(others))
        self._caption.say("desk.merge.into" if into is not None else "desk.merge.from")
        self._more.say("desk.merge.more", count=len(others) - SHOWN)
        self._more.setVisible(len(others) > SHOWN)
        if others[:SHOWN] != self._shown:
            self._shown = others[:SHOWN]
            self._offer()

    def _offer(self) -> None:
        for way in self._ways:
            self._row.removeWidget(way)
            way.deleteLater()
        self._ways = [self._way(one) for one in self._shown]
        for number, way in enumerate(self._ways, 1):
            self._row.insertWidget(number, way)

    def _way(self, other: Incident) -> QPushButton:
        told = line_of(other, self._name_of)
        way = QPushButton(told.replace("&", "&&"))
        way.setAccessibleName(told)
        way.clicked.connect(partial(self.chosen.emit, other.id))
        return way
