"""What leaves the journal for another: what the other lacks by a summary of what it has, and who holds what.

A summary names the last entry of every stream (chains have no holes), so that it is small however long the outage was
and true wherever the entries came from. Contents travel after their headers where the other side is to have the urgent
ones first, and not at all where it may not read them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workstation.domain.clock import Clock, iso
from workstation.domain.precedence import FLASH
from workstation.journal.batch import DEFERRED, WITHHELD, Batch, Filling, SentEntry, SubjectKey
from workstation.journal.codec import Stamp
from workstation.journal.database import Target
from workstation.journal.fold import ROOT_STATION
from workstation.journal.store import Store, Stream

PAGE, AT_ONCE = 5000, 500
"""Entries in one answer; and the backlog up to which all travels whole: nothing urgent in it has to wait for the rest.
"""
_RECEIPT = Target("receipt", ("peer", "station", "incarnation", "seq", "at"), ("peer", "station", "incarnation"))
StreamName = tuple[str, str]
Heads = Mapping[StreamName, int]
Ranges = Mapping[StreamName, Sequence[tuple[int, int]]]
"""Of each stream the entries first..last that are meant, in order."""
Sight = Callable[[int, Stamp], bool]
"""Whether the other side may read an entry, by its place in our order of arrival and its stamp."""


def everything(number: int, stamp: Stamp) -> bool:
    """The sight of a station that may read all there is."""
    return True


@dataclass(frozen=True, slots=True)
class Want:
    """What another side asks for: about `limit` entries of what `sight` may read; `express`: of contents for now only
    the urgent ones."""

    limit: int = PAGE
    sight: Sight = everything
    express: bool = False


class Exchange:
    """Reads batches for replication and keeps receipts. Shares the writer's connection, so runs on its thread."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def heads(self) -> dict[StreamName, int]:
        """The last entry held of every stream: the summary of what is here."""
        return {(stream.station, stream.incarnation): stream.seq for stream in self._store.streams() if stream.seq}

    def end(self) -> int:
        """A number that grows with everything that arrives, entries and contents that follow, whoever writes it."""
        return sum(self.heads().values()) + self._store.filled

    def missing(self, theirs: Heads, want: Want) -> list[Batch]:
        """A page of what is here and not there: the root's word first, each stream in its order."""
        found: list[Batch] = []
        room = want.limit
        for stream in self._behind(theirs):
            after = theirs.get((stream.station, stream.incarnation), 0)
            batch = self._run(stream, after, Want(room, want.sight, want.express)) if room > 0 else None
            if batch is not None:
                found.append(batch)
                room -= len(batch.entries)
        return found

    def backlog(self, theirs: Heads) -> int:
        """How many entries are here and not there."""
        return sum(one.seq - theirs.get((one.station, one.incarnation), 0) for one in self._behind(theirs))

    def is_pressing(self, theirs: Heads) -> bool:
        """Whether they lack much, and among it matters of life safety that would have to wait for the rest.

        Where a quarter of it or more is urgent, to send headers first would save them no time.
        """
        backlog = self.backlog(theirs)
        return backlog > AT_ONCE and 0 < self._urgent(theirs) * 4 < backlog

    def _urgent(self, theirs: Heads) -> int:
        sql = f"select count(*) from entry where stream=? and seq>? and precedence={FLASH}"
        ends = ((one.number, theirs.get((one.station, one.incarnation), 0)) for one in self._behind(theirs))
        return sum(int(self._store.connection.execute(sql, end).fetchone()[0]) for end in ends)

    def _behind(self, theirs: Heads) -> list[Stream]:
        behind = [one for one in self._store.streams() if one.seq > theirs.get((one.station, one.incarnation), 0)]
        return sorted(behind, key=lambda one: (one.station != ROOT_STATION, one.number))

    def run(self, station: str, incarnation: str, after: int, limit: int = PAGE) -> Batch | None:
        """One batch of a stream's entries behind `after`, as long as `limit` allows; None when there are none."""
        return self._run(self._store.stream(station, incarnation), after, Want(limit))

    def _run(self, stream: Stream, after: int, want: Want) -> Batch | None:
        """Many small batches become one, since the last signature vouches for all before it."""
        signed = self._store.signature(stream, after, want.limit)
        if signed is None:
            return None
        last, digest, signature = signed
        want = replace(want, sight=_sight(stream.station, want.sight))
        entries, readable = [], set()
        for number, seq, stamp, content, content_digest, _ in self._store.rows(stream.number, after + 1, last):
            sent, may_read = _sent(number, stamp, (content, content_digest), want)
            entries.append(sent)
            if may_read:
                readable.add(seq)
        keys = tuple(key for key in self._store.keys(stream.number, after + 1, last) if key.seq in readable)
        name = (stream.station, stream.incarnation)
        return Batch(*name, after + 1, last, digest, signature, tuple(entries), keys, form=stream.form)

    def wanted(self, limit: int = PAGE) -> dict[StreamName, list[tuple[int, int]]]:
        """The ranges of headers whose content is to follow, about `limit` entries."""
        found: dict[StreamName, list[tuple[int, int]]] = {}
        sql = "select seq from entry where stream=? and lacks=? and lacks > 0 order by seq limit ?"
        for stream in self._store.streams():
            seqs = [row[0] for row in self._store.connection.execute(sql, [stream.number, DEFERRED, limit])]
            if seqs:
                found[stream.station, stream.incarnation] = _ranges(seqs)
                limit -= len(seqs)
        return found

    def contents(self, wanted: Ranges, want: Want) -> list[Filling]:
        """Contents of those entries that are here and may be read there, the most urgent first."""
        rows = [row for name, ranges in wanted.items() for row in self._contents(name, ranges, want.sight)]
        rows.sort(key=lambda row: row[0])
        chosen: dict[StreamName, list[tuple[int, bytes]]] = {}
        for _, name, seq, content in rows[: want.limit]:
            chosen.setdefault(name, []).append((seq, content))
        return [Filling(*name, tuple(contents), self._keys_of(name, contents)) for name, contents in chosen.items()]

    def _contents(
        self, name: StreamName, ranges: Iterable[tuple[int, int]], sight: Sight
    ) -> list[tuple[tuple[int, int], StreamName, int, bytes]]:
        if not self._store.head(*name):
            return []
        stream, sight = self._store.stream(*name), _sight(name[0], sight)
        return [
            ((stamp.precedence, number), name, seq, content.encode())
            for first, last in ranges
            for number, seq, stamp, content, _, _ in self._store.rows(stream.number, first, last)
            if content is not None and sight(number, stamp)
        ]

    def _keys_of(self, name: StreamName, contents: Sequence[tuple[int, bytes]]) -> tuple[SubjectKey, ...]:
        seqs = {seq for seq, _ in contents}
        keys = self._store.keys(self._store.stream(*name).number, min(seqs), max(seqs))
        return tuple(key for key in keys if key.seq in seqs)

    def is_pending(self, wanted: Ranges) -> bool:
        """Whether some of those contents, or their entries, are to come here too, so that asking again helps."""
        return any(
            last > self._store.head(*name) or self._is_deferred(name, first, last)
            for name, ranges in wanted.items()
            for first, last in ranges
        )

    def _is_deferred(self, name: StreamName, first: int, last: int) -> bool:
        sql = "select 1 from entry where stream=? and seq between ? and ? and lacks=? and lacks > 0 limit 1"
        asked = [self._store.stream(*name).number, first, last, DEFERRED]
        return self._store.connection.execute(sql, asked).fetchone() is not None

    def give_up(self, wanted: Ranges) -> None:
        """Wait no longer for those contents: whoever was asked may not give them."""
        sql = "update entry set lacks=? where stream=? and seq between ? and ? and lacks=? and lacks > 0"
        for name, ranges in wanted.items():
            number = self._store.stream(*name).number
            for first, last in ranges:
                self._store.connection.execute(sql, [WITHHELD, number, first, last, DEFERRED])

    def receipted(self, peer: str, station: str, incarnation: str) -> int:
        """The last entry of a stream that `peer` has confirmed; 0 for none."""
        row = self._store.connection.execute(
            "select seq from receipt where peer=? and station=? and incarnation=?", [peer, station, incarnation]
        ).fetchone()
        return int(row[0]) if row else 0

    def confirmed(self, peer: str) -> dict[StreamName, int]:
        """The last entry of every stream that `peer` has confirmed."""
        sql = "select station, incarnation, seq from receipt where peer=?"
        return {(row[0], row[1]): int(row[2]) for row in self._store.connection.execute(sql, [peer])}

    def summarised(self, peer: str, heads: Heads) -> None:
        """Remember that this is all that `peer` holds: of what it confirmed before, it may have lost some."""
        self._store.connection.execute("delete from receipt where peer=?", [peer])
        self.receipt(peer, heads)

    def receipt(self, peer: str, heads: Heads) -> None:
        """Remember that `peer` holds these streams up to there."""
        at = iso(self._clock.now())
        self._store.connection.put(_RECEIPT, [(peer, *name, seq, at) for name, seq in heads.items()])

    def seen_by(self, station: str, incarnation: str, seq: int) -> list[str]:
        """Who has confirmed that entry."""
        sql = "select peer from receipt where station=? and incarnation=? and seq>=? order by peer"
        return [row[0] for row in self._store.connection.execute(sql, [station, incarnation, seq])]


def _sight(station: str, sight: Sight) -> Sight:
    """Whoever may read least must know what the root said: whose keys are good, and who may what."""
    return everything if station == ROOT_STATION else sight


def _sent(number: int, stamp: Stamp, held: tuple[str | None, bytes], want: Want) -> tuple[SentEntry, bool]:
    """An entry as it goes out, and whether the other side may read it. What is lacking here, be it for ever, may still
    come there by another way."""
    content, digest = held
    if not want.sight(number, stamp):
        return SentEntry(stamp, b"", digest, WITHHELD), False
    if content is None or (want.express and stamp.precedence != FLASH):
        return SentEntry(stamp, b"", digest, DEFERRED), False
    return SentEntry(stamp, content.encode()), True


def _ranges(seqs: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as runs first..last."""
    runs: list[tuple[int, int]] = []
    for seq in seqs:
        if runs and runs[-1][1] == seq - 1:
            runs[-1] = (runs[-1][0], seq)
        else:
            runs.append((seq, seq))
    return runs
