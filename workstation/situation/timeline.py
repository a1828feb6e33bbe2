"""What happened to an incident, in the order it was decided."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workstation.domain.clock import from_millis
from workstation.domain.draft import Change, Value, is_sealed
from workstation.security.remit import is_named_by
from workstation.situation.readable import Readable

MEMBERS = ("report", "alarm", "run", "step", "task", "assignment", "log", "attachment", "document", "member")


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One entry about an incident. `late` says that it reached this station by sync, more than a minute after it was
    written; `text` is plain. `raw_at` is the station's own clock as it stood. Of an entry whose content is withheld
    from this station, author, act and changes are empty."""

    at: datetime
    station: str
    author: str
    act: str
    reason: str
    text: str
    late: bool
    ref: str
    changes: tuple[Change, ...]
    raw_at: datetime | None = None


ENTRY = (
    "select e.number, e.seq, e.clock, e.raw, e.content, e.late, s.station, s.incarnation"
    " from entry e join stream s on s.number = e.stream"
)


_AT_A_TIME = 500
_TASKS = "select id, incident from task where office = ? and incident is not null"
_DISPUTED = (
    "select t.id, t.incident from conflict c join task t on t.id = c.id"
    " where c.kind = 'task' and c.field = 'office' and c.heads like ? and t.incident is not null"
)
"""Tasks of which one of several words says that they are an office's."""
_OWN_WORD = (
    "select distinct h.id, e.content from history h join entry e on e.number = h.entry"
    " join stream s on s.number = e.stream"
    " where h.kind = 'task' and s.station = ? and e.content is not null and h.id in"
)


def _shared(count: int) -> str:
    """All that is told of so many incidents: kind, id, place in order of arrival."""
    theirs = f"({', '.join('?' * count)})"
    return " union ".join(
        [
            f"select kind, id, entry from history where kind = 'incident' and id in {theirs}",
            *(
                f'select h.kind, h.id, h.entry from "{kind}" r cross join history h'
                f" where h.kind = '{kind}' and h.id = r.id and r.incident in {theirs}"
                for kind in MEMBERS
            ),
        ]
    )


def _worked_on(db: Readable, office: str) -> list[str]:
    """The incidents an office has a task on that it did not give to itself."""
    told = (*db.query(_TASKS, [office]), *db.query(_DISPUTED, [f'%"{office}"%']))
    given = {row["id"]: row["incident"] for row in told}
    own = _chosen(db, _OWN_WORD, [office], [*given])
    taken = {row["id"] for row in own if _sets(("task", row["id"]), ("incident", "office"), row["content"])}
    return sorted({incident for task, incident in given.items() if task not in taken})


def _told(db: Readable, select: str, incidents: Sequence[str], *more: str) -> Iterator[Mapping[str, Any]]:
    """The rows of a select from all that is told of these incidents (`{}`), a few hundred of them at a time."""
    for first in range(0, len(incidents), _AT_A_TIME):
        some = incidents[first : first + _AT_A_TIME]
        yield from db.query(select.format(_shared(len(some))), [*some] * (len(MEMBERS) + 1) + [*more])


def _chosen(db: Readable, select: str, values: Sequence[str], names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """The rows of a select that ends with `in`, for any number of names."""
    for first in range(0, len(names), _AT_A_TIME):
        some = names[first : first + _AT_A_TIME]
        yield from db.query(f"{select} ({', '.join('?' * len(some))})", [*values, *some])


def numbers_for(db: Readable, office: str) -> set[int]:
    """The places in order of arrival of all that is told of the incidents an office has a task on; nothing of what
    another wrote and the office itself drew into one of them."""
    theirs = _worked_on(db, office)
    drawn = _drawn_in(db, office, theirs)
    return {int(row["entry"]) for row in _told(db, "{}", theirs) if (row["kind"], row["id"]) not in drawn}


def _drawn_in(db: Readable, office: str, incidents: Sequence[str]) -> set[tuple[str, str]]:
    """Records that the office did not name, of which it said itself that they belong to such an incident."""
    written = (
        "select distinct x.kind, x.id, e.content from ({}) x join entry e on e.number = x.entry"
        " join stream s on s.number = e.stream where s.station = ? and e.content is not null"
    )
    rows = _told(db, written, incidents, office)
    drawn = {(row["kind"], row["id"]) for row in rows if _sets((row["kind"], row["id"]), ("incident",), row["content"])}
    return {key for key in drawn if not is_named_by(key[1], f"{office}-")}


def _sets(key: tuple[str, str], fields: Collection[str], content: str) -> bool:
    """Whether an entry sets one of these fields of a record."""
    changes = json.loads(content)[4]
    return any((kind, name) == key and field in fields for kind, name, field, *_ in changes)


def records_for(db: Readable, office: str) -> list[tuple[str, str, str, int]]:
    """Those incidents and what belongs to them: kind, id, and where and how sensitive what is told of them is."""
    sql = "select distinct h.kind, h.id, e.scope, e.data_class from ({}) h join entry e on e.number = h.entry"
    rows = _told(db, sql, _worked_on(db, office))
    return [(row["kind"], row["id"], row["scope"], row["data_class"]) for row in rows]


def timeline_of(db: Readable, incident_id: str, limit: int) -> list[TimelineLine]:
    """`cross join` keeps the order: from the few records of an incident to their history, never the other way round."""
    members = " union ".join(
        f"select entry from \"{kind}\" r cross join history h where h.kind = '{kind}' and h.id = r.id"
        " and r.incident = ?"
        for kind in MEMBERS
    )
    sql = (
        f"{ENTRY} where e.number in (select entry from history where kind = 'incident' and id = ? union {members})"
        " order by e.clock, s.station, e.seq limit ?"
    )
    return [line_of(row) for row in db.query(sql, [incident_id] * (len(MEMBERS) + 1) + [limit])]


def recent_lines(db: Readable, limit: int) -> list[TimelineLine]:
    """The last entries this station holds, newest first: the operations log."""
    return [line_of(row) for row in db.query(f"{ENTRY} order by e.number desc limit ?", [limit])]


def line_of(row: Mapping[str, Any]) -> TimelineLine:
    """The line of a row that `ENTRY` read."""
    author, act, reason, _cause, changes = json.loads(row["content"])[:5] if row["content"] else ("", "", "", "", [])
    ref = f"{row['station']}/{row['incarnation']}/{row['seq']}"
    made = tuple(Change(kind, id_, name, value, tuple(base)) for kind, id_, name, value, base in changes)
    text = "; ".join(f"{c.field}={_plain(c.value)}" for c in made[:6])
    at, raw = from_millis(row["clock"] >> 16), from_millis(row["raw"])
    return TimelineLine(at, row["station"], author, act, reason, text, bool(row["late"]), ref, made, raw)


def _plain(value: Value) -> str:
    return "***" if is_sealed(value) else str(value)[:80]
