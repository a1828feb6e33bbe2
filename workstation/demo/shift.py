"""The scripted people of the evening: they look at the situation as a person would, and give commands.

They go through the station like anybody else and are refused like anybody else. A person who takes over stops the
script of that room; the others play on.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workstation.commands.seat import Command
from workstation.domain.errors import Refused
from workstation.situation import Situation
from workstation.station import Station

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the script and their role."""

    name: str
    role: str


class Script(Protocol):
    """What the people of one room do at a moment: `do(person, command)` gives a command and says whether it passed."""

    def beat(self, situation: Situation, now: datetime, do: "Do") -> None: ...


Do = Callable[[Somebody, Command], bool]


class Shift:
    """The people of one room at work; not for use by several threads but for `rest` and `go_on`."""

    def __init__(self, station: Station, script: Script) -> None:
        self._station = station
        self._script = script
        self._situation = station.situation()
        self.is_resting = False
        self.refused: list[str] = []

    def close(self) -> None:
        self._situation.close()

    def rest(self) -> None:
        """Do nothing until asked to go on: a person has taken over."""
        self.is_resting = True

    def go_on(self) -> None:
        self.is_resting = False

    def beat(self) -> None:
        """Do what is to be done at this moment; it is in the journal when this returns."""
        if not self.is_resting:
            self._script.beat(self._situation, self._station.clock.now(), self._do)

    def _do(self, who: Somebody, command: Command) -> bool:
        try:
            self._station.submit(command, who.name, who.role).result()
        except Refused as refusal:
            self.refused.append(refusal.rule)
            log.info("%s: %s was refused: %s", self._station.name, who.name, refusal)
            return False
        return True
