"""What every record has, and how a field says that it is guarded or personal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workstation.domain.draft import Value

Rank = Callable[[Value], float]


def number_rank(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else -1.0


def open_rank(value: Value) -> float:
    """The less finished an incident, the more severe: an open one must not be hidden by a closure."""
    return -float(INCIDENT_STATES.index(str(value))) if str(value) in INCIDENT_STATES else -99.0


def _presence_rank(value: Value) -> float:
    return 0.0 if value in (None, "", False) else 1.0


DELETED, WHOLE = "deleted", "whole_record"
"""The tombstone's field, and no field: a change to WHOLE says by its base what its author had seen of all fields of a
record that it deletes or that is deleted. The fold remembers the union of what was seen."""
INCIDENT_STATES = (
    "reported",
    "verified",
    "responding",
    "controlled",
    "ended",
    "false_report",
    "merged",
    "handed_over",
    "closed",
)


def guarded(rank: Rank = _presence_rank) -> Any:
    """A field whose disagreements stay open until a named person decides; `rank` orders values by severity."""
    return field(default=None, metadata={"rank": rank})


def personal() -> Any:
    """A field sealed under its record's key before it enters the chain."""
    return field(default=None, metadata={"personal": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every kind has: its id, and a tombstone."""

    id: str
    deleted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Located(Record):
    """A position in WGS-84 degrees and where it falls in the street grid. `located` says how it was found."""

    lat: float | None = None
    lon: float | None = None
    place: str | None = None
    grid: str | None = None
    street: str | None = None
    located: str | None = None
