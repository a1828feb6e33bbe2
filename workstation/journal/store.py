"""Rows of the chain: streams, entries and batches, over the one write connection."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from sqlite3 import Connection
from typing import NamedTuple

from workstation.journal.batch import SentEntry, SubjectKey
from workstation.journal.codec import GENESIS, Header

LATE_MS = 60_000


@dataclass(slots=True)
class Stream:
    """One incarnation of one station, and where its chain ends here."""

    number: int
    station: str
    incarnation: str
    seq: int
    hash: bytes


class Link(NamedTuple):
    """One chained entry ready to be stored."""

    header: Header
    hash: bytes
    content: bytes


class Store:
    """Knows the chain's rows and nothing of what entries mean. Streams' ends are kept in memory beside the tables."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._streams: dict[tuple[str, str], Stream] = {}
        self._version = -1
        self.catch_up()

    def reload(self) -> None:
        """Read the streams' ends again, after a transaction was given up."""
        rows = self.connection.execute("select number, station, incarnation, seq, hash from stream")
        self._streams = {(row[1], row[2]): Stream(*row) for row in rows}

    def catch_up(self) -> bool:
        """Read the streams' ends again if another process has written since: an import beside an open desk.

        Whether one has. SQLite's data_version changes with every commit of another connection and with none of ours.
        """
        version = self.connection.execute("pragma data_version").fetchone()[0]
        changed = bool(version != self._version)
        if changed:
            self._version = version
            self.reload()
        return changed

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One IMMEDIATE transaction; given up as a whole when anything is raised.

        The cycle collector rests meanwhile: folding makes many small objects and no cycles, and walking them all
        took a quarter of the time of a large batch.
        """
        collecting = gc.isenabled()
        gc.disable()
        self.connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            self.connection.execute("rollback")
            self.reload()
            raise
        else:
            self.connection.execute("commit")
        finally:
            if collecting:
                gc.enable()

    def newest(self) -> int:
        """The latest clock at the end of any stream; 0 for none. A stream's clock never runs back.

        `cross join` looks up each stream's last entry, where SQLite would read every entry there is.
        """
        ends = "select max(e.clock) from stream s cross join entry e on e.stream = s.number and e.seq = s.seq"
        return int(self.connection.execute(f"{ends} where typeof(e.clock) = 'integer'").fetchone()[0] or 0)

    def meta(self, name: str) -> str | None:
        row = self.connection.execute("select value from meta where name = ?", [name]).fetchone()
        return str(row[0]) if row else None

    def set_meta(self, name: str, value: str) -> None:
        self.connection.execute("insert or replace into meta values (?,?)", [name, value])

    def streams(self) -> list[Stream]:
        return list(self._streams.values())

    def stream(self, station: str, incarnation: str) -> Stream:
        """The stream of that name; a new one begins at the genesis hash."""
        key = (station, incarnation)
        if key not in self._streams:
            row = self.connection.execute(
                "insert into stream (station, incarnation, seq, hash) values (?,?,0,?) returning number",
                [*key, GENESIS],
            ).fetchone()
            self._streams[key] = Stream(row[0], station, incarnation, 0, GENESIS)
        return self._streams[key]

    def head(self, station: str, incarnation: str) -> int:
        """The last entry of that stream held here; 0 for none. Unlike `stream`, never makes one."""
        known = self._streams.get((station, incarnation))
        return known.seq if known else 0

    def has(self, ref: str) -> bool:
        """Whether the entry of that reference was stored before."""
        station, incarnation, seq = ref.split("/")
        return self.head(station, incarnation) >= int(seq)

    def next_number(self) -> int:
        return int(self.connection.execute("select coalesce(max(number), 0) + 1 from entry").fetchone()[0])

    def add(self, stream: Stream, links: list[Link], number: int, received: int = 0) -> None:
        """Store chained entries at the end of a stream, `number` being the first one's place in order of arrival.

        `received` is the time of arrival in milliseconds, for entries of others: older ones are marked late.
        """
        rows = [
            (
                number + offset,
                stream.number,
                link.header.seq,
                link.header.clock,
                link.header.scope,
                link.header.data_class,
                link.header.digest,
                link.hash,
                link.content.decode(),
                int(received - (link.header.clock >> 16) > LATE_MS),
            )
            for offset, link in enumerate(links)
        ]
        self.connection.executemany("insert into entry values (?,?,?,?,?,?,?,?,?,?)", rows)
        stream.seq, stream.hash = links[-1].header.seq, links[-1].hash
        self.connection.execute(
            "update stream set seq=?, hash=? where number=?", [stream.seq, stream.hash, stream.number]
        )

    def add_batch(self, stream: Stream, first: int, signature: bytes) -> None:
        """Keep the signature over the stream's present end, vouching for entries from `first`."""
        self.connection.execute(
            "insert into batch (stream, first, last, hash, signature) values (?,?,?,?,?)",
            [stream.number, first, stream.seq, stream.hash, signature],
        )

    def entries(self, stream: int, first: int, last: int) -> tuple[SentEntry, ...]:
        rows = self.connection.execute(
            "select clock, scope, data_class, content from entry where stream=? and seq between ? and ? order by seq",
            [stream, first, last],
        )
        return tuple(
            SentEntry(clock, scope, data_class, content.encode()) for clock, scope, data_class, content in rows
        )

    def keys(self, stream: int, first: int, last: int) -> tuple[SubjectKey, ...]:
        rows = self.connection.execute(
            "select key, seq, subject, wrapped from subject_key where stream=? and seq between ? and ?",
            [stream, first, last],
        )
        return tuple(SubjectKey(*row) for row in rows)

    def add_keys(self, stream: int, keys: Iterable[SubjectKey]) -> None:
        self.connection.executemany(
            "insert or ignore into subject_key (key, stream, seq, subject, wrapped) values (?,?,?,?,?)",
            [(key.key, stream, key.seq, key.subject, key.wrapped) for key in keys],
        )

    def key_of(self, subject: str) -> tuple[str, str] | None:
        """The newest undestroyed key of a subject: (key, wrapped)."""
        row = self.connection.execute(
            "select key, wrapped from subject_key where subject=? and wrapped is not null order by key desc limit 1",
            [subject],
        ).fetchone()
        return (row[0], row[1]) if row else None
