"""What leaves the journal for another: what the other lacks by a summary of what it has, and who holds what.

A summary names the last entry of every stream (chains have no holes), so that it is small however long the outage was
and true wherever the entries came from. Contents travel after their headers where the other side is to have others
first, and not at all where it may not read them. Headers alone prove a whole chain; so whoever lacks much has at once
all that can be proved, the contents it must have to work, and the rest behind them, newest first.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from workstation.domain.clock import Clock, iso, millis
from workstation.domain.precedence import FLASH
from workstation.domain.records import ROOT_KINDS
from workstation.journal.batch import DEFERRED, WITHHELD, Batch, Filling, SentEntry, SubjectKey
from workstation.journal.codec import Stamp
from workstation.journal.current import OF_LATE, Current, current
from workstation.journal.database import Target, picked
from workstation.journal.fold import ROOT_STATION
from workstation.journal.store import Store, Stream
from workstation.journal.want import PAGE, Heads, Ranges, Sight, StreamName, Want, both, everything, urgent

AT_ONCE = 500
"""The backlog up to which all travels whole: nothing urgent in it has to wait for the rest."""
FRESH = timedelta(minutes=5)
"""How long, and for no more than a page of news, it is remembered what is current: what arrives meanwhile is, too."""
_RECEIPT = Target("receipt", ("peer", "station", "incarnation", "seq", "at"), ("peer", "station", "incarnation"))
_SIGHT = "sight"


class Exchange:
    """Reads batches for replication and keeps receipts. Shares the writer's connection, so runs on its thread."""

    def __init__(self, store: Store, clock: Clock, own: str) -> None:
        self._own = own
        self._store = store
        self._clock = clock
        self._current: Current | None = None

    def heads(self) -> dict[StreamName, int]:
        """The last entry held of every stream: the summary of what is here."""
        return {(stream.station, stream.incarnation): stream.seq for stream in self._store.streams() if stream.seq}

    def end(self) -> int:
        """A number that grows with everything that arrives, entries and contents that follow, whoever writes it."""
        return sum(self.heads().values()) + self._store.filled

    def missing(self, theirs: Heads, want: Want) -> list[Batch]:
        """A page of what is here and not there: the root's word first and whole before any other's, since all else is
        judged by it, and our own last, behind what we had seen of others; each stream in its order."""
        found: list[Batch] = []
        room = want.limit
        for stream in self._behind(theirs):
            after = theirs.get((stream.station, stream.incarnation), 0)
            batch = self._run(stream, after, Want(room, want.sight, want.first)) if room > 0 else None
            if batch is not None:
                found.append(batch)
                room -= len(batch.entries)
                if stream.station == ROOT_STATION and batch.last < stream.seq:
                    break
        return found

    def backlog(self, theirs: Heads) -> int:
        """How many entries are here and not there."""
        return sum(one.seq - theirs.get((one.station, one.incarnation), 0) for one in self._behind(theirs))

    def pressing(self, theirs: Heads) -> Sight:
        """What must come first to one who lacks much: matters of life safety, which would have to wait for the rest.

        Where a quarter of it or more is urgent, or what is urgent stands at the beginning, to send headers first would
        save them no time.
        """
        backlog = self.backlog(theirs)
        return urgent if backlog > AT_ONCE and 0 < self._urgent(theirs) * 4 < backlog else everything

    def first(self, theirs: Heads) -> Sight:
        """What must come first to a station that takes up its work: what is current. Where that is much, and most of
        what they lack, of this the urgent, as in `pressing`.

        Nothing but what is current, however little else there is: it may be superseded by what still follows.
        """
        now = self._clock.now()
        if self._are_of_late(theirs, now):
            return self.pressing(theirs)
        known = self._known(now)
        behind = sum(known.behind(one, theirs.get((one.station, one.incarnation), 0)) for one in self._behind(theirs))
        is_much = behind > AT_ONCE and behind * 2 > self.backlog(theirs)
        return both(urgent, known) if is_much and self.pressing(theirs) is urgent else known

    def _known(self, now: datetime) -> Current:
        known, last = self._current, self._store.next_number()
        if known is None or not known.at <= now <= known.at + FRESH or last > known.upto + PAGE:
            known = self._current = current(self._store, now)
        return known

    def _are_of_late(self, theirs: Heads, now: datetime) -> bool:
        """Whether all that they lack was written of late."""
        since = millis(now - OF_LATE) << 16
        ends = ((one.number, theirs.get((one.station, one.incarnation), 0) + 1) for one in self._behind(theirs))
        sql = "select clock from entry where stream = ? and seq = ?"
        return all(self._store.connection.execute(sql, end).fetchone()[0] >= since for end in ends)

    def _urgent(self, theirs: Heads) -> int:
        """How much of what they lack is urgent, beside what comes at once."""
        sql = f"select count(*) from entry where stream=? and seq>? and precedence={FLASH}"
        found, room = 0, AT_ONCE
        for one in self._behind(theirs):
            after = theirs.get((one.station, one.incarnation), 0)
            at_once = min(room, one.seq - after)
            found += int(self._store.connection.execute(sql, [one.number, after + at_once]).fetchone()[0])
            room -= at_once
        return found

    def _behind(self, theirs: Heads) -> list[Stream]:
        behind = [one for one in self._store.streams() if one.seq > theirs.get((one.station, one.incarnation), 0)]
        return sorted(behind, key=lambda one: (one.station != ROOT_STATION, one.station == self._own, one.number))

    def run(self, station: str, incarnation: str, after: int, limit: int = PAGE) -> Batch | None:
        """One batch of a stream's entries behind `after`, as long as `limit` allows; None when there are none."""
        return self._run(self._store.stream(station, incarnation), after, Want(limit))

    def _run(self, stream: Stream, after: int, want: Want) -> Batch | None:
        """Many small batches become one, since the last signature vouches for all before it."""
        signed = self._store.signature(stream, after, want.limit)
        if signed is None:
            return None
        last, digest, signature = signed
        want = self._lawful(stream.station, want)
        entries, readable = [], set()
        for number, seq, stamp, content, content_digest, _ in self._store.rows(stream.number, after + 1, last):
            sent, may_read = _sent(number, stamp, (content, content_digest), want)
            entries.append(sent)
            if may_read:
                readable.add(seq)
        keys = tuple(key for key in self._store.keys(stream.number, after + 1, last) if key.seq in readable)
        name = (stream.station, stream.incarnation)
        return Batch(*name, after + 1, last, digest, signature, tuple(entries), keys, form=stream.form)

    def _lawful(self, station: str, want: Want) -> Want:
        """Whoever may read least must know what the root said of whose keys are good, and who may what; and at once,
        since who has its header writes as having seen it."""
        if station != ROOT_STATION:
            return want
        marks = ", ".join("?" * len(ROOT_KINDS))
        told = self._store.connection.execute(f"select entry from history where kind in ({marks})", [*ROOT_KINDS])
        law = {number for (number,) in told}

        def beside(sight: Sight) -> Sight:
            return lambda number, stamp: number in law or sight(number, stamp)

        return replace(want, sight=beside(want.sight), first=beside(want.first))

    def deferred(self) -> int:
        """How many contents are still to follow their headers."""
        sql = f"select count(*) from entry where lacks = {DEFERRED}"
        return int(self._store.connection.execute(sql).fetchone()[0])

    def wanted(
        self, limit: int = PAGE, beyond: int = 0, of: Collection[str] = ()
    ) -> dict[StreamName, list[tuple[int, int]]]:
        """The ranges of headers whose content is to follow, `limit` entries `beyond` the first: of what was written of
        late the most urgent first, and then history, the newest first; `of` these stations alone, if any is named.

        What supersedes is newer than what it supersedes: so whatever of history is here already, no record is shown as
        it long ceased to be.
        """
        execute, since = self._store.connection.execute, millis(self._clock.now() - OF_LATE) << 16
        theirs = ", ".join(str(one.number) for one in self._store.streams() if one.station in of) or "0"
        among = f" and +stream in ({theirs})" if of else ""  # by what is deferred, not through all of a stream
        sql = f"select stream, seq from entry where lacks = {DEFERRED}{among} and clock"
        most = beyond + limit
        found = execute(f"{sql} >= ? order by precedence, clock desc limit ?", [since, most]).fetchall()
        found += execute(f"{sql} < ? order by clock desc limit ?", [since, most - len(found)]).fetchall()
        seqs: dict[int, list[int]] = {}
        for stream, seq in found[beyond:]:
            seqs.setdefault(stream, []).append(seq)
        names = {one.number: (one.station, one.incarnation) for one in self._store.streams()} if seqs else {}
        return {names[stream]: _ranges(sorted(some)) for stream, some in seqs.items()}

    def contents(self, wanted: Ranges, want: Want) -> list[Filling]:
        """Contents of the first `limit` of those entries, as far as they are here and may be read there."""
        found, room = [], want.limit
        for name, ranges in wanted.items():
            if not self._store.head(*name):
                continue
            seqs = list(islice(_seqs(ranges), room))
            room -= len(seqs)
            rows, sight = self._chosen(self._store.stream(*name), seqs), self._lawful(name[0], want).sight
            contents = [(seq, text.encode()) for number, seq, stamp, text in rows if text and sight(number, stamp)]
            if contents:
                found.append(Filling(*name, tuple(contents), self._keys_of(name, contents)))
        return found

    def _chosen(self, stream: Stream, seqs: Sequence[int]) -> list[tuple[int, int, Stamp, str | None]]:
        """Some entries of a stream in order: number, seq, stamp, content."""
        sql = "select number, seq, clock, raw, seen, precedence, scope, data_class, content from entry"
        rows = picked(self._store.connection, f"{sql} where stream = ? and seq in", [stream.number], seqs)
        return sorted((number, seq, Stamp(*stamp), content) for number, seq, *stamp, content in rows)

    def _keys_of(self, name: StreamName, contents: Sequence[tuple[int, bytes]]) -> tuple[SubjectKey, ...]:
        seqs = {seq for seq, _ in contents}
        keys = self._store.keys(self._store.stream(*name).number, min(seqs), max(seqs))
        return tuple(key for key in keys if key.seq in seqs)

    def awaited(self, wanted: Ranges) -> dict[StreamName, list[tuple[int, int]]]:
        """Those of the contents that are to come here too, or whose entries are: asking again for them helps."""
        lacks = self.deferred() > 0
        runs = {name: [*self._awaited(name, ranges, lacks)] for name, ranges in wanted.items()}
        return {name: some for name, some in runs.items() if some}

    def _awaited(self, name: StreamName, ranges: Iterable[tuple[int, int]], lacks: bool) -> Iterator[tuple[int, int]]:
        head = self._store.head(*name)
        sql = "select seq from entry where stream=? and seq between ? and ? and lacks=? and lacks > 0 order by seq"
        for first, last in ranges:
            if lacks and head:
                asked = [self._store.stream(*name).number, first, last, DEFERRED]
                yield from _ranges(seq for (seq,) in self._store.connection.execute(sql, asked).fetchall())
            if last > head:
                yield max(first, head + 1), last

    def give_up(self, wanted: Ranges, awaited: Ranges) -> None:
        """Wait no longer for those contents, but for the ones awaited: whoever was asked may not give them."""
        sql = f"update entry set lacks = {WITHHELD} where stream=? and seq between ? and ? and lacks = {DEFERRED}"
        asked = [
            (self._store.stream(*name).number, *run)
            for name, ranges in wanted.items()
            for run in _ranges(sorted({*_seqs(ranges)} - {*_seqs(awaited.get(name, ()))}))
        ]
        with self._store.transaction():
            self._store.connection.repeat(sql, asked)

    def withheld(self) -> int:
        """Of how many entries the content is not here and not waited for."""
        sql = "select count(*) from entry where lacks=? and lacks > 0"
        return int(self._store.connection.execute(sql, [WITHHELD]).fetchone()[0])

    def may_read(self, sight: str) -> None:
        """Wait again for what was withheld, where our sight is another than when the hub last told it."""
        if self._store.meta(_SIGHT) != sight:
            again = "update entry set lacks=? where lacks=? and lacks > 0"
            self._store.connection.execute(again, [DEFERRED, WITHHELD])
            self._store.set_meta(_SIGHT, sight)

    def confirmed(self, peer: str) -> dict[StreamName, int]:
        """The last entry of every stream that `peer` has confirmed."""
        sql = "select station, incarnation, seq from receipt where peer=?"
        return {(row[0], row[1]): int(row[2]) for row in self._store.connection.execute(sql, [peer])}

    def summarised(self, peer: str, heads: Heads) -> None:
        """Remember that this is all that `peer` holds: of what it confirmed before, it may have lost some."""
        lost = [(peer, *name) for name in self.confirmed(peer) if name not in heads]
        sql = "delete from receipt where peer=? and station=? and incarnation=?"
        if lost:
            self._store.connection.repeat(sql, lost)
        self.receipt(peer, heads)

    def receipt(self, peer: str, heads: Heads) -> None:
        """Remember that `peer` holds these streams up to there."""
        at, known = iso(self._clock.now()), self.confirmed(peer)
        moved = [(peer, *name, seq, at) for name, seq in heads.items() if known.get(name) != seq]
        if moved:  # each round confirms all streams, and hardly one has moved
            self._store.connection.put(_RECEIPT, moved)

    def seen_by(self, station: str, incarnation: str, seq: int) -> list[str]:
        """Who has confirmed that entry."""
        sql = "select peer from receipt where station=? and incarnation=? and seq>=? order by peer"
        return [row[0] for row in self._store.connection.execute(sql, [station, incarnation, seq])]


def _sent(number: int, stamp: Stamp, held: tuple[str | None, bytes], want: Want) -> tuple[SentEntry, bool]:
    """An entry as it goes out, and whether the other side may read it. What is lacking here, be it for ever, may still
    come there by another way."""
    content, digest = held
    if not want.sight(number, stamp):
        return SentEntry(stamp, b"", digest, WITHHELD), False
    if content is None or not want.first(number, stamp):
        return SentEntry(stamp, b"", digest, DEFERRED), False
    return SentEntry(stamp, content.encode()), True


def _seqs(ranges: Iterable[tuple[int, int]]) -> Iterator[int]:
    return (seq for first, last in ranges for seq in range(first, last + 1))


def _ranges(seqs: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as runs first..last."""
    runs: list[tuple[int, int]] = []
    for seq in seqs:
        if runs and runs[-1][1] == seq - 1:
            runs[-1] = (runs[-1][0], seq)
        else:
            runs.append((seq, seq))
    return runs
