"""What happened to an incident, in the order it was decided; and what stations said apart about one field."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workstation.domain.clock import from_millis
from workstation.domain.draft import Change, Value
from workstation.situation.readable import Readable

MEMBERS = ("report", "alarm", "run", "step", "task", "assignment", "log", "attachment", "document")


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One entry about an incident. `late` says that it reached this station by sync, more than a minute after it was
    written; `text` is plain."""

    at: datetime
    station: str
    author: str
    act: str
    reason: str
    text: str
    late: bool
    ref: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One value of a disputed field: who said it where and when. The author is empty where content is withheld."""

    value: Value
    ref: str
    station: str
    at: datetime
    author: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field on which entries made apart disagree: open (guarded), rule (settled by rule) or decided."""

    kind: str
    id: str
    field: str
    guarded: bool
    state: str
    heads: tuple[Claim, ...]
    decided: str


_ENTRY = (
    "select e.number, e.seq, e.clock, e.content, e.late, s.station, s.incarnation"
    " from entry e join stream s on s.number = e.stream"
)


def timeline_of(db: Readable, incident_id: str, limit: int) -> list[TimelineLine]:
    """`cross join` keeps the order: from the few records of an incident to their history, never the other way round."""
    members = " union ".join(
        f"select entry from \"{kind}\" r cross join history h where h.kind = '{kind}' and h.id = r.id"
        " and r.incident = ?"
        for kind in MEMBERS
    )
    sql = (
        f"{_ENTRY} where e.number in (select entry from history where kind = 'incident' and id = ? union {members})"
        " order by e.clock, s.station, e.seq limit ?"
    )
    return [_line(row) for row in db.query(sql, [incident_id] * (len(MEMBERS) + 1) + [limit])]


def recent_lines(db: Readable, limit: int) -> list[TimelineLine]:
    """The last entries this station holds, newest first: the operations log."""
    return [_line(row) for row in db.query(f"{_ENTRY} order by e.number desc limit ?", [limit])]


def _line(row: Mapping[str, Any]) -> TimelineLine:
    author, act, reason, _cause, changes = json.loads(row["content"])
    ref = f"{row['station']}/{row['incarnation']}/{row['seq']}"
    made = tuple(Change(kind, id_, name, value, tuple(base)) for kind, id_, name, value, base in changes)
    text = "; ".join(f"{c.field}={_plain(c.value)}" for c in made[:6])
    return TimelineLine(
        from_millis(row["clock"] >> 16), row["station"], author, act, reason, text, bool(row["late"]), ref, made
    )


def _plain(value: Value) -> str:
    if isinstance(value, dict) and set(value) == {"key", "token"}:
        return "***"
    return str(value)[:80]


def conflicts_of(db: Readable, state: str | None) -> list[Conflict]:
    sql = "select * from conflict where state = coalesce(?, state) order by kind, id, field, decided"
    return [
        Conflict(
            row["kind"],
            row["id"],
            row["field"],
            bool(row["guarded"]),
            row["state"],
            tuple(_claims(db, row)),
            row["decided"],
        )
        for row in list(db.query(sql, [state]))
    ]


def _claims(db: Readable, row: Mapping[str, Any]) -> Iterator[Claim]:
    for head in json.loads(row["heads"]):
        ref = head if isinstance(head, str) else head[0]
        station, incarnation, seq = ref.split("/")
        found = list(
            db.query(
                f"{_ENTRY} where s.station = ? and s.incarnation = ? and e.seq = ?", [station, incarnation, int(seq)]
            )
        )
        if found:
            line = _line(found[0])
            said = [c.value for c in line.changes if (c.kind, c.id, c.field) == (row["kind"], row["id"], row["field"])]
            yield Claim(said[0] if said else None, ref, station, line.at, line.author)
