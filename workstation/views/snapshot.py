"""What the desk shows, read in one go off the GUI thread: bounded, sorted, and ready to be drawn."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from workstation.commands.proposal import is_proposal
from workstation.domain.levels import Severity, severity_rank
from workstation.domain.records import (
    KINDS,
    Alarm,
    Approval,
    Attachment,
    Incident,
    Member,
    Quarantine,
    Record,
    Report,
    Run,
    Source,
    Step,
    Task,
)
from workstation.playbooks import Bilingual, read_library
from workstation.situation import Name, Situation, TimelineLine, subjects_of

LIVE = ("reported", "verified", "responding", "controlled")
STANDING = ("raised", "acknowledged", "returned")
OPEN_STEPS = ("active", "first_confirmed", "unknown")
OPEN_TASKS = ("sent", "delivered", "acknowledged", "under_way", "on_scene")
MOST = 500
WORST_FIRST = ("I", "II", "III", None, "IV")
UNKNOWN_RANK = 1.5
"""What nobody has judged yet stands before what was judged to be minor."""


@dataclass(frozen=True, slots=True)
class Due:
    """The next thing that must be done: a step or a task, of which incident, by when."""

    at: datetime
    title_zh: str
    title_en: str
    who: str
    incident: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One open incident with what is due in it."""

    incident: Incident
    reports: int
    tasks: int
    due: Due | None

    @property
    def severity(self) -> Severity | None:
        return severity_of(self.incident)

    @property
    def worst_first(self) -> tuple[float, float, str]:
        """Graver before lighter, unknown before the lightest; then what is due sooner, then the older."""
        due = self.due.at.timestamp() if self.due else 9e12
        rank = severity_rank(self.incident.level) or UNKNOWN_RANK
        return -rank, due, self.incident.number or self.incident.id


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole desk at one moment. `more` counts open incidents beyond the queue's limit, `undecided` what waits in
    the conflict inbox; `about` holds what each line of the log, by its reference, is about."""

    queue: tuple[QueueRow, ...] = ()
    more: int = 0
    alarms: tuple[Alarm, ...] = ()
    undecided: int = 0
    sources: tuple[Source, ...] = ()
    quarantined: int = 0
    rejects: tuple[Quarantine, ...] = ()
    about: Mapping[str, Record] = field(default_factory=dict)
    log: tuple[TimelineLine, ...] = ()
    dues: tuple[Due, ...] = ()

    @property
    def unacknowledged(self) -> int:
        return sum(alarm.state in ("raised", "returned") for alarm in self.alarms)


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything about one incident; `subjects` names what a line speaks of, by the line's reference;
    `merged` are the incidents that were merged into it, `into` is the one into which it was merged;
    `prohibited` is what its running playbooks forbid."""

    incident: Incident
    reports: tuple[Report, ...] = ()
    tasks: tuple[Task, ...] = ()
    runs: tuple[Run, ...] = ()
    steps: tuple[Step, ...] = ()
    lines: tuple[TimelineLine, ...] = ()
    files: tuple[Attachment, ...] = ()
    members: tuple[Member, ...] = ()
    disputed: frozenset[str] = field(default_factory=frozenset)
    subjects: Mapping[str, Name] = field(default_factory=dict)
    proposals: tuple[Approval, ...] = ()
    merged: tuple[Incident, ...] = ()
    into: Incident | None = None
    prohibited: tuple[Bilingual, ...] = ()


def read_snapshot(situation: Situation) -> Snapshot:
    """One read of everything the desk's lists show."""
    incidents = _worst(situation)
    log = situation.recent(200)
    dues = _dues(situation)
    first_due: dict[str, Due] = {}
    for due in dues:
        first_due.setdefault(due.incident, due)
    reports = situation.tally(Report, "incident", incident=[one.id for one in incidents])
    tasks = situation.tally(Task, "incident", state=OPEN_TASKS)
    rows = [QueueRow(one, reports.get(one.id, 0), tasks.get(one.id, 0), first_due.get(one.id)) for one in incidents]
    return Snapshot(
        queue=tuple(sorted(rows, key=lambda row: row.worst_first)),
        more=max(0, situation.count(Incident, state=LIVE) - len(incidents)),
        alarms=tuple(_alarms(situation)),
        undecided=situation.undecided(),
        sources=tuple(situation.find(Source)),
        quarantined=situation.count(Quarantine),
        rejects=tuple(situation.find(Quarantine, order="-received_at", limit=100)),
        log=tuple(log),
        about=_about(situation, log),
        dues=tuple(dues[:50]),
    )


