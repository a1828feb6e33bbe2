"""Folding the whole chain again: to rebuild the tables from it, or to prove that they say what it says."""

import hashlib
from collections.abc import Iterator
from sqlite3 import Connection, connect

import orjson
from sqlite_utils import Database

from workstation.domain.records import KINDS
from workstation.journal.codec import Header, check_content, entry_of
from workstation.journal.fault import Fault
from workstation.journal.fold import Fold
from workstation.journal.schema import drop_folded, make_tables
from workstation.journal.store import Store

CHUNK = 5000
FOLDED = (*KINDS, "conflict")
_BESIDE = ("heads", "history", "conflict")
_COLUMNS = {
    "conflict": "kind || ' ' || id || ' ' || field, decided, guarded, state, heads",
    "heads": "kind || ' ' || id, fields",
    "history": "kind || ' ' || id, entry",
}
_DIFFERS = "table differs from what the journal says"
_SHOWN = 20
Row = tuple[object, ...]


def table_faults(store: Store) -> Iterator[Fault]:
    """Every row of a folded table, of the merge's memory and of the history that the chain does not fold to.

    The chain must be good: what cannot be read cannot be folded.
    """
    refolded = connect(":memory:", isolation_level=None)
    try:
        make_tables(Database(refolded))
        for table in _BESIDE:
            sql = store.connection.execute("select sql from sqlite_master where name=?", [table]).fetchone()[0]
            refolded.execute(sql)
        fold_all(store.connection, refolded)
        for table in (*FOLDED, "history", "heads"):
            here, there = _rows(store.connection, table), _rows(refolded, table)
            for name in sorted({str(row[0]) for row in here ^ there})[:_SHOWN]:
                yield Fault(f"{table} {name}", _DIFFERS)
    finally:
        refolded.close()


def _rows(connection: Connection, table: str) -> set[Row]:
    rows = connection.execute(f'select {_columns(table)} from "{table}"')
    return {(name, _settled(blob)) for name, blob in rows} if table == "heads" else set(rows)


def _settled(blob: object) -> object:
    """The heads of a record without the order they were written in, which depends on how entries came in batches."""
    try:
        return orjson.dumps(orjson.loads(blob), option=orjson.OPT_SORT_KEYS)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return blob


def _columns(table: str) -> str:
    return _COLUMNS.get(table) or ", ".join(f'"{name}"' for name in ("id", *_names(table)))


def _names(table: str) -> tuple[str, ...]:
    return tuple(name for name in KINDS[table].__dataclass_fields__ if name != "id")


def fold_all(source: Connection, target: Connection) -> None:
    """Fold every entry of `source`, in order of arrival, into the empty tables of `target`."""
    done: dict[tuple[str, str], int] = {}

    def arrived(ref: str) -> bool:
        station, incarnation, seq = ref.split("/")
        return done.get((station, incarnation), 0) >= int(seq)

    rows = source.execute(
        "select e.number, s.station, s.incarnation, e.seq, e.clock, e.scope, e.data_class, e.content"
        " from entry e join stream s on s.number = e.stream order by e.number"
    ).fetchall()
    for start in range(0, len(rows), CHUNK):
        fold = Fold(target, arrived)
        for number, station, incarnation, seq, clock, scope, data_class, content in rows[start : start + CHUNK]:
            decoded = orjson.loads(content)
            check_content(decoded)
            fold.apply(entry_of(Header(station, incarnation, seq, clock, scope, data_class, b""), decoded), number)
            done[station, incarnation] = max(done.get((station, incarnation), 0), seq)
        fold.flush()


def rebuild(store: Store) -> None:
    """Drop everything folded and fold the chain again, in one transaction."""
    with store.transaction():
        drop_folded(store.connection)
        fold_all(store.connection, store.connection)


def digest(store: Store) -> str:
    """SHA-256 over every folded table and the conflict inbox, rows in order: equal where the situation is equal."""
    total = hashlib.sha256()
    for table in FOLDED:
        total.update(table.encode())
        for row in store.connection.execute(f'select {_columns(table)} from "{table}" order by 1, 2'):
            total.update(repr(row).encode())
    return total.hexdigest()
