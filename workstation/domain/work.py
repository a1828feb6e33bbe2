"""What people do about it, and what is kept of that: runs, steps, tasks, logs, files, accesses."""

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.draft import Sealed, Value
from workstation.domain.record import Located, Record, personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Record):
    """A playbook suggested or started for an incident. `inputs` are the values its suggested level rests on, as
    they were at `judged_at`."""

    playbook: str | None = None
    version: int | None = None
    incident: str | None = None
    trigger: str | None = None
    inputs: dict[str, Value] | None = None
    judged_at: datetime | None = None
    suggested: str | None = None
    state: str | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    stop_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Record):
    """One line of a run's checklist. `condition` is true, false or unknown; `overrun` none, yellow, red, escalated."""

    run: str | None = None
    incident: str | None = None
    step: str | None = None
    position: int | None = None
    title_zh: str | None = None
    title_en: str | None = None
    role: str | None = None
    mode: str | None = None
    condition: str | None = None
    state: str | None = None
    due_at: datetime | None = None
    planned_at: datetime | None = None
    first_by: str | None = None
    done_by: str | None = None
    done_at: datetime | None = None
    result: str | None = None
    overrun: str | None = None
    escalated_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Located):
    """An order to an office or unit. `delivered_at` is set by the receiving station only."""

    incident: str | None = None
    run: str | None = None
    step: str | None = None
    title: str | None = None
    office: str | None = None
    role: str | None = None
    state: str | None = None
    sent_at: datetime | None = None
    due_at: datetime | None = None
    delivered_at: datetime | None = None
    delivered_by: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    result: str | None = None
    return_reason: str | None = None
    phoned_at: datetime | None = None
    phoned_by: str | None = None
    overrun: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment(Record):
    """One unit committed to one incident."""

    incident: str | None = None
    unit: str | None = None
    task: str | None = None
    state: str | None = None
    assigned_at: datetime | None = None
    released_at: datetime | None = None
    eta_min: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Log(Record):
    """A free line of the operations log."""

    incident: str | None = None
    at: datetime | None = None
    author: str | None = None
    text: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment(Record):
    """A file kept by its SHA-256 (`digest`), about an incident, a report or a task.

    `digest`, `root` (over all chunks) and `stored_size` speak of the bytes as they are stored and moved; `size` is the
    size in clear, `likeness` a keyed digest of the clear bytes, by which the same file is known again. `key` opens a
    sealed file. `source` says who took it: desk, officer, camera, vehicle. `name` is text, never a path.
    """

    incident: str | None = None
    report: str | None = None
    task: str | None = None
    source: str | None = None
    digest: str | None = None
    root: str | None = None
    name: str | None = None
    media_type: str | None = None
    size: int | None = None
    stored_size: int | None = None
    likeness: str | None = None
    key: str | Sealed | None = personal()
    taken_at: datetime | None = None
    added_at: datetime | None = None
    added_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion(Record):
    """What was deleted because its time was over: by which rule, how much, and the SHA-256 of the deleted set.

    The set is digested as its ids, sorted, one a line; `before` is the moment before which things were too old.
    """

    rule: str | None = None
    what: str | None = None
    count: int | None = None
    sha256: str | None = None
    before: datetime | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Record):
    """Something that left: an exported incident report, with the digest of the file."""

    incident: str | None = None
    name: str | None = None
    format: str | None = None
    sha256: str | None = None
    made_at: datetime | None = None
    made_by: str | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access(Record):
    """A row of the access log: recorded though it changes nothing (a log-in, an unmasked field, an export).

    `act` is unmask, copy, export, sign_in, sign_out, unlock or what was refused of these; `object` the id of what was
    seen, `field` which personal field of it, `station` where it was seen.
    """

    at: datetime | None = None
    user: str | None = None
    act: str | None = None
    object: str | None = None
    field: str | None = None
    incident: str | None = None
    reason: str | None = None
    purpose: str | None = None
    station: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine(Record):
    """A record from outside that could not be used. `raw` keeps its bytes (base64), sealed: they may name people.

    `reason` is in the language of the station that read it; by key and values it is told in any other.
    """

    source: str | None = None
    record: str | None = None
    field: str | None = None
    reason: str | None = None
    reason_key: str | None = None
    reason_values: dict[str, Value] | None = None
    received_at: datetime | None = None
    raw: str | Sealed | None = personal()
    raw_digest: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Record):
    """A feed as the operator sees it: one line on outage, one on recovery."""

    name: str | None = None
    state: str | None = None
    since: datetime | None = None
    reason: str | None = None
