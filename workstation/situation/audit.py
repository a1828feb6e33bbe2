"""The audit trail: entries found by who, what, when, where and about what; the newest first, a page at a time.

SQL narrows down by what the content must hold as text, and every row that comes is then asked exactly; so a search for
what is rare reads a million entries in seconds, and one for what is common ends with its first page.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from workstation.domain.clock import from_millis, millis
from workstation.domain.draft import Change, Value
from workstation.domain.records import KINDS
from workstation.situation.readable import Readable
from workstation.situation.timeline import MEMBERS, line_of

PAGE = 200


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is looked for; empty means any. `act` is the beginning of an act, `text` a part of a reason, `record` an id,
    `incident` an id or a number, with all that belongs to it; `only` "late" for what reached this station more than a
    minute after it was written, "refused" for what counts for nobody."""

    since: datetime | None = None
    until: datetime | None = None
    author: str = ""
    act: str = ""
    record: str = ""
    station: str = ""
    incident: str = ""
    text: str = ""
    only: str = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry as the journal holds it. `number` is its place in the order of arrival here, `hash` its hex hash;
    author and changes are empty where its content is withheld, `refused` says why it counts for nobody; `late` that it
    reached this station by sync, more than a minute after it was written; `veiled` that it is about a restricted
    incident, and why it was written and what it changed are not for who reads it."""

    number: int
    ref: str
    station: str
    seq: int
    at: datetime
    raw_at: datetime
    scope: str
    data_class: int
    author: str
    act: str
    reason: str
    cause: str
    changes: tuple[Change, ...]
    hash: str
    refused: str
    late: bool
    veiled: bool = False


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a journal holds: entries, the stations they are of, and the times of the first and the last."""

    entries: int
    stations: int
    first: datetime | None
    last: datetime | None


_ENTRY = (
    "select e.number, e.seq, e.clock, e.raw, e.scope, e.data_class, e.content, e.late, e.hash, e.refused,"
    " s.station, s.incarnation from entry e join stream s on s.number = e.stream"
)


def search(db: Readable, wanted: AuditFilter, before: int | None, limit: int = PAGE) -> list[AuditEntry]:
    """The newest entries a filter lets through, of those that arrived before the one numbered `before`."""
    clauses, values = _clauses(db, wanted)
    if before is not None:
        clauses.append("e.number < ?")
        values.append(before)
    where = f" where {' and '.join(clauses)}" if clauses else ""
    rows = db.query(f"{_ENTRY}{where} order by e.number desc", values)
    return list(islice(_fitting(rows, wanted), limit))


def extent_of(db: Readable) -> Extent:
    sql = (
        "select count(*) as n, count(distinct s.station) as stations from entry e join stream s on s.number = e.stream"
    )
    row = next(iter(db.query(sql, [])))
    ends = next(iter(db.query("select min(clock) as first, max(clock) as last from entry", [])))
    first, last = (None if ends[name] is None else from_millis(ends[name] >> 16) for name in ("first", "last"))
    return Extent(row["n"], row["stations"], first, last)


def before_of(db: Readable, entry: AuditEntry) -> dict[tuple[str, str, str], list[Value]]:
    """What each changed field held before, by kind, id and field: the values its author replaced."""
    return {
        one.key: [value for ref in one.base or () for value in _value_at(db, ref, one.key)] for one in entry.changes
    }


def _value_at(db: Readable, ref: str, key: tuple[str, str, str]) -> Iterator[Value]:
    station, incarnation, seq = ref.split("/")
    sql = f"{_ENTRY} where s.station = ? and s.incarnation = ? and e.seq = ?"
    for row in list(db.query(sql, [station, incarnation, int(seq)])):
        yield from (one.value for one in line_of(row).changes if one.key == key)


_ONLY = {"late": "e.late = 1", "refused": "e.refused <> ''"}
REASON = "exists (select 1 from journal j where j.number = e.number and j.reason like ? escape '!')"
KIND_MARKS = ",".join("?" * len(KINDS))
RECORD = f"e.number in (select entry from history where kind in ({KIND_MARKS}) and id = ?)"


def _clauses(db: Readable, wanted: AuditFilter) -> tuple[list[str], list[object]]:
    """The conditions of a filter and their values, the cheapest first."""
    incident = _incident_ids(db, wanted.incident) if wanted.incident else ""
    asked: list[tuple[bool, str, Sequence[object]]] = [
        (wanted.since is not None, "e.clock >= ?", [_clock(wanted.since)]),
        (wanted.until is not None, "e.clock < ?", [_clock(wanted.until)]),
        (bool(wanted.station), "s.station = ?", [wanted.station]),
        (bool(wanted.only), _ONLY.get(wanted.only, ""), []),
        *((True, "e.content like ? escape '!'", [pattern]) for pattern in _patterns(wanted)),
        (bool(wanted.text), REASON, [f"%{_marked(wanted.text)}%"]),
        (bool(wanted.record), RECORD, [*sorted(KINDS), wanted.record]),
        (bool(incident), f"e.number in ({_members()})", [incident] * (len(MEMBERS) + 1)),
    ]
    return [clause for is_on, clause, _ in asked if is_on], [
        value for is_on, _, values in asked if is_on for value in values
    ]


def _clock(moment: datetime | None) -> int:
    return 0 if moment is None else millis(moment) << 16


def _patterns(wanted: AuditFilter) -> list[str]:
    """What the text of the content must be like."""
    places = ((wanted.author, '["', '",%'), (wanted.act, '["%","', "%"), (wanted.text, "%", "%"))
    return [f"{before}{_pattern(text)}{after}" for text, before, after in places if text]


def _members() -> str:
    parts = " union ".join(
        f"select entry from \"{kind}\" r cross join history h where h.kind = '{kind}' and h.id = r.id"
        " and r.incident = ?"
        for kind in MEMBERS
    )
    return f"select entry from history where kind = 'incident' and id = ? union {parts}"


def _incident_ids(db: Readable, name: str) -> str:
    rows = list(db.query("select id from incident where number = ?", [name]))
    return str(rows[0]["id"]) if rows else name


def _pattern(text: str) -> str:
    """A text as it stands inside JSON."""
    return _marked(json.dumps(text, ensure_ascii=False)[1:-1])


def _marked(text: str) -> str:
    """A text in which what `like` would read otherwise is marked."""
    for mark in "!%_":
        text = text.replace(mark, f"!{mark}")
    return text


def _fitting(rows: Iterator[Mapping[str, Any]], wanted: AuditFilter) -> Iterator[AuditEntry]:
    for row in rows:
        entry = _entry(row)
        if wanted.author in ("", entry.author) and entry.act.startswith(wanted.act) and wanted.text in entry.reason:
            yield entry


def _entry(row: Mapping[str, Any]) -> AuditEntry:
    line = line_of(row)
    cause = json.loads(row["content"])[3] if row["content"] else ""
    return AuditEntry(
        row["number"],
        line.ref,
        line.station,
        row["seq"],
        line.at,
        line.raw_at or line.at,
        row["scope"],
        row["data_class"],
        line.author,
        line.act,
        line.reason,
        cause,
        line.changes,
        bytes(row["hash"]).hex(),
        row["refused"],
        line.late,
    )
