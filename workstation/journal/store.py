"""Rows of the chain: streams, entries and batches, over one connection to the journal's database."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from workstation.domain.entry import Entry
from workstation.journal.batch import SentEntry, SubjectKey
from workstation.journal.codec import FORMAT, GENESIS, Header, Stamp, decode_content, entry_of
from workstation.journal.database import Database, DatabaseFault, Target, picked

LATE_MS = 60_000
MOVED = "moved"
"""Where the journal went, in `meta` of the database it left."""
_ENTRY = Target(
    "entry",
    ("number", "stream", "seq", *Stamp._fields, "digest", "hash", "content", "late", "lacks", "refused"),
)
_META = Target("meta", ("name", "value"), ("name",))
_KEY = Target("subject_key", ("key", "stream", "seq", "subject", "wrapped"), ("key",), keep=True)
_IS_MISSING = "lacks > 0 or refused <> ''"
_STREAMS = (
    "select s.number, s.station, s.incarnation, s.seq, s.hash, s.form, e.clock"
    " from stream s left join entry e on e.stream = s.number and e.seq = s.seq"
)


@dataclass(slots=True)
class Stream:
    """One incarnation of one station, and where its chain ends here; `clock` is its last entry's."""

    number: int
    station: str
    incarnation: str
    seq: int
    hash: bytes
    form: int = FORMAT
    clock: int = 0


class Link(NamedTuple):
    """One chained entry ready to be stored: `lacks` what is not here of it, `refused` why it is not folded."""

    header: Header
    hash: bytes
    content: bytes
    lacks: int = 0
    refused: str = ""


