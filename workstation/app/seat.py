"""One person's seat at a running station: what the views see of the house."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from workstation.app.assembly import City, reception_of
from workstation.app.filing import Filing
from workstation.app.likely import Likely
from workstation.app.personal import PersonalValues, failed
from workstation.commands import incident as incident_commands
from workstation.commands import report as report_commands
from workstation.commands.glass import end_glass
from workstation.commands.proposal import approve
from workstation.commands.run import start_run
from workstation.commands.seat import Command
from workstation.documents.files import Written
from workstation.domain.call import CallNotes
from workstation.domain.clock import Clock
from workstation.domain.entry import Entry
from workstation.domain.errors import Refused
from workstation.domain.levels import Severity
from workstation.domain.records import Incident, Run, Sensor
from workstation.intake.gazetteer import NamedPlace
from workstation.intake.similar import Likeness
from workstation.playbooks import Ready, read_library
from workstation.reactions.limits import Limits, rules
from workstation.situation import AuditFilter, SeenSituation, Situation
from workstation.station import Station
from workstation.station.proving import Proving
from workstation.station.sitting import HubHeard, Sitting
from workstation.sync.link_state import LinkState
from workstation.telemetry import Telemetry
from workstation.views.workplace import PlaybookChoice
from workstation.words import language, pick, t


class Line(Protocol):
    """What the desk has to do with the link to the hub."""

    @property
    def state(self) -> LinkState: ...
    def hurry(self) -> None: ...


ALONE = LinkState("alone", datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Person:
    """Who sits there, in which role (a code of the roles table), and in which mode: live, demo, drill or replay.

    `sitting` is their log-in, None where the space has no accounts; `heard` when its hub was last heard.
    """

    author: str
    role: str = "operator"
    mode: str = "live"
    sitting: Sitting | None = None
    heard: HubHeard | None = None


class StationSeat:
    """Fulfils `views.workplace.Workplace` with a station. Belongs to the GUI thread; close it with the window."""

    def __init__(self, station: Station, town: City, person: Person, link: Line | None = None) -> None:
        self._station = station
        self._town = town
        self._person = person
        self._link = link
        self._situation = self.open_situation()
        self._telemetry = self.open_telemetry()
        self._reception = reception_of(station.space, town)
        self._likely = Likely(station, self._reception, self.open_situation())
        self._folder = station.space.documents
        self.files = Filing(station, person.author, person.role)
        self.personal = PersonalValues(station, self._situation, self)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="documents")

    def close(self) -> None:
        self._likely.close()
        self._writer.shutdown()
        self.files.close()
        self._situation.close()
        self._telemetry.close()

    @property
    def clock(self) -> Clock:
        return self._station.clock

    @property
    def author(self) -> str:
        return self._person.author

    @property
    def role(self) -> str:
        return self._person.role

    @property
    def duty(self) -> Sitting | None:
        return self._person.sitting

    @property
    def mode(self) -> str:
        return self._person.mode

    @property
    def station(self) -> str:
        return self._station.name

    @property
    def scope(self) -> str:
        return self._station.parts.scope

    def situation(self) -> Situation:
        return self._situation

    def open_situation(self) -> Situation:
        """As who sits here may see it."""
        return SeenSituation(self._station.situation(), self.author, self.clock.now, self.station)

    def telemetry(self) -> Telemetry:
        return self._telemetry

    def open_telemetry(self) -> Telemetry:
        return Telemetry.open(self._station.space.telemetry, False)

    def check(self) -> None:
        """Raises Refused `session.*` where the log-in allows nothing now."""
        if self.duty is not None:
            self.duty.check()

    def submit(self, command: Command) -> Future[Entry | None]:
        """A log-in that is locked, over, or too long without the hub writes nothing."""
        try:
            self.check()
        except Refused as refused:
            return failed(refused)
        return self._station.submit(command, self.author, self.role)

    def end_glass(self) -> None:
        self._station.submit(end_glass(), self.author, self.role)

    def subscribe(self, listener: Callable[[frozenset[str]], None]) -> None:
        self._station.subscribe(listener)

    def link(self) -> LinkState:
        state = self._link.state if self._link is not None else ALONE
        if self._person.heard is not None and state.state == "online":
            self._person.heard.note()
        return state

    def hurry(self) -> None:
        if self._link is not None:
            self._link.hurry()

    def suggest(self, text: str, limit: int) -> Sequence[NamedPlace]:
        return self._town.gazetteer.suggest(text, limit)

    def similar(self, notes: CallNotes) -> Sequence[Likeness]:
        return self._likely.of(notes)

    def open_incident(self, notes: CallNotes) -> Command:
        return incident_commands.open_incident(notes, self._reception)

    def add_report(self, notes: CallNotes, incident: str) -> Command:
        return incident_commands.add_report(notes, incident, self._reception)

    def unmerge(self, report: str, reason: str) -> Command:
        return report_commands.unmerge(report, reason, self._reception)

    def approve(self, approval: str, words: str) -> Command:
        return approve(approval, words, self._reception)

    def name_of(self, code: str | None) -> str:
        return pick(*self._town.names.get(code or "", (code, code))) or t("unknown")

    def limits(self, sensor: Sensor) -> dict[Severity, float]:
        rule = rules().get(sensor.type or "")
        return {limit.severity: limit.value for limit in Limits.of(rule, sensor).steps} if rule else {}

    def playbooks(self, incident: str) -> Sequence[PlaybookChoice]:
        """The playbooks made for the incident's type; all of them where its type is not known."""
        known = self._situation.get(Incident, incident)
        library = read_library()
        fitting = library.fitting(known.type if known else None) or list(library.playbooks.values())
        runs = {run.playbook: run for run in self._situation.find(Run, incident=incident)}
        return [_choice(one, runs.get(one.id)) for one in fitting]

    def start_playbook(self, incident: str, playbook: str) -> Command:
        return start_run(incident, playbook, read_library())

    def export(self, incident: str) -> Future[Sequence[Path]]:
        return self._export(lambda exporter: exporter.incident(incident, self._folder))

    def export_audit(self, wanted: AuditFilter, form: str) -> Future[Sequence[Path]]:
        return self._export(lambda exporter: exporter.audit(wanted, self._folder, form))

    def prove(self) -> Proving:
        return Proving(self._station.space.folder)

    def _export(self, write: Callable[[Any], Sequence[Written]]) -> Future[Sequence[Path]]:
        spoken = language()

        def work() -> list[Path]:
            """folium and the templates are loaded when the first document is written, off the GUI thread."""
            exporting = import_module("workstation.app.exporting")
            exporter = exporting.Exporter(self._station, self._town, self.author, self.role, spoken)
            return [one.path for one in write(exporter)]

        return self._writer.submit(work)


def _choice(ready: Ready, run: Run | None) -> PlaybookChoice:
    names = ready.plan.name
    is_running = run is not None and run.state == "running"
    return PlaybookChoice(ready.id, names.zh, names.en, run.suggested if run else None, is_running)
