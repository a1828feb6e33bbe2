"""What the views know of the rest of the house: one seat at one station.

The application fulfils this with the station. Everything a view reads comes through `situation`, everything it wants
done goes through `submit`, so no view can reach around the station.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QImage

from workstation.commands.access import Sight
from workstation.commands.seat import Command
from workstation.domain.call import CallNotes
from workstation.domain.clock import Clock
from workstation.domain.entry import Entry
from workstation.domain.levels import Severity
from workstation.domain.records import Attachment, Report, Sensor
from workstation.intake.similar import Likeness
from workstation.security.session import Rights
from workstation.situation import AuditFilter, Situation
from workstation.station.proving import Proving
from workstation.telemetry import Telemetry


class LinkState(Protocol):
    """The link to the centre: `state` is online, syncing, offline, refused or alone (no hub configured).

    `reason` is a key under `link.reason`, empty for a good link; `offset_ms` the hub's clock minus ours; `news` is
    stream or polling; `following` is how many entries have not yet come with their content.
    """

    @property
    def state(self) -> str: ...
    @property
    def since(self) -> datetime: ...
    @property
    def unsent(self) -> int: ...
    @property
    def last_error(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def offset_ms(self) -> int | None: ...
    @property
    def news(self) -> str: ...
    @property
    def following(self) -> int: ...


class Place(Protocol):
    """A gazetteer entry as a suggestion."""

    @property
    def name_zh(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...
    @property
    def street(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PlaybookChoice:
    """A playbook that fits an incident's type; `suggested` is the level its conditions speak for, if any."""

    id: str
    name_zh: str
    name_en: str
    suggested: str | None = None
    is_running: bool = False


@dataclass(frozen=True, slots=True)
class FileNow:
    """Where a file is: hub (here and at the centre), here, fetching or away; `arrived` 0 to 1 of it is here."""

    state: str
    arrived: float = 0.0


class Files(Protocol):
    """Files at this seat. What takes time is a Future; none of them opens a file."""

    def now(self, known: Attachment) -> FileNow: ...
    def attach(self, path: Path, to: str) -> Future[str]: ...
    def fetch(self, known: Attachment) -> None: ...
    def save_copy(self, known: Attachment, path: Path) -> Future[str]: ...
    def thumbnail(self, known: Attachment) -> Future[QImage | None]: ...


class Personal(Protocol):
    """Personal values at this seat. A refusal comes through the future; sights and copies are on record first."""

    def masked(self, report: Report) -> Mapping[str, str]:
        """Each personal field that the report holds, masked."""
        ...

    def unmask(self, sight: Sight) -> "Future[str | None]":
        """The clear text of one field; None where its key was destroyed. It is nowhere kept but by who asked."""
        ...

    def copied(self, sight: Sight) -> "Future[Entry | None]": ...
    def ask(self, sight: Sight) -> "Future[Entry | None]":
        """Ask a supervisor for it."""
        ...

    def use_at_once(self, sight: Sight) -> "Future[Entry | None]":
        """Approve it oneself in an emergency; it is reviewed afterwards."""
        ...


class Duty(Protocol):
    """The log-in of who sits here, since when, and what it is still good for."""

    @property
    def account(self) -> str: ...
    @property
    def since(self) -> datetime: ...
    def rights(self) -> Rights: ...
    def touch(self) -> None: ...
    def lock(self) -> None: ...
    def unlock(self, password: str) -> None: ...


class Workplace(Protocol):
    """One person's seat. `mode` is live, demo, drill or replay; `role` a code of the roles table."""

    @property
    def clock(self) -> Clock: ...
    @property
    def author(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def station(self) -> str: ...
    @property
    def scope(self) -> str: ...
    @property
    def mode(self) -> str: ...
    @property
    def files(self) -> Files: ...
    @property
    def personal(self) -> Personal: ...
    @property
    def duty(self) -> Duty | None: ...

    def situation(self) -> Situation:
        """The GUI thread's own read connection."""
        ...

    def open_situation(self) -> Situation:
        """A further read connection, for the reading thread, which closes it."""
        ...

    def telemetry(self) -> Telemetry:
        """The GUI thread's own read connection to the measurements."""
        ...

    def open_telemetry(self) -> Telemetry:
        """A further read connection to the measurements, for the reading thread, which closes it."""
        ...

    def submit(self, command: Command) -> "Future[Entry | None]":
        """Have a command carried out on the station's thread; `Refused` comes through the future."""
        ...

    def end_glass(self) -> None:
        """Shut what was opened in an emergency, also where the log-in allows nothing any more."""
        ...

    def subscribe(self, listener: Callable[[frozenset[str]], None]) -> None:
        """Be told which kinds changed. Called from the station's thread."""
        ...

    def link(self) -> LinkState: ...

    def hurry(self) -> None:
        """Have the link try now rather than when its wait is over."""
        ...

    def suggest(self, text: str, limit: int) -> Sequence[Place]:
        """Places by Chinese name, pinyin initials or English."""
        ...

    def similar(self, notes: CallNotes) -> Sequence[Likeness]:
        """Open incidents that the call may be about, the likeliest first. Called on the GUI thread: keep it short."""
        ...

    def open_incident(self, notes: CallNotes) -> Command:
        """The command that opens an incident from a call."""
        ...

    def add_report(self, notes: CallNotes, incident: str) -> Command:
        """The command that adds the call to an incident that is open already."""
        ...

    def unmerge(self, report: str, reason: str) -> Command:
        """The command that takes apart the merge which brought a report to its incident."""
        ...

    def approve(self, approval: str, words: str) -> Command:
        """The command that approves what another asked for; what was proposed is done with it."""
        ...

    def name_of(self, code: str | None) -> str:
        """A street, an office or a place by its name in the current language; unknown as a word."""
        ...

    def limits(self, sensor: Sensor) -> dict[Severity, float]:
        """The levels at which a sensor alarms, by severity; none for an instrument without a rule."""
        ...

    def playbooks(self, incident: str) -> Sequence[PlaybookChoice]: ...

    def start_playbook(self, incident: str, playbook: str) -> Command: ...

    def export(self, incident: str) -> "Future[Sequence[Path]]":
        """Write the incident's document files; the paths come through the future."""
        ...

    def export_audit(self, wanted: AuditFilter, form: str) -> "Future[Sequence[Path]]":
        """Write the entries a filter lets through as csv or jsonl; the paths come through the future."""
        ...

    def prove(self) -> Proving:
        """Begin to prove that the record was not altered."""
        ...