class Store:
    """Knows the chain's rows and nothing of what entries mean. Streams' ends are kept in memory beside the tables."""

    def __init__(self, connection: Database) -> None:
        self.connection = connection
        self._streams: dict[tuple[str, str], Stream] = {}
        self._gaps: set[int] = set()
        self.version = -1
        self.catch_up()

    def reload(self) -> None:
        """Read the streams' ends again, after a transaction was given up."""
        rows = self.connection.execute(_STREAMS).fetchall()
        self._streams = {
            (station, incarnation): Stream(number, station, incarnation, seq, digest, form, _clock(clock))
            for number, station, incarnation, seq, digest, form, clock in rows
        }
        gaps = self.connection.execute(f"select distinct stream from entry where {_IS_MISSING}")
        self._gaps = {row[0] for row in gaps}
        if there := self.meta(MOVED):
            raise DatabaseFault(f"this journal was moved to {there}")

    def catch_up(self) -> None:
        """Read the streams' ends again if another process has written since; `version` is then another one."""
        version = self.connection.version()
        if version != self.version:
            self.reload()
            self.version = version  # only now: a reading that broke off is begun again

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction, from where the last one of any process ended; given up whole when anything is raised.

        The cycle collector rests meanwhile: folding makes many small objects and no cycles, and walking them all
        took a quarter of the time of a large batch.
        """
        collecting = gc.isenabled()
        gc.disable()
        try:
            with self.connection.writing():
                self.catch_up()
                yield
        except BaseException:
            self._streams, self.version = {}, -1
            raise
        finally:
            if collecting:
                gc.enable()

    def newest(self, station: str = "") -> int:
        """The latest clock at the end of any stream, or of a station's; 0 for none. A stream's never runs back."""
        self._look()
        ends = (one.clock for one in self._streams.values() if not station or one.station == station)
        return max(ends, default=0)

    def meta(self, name: str) -> str | None:
        row = self.connection.execute("select value from meta where name = ?", [name]).fetchone()
        return str(row[0]) if row else None

    def set_meta(self, name: str, value: str) -> None:
        self.connection.put(_META, [(name, value)])

    def streams(self) -> list[Stream]:
        """Every stream as it ends now."""
        self._look()
        return list(self._streams.values())

    def stream(self, station: str, incarnation: str, form: int = FORMAT) -> Stream:
        """The stream of that name; a new one begins at the genesis hash of its format."""
        key = (station, incarnation)
        if key not in self._streams:
            self._look()
        if key not in self._streams:
            row = self.connection.execute(
                "insert into stream (number, station, incarnation, seq, hash, form)"
                " select coalesce(max(number), 0) + 1, ?, ?, 0, ?, ? from stream where true"
                " on conflict (station, incarnation) do update set form = excluded.form returning number",
                [*key, GENESIS[form], form],
            ).fetchone()  # one is there already, and empty, where this was broken off before
            self._streams[key] = Stream(row[0], station, incarnation, 0, GENESIS[form], form)
        return self._streams[key]

    def head(self, station: str, incarnation: str) -> int:
        """The last entry of that stream held here; 0 for none. Unlike `stream`, never makes one."""
        self._look()
        known = self._streams.get((station, incarnation))
        return known.seq if known else 0

    def _look(self) -> None:
        """Outside of a transaction others may write at any time."""
        if not self.connection.in_transaction:
            self.catch_up()

    def has(self, ref: str) -> bool:
        """Whether the entry of that reference was folded here: one whose content is withheld or refused was not."""
        station, incarnation, seq = ref.split("/")
        known = self._streams.get((station, incarnation))
        if known is None or known.seq < int(seq):
            return False
        return known.number not in self._gaps or not self._is_missing(known.number, int(seq))

    def _is_missing(self, stream: int, seq: int) -> bool:
        sql = f"select 1 from entry where stream=? and seq=? and ({_IS_MISSING})"
        return self.connection.execute(sql, [stream, seq]).fetchone() is not None

    def next_number(self) -> int:
        return int(self.connection.execute("select coalesce(max(number), 0) + 1 from entry").fetchone()[0])

    def add(self, stream: Stream, links: list[Link], number: int, received: int = 0) -> None:
        """Store chained entries at the end of a stream, `number` being the first one's place in order of arrival.

        `received` is the time of arrival in milliseconds, for entries of others: older ones are marked late.
        """
        late = received - LATE_MS << 16
        rows = [
            (
                place,
                stream.number,
                seq,
                *stamp,
                digest,
                chained,
                content.decode() if content else None,
                int(stamp.clock < late),
                lacks,
                refused,
            )
            for place, ((_, _, seq, stamp, digest), chained, content, lacks, refused) in enumerate(links, number)
        ]
        self.connection.put(_ENTRY, rows)
        if any(link.lacks or link.refused for link in links):
            self._gaps.add(stream.number)
        last = links[-1]
        stream.seq, stream.hash, stream.clock = last.header.seq, last.hash, last.header.stamp.clock
        self.connection.execute(
            "update stream set seq=?, hash=? where number=?", [stream.seq, stream.hash, stream.number]
        )

    def hash_at(self, station: str, incarnation: str, seq: int) -> bytes | None:
        """The hash of an entry held here."""
        row = self.connection.execute(
            "select hash from entry where stream=? and seq=?", [self.stream(station, incarnation).number, seq]
        ).fetchone()
        return row[0] if row else None

    def lacking(self, stream: Stream, seqs: Sequence[int]) -> dict[int, tuple[Header, int]]:
        """Of these entries the ones without content: header and place in order of arrival, by seq."""
        if stream.number not in self._gaps:
            return {}
        sql = "select seq, number, digest, clock, raw, seen, precedence, scope, data_class from entry"
        rows = picked(self.connection, f"{sql} where lacks > 0 and stream = ? and seq in", [stream.number], seqs)
        of, name = sorted(rows), (stream.station, stream.incarnation)
        return {seq: (Header(*name, seq, Stamp(*stamp), digest), number) for seq, number, digest, *stamp in of}

    @property
    def filled(self) -> int:
        """How many contents have followed their headers here, whichever process put them."""
        return int(self.meta("filled") or 0)

    def fill(self, stream: Stream, contents: Sequence[tuple[int, bytes]]) -> None:
        """Put contents behind their headers."""
        self.set_meta("filled", str(self.filled + len(contents)))
        rows = [(content.decode(), stream.number, seq) for seq, content in contents]
        self.connection.repeat("update entry set content=?, lacks=0 where stream=? and seq=?", rows)

    def refuse(self, stream: Stream, seq: int, reason: str) -> None:
        """Note why an entry does not count."""
        self._gaps.add(stream.number)
        self.connection.execute("update entry set refused=? where stream=? and seq=?", [reason, stream.number, seq])

    def add_batch(self, stream: Stream, first: int, signature: bytes) -> None:
        """Keep the signature over the stream's present end, vouching for entries from `first`."""
        self.connection.execute(
            "insert into batch (number, stream, first, last, hash, signature)"
            " select coalesce(max(number), 0) + 1, ?, ?, ?, ?, ? from batch",
            [stream.number, first, stream.seq, stream.hash, signature],
        )

    def signature(self, stream: Stream, after: int, limit: int) -> tuple[int, bytes, bytes] | None:
        """The signature that vouches for about `limit` entries behind `after`: last entry, its hash, signature."""
        within = (
            "select last, hash, signature from batch where stream=? and last>? and last<=? order by last desc limit 1"
        )
        beyond = "select last, hash, signature from batch where stream=? and last>? order by last limit 1"
        found = self.connection.execute(within, [stream.number, after, after + limit]).fetchone()
        return found or self.connection.execute(beyond, [stream.number, after]).fetchone()  # type: ignore[no-any-return]

    def rows(self, stream: int, first: int, last: int) -> Iterator[tuple[int, int, Stamp, str | None, bytes, int]]:
        """Entries of a stream: number, seq, stamp, content, digest, and what is lacking of them."""
        rows = self.connection.execute(
            "select number, seq, clock, raw, seen, precedence, scope, data_class, content, digest, lacks from entry"
            " where stream=? and seq between ? and ? order by seq",
            [stream, first, last],
        ).fetchall()
        for number, seq, *stamp, content, digest, lacks in rows:
            yield number, seq, Stamp(*stamp), content, digest, lacks

    def entries(self, stream: int, first: int, last: int) -> tuple[SentEntry, ...]:
        """Entries of a stream as they would be sent; of those without content the digest."""
        rows = self.rows(stream, first, last)
        return tuple(
            SentEntry(stamp, (content or "").encode(), digest, lacks) for _, _, stamp, content, digest, lacks in rows
        )

    def read(self, station: str) -> Iterator[Entry]:
        """Every entry of a station that is held with its content, in order of arrival."""
        rows = self.connection.execute(
            "select s.incarnation, e.seq, e.clock, e.raw, e.seen, e.precedence, e.scope, e.data_class, e.content"
            " from entry e join stream s on s.number = e.stream"
            " where s.station=? and e.content is not null order by e.number",
            [station],
        ).fetchall()
        for incarnation, seq, *stamp, content in rows:
            yield entry_of(Header(station, incarnation, seq, Stamp(*stamp), b""), decode_content(content))

    def keys(self, stream: int, first: int, last: int) -> tuple[SubjectKey, ...]:
        rows = self.connection.execute(
            "select key, seq, subject, wrapped from subject_key where stream=? and seq between ? and ?",
            [stream, first, last],
        )
        return tuple(SubjectKey(*row) for row in rows)

    def add_keys(self, stream: int, keys: Iterable[SubjectKey]) -> None:
        """Keep the keys of subjects; of one that was erased only that there was a key."""
        held = [(key.key, stream, key.seq, key.subject, self._kept(key)) for key in keys]
        self.connection.put(_KEY, held)

    def _kept(self, key: SubjectKey) -> str | None:
        return None if self.is_erased(key.subject) else key.wrapped

    def is_erased(self, subject: str) -> bool:
        """Whether a subject's keys were ordered to be destroyed."""
        return self.connection.execute("select 1 from erasure where id = ?", [subject]).fetchone() is not None

    def key_of(self, subject: str) -> tuple[str, str] | None:
        """The newest undestroyed key of a subject: (key, wrapped)."""
        row = self.connection.execute(
            "select key, wrapped from subject_key where subject=? and wrapped is not null order by key desc limit 1",
            [subject],
        ).fetchone()
        return (row[0], row[1]) if row else None


def _clock(stored: object) -> int:
    """A clock as it stands in the database, where a stranger may have written anything."""
    return stored if isinstance(stored, int) else 0
