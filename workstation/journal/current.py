"""What a station must have first, so as to work: what is going on now, as whole as it is here.

A centre's journal is mostly of what is long over. Whoever comes anew, or comes back after weeks, takes up his work with
a small part of it: all that was written of late, the whole story of what is open (incidents with all that belongs to
them, alarms, orders, conflicts), and what the root said of stations, accounts and grants, by which all else is judged.
Of whatever else these entries speak, and of what stands in the city, that much belongs to it as still stands: so no
record is shown as it long ceased to be because its later history has not come yet. Urgency of what is over is history.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from workstation.domain.clock import iso, millis
from workstation.journal.codec import Stamp
from workstation.journal.database import picked
from workstation.journal.fold import RecordKey, standing_of
from workstation.journal.store import Store, Stream
from workstation.situation.timeline import MEMBERS

OF_LATE = timedelta(hours=72)
OPEN = {
    "incident": "state is null or state not in ('false_report', 'merged', 'handed_over', 'closed')",
    "alarm": "state is null or state <> 'cleared'",
    "alert": "state = 'active' and replaced_by is null and (expires is null or expires >= ?)",
    "run": "state = 'running'",
    "step": "state in ('active', 'first_confirmed')",
    "task": "state in ('sent', 'delivered', 'acknowledged', 'under_way', 'on_scene')",
    "assignment": "released_at is null",
    "approval": "state in ('asked', 'approved') or (review_until is not null and reviewed_at is null)",
}
"""Of which records of a kind the matter is not over; `?` stands for the moment from which on all is of late."""
AUTHORITY = "('station', 'account', 'grant')"
STANDING = "('unit', 'sensor', 'camera', 'grid_cell', 'facility', 'source', 'fork', 'erasure')"
Place = tuple[int, int]
"""A stream's number and a seq."""


@dataclass(frozen=True, slots=True)
class Current:
    """The sight of who needs what is current, as it was at a moment; what has arrived here since is all current.

    `upto` is the last entry of that moment in order of arrival; `seqs` are the current ones of each stream in order,
    `ends` where each stream ended.
    """

    at: datetime
    upto: int
    numbers: frozenset[int]
    seqs: Mapping[int, Sequence[int]]
    ends: Mapping[int, int]

    def __call__(self, number: int, stamp: Stamp) -> bool:
        return number > self.upto or number in self.numbers

    def behind(self, stream: Stream, after: int) -> int:
        """How many entries of a stream behind `after` are current."""
        seqs, end = self.seqs.get(stream.number, ()), self.ends.get(stream.number, 0)
        return len(seqs) - bisect_right(seqs, after) + max(0, stream.seq - max(after, end))


def current(store: Store, now: datetime) -> Current:
    """What is current at the moment."""
    since = now - OF_LATE
    upto, ends = store.next_number() - 1, {one.number: one.seq for one in store.streams()}
    found = _Found(store)
    standing = "select kind, id from heads where kind in " + STANDING
    found.take({*_of_late(store, millis(since) << 16), *_open(store, since)}, store.connection.execute(standing))
    seqs: dict[int, list[int]] = defaultdict(list)
    for stream, seq in sorted(found.places):
        seqs[stream].append(seq)
    return Current(now, upto, frozenset(found.numbers), seqs, ends)


def _of_late(store: Store, clock: int) -> Iterator[int]:
    """What was written from that time on, by its own clock, which never runs back in a stream."""
    for stream in store.streams():
        if stream.clock >= clock:
            sql = "select number from entry where stream = ? and seq > ?"
            last = _last_before(store, stream, clock)
            yield from (row[0] for row in store.connection.execute(sql, [stream.number, last]))


def _last_before(store: Store, stream: Stream, clock: int) -> int:
    low, high = 0, stream.seq
    while high - low > 1:
        middle = (low + high) // 2
        row = store.connection.execute(
            "select clock from entry where stream = ? and seq = ?", [stream.number, middle]
        ).fetchone()
        low, high = (middle, high) if row[0] < clock else (low, middle)
    return low


def _open(store: Store, since: datetime) -> Iterator[int]:
    """The history of what is not over, and of whatever belongs to an incident that is not."""
    of_kind = "select h.entry from \"{0}\" r cross join history h where h.kind = '{0}' and h.id = r.id and ({1})"
    theirs = f"r.incident in (select id from incident where {OPEN['incident']})"
    asked = [of_kind.format(kind, where) for kind, where in (*OPEN.items(), *((kind, theirs) for kind in MEMBERS))]
    asked.append(
        "select h.entry from conflict c cross join history h where c.state = 'open' and h.kind = c.kind and h.id = c.id"
    )
    asked.append(f"select entry from history where kind in {AUTHORITY}")
    for sql in asked:
        yield from (row[0] for row in store.connection.execute(sql, [iso(since)] * sql.count("?")))


class _Found:
    """Entries that are current, and what still stands of every record that they speak of."""

    def __init__(self, store: Store) -> None:
        self._database = store.connection
        self._streams = {(one.station, one.incarnation): one.number for one in store.streams()}
        self.numbers: set[int] = set()
        self.places: set[Place] = set()
        self._told: set[RecordKey] = set()

    def take(self, numbers: Iterable[int], keys: Iterable[RecordKey]) -> None:
        """Take these entries, what stands of these records and of all that they speak of, and so on."""
        sql = "select number, stream, seq, content from entry where number in"
        spoken = {*keys, *self._spoken(picked(self._database, sql, (), sorted(numbers)))}
        while fresh := spoken - self._told:
            self._told |= fresh
            spoken = set(self._spoken(self._standing(fresh)))

    def _spoken(self, rows: Iterable[tuple[int, int, int, str | None]]) -> Iterator[RecordKey]:
        """Keep entries; the records that they speak of, those of which no content is here of none."""
        for number, stream, seq, content in rows:
            self.numbers.add(number)
            self.places.add((stream, seq))
            if content is not None:
                yield from ((kind, record_id) for kind, record_id, *_ in orjson.loads(content)[4])

    def _standing(self, keys: Iterable[RecordKey]) -> Iterator[tuple[int, int, int, str | None]]:
        """Entries of which something still stands of these records, but those that were found."""
        ids: dict[str, list[str]] = defaultdict(list)
        for kind, record_id in keys:
            ids[kind].append(record_id)
        places = {
            self._place(ref)
            for kind, some in ids.items()
            for _, standing in standing_of(self._database, kind, some)
            for ref in standing.said
        }
        seqs: dict[int, list[int]] = defaultdict(list)
        for stream, seq in places - self.places:
            seqs[stream].append(seq)
        sql = "select number, stream, seq, content from entry where stream = ? and seq in"
        for stream, wanted in seqs.items():
            yield from picked(self._database, sql, [stream], wanted)

    def _place(self, ref: str) -> Place:
        station, incarnation, seq = ref.split("/")
        return self._streams[station, incarnation], int(seq)
