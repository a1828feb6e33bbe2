"""What keeps the record itself honest: proofs of forks, verdicts, erasures, and the daily root over all streams."""

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.draft import Value
from workstation.domain.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork(Record):
    """Two different entries under one reference, which is its id. `proof` holds the signed headers of both sides (see
    `journal.forks`), so that whoever reads it can check it again."""

    station: str | None = None
    incarnation: str | None = None
    seq: int | None = None
    found_by: str | None = None
    found_at: datetime | None = None
    proof: dict[str, Value] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict(Record):
    """The root's word that the entry whose reference is its id does not count, and why: a message key."""

    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure(Record):
    """The order to destroy every key of a subject, which is its id. It is never taken back."""

    reason: str | None = None
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Root(Record):
    """The hub's word of a day (its id, UTC): where every stream ended, how many entries that is, SHA-256 over it."""

    at: datetime | None = None
    ends: list[Value] | None = None
    entries: int | None = None
    digest: str | None = None
