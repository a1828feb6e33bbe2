"""Folding the whole chain again: to rebuild the tables from it, or to prove that they say what it says."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator

import orjson

from workstation.domain.entry import Entry
from workstation.domain.records import KINDS
from workstation.journal.bench import Bench, Benches
from workstation.journal.codec import Header, Stamp, decode_content, entry_of
from workstation.journal.database import Database, Row
from workstation.journal.fault import Fault
from workstation.journal.fold import ROOT_STATION, Fold
from workstation.journal.sqlite import empty_sqlite
from workstation.journal.store import Store

CHUNK = 5000
REFOLD = "refold"
"""Set in `meta` by a step of the schema after which the chain must be folded again."""
FOLDED = (*KINDS, "conflict")
_COLUMNS = {
    "conflict": "kind || ' ' || id || ' ' || field, decided, guarded, state, heads",
    "heads": "kind || ' ' || id, kind, id, fields",
    "history": "kind || ' ' || id, kind, id, entry",
}
_DIFFERS = "table differs from what the journal says"
_SHOWN = 20
_ENTRIES = (
    "select e.number, e.refused, s.station, s.incarnation, e.seq, e.clock, e.raw, e.seen, e.precedence, e.scope,"
    " e.data_class, e.content from entry e join stream s on s.number = e.stream"
    " where e.content is not null order by e.number"
)


def table_faults(store: Store, bench: Bench) -> Iterator[Fault]:
    """Every row of a folded table, of the merge's memory and of the history that the chain does not fold to.

    The chain must be good: what cannot be read cannot be folded.
    """
    refolded = empty_sqlite()
    try:
        yield from fold_all(store.connection, refolded, bench)
        for table in (*FOLDED, "history", "heads"):
            here, there = _rows(store.connection, table), _rows(refolded, table)
            for name in sorted({str(row[0]) for row in here ^ there})[:_SHOWN]:
                yield Fault(f"{table} {name}", _DIFFERS)
    finally:
        refolded.close()


def _rows(database: Database, table: str) -> set[Row]:
    rows = database.execute(f'select {_columns(table)} from "{table}"')
    return {(*names, _settled(blob)) for *names, blob in rows} if table == "heads" else set(rows)


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


def fold_all(source: Database, target: Database, bench: Bench) -> list[Fault]:
    """Fold every entry of `source`, in order of arrival, into the empty tables of `target`, as `bench` judges them.

    The faults are entries that were judged otherwise when they came.
    """
    folded: dict[tuple[str, str], set[int]] = defaultdict(set)
    faults: list[Fault] = []

    def arrived(ref: str) -> bool:
        station, incarnation, seq = ref.split("/")
        return int(seq) in folded[station, incarnation]

    rows = source.execute(_ENTRIES).fetchall()
    for start in range(0, len(rows), CHUNK):
        fold = Fold(target, arrived)
        for number, refused, station, incarnation, seq, *stamp, content in rows[start : start + CHUNK]:
            entry = entry_of(Header(station, incarnation, seq, Stamp(*stamp), b""), decode_content(content))
            reason = _judged(bench, entry)
            if reason != refused:
                faults.append(Fault(entry.ref, f"refused for {reason or 'nothing'}, not for {refused or 'nothing'}"))
            if not reason:
                fold.apply(entry, number)
                folded[station, incarnation].add(seq)
        fold.flush()
    return faults


def _judged(bench: Bench, entry: Entry) -> str:
    if entry.station == ROOT_STATION:
        bench.learn(entry)
        return ""
    return bench.verdict(entry)


def rebuild(store: Store, bench: Bench) -> None:
    """Drop everything folded and fold the chain again, in one transaction."""
    with store.transaction():
        for table in (*FOLDED, "history", "heads"):
            store.connection.execute(f'delete from "{table}"')
        store.connection.execute("delete from meta where name = ?", [REFOLD])
        fold_all(store.connection, store.connection, bench)


def bring_forward(store: Store, benches: Benches) -> None:
    """Fold the chain again where an earlier version laid its rows out otherwise."""
    if store.meta(REFOLD):
        rebuild(store, benches())


def digest(store: Store) -> str:
    """SHA-256 over every folded table and the conflict inbox, rows in order: equal where the situation is equal."""
    total = hashlib.sha256()
    for table in FOLDED:
        total.update(table.encode())
        for row in store.connection.execute(f'select {_columns(table)} from "{table}" order by 1, 2'):
            total.update(repr(row).encode())
    return total.hexdigest()
