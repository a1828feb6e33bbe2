"""The situation as one person may see it: restricted incidents are closed to whoever is no member.

Every page, document and search reads through it, so none of them decides this. A closed incident is still there, by its
number; of what belongs to it nothing is. Broken glass opens them all until it is shut.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from workstation.domain.draft import Change
from workstation.domain.happenings import ClosedIncident
from workstation.domain.records import KIND_OF, Access, Approval, Incident, Member, Record
from workstation.situation.accesses import AccessFilter
from workstation.situation.audit import PAGE, AuditEntry, AuditFilter
from workstation.situation.disputes import Conflict
from workstation.situation.guards import Breach
from workstation.situation.membership import CLOSED_KINDS, records_of
from workstation.situation.sending import OwnEntry, Sending
from workstation.situation.situation import ALL, Situation
from workstation.situation.timeline import TimelineLine

R = TypeVar("R", bound=Record)
Key = tuple[str, str]


class SeenSituation(Situation):
    """Reads as `Situation` does, for one person at one station, where they may have broken the glass."""

    def __init__(self, whole: Situation, account: str, now: Callable[[], datetime], station: str) -> None:
        super().__init__(whole.readable)
        self._account, self._now, self._station = account, now, station

    def closed(self) -> frozenset[str]:
        """The incidents that are closed to this person now."""
        found = self.closed_to(self._account)
        return frozenset() if found and self._has_broken_glass() else found

    def get(self, cls: type[R], record_id: str) -> R | None:
        record = super().get(cls, record_id)
        return next(iter(self._open(cls, [record])), None) if record is not None else None

    def these(self, cls: type[R], ids: Collection[str]) -> dict[str, R]:
        return {one.id: one for one in self._open(cls, [*super().these(cls, ids).values()])}

    def find(self, cls: type[R], *, order: str = "id", limit: int = ALL, **equals: object) -> list[R]:
        return self._open(cls, super().find(cls, order=order, limit=limit, **equals))

    def removed(self, cls: type[R]) -> list[R]:
        return self._open(cls, super().removed(cls))

    def since(self, cls: type[R], field: str, value: object, *, limit: int = ALL) -> list[R]:
        return self._open(cls, super().since(cls, field, value, limit=limit))

    def count(self, cls: type[Record], **equals: object) -> int:
        return len(self.ids(cls, **equals)) if self._closes(cls) else super().count(cls, **equals)

    def ids(self, cls: type[Record], **equals: object) -> list[str]:
        found = super().ids(cls, **equals)
        closed = self._closed_records() if self._closes(cls) else set[Key]()
        return [one for one in found if (KIND_OF[cls], one) not in closed]

    def timeline(self, incident_id: str, limit: int = 2000) -> list[TimelineLine]:
        return [] if incident_id in self.closed() else super().timeline(incident_id, limit)

    def recent(self, limit: int = 50) -> list[TimelineLine]:
        lines, closed = super().recent(limit), self._closed_records()
        return [one for one in lines if not _touches(one.changes, closed)] if closed else lines

    def audit(self, wanted: AuditFilter, before: int | None = None, limit: int = PAGE) -> list[AuditEntry]:
        """Who did what when is told of a closed incident too; why, and what it says, is not."""
        entries, closed = super().audit(wanted, before, limit), self._closed_records()
        if not closed:
            return entries
        found = [one for one in entries if not wanted.text or not _touches(one.changes, closed)]
        return [
            replace(one, reason="", changes=(), veiled=True) if _touches(one.changes, closed) else one for one in found
        ]

    def sending(self, station: str, limit: int) -> Sending:
        found, closed = super().sending(station, limit), self._closed_records()
        waiting, refused = ([_veiled(one, closed) for one in some] for some in (found.waiting, found.refused))
        return replace(found, waiting=tuple(waiting), refused=tuple(refused))

    def accesses(self, wanted: AccessFilter, limit: int) -> list[Access]:
        return self._open(Access, super().accesses(wanted, limit))

    def conflicts(self, *, state: str | None = None) -> list[Conflict]:
        found, closed = super().conflicts(state=state), self._closed_records()
        return [one for one in found if (one.kind, one.id) not in closed] if closed else found

    def breaches(self) -> list[Breach]:
        found, closed = super().breaches(), self._closed_records()
        return [one for one in found if (one.kind, one.id) not in closed]

    def conflicts_about(self, incident_id: str) -> list[Conflict]:
        return [] if incident_id in self.closed() else super().conflicts_about(incident_id)

    def _closes(self, cls: type[Record]) -> bool:
        """Whether some records of a kind are closed as if they were not there."""
        return KIND_OF[cls] in CLOSED_KINDS and bool(self.closed())

    def _open(self, cls: type[R], records: list[R]) -> list[R]:
        """Records as this person may see them."""
        kind = KIND_OF[cls]
        closed = self.closed() if records and (kind == "incident" or kind in CLOSED_KINDS) else frozenset[str]()
        if not closed:
            return records
        if kind == "incident":
            return [self._shut(one) if one.id in closed else one for one in records]  # type: ignore[misc]
        return [one for one in records if getattr(one, "incident", None) not in closed]

    def _shut(self, incident: Record) -> Record:
        """What is told of an incident that is closed to this person."""
        if not isinstance(incident, Incident):
            return incident
        known = {name: getattr(incident, name) for name in ("id", "number", "state", "opened_at", "deleted")}
        is_vacant = not incident.owner and not super().count(Member, incident=incident.id)
        return ClosedIncident(**known, restricted=True, is_vacant=is_vacant)

    def _closed_records(self) -> set[Key]:
        return records_of(self.readable, sorted(self.closed()))

    def _has_broken_glass(self) -> bool:
        held = super().find(Approval, asked_by=self._account, state="approved", break_glass=True)
        here = (one for one in held if one.id.startswith(f"approval:{self._station}-"))
        return any(one.expires_at is not None and self._now() < one.expires_at for one in here)


def _touches(changes: Sequence[Change], closed: set[Key]) -> bool:
    return any((one.kind, one.id) in closed for one in changes)


def _veiled(one: OwnEntry, closed: set[Key]) -> OwnEntry:
    """That there is an entry of ours, and not what it says of a closed incident."""
    if not _touches(one.line.changes, closed):
        return one
    return replace(one, line=replace(one.line, reason="", text="", changes=()))
