"""Proof that the record was not altered: the chain, its signatures, and that the tables are what the chain folds to."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection, DatabaseError, connect

import orjson
from sqlite_utils import Database

from workstation.domain.records import KINDS
from workstation.journal.codec import GENESIS, Header, check_content, digest_of, entry_of, signed_words
from workstation.journal.fold import Fold
from workstation.journal.schema import drop_folded, make_tables
from workstation.journal.store import Store
from workstation.security.keys import is_signed

CHUNK = 5000
KeyOf = Callable[[str], bytes | None]
FOLDED = (*KINDS, "conflict")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and where: an entry (station/incarnation/seq), a table row, or the database file."""

    where: str
    reason: str


def verify(store: Store, key_of: KeyOf, heads_file: Path | None = None) -> Iterator[Fault]:
    """Every fault of the chain and the tables, in order; nothing for a good journal."""
    try:
        yield from _damage(store.connection)
        for number, station, incarnation in list(
            store.connection.execute("select number, station, incarnation from stream")
        ):
            yield from _chain_faults(store, number, (station, incarnation))
            yield from _signature_faults(store, number, (station, incarnation), key_of(station))
        yield from _cut_off(store, heads_file)
        yield from _table_faults(store)
    except DatabaseError as error:
        yield Fault("database", str(error))


def _damage(connection: Connection) -> Iterator[Fault]:
    for (line,) in connection.execute("pragma quick_check(5)"):
        if line != "ok":
            yield Fault("database", line)


def _chain_faults(store: Store, stream: int, name: tuple[str, str]) -> Iterator[Fault]:
    previous, expected = GENESIS, 1
    rows = store.connection.execute(
        "select seq, clock, scope, data_class, digest, hash, content from entry where stream=? order by seq", [stream]
    )
    for seq, clock, scope, data_class, digest, stored, content in rows:
        ref = f"{name[0]}/{name[1]}/{seq}"
        if seq != expected:
            yield Fault(f"{name[0]}/{name[1]}/{expected}", "missing" if seq > expected else "inserted")
        raw = content if isinstance(content, bytes) else str(content).encode("utf-8", "surrogateescape")
        computed = Header(*name, seq, clock, scope, data_class, digest_of(raw)).hash(previous)
        if digest_of(raw) != digest:
            yield Fault(ref, "content altered")
        elif computed != stored:
            yield Fault(ref, "header altered, or not in its place")
        previous, expected = stored, seq + 1
    end = store.connection.execute("select seq, hash from stream where number=?", [stream]).fetchone()
    if end != (expected - 1, previous):
        yield Fault(f"{name[0]}/{name[1]}/{end[0]}", "end of the stream is missing or altered")


def _signature_faults(store: Store, stream: int, name: tuple[str, str], public: bytes | None) -> Iterator[Fault]:
    rows = store.connection.execute(
        "select b.last, b.hash, b.signature, e.hash from batch b"
        " left join entry e on e.stream = b.stream and e.seq = b.last where b.stream=? order by b.last",
        [stream],
    )
    signed = 0
    for last, digest, signature, chained in rows:
        ref = f"{name[0]}/{name[1]}/{last}"
        if chained != digest:
            yield Fault(ref, "signed hash does not match the chain")
        elif public is None:
            yield Fault(ref, "no key is known for this station")
        elif not is_signed(public, signed_words(*name, last, digest), signature):
            yield Fault(ref, "signature does not fit")
        signed = last
    end = store.connection.execute("select coalesce(max(seq), 0) from entry where stream=?", [stream]).fetchone()[0]
    if end > signed:
        yield Fault(f"{name[0]}/{name[1]}/{signed + 1}", "not signed")


def _cut_off(store: Store, heads_file: Path | None) -> Iterator[Fault]:
    if heads_file is None or not heads_file.is_file():
        return
    for name, seq in json.loads(heads_file.read_text(encoding="utf-8")).items():
        station, incarnation = name.split("/")
        row = store.connection.execute(
            "select max(e.seq) from entry e join stream s on s.number=e.stream where s.station=? and s.incarnation=?",
            [station, incarnation],
        ).fetchone()
        if (row[0] or 0) < seq:
            yield Fault(f"{name}/{(row[0] or 0) + 1}", f"cut off: entries up to {seq} were written")


def write_heads(store: Store, heads_file: Path) -> None:
    """Write the streams' ends beside the database, so that a cut-off tail is noticed."""
    heads = {f"{stream.station}/{stream.incarnation}": stream.seq for stream in store.streams()}
    passing = heads_file.with_suffix(".part")
    passing.write_text(json.dumps(heads, sort_keys=True), encoding="utf-8")
    passing.replace(heads_file)


def _table_faults(store: Store) -> Iterator[Fault]:
    refolded = connect(":memory:", isolation_level=None)
    try:
        make_tables(Database(refolded))
        for statement in ("heads", "history", "conflict"):
            sql = store.connection.execute("select sql from sqlite_master where name=?", [statement]).fetchone()[0]
            refolded.execute(sql)
        fold_all(store.connection, refolded)
        for table in FOLDED:
            here, there = _rows(store.connection, table), _rows(refolded, table)
            for row in sorted(here ^ there, key=str)[:20]:
                yield Fault(f"{table} {row[0]}", "table differs from what the journal says")
    finally:
        refolded.close()


def _rows(connection: Connection, table: str) -> set[tuple[object, ...]]:
    return set(connection.execute(f'select {_columns(table)} from "{table}"'))


def _columns(table: str) -> str:
    if table == "conflict":
        return "kind || ' ' || id || ' ' || field, decided, guarded, state, heads"
    return ", ".join(f'"{name}"' for name in ("id", *_names(table)))


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
