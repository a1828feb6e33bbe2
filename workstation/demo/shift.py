"""The scripted people of the evening: a thread that looks at the situation as a person would, and gives commands.

They go through the station like anybody else and are refused like anybody else. A person who takes over stops the
script of that room; the others play on.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workstation.commands.seat import Command
from workstation.domain.errors import Refused
from workstation.situation import Situation
from workstation.station import Station

BEAT_SECONDS = 0.25
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
    """The people of one room at work, from `start` to `stop`."""

    def __init__(self, station: Station, script: Script) -> None:
        self._station = station
        self._script = script
        self._stopping = threading.Event()
        self._resting = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"shift-{station.name}", daemon=True)
        self.refused: list[str] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def is_resting(self) -> bool:
        """Whether a person has taken over."""
        return self._resting.is_set()

    def rest(self) -> None:
        """Do nothing until asked to go on."""
        self._resting.set()

    def go_on(self) -> None:
        self._resting.clear()

    def _run(self) -> None:
        situation = self._station.situation()
        while not self._stopping.wait(BEAT_SECONDS):
            if self._resting.is_set():
                continue
            try:
                self._script.beat(situation, self._station.clock.now(), self._do)
            except Exception:  # border: a stumble of the script must not end the evening unseen
                log.exception("%s: the script stumbled", self._station.name)
        situation.close()

    def _do(self, who: Somebody, command: Command) -> bool:
        try:
            self._station.submit(command, who.name, who.role).result()
        except Refused as refusal:
            self.refused.append(refusal.rule)
            log.info("%s: %s was refused: %s", self._station.name, who.name, refusal)
            return False
        return True
