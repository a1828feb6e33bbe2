"""Folding the whole chain again: to rebuild the tables from it, or to prove that they say what it says."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, groupby, islice
from typing import Any

import orjson

from workstation.domain.entry import Entry
from workstation.domain.records import KINDS
from workstation.journal.bench import Bench, Benches
from workstation.journal.codec import Header, Stamp, decode_content, entry_of
from workstation.journal.database import Database, Row, listed, picked
from workstation.journal.fault import Fault
from workstation.journal.fold import ROOT_STATION, Fold, RecordKey, spoken_of
from workstation.journal.past import Past
from workstation.journal.sqlite import passing_sqlite
from workstation.journal.store import Store
from workstation.security.permission import law

CHUNK = 5000
MOST_MOVED = 500
"""Entries whose verdict is another, up to which their records alone are folded again."""
REFOLD = "refold"
"""Set in `meta` by a step of the schema after which the chain must be folded again."""
LAW = "law"
"""What the verdicts beside the entries were given by, in `meta`."""
FOLDED = (*KINDS, "conflict")
_KEYS = {
    "conflict": ("kind", "id", "field", "decided"),
    "heads": ("kind", "id"),
    "history": ("kind", "id", "entry"),
}
_OTHERS = {"conflict": ("guarded", "state", "heads"), "heads": ("fields",), "history": ()}
_PLACES = {int: 1, float: 1, str: 2}
_DIFFERS = "table differs from what the journal says"
_SHOWN = 20
_ENTRIES = (
    "select e.number, e.refused, s.station, s.incarnation, e.seq, e.clock, e.raw, e.seen, e.precedence, e.scope,"
    " e.data_class, e.content from entry e join stream s on s.number = e.stream"
    " where e.content is not null and e.number > ? order by e.number limit ?"
)
_NUMBER = (
    "select e.number from entry e join stream s on s.number = e.stream"
    " where s.station = ? and s.incarnation = ? and e.seq = ?"
)
_COUNTING = (
    "select e.number, s.station, s.incarnation, e.seq, e.clock, e.raw, e.seen, e.precedence, e.scope, e.data_class,"
    " e.content from entry e join stream s on s.number = e.stream"
    " where e.content is not null and e.refused = '' and e.number in"
)


def table_faults(store: Store, bench: Bench) -> Iterator[Fault]:
    """Every row of a folded table, of the merge's memory and of the history that the chain does not fold to.

    The chain must be good: what cannot be read cannot be folded. However long it is, little of it is in memory at once.
    """
    refolded = passing_sqlite()
    try:
        with refolded.writing():
            faults = fold_all(store.connection, refolded, taught(store, bench))
        yield from faults
        for table in (*FOLDED, "history", "heads"):
            named = 3 if table == "conflict" else min(2, len(_key(table)))
            rows = _differing(_rows(store.connection, table), _rows(refolded, table))
            names = (" ".join(map(str, row[:named])) for row in rows)
            for name, _ in islice(groupby(names), _SHOWN):
                yield Fault(f"{table} {name}", _DIFFERS)
    finally:
        refolded.close()


def _rows(database: Database, table: str) -> Iterator[Row]:
    """The rows of a table in the order of its key."""
    for row in database.execute(f'select {_columns(table)} from "{table}" order by {listed(_key(table))}'):
        yield (*row[:-1], _settled(row[-1])) if table == "heads" else row


def _differing(here: Iterator[Row], there: Iterator[Row]) -> Iterator[Row]:
    """The rows that are on one side alone; both sides come in order."""
    one, other = next(here, None), next(there, None)
    while one is not None or other is not None:
        if one == other:
            one, other = next(here, None), next(there, None)
        elif one is not None and (other is None or _order(one) <= _order(other)):
            yield one
            one = next(here, None)
        elif other is not None:
            yield other
            other = next(there, None)


def _order(row: Row) -> list[tuple[int, Any]]:
    """Rows as the database orders them, whatever a stranger wrote into them: nothing, numbers, text, bytes."""
    return [(0, 0) if one is None else (_PLACES.get(type(one), 3), one) for one in row]


def _settled(blob: object) -> object:
    """The heads of a record without the order they were written in, which depends on how entries came in batches."""
    try:
        return orjson.dumps(orjson.loads(blob), option=orjson.OPT_SORT_KEYS)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return blob


def _key(table: str) -> tuple[str, ...]:
    return _KEYS.get(table, ("id",))


def _columns(table: str) -> str:
    return listed((*_key(table), *(_OTHERS[table] if table in _OTHERS else _names(table))))


def _names(table: str) -> tuple[str, ...]:
    return tuple(name for name in KINDS[table].__dataclass_fields__ if name != "id")


def fold_all(source: Database, target: Database, bench: Bench) -> list[Fault]:
    """Fold every entry of `source`, in order of arrival, into the empty tables of `target`, as `bench` judges them that
    was taught all the root has said.

    The faults are entries that were judged otherwise when they came.
    """
    folded: dict[tuple[str, str], set[int]] = defaultdict(set)
    faults: list[Fault] = []

    def arrived(ref: str) -> bool:
        station, incarnation, seq = ref.split("/")
        return int(seq) in folded[station, incarnation]

    for some in _judged(source, bench):
        fold, counts = Fold(target, arrived), []
        for number, refused, reason, entry in some:
            if reason != refused:
                faults.append(Fault(entry.ref, f"refused for {reason or 'nothing'}, not for {refused or 'nothing'}"))
            if not reason:
                counts.append((entry, number))
        fold.apply_all(counts)
        for entry, _ in counts:
            folded[entry.station, entry.incarnation].add(entry.seq)
        fold.flush()
    return faults


def _judged(source: Database, bench: Bench) -> Iterator[Iterator[tuple[int, str, str, Entry]]]:
    """Every entry in order of arrival, some at a time: its number, its verdict as it stands and as it is now."""
    last, past = -1, Past(source)
    while rows := source.execute(_ENTRIES, [last, CHUNK]).fetchall():
        last = rows[-1][0]
        yield (_judged_one(bench, past, *row) for row in rows)


def _judged_one(bench: Bench, past: Past, number: int, refused: str, *told: Any) -> tuple[int, str, str, Entry]:
    station, incarnation, seq, *stamp, content = told
    entry = entry_of(Header(station, incarnation, seq, Stamp(*stamp), b""), decode_content(content))
    return number, refused, "" if station == ROOT_STATION else bench.verdict(entry, past), entry


def taught(store: Store, bench: Bench) -> Bench:
    """The bench, shown all that the root has said so far: some of it may have come behind what is judged by it."""
    for entry in store.read(ROOT_STATION):
        bench.learn(entry)
    return bench


def rebuild(store: Store, bench: Bench) -> None:
    """Drop everything folded and fold the chain again, in one transaction."""
    with store.transaction():
        store.connection.execute("delete from meta where name = ?", [REFOLD])
        fold_again(store, taught(store, bench))


def fold_again(store: Store, bench: Bench) -> None:
    """Drop everything folded and fold the chain again, within a transaction, as a taught bench judges."""
    for table in (*FOLDED, "history", "heads"):
        store.connection.execute(f'delete from "{table}"')
    fold_all(store.connection, store.connection, bench)


def fold_records(store: Store, bench: Bench, moved: Sequence[Entry]) -> None:
    """Fold again the records of which these entries speak, whose verdict is another now, as verdicts stand beside the
    entries; where they are many, everything. Call within a transaction, with a taught bench."""
    if len(moved) > MOST_MOVED:
        fold_again(store, bench)
        return
    keys = {key for entry in moved for key in spoken_of(entry)}
    database, order = store.connection, {"now": 0}
    rows = _speaking_of(database, keys, moved)
    for table in ("heads", "history", "conflict"):
        database.repeat(f"delete from {table} where kind = ? and id = ?", sorted(keys))
    for kind in sorted({kind for kind, _ in keys}):
        database.repeat(f'delete from "{kind}" where id = ?', [(name,) for of, name in sorted(keys) if of == kind])
    among, folded = {entry.ref for entry, _ in rows}, set[str]()

    def arrived(ref: str) -> bool:
        """Whether an entry was folded before this one; those that say nothing of these records by their place."""
        if ref in among:
            return ref in folded
        return store.has(ref) and _number(database, ref) < order["now"]

    fold = Fold(database, arrived)
    for entry, order["now"] in rows:
        about = tuple(change for change in entry.changes if (change.kind, change.id) in keys)
        fold.apply(entry._replace(changes=about), order["now"])
        folded.add(entry.ref)
    fold.flush()


def _speaking_of(database: Database, keys: set[RecordKey], moved: Sequence[Entry]) -> list[tuple[Entry, int]]:
    """The entries that count and say something of these records, in order of arrival; of `moved`, those that do now."""
    ids: dict[str, list[str]] = defaultdict(list)
    for kind, name in keys:
        ids[kind].append(name)
    numbers = {_number(database, entry.ref) for entry in moved}
    for kind, names in ids.items():
        numbers |= {
            row[0] for row in picked(database, "select entry from history where kind = ? and id in", [kind], names)
        }
    found = []
    for number, station, incarnation, seq, *stamp, content in picked(database, _COUNTING, [], sorted(numbers)):
        found.append((entry_of(Header(station, incarnation, seq, Stamp(*stamp), b""), decode_content(content)), number))
    return sorted(found, key=lambda one: one[1])


def _number(database: Database, ref: str) -> int:
    """An entry's place in order of arrival."""
    station, incarnation, seq = ref.split("/")
    return int(database.execute(_NUMBER, [station, incarnation, int(seq)]).fetchone()[0])


def bring_forward(store: Store, benches: Benches) -> None:
    """Fold the chain again where an earlier version laid its rows out otherwise, or judged by another law."""
    if store.meta(REFOLD):
        rebuild(store, benches())
    if store.connection.execute("select 1 from account").fetchone() and store.meta(LAW) != law():
        with store.transaction():
            _judge_again(store, taught(store, benches()))
            store.set_meta(LAW, law())


def _judge_again(store: Store, bench: Bench) -> None:
    """Give every entry its verdict by the law of today; where one is another, the tables follow."""
    every = chain.from_iterable(_judged(store.connection, bench))
    others = [(entry, reason) for _, refused, reason, entry in every if reason != refused]
    for entry, reason in others:
        store.refuse(store.stream(entry.station, entry.incarnation), entry.seq, reason)
    if others:
        fold_again(store, bench)


def digest(store: Store) -> str:
    """SHA-256 over every folded table and the conflict inbox, rows in order: equal where the situation is equal."""
    total = hashlib.sha256()
    for table in FOLDED:
        total.update(table.encode())
        for row in store.connection.execute(f'select {_columns(table)} from "{table}" order by {listed(_key(table))}'):
            total.update(repr(row).encode())
    return total.hexdigest()
