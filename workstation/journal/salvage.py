"""Reading what can still be read of a damaged SQLite file, and keeping of it what proves itself.

A row counts only where the chain vouches for it: an entry whose hash follows from the one before it and whose content
its header names, up to the last head that somebody signed. So whatever a damaged page says, nothing enters the repaired
journal that was not in the journal before; what is missing behind a gap comes back from the hub.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfile
from sqlite3 import Connection, DatabaseError, connect
from tempfile import TemporaryDirectory
from typing import Any

from workstation.journal.codec import GENESIS, Header, Stamp, digest_of
from workstation.journal.sqlite import PAGE_BYTES, empty_sqlite

ENTRY = (
    "number, stream, seq, clock, raw, seen, precedence, scope, data_class, digest, hash, content, late, lacks, refused"
)
Row = tuple[Any, ...]
Name = tuple[str, str]
_HEADER_BYTES = 100
_SMALLEST_ROW = 200
_SIDES = ("-wal", "-shm")


@dataclass(slots=True)
class SavedStream:
    """The good beginning of a stream: its rows, the batches that vouch for them, and where it was said to end."""

    number: int
    name: Name
    form: int
    told: int
    entries: list[Row] = field(default_factory=list)
    batches: list[Row] = field(default_factory=list)

    @property
    def seq(self) -> int:
        return len(self.entries)


@dataclass(slots=True)
class Saved:
    """All that was read: streams with something in them, and rows of the tables beside the chain."""

    streams: list[SavedStream] = field(default_factory=list)
    keys: list[Row] = field(default_factory=list)
    receipts: list[Row] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def entries(self) -> int:
        return sum(stream.seq for stream in self.streams)


def salvage(path: Path, own: str, names: Collection[Name]) -> Saved:
    """What is good in the file at `path` and its write-ahead log; neither is changed.

    `own` is the station whose last entries need no signature, since it can sign again; `names` are streams known from
    elsewhere, should the table of streams be lost.
    """
    saved = Saved()
    with TemporaryDirectory(prefix="salvage-", dir=path.parent) as folder:
        copy = Path(folder) / path.name
        for side in ("", *_SIDES[:1]):
            if (source := path.with_name(path.name + side)).is_file():
                copyfile(source, copy.with_name(copy.name + side))
        if not _is_database(copy):
            _give_header(copy)
        with closing(connect(copy, isolation_level=None)) as connection:
            _read(connection, saved, own, names)
    return saved


def _is_database(path: Path) -> bool:
    try:
        with closing(connect(path, isolation_level=None)) as connection:
            connection.execute("select count(*) from sqlite_master").fetchone()
    except DatabaseError:
        return False
    return True


def _give_header(path: Path) -> None:
    """Put the header of an empty journal in place of one that cannot be read: the tables behind it may be good."""
    with closing(empty_sqlite()) as empty:
        header = bytearray(empty.serialize()[:_HEADER_BYTES])
    header[16:18] = PAGE_BYTES.to_bytes(2, "big")
    header[18:20] = b"\2\2"  # with a write-ahead log
    header[28:32] = (path.stat().st_size // PAGE_BYTES).to_bytes(4, "big")
    with path.open("r+b") as file:
        file.write(header)


def _read(connection: Connection, saved: Saved, own: str, names: Collection[Name]) -> None:
    connection.text_factory = _text
    told = {row[0]: row for row in _rows(connection, "stream", "number, station, incarnation, seq, form", 1000)}
    most = sum(row[3] for row in told.values() if isinstance(row[3], int)) or _guess(connection)
    entries, batches = defaultdict(list), defaultdict(list)
    for row in _rows(connection, "entry", ENTRY, most):
        entries[row[1]].append(row)
    for row in _rows(connection, "batch", "number, stream, first, last, hash, signature", most):
        batches[row[1]].append(row)
    for number, listed in entries.items():
        stream = _stream(number, told.get(number), listed, names)
        if stream is not None:
            _chain(stream, listed)
            _vouch(stream, batches[number], is_own=stream.name[0] == own)
            saved.streams.append(stream)
    saved.keys = list(_rows(connection, "subject_key", "key, stream, seq, subject, wrapped", most))
    saved.receipts = list(_all(connection, "select peer, station, incarnation, seq, at from receipt"))
    saved.meta = dict(_all(connection, "select name, value from meta"))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _guess(connection: Connection) -> int:
    """No table has more rows than this: the size of the file over the size of a small row."""
    try:
        pages, size = (connection.execute(f"pragma {name}").fetchone()[0] for name in ("page_count", "page_size"))
    except DatabaseError:
        return 0
    return int(pages * size) // _SMALLEST_ROW


def _rows(connection: Connection, table: str, columns: str, most: int) -> Iterator[Row]:
    """The rows of a table in their order, stepping over what cannot be read; `most` is about the last row's number."""
    after = 0
    while after <= most:
        try:
            sql = f'select rowid, {columns} from "{table}" where rowid > ? order by rowid'
            for row in connection.execute(sql, [after]):
                after = row[0]
                yield row[1:]
        except DatabaseError:
            after += 1
        else:
            return


def _all(connection: Connection, sql: str) -> Iterator[Row]:
    """Rows up to the first that cannot be read."""
    try:
        yield from connection.execute(sql)
    except DatabaseError:
        return


def _stream(number: int, told: Row | None, entries: list[Row], names: Collection[Name]) -> SavedStream | None:
    """The stream of a number, by what its table says or, failing that, by the name under which its chain begins."""
    candidates = [((str(told[1]), str(told[2])), told[4], _int(told[3]))] if told else []
    candidates += [(name, form, 0) for name in names for form in GENESIS]
    first = min(entries, key=lambda row: _int(row[2]))
    for name, form, end in candidates:
        if form in GENESIS and _follows(first, name, GENESIS[form], form):
            return SavedStream(number, name, form, end)
    return None


def _chain(stream: SavedStream, entries: list[Row]) -> None:
    """Keep the entries from the first on, as far as each follows from the one before it."""
    previous = GENESIS[stream.form]
    for row in sorted(entries, key=lambda row: _int(row[2])):
        if row[2] != stream.seq + 1 or not _follows(row, stream.name, previous, stream.form):
            return
        stream.entries.append(row)
        previous = row[10]


def _follows(row: Row, name: Name, previous: bytes, form: int) -> bool:
    _, _, seq, *stamp, digest, hashed, content = row[:12]
    try:
        if content is not None and digest_of(content.encode()) != digest:
            return False
        return bool(Header(*name, seq, Stamp(*stamp), digest).hash(previous, form) == hashed)
    except (TypeError, ValueError, AttributeError):
        return False


def _vouch(stream: SavedStream, batches: list[Row], *, is_own: bool) -> None:
    """Keep the batches that fit the chain, each from where the one before it ended; drop others' unsigned entries."""
    signed = 0
    for number, _, _, last, hashed, signature in sorted(batches, key=lambda row: _int(row[3])):
        if signed < _int(last) <= stream.seq and stream.entries[last - 1][10] == hashed:
            stream.batches.append((number, stream.number, signed + 1, last, hashed, signature))
            signed = last
    if not is_own:
        del stream.entries[signed:]


def _int(found: object) -> int:
    return found if isinstance(found, int) else 0
