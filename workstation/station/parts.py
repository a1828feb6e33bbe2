"""What a station is joined from. The composition root fills these in; the station itself knows only their shape."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workstation.domain.draft import Draft
from workstation.domain.entry import Entry
from workstation.domain.observation import Observation
from workstation.feeds.parsed import Parsed
from workstation.situation import Situation


class Reaction(Protocol):
    """A rule that answers an entry of our own, or the passing of time, with drafts. It never writes."""

    def after(self, entry: Entry, situation: Situation, now: datetime) -> list[Draft]: ...

    def tick(self, situation: Situation, now: datetime) -> list[Draft]: ...


class Watch(Protocol):
    """A rule over observations: thresholds. `observe` answers measured values, `tick` their absence."""

    def observe(self, observations: Sequence[Observation], now: datetime) -> list[Draft]: ...

    def tick(self, now: datetime) -> list[Draft]: ...

    def after(self, entry: Entry) -> None: ...


class Intake(Protocol):
    """Reports and alerts as they were parsed become drafts."""

    def take(self, parsed: Parsed, situation: Situation, now: datetime) -> list[Draft]: ...


class Measurements(Protocol):
    """The telemetry store as the station writes it."""

    def store(self, observations: Sequence[Observation]) -> int: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class Parts:
    """`reactions` answer entries and time, `watch` observations; None for `intake` or `telemetry`: it has none.

    `ticks` False: time passes for the station only when its `tick` is called, as on a scenario's clock.
    """

    reactions: Sequence[Reaction] = ()
    watch: Watch | None = None
    intake: Intake | None = None
    telemetry: Measurements | None = None
    scope: str = ""
    ticks: bool = True