def read_dossier(situation: Situation, incident_id: str) -> Dossier | None:
    """Everything about one incident; None for one nobody knows."""
    incident = situation.get(Incident, incident_id)
    if incident is None:
        return None
    steps = situation.find(Step, incident=incident_id, limit=MOST)
    lines = tuple(situation.timeline(incident_id, limit=MOST))
    runs = tuple(situation.find(Run, incident=incident_id))
    return Dossier(
        incident,
        tuple(situation.find(Report, incident=incident_id, order="received_at", limit=MOST)),
        tuple(situation.find(Task, incident=incident_id, order="sent_at", limit=MOST)),
        runs,
        tuple(sorted(steps, key=lambda step: (step.run or "", step.position or 0, step.id))),
        lines,
        tuple(situation.find(Attachment, incident=incident_id, order="-added_at", limit=MOST)),
        tuple(situation.find(Member, incident=incident_id)),
        frozenset(situation.disputed("incident", incident_id)),
        subjects_of(situation, lines),
        tuple(one for one in situation.find(Approval, incident=incident_id, state="asked") if is_proposal(one)),
        tuple(situation.find(Incident, merged_into=incident_id, state="merged", limit=MOST)),
        situation.get(Incident, incident.merged_into or "") if incident.state == "merged" else None,
        tuple(_prohibited(runs)),
    )


def _prohibited(runs: Sequence[Run]) -> Iterator[Bilingual]:
    for run in runs:
        playbook = read_library().get(run.playbook) if run.state == "running" else None
        yield from playbook.plan.prohibit if playbook is not None else ()


def severity_of(record: Incident | Alarm) -> Severity | None:
    return Severity(record.level) if record.level in tuple(Severity) else None


def _worst(situation: Situation) -> list[Incident]:
    """The open incidents, at most `MOST`, no grave one left out for a lighter one; of a level the newest first."""
    found: list[Incident] = []
    for level in WORST_FIRST:
        found += situation.find(Incident, state=LIVE, level=level, order="-opened_at", limit=MOST - len(found))
    return found


def _about(situation: Situation, lines: Sequence[TimelineLine]) -> dict[str, Record]:
    """The record that each line speaks of; of what belongs to an incident, the incident."""
    keys = {line.ref: (line.changes[0].kind, line.changes[0].id) for line in lines if line.changes}
    read = _records(situation, set(keys.values()))
    owners = {key: ("incident", str(getattr(record, "incident", None) or "")) for key, record in read.items()}
    read |= _records(situation, {owner for owner in owners.values() if owner[1]} - read.keys())
    found = {name: read.get(owners.get(key, key)) or read.get(key) for name, key in keys.items()}
    return {name: record for name, record in found.items() if record is not None}


def _records(situation: Situation, keys: Set[tuple[str, str]]) -> dict[tuple[str, str], Record]:
    """Records by kind and id, deleted ones too."""
    found: dict[tuple[str, str], Record] = {}
    for kind in {kind for kind, _ in keys}:
        known = situation.these(KINDS[kind], [record_id for one, record_id in keys if one == kind])
        found |= {(kind, record_id): record for record_id, record in known.items()}
    return found


def _alarms(situation: Situation) -> list[Alarm]:
    """Standing alarms, unacknowledged first, then by level; then the newest of the cleared."""
    standing = situation.find(Alarm, state=STANDING, limit=MOST)
    standing.sort(
        key=lambda one: (one.state == "acknowledged", -severity_rank(one.level), one.raised_at is None, one.id)
    )
    return standing + situation.find(Alarm, state="cleared", order="-cleared_at", limit=100)


def _dues(situation: Situation) -> list[Due]:
    """Open steps of running playbooks and open tasks, the soonest first. A step whose task is out counts once."""
    running = {run.id for run in situation.find(Run, state="running")}
    tasks = [task for task in situation.find(Task, state=OPEN_TASKS, limit=MOST * 4) if task.due_at]
    out = {task.step for task in tasks}
    dues = [
        Due(step.due_at, step.title_zh or "", step.title_en or "", step.role or "", step.incident or "")
        for step in situation.find(Step, state=OPEN_STEPS, limit=MOST * 4)
        if step.due_at and step.run in running and step.id not in out
    ]
    steps = {step.id: step for step in situation.find(Step, id=sorted(filter(None, out)) or [""])}
    for task in tasks:
        step = steps.get(task.step or "")
        zh, en = (step.title_zh, step.title_en) if step else (task.title, task.title)
        if task.due_at:
            dues.append(Due(task.due_at, zh or "", en or "", task.office or "", task.incident or ""))
    return sorted(dues, key=lambda due: due.at)
