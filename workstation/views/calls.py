"""Calls at a desk: the form is opened, put aside and taken up again; what was saved is turned to and named."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from workstation.commands.seat import Command
from workstation.domain.entry import Entry
from workstation.domain.errors import KnownError
from workstation.domain.records import Incident
from workstation.views.bridge import Bridge
from workstation.views.call_form import CallForm
from workstation.views.errands import Errands
from workstation.views.keys import bind
from workstation.views.merging import line_of
from workstation.views.workplace import Workplace
from workstation.words import t
from workstation.words.refusals import refusal_text

STAYING = ("acknowledge", "help", "language", "lock")
LEAVING = ("alarms", "conflicts", "map", "queue", "tasks", "unsent")
"""The keys of the desk that are heard while a call is taken: those that leave the hands on it, and those that turn to
another part of the desk. What would act on the incident shown is not: the call is about another."""


class Calls:
    """`form` is None while no call is taken; `uses` are those of the desk's keys, some of which the form hears too."""

    def __init__(
        self, window: QWidget, workplace: Workplace, errands: Errands, bridge: Bridge, turn_to: Callable[[str], object]
    ) -> None:
        self._window, self._workplace, self._errands, self._bridge = window, workplace, errands, bridge
        self._turn_to = turn_to
        self.uses: Mapping[str, Callable[[], object]] = {}
        self.form: CallForm | None = None

    def open(self, lat: float | None = None, lon: float | None = None) -> CallForm:
        """Open the form, at a place if one was pointed at, or go on with the one that was put aside."""
        if self.form is None:
            self.form = CallForm(self._workplace, self._window)
            self.form.saved.connect(self._save)
            heard = {key: use for key, use in self.uses.items() if key in STAYING}
            heard |= {key: partial(self._elsewhere, use) for key, use in self.uses.items() if key in LEAVING}
            bind(self.form, heard)
        if lat is not None and lon is not None:
            self.form.at_place(lat, lon)
        self.form.begin()
        return self.form

    def _elsewhere(self, use: Callable[[], object]) -> None:
        self._window.activateWindow()
        use()

    def _save(self, command: Command) -> None:
        self._bridge.deliver(self._workplace.submit(command), self._saved)

    def _saved(self, future: "Future[Any]") -> None:
        error = future.exception()
        if error is not None and not isinstance(error, KnownError):
            raise error
        if self.form is None:
            return
        if error is not None:
            self.form.refuse(refusal_text(error))
            return
        self.form.end()
        self.form = None
        self._tell(_incident_of(future.result()))

    def _tell(self, incident: str) -> None:
        """Turn to the incident of the call: what the next key does is about it."""
        known = self._workplace.situation().get(Incident, incident)
        self._errands.say(
            t("desk.form.saved", incident="" if known is None else line_of(known, self._workplace.name_of))
        )
        self._turn_to(incident)


def _incident_of(entry: Entry) -> str:
    """The incident that a call opened or joined."""
    told = (change.value for change in entry.changes if (change.kind, change.field) == ("report", "incident"))
    return str(next(told, ""))
