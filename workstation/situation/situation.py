"""The situation as it stands: records by id or by equal fields, over one read connection.

SQLite (WAL) and PostgreSQL let any number read beside the one who writes, so a view never waits for the station. Column
names come from the record classes and values are bound, so no text from outside becomes SQL.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from sqlite3 import connect
from typing import TypeVar

from sqlite_utils import Database

from workstation.domain.draft import Value
from workstation.domain.encoding import column_types, load, to_column, to_value
from workstation.domain.records import KIND_OF, Access, Record
from workstation.situation.accesses import AccessFilter, accesses_of, last_sign_ins
from workstation.situation.audit import PAGE, AuditEntry, AuditFilter, Extent, before_of, extent_of, search
from workstation.situation.disputes import (
    Base,
    Conflict,
    base_of,
    conflicts_about,
    conflicts_of,
    count_open,
    disputed_fields,
)
from workstation.situation.guards import Awaited, Breach, awaited_references, breaches_of
from workstation.situation.holding import Holding, holding_of
from workstation.situation.membership import (
    closed_since,
    closed_to_person,
    closes_any,
    entries_closed_to,
    opened_to,
    was_member,
)
from workstation.situation.naming import Naming, naming
from workstation.situation.readable import Readable
from workstation.situation.sending import Sending, refused_since, sending_of
from workstation.situation.timeline import TimelineLine, numbers_for, recent_lines, records_for, timeline_of

R = TypeVar("R", bound=Record)
ALL = 1 << 62
"""A limit that is none."""


class Situation:
    """Reads over a journal's tables. Not to be shared between threads."""

    def __init__(self, database: Readable) -> None:
        self._db = database

    @classmethod
    def open(cls, path: Path) -> "Situation":
        """A read-only connection of its own to the journal database at `path`."""
        connection = connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        connection.execute("PRAGMA busy_timeout=5000")
        return cls(Database(connection))

    @property
    def readable(self) -> Readable:
        """The connection it reads over."""
        return self._db

    def sealed_key(self, key: str) -> tuple[str, str | None] | None:
        """The subject and wrapped key a sealed value names; the key None once it was destroyed."""
        rows = list(self._db.query("select subject, wrapped from subject_key where key = ?", [key]))
        return (rows[0]["subject"], rows[0]["wrapped"]) if rows else None

    def close(self) -> None:
        self._db.close()

    def get(self, cls: type[R], record_id: str) -> R | None:
        """The record of that id, also when it was deleted; None when nothing was ever said of it."""
        rows = list(self._db.query(f'select * from "{KIND_OF[cls]}" where id = ?', [record_id]))
        return load(cls, rows[0]) if rows else None

    def these(self, cls: type[R], ids: Collection[str]) -> dict[str, R]:
        """Of many at once what `get` gives of one, by id."""
        sql = f'select * from "{KIND_OF[cls]}" where {_equals("id", [*ids])}'
        return {row["id"]: load(cls, row) for row in self._db.query(sql, [*ids])}

    def find(self, cls: type[R], *, order: str = "id", limit: int = ALL, **equals: object) -> list[R]:
        """Records not deleted whose fields equal the given values; a tuple or list means "one of", None "unknown".

        `order` is a field name, with a leading minus for descending. Raises KeyError for a field the kind lacks.
        """
        where, values = self._where(cls, equals)
        descending = order.startswith("-")
        name = order.lstrip("-")
        if name != "id" and name not in column_types(KIND_OF[cls]):
            raise KeyError(name)
        direction = "desc nulls last" if descending else "asc nulls first"
        sql = f'select * from "{KIND_OF[cls]}" where {where} order by "{name}" {direction}, id limit ?'
        return [load(cls, row) for row in self._db.query(sql, [*values, limit])]

    def removed(self, cls: type[R]) -> list[R]:
        """Records that were deleted, as they were."""
        sql = f'select * from "{KIND_OF[cls]}" where deleted = 1 order by id'
        return [load(cls, row) for row in self._db.query(sql, [])]

    def count(self, cls: type[Record], **equals: object) -> int:
        where, values = self._where(cls, equals)
        return int(next(self._db.query(f'select count(*) as n from "{KIND_OF[cls]}" where {where}', values))["n"])

    def ids(self, cls: type[Record], **equals: object) -> list[str]:
        """The ids of what `find` finds, in their order."""
        where, values = self._where(cls, equals)
        return [
            row["id"] for row in self._db.query(f'select id from "{KIND_OF[cls]}" where {where} order by id', values)
        ]

    def tally(self, cls: type[Record], field: str, **equals: object) -> Mapping[str, int]:
        """Of what `find` finds, how many have each value of a text field."""
        where, values = self._where(cls, equals)
        if column_types(KIND_OF[cls])[field] != "text":
            raise KeyError(field)
        sql = f'select "{field}" as one, count(*) as n from "{KIND_OF[cls]}" where {where} group by "{field}"'
        return {row["one"]: row["n"] for row in self._db.query(sql, values) if row["one"] is not None}

    def since(self, cls: type[R], field: str, value: object, *, limit: int = ALL) -> list[R]:
        """Records not deleted whose `field` is at least `value`, oldest first: the window a time search needs."""
        kind = KIND_OF[cls]
        bound = to_column(kind, field, to_value(value))
        sql = f'select * from "{kind}" where "{field}" >= ? and coalesce(deleted, 0) = 0 order by "{field}", id limit ?'
        return [load(cls, row) for row in self._db.query(sql, [bound, limit])]

    def timeline(self, incident_id: str, limit: int = 2000) -> list[TimelineLine]:
        """What was written about an incident and what belongs to it, oldest first."""
        return timeline_of(self._db, incident_id, limit)

    def naming(self, digest: str) -> list[Naming]:
        """The entries that name the file of that digest, in order of arrival."""
        return naming(self._db, digest)

    def refused_since(self, station: str, since: datetime) -> int:
        """How many of the entries a station wrote since then count for nobody."""
        return refused_since(self._db, station, since)

    def entries_for(self, office: str) -> set[int]:
        """Of every incident an office has a task on, all entries, by their place in order of arrival."""
        return numbers_for(self._db, office)

    def closed_to(self, account: str) -> frozenset[str]:
        """The restricted incidents of which somebody is neither owner nor member."""
        return closed_to_person(self._db, account)

    def entries_closed_to(self, station: str) -> set[int]:
        """Of the restricted incidents on which nobody of a station works, all entries that others wrote."""
        return entries_closed_to(self._db, station)

    def closes_any(self, station: str) -> bool:
        """Whether there is a restricted incident on which nobody of a station works."""
        return closes_any(self._db, station)

    def closed_since(self, incident: str, station: str) -> int | None:
        """The place in order of arrival from which on an incident that is closed to a station was restricted."""
        return closed_since(self._db, incident, station)

    def was_member(self, incident: str, station: str) -> bool:
        """Whether somebody of a station works on an incident, or did."""
        return was_member(self._db, incident, station)

    def opened_to(self, station: str) -> list[str]:
        """The incidents that are restricted no more, or on which somebody of a station works."""
        return opened_to(self._db, station)

    def records_for(self, office: str) -> list[tuple[str, str, str, int]]:
        """Those incidents and what belongs to them: kind, id, and the scope and class of what is told of each."""
        return records_for(self._db, office)

    def recent(self, limit: int = 50) -> list[TimelineLine]:
        """The last entries held here, newest first: the operations log."""
        return recent_lines(self._db, limit)

    def ends(self) -> list[tuple[str, str, int, str]]:
        """Where every stream ends here: station, incarnation, last entry and its hash in hex."""
        rows = self._db.query("select station, incarnation, seq, hash from stream where seq > 0", ())
        return [(row["station"], row["incarnation"], row["seq"], row["hash"].hex()) for row in rows]

    def conflicts(self, *, state: str | None = None) -> list[Conflict]:
        """The conflict inbox: open (guarded), settled by rule, or decided."""
        return conflicts_of(self._db, state)

    def conflicts_about(self, incident_id: str) -> list[Conflict]:
        """The conflicts about an incident and what belongs to it."""
        return conflicts_about(self._db, incident_id)

    def disputed(self, kind: str, record_id: str) -> list[str]:
        """The guarded fields of a record about which a named person must decide."""
        return disputed_fields(self._db, kind, record_id)

    def base(self, conflict: Conflict) -> Base:
        """What all who disagree had seen before they were apart."""
        return base_of(self._db, conflict)

    def breaches(self) -> list[Breach]:
        """Records that entries made apart left in a state their guards forbid."""
        return breaches_of(self._db)

    def awaited(self) -> list[Awaited]:
        """Records that speak of an incident which has not arrived here."""
        return awaited_references(self._db)

    def undecided(self) -> int:
        """How many matters wait for a named person: guarded conflicts and breaches."""
        return count_open(self._db) + len(self.breaches())

    def audit(self, wanted: AuditFilter, before: int | None = None, limit: int = PAGE) -> list[AuditEntry]:
        """Entries a filter lets through, newest first; `before` is the number of the last one of the page before."""
        return search(self._db, wanted, before, limit)

    def accesses(self, wanted: AccessFilter, limit: int) -> list[Access]:
        """Rows of the access log that a filter lets through, newest first."""
        return accesses_of(self._db, wanted, limit)

    def before(self, entry: AuditEntry) -> dict[tuple[str, str, str], list[Value]]:
        """What each field an entry changed held before it."""
        return before_of(self._db, entry)

    def last_sign_ins(self) -> dict[str, datetime]:
        """When somebody last came in by each account, as far as its station told."""
        return last_sign_ins(self._db)

    def sending(self, station: str, limit: int) -> Sending:
        """How far that station, whose journal this is, and the centre are from equal."""
        return sending_of(self._db, station, limit)

    def holding(self, station: str) -> Holding:
        """Of every entry where else it is, as far as that station, whose journal this is, was told."""
        return holding_of(self._db, station)

    def extent(self) -> Extent:
        """How much the journal holds."""
        return extent_of(self._db)

    def _where(self, cls: type[Record], equals: dict[str, object]) -> tuple[str, list[object]]:
        kind = KIND_OF[cls]
        shapes = column_types(kind)
        clauses, values = ["coalesce(deleted, 0) = 0"], []
        for name, value in equals.items():
            if name not in shapes and name != "id":
                raise KeyError(name)
            options: Sequence[object] = list(value) if isinstance(value, tuple | list) else [value]
            bound = [option if name == "id" else to_column(kind, name, to_value(option)) for option in options]
            clauses.append(_equals(name, bound))
            values += [one for one in bound if one is not None or len(bound) != 1]
        return " and ".join(clauses), values


def _equals(name: str, bound: Sequence[object]) -> str:
    if not bound:
        return "1 = 0"
    if len(bound) == 1:
        return f'"{name}" is null' if bound[0] is None else f'"{name}" = ?'
    return f'"{name}" in ({",".join("?" * len(bound))})'
