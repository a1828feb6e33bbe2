"""The kinds of record the journal folds into tables. One frozen dataclass a kind; one table a dataclass.

The field's type gives the column; `guarded(rank)` marks a field whose disagreements a named person must settle, shown
meanwhile as the more severe value; `personal()` marks a field sealed before it enters the chain. Every field may be
None: unknown, which is never false and never zero.

Ids: what people make is named by station, incarnation and seq; what comes from outside by feed and external id; what
is automatic by its cause.
"""

from dataclasses import Field, fields
from typing import Any

from workstation.domain.assets import Camera, Facility, GridCell, Sensor, Station, Unit
from workstation.domain.happenings import Alarm, Alert, Incident, Report
from workstation.domain.integrity import Erasure, Fork, Root, Verdict
from workstation.domain.people import Account, Approval, Grant, Member
from workstation.domain.record import Located, Record
from workstation.domain.work import (
    Access,
    Assignment,
    Attachment,
    Deletion,
    Document,
    Log,
    Quarantine,
    Run,
    Source,
    Step,
    Task,
)

__all__ = [
    "KINDS",
    "KIND_OF",
    "ROOT_KINDS",
    "Access",
    "Account",
    "Alarm",
    "Alert",
    "Approval",
    "Assignment",
    "Attachment",
    "Camera",
    "Deletion",
    "Document",
    "Erasure",
    "Facility",
    "Fork",
    "Grant",
    "GridCell",
    "Incident",
    "Located",
    "Log",
    "Member",
    "Quarantine",
    "Record",
    "Report",
    "Root",
    "Run",
    "Sensor",
    "Source",
    "Station",
    "Step",
    "Task",
    "Unit",
    "Verdict",
    "fields_of",
]

KINDS: dict[str, type[Record]] = {
    "incident": Incident,
    "report": Report,
    "alert": Alert,
    "alarm": Alarm,
    "run": Run,
    "step": Step,
    "task": Task,
    "assignment": Assignment,
    "log": Log,
    "attachment": Attachment,
    "unit": Unit,
    "sensor": Sensor,
    "camera": Camera,
    "grid_cell": GridCell,
    "facility": Facility,
    "document": Document,
    "deletion": Deletion,
    "access": Access,
    "quarantine": Quarantine,
    "source": Source,
    "station": Station,
    "account": Account,
    "grant": Grant,
    "approval": Approval,
    "member": Member,
    "fork": Fork,
    "erasure": Erasure,
    "root": Root,
    "verdict": Verdict,
}
ROOT_KINDS = frozenset({"station", "account", "grant", "root", "verdict"})
"""What the root alone writes: of any other station it is neither folded nor taken."""
KIND_OF: dict[type[Record], str] = {cls: kind for kind, cls in KINDS.items()}


def fields_of(kind: str) -> tuple[Field[Any], ...]:
    """The fields of a kind except its id, in declaration order."""
    return tuple(f for f in fields(KINDS[kind]) if f.name != "id")
