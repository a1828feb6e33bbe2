"""Where a command is given from: who sits there, when, and what they see.

A command is a function of the seat: it answers with the draft of an entry, or raises `Refused`. It runs on the
station's writer thread, so what it reads is what its entry is appended to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from workstation.domain.draft import Draft
from workstation.situation import Situation


@dataclass(frozen=True, slots=True)
class Seat:
    """`new_id()` names a new record by station, incarnation and seq of the entry about to be written."""

    author: str
    role: str
    station: str
    scope: str
    now: datetime
    situation: Situation
    new_id: Callable[[], str]


Command = Callable[[Seat], Draft]
