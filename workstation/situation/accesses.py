"""The access log: who saw which record, who came in and who was turned away; the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workstation.domain.encoding import load, to_column, to_value
from workstation.domain.records import Access
from workstation.situation.readable import Readable


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """What is looked for; empty means any. `objects` are ids of records of which any was seen."""

    objects: tuple[str, ...] = ()
    user: str = ""
    act: str = ""
    station: str = ""
    since: datetime | None = None
    until: datetime | None = None


def accesses_of(db: Readable, wanted: AccessFilter, limit: int) -> list[Access]:
    """The newest rows a filter lets through."""
    asked: list[tuple[str, Sequence[object]]] = [
        ('"user" = ?', [wanted.user] if wanted.user else []),
        ('"act" = ?', [wanted.act] if wanted.act else []),
        ('"station" = ?', [wanted.station] if wanted.station else []),
        ('"at" >= ?', _bound(wanted.since)),
        ('"at" < ?', _bound(wanted.until)),
        (f'"object" in ({",".join("?" * len(wanted.objects))})', wanted.objects),
    ]
    asked = [(clause, values) for clause, values in asked if values]
    where = " and ".join(["coalesce(deleted, 0) = 0", *(clause for clause, _ in asked)])
    values = [value for _, bound in asked for value in bound]
    rows = db.query(f'select * from access where {where} order by "at" desc, id desc limit ?', [*values, limit])
    return [load(Access, row) for row in rows]


def last_sign_ins(db: Readable) -> dict[str, datetime]:
    """When somebody last came in by each account, as far as its station told."""
    rows = db.query(
        'select "user", max("at") as at from access where act = ? and coalesce(deleted, 0) = 0 group by "user"',
        ["sign_in"],
    )
    found = ((row["user"], load(Access, {"id": "", "at": row["at"]}).at) for row in rows)
    return {user: at for user, at in found if user and at}


def _bound(moment: datetime | None) -> Sequence[object]:
    return [] if moment is None else [to_column("access", "at", to_value(moment))]
