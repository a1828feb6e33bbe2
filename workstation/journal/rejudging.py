"""Judging again what was judged before a word of the root came that it is to be judged by.

A verdict rests on what the root had said up to an entry's `seen`, and on when authority began. In good order the root's
word is here before whatever saw it: `Taking` waits for it. Out of order come the word by which authority begins, since
who has not heard of it may write for `ALONE` and no longer; and the words of a hub that was set back to an older copy,
which its stations bring back to it while it has gone on in another incarnation.
"""

from collections.abc import Iterator, Sequence

from workstation.domain.entry import Entry
from workstation.journal.bench import Bench, Benches
from workstation.journal.codec import Header, Stamp, decode_content, entry_of
from workstation.journal.fold import ROOT_STATION
from workstation.journal.granted import ALONE_CLOCK, LAW_KINDS
from workstation.journal.past import Past
from workstation.journal.refold import fold_records, taught
from workstation.journal.store import Store

_NEVER = 2**63 - 1
_DOUBTFUL = (
    "select e.refused, s.station, s.incarnation, e.seq, e.clock, e.raw, e.seen, e.precedence, e.scope, e.data_class,"
    " e.content from entry e join stream s on s.number = e.stream"
    " where e.content is not null and s.station <> ? and (e.seen >= ? or (e.seen < ? and e.clock > ?))"
)
_ONE = (
    "select e.clock, e.raw, e.seen, e.precedence, e.scope, e.data_class, e.content, e.refused from entry e"
    " join stream s on s.number = e.stream"
    " where e.content is not null and s.station = ? and s.incarnation = ? and e.seq = ?"
)


def judge_again(store: Store, benches: Benches, entries: Sequence[Entry], known: int) -> bool:
    """Judge again what these new `entries` of the root may tell otherwise, and where a verdict is another, fold the
    chain again: whether that was so. `known` is the clock of the root's newest word before. Call within a transaction.
    """
    struck = [*_struck(entries)]
    law = [entry.clock for entry in entries if entry.station == ROOT_STATION and _is_law(entry)]
    first = min(law, default=_NEVER)
    is_timely = not law or (first > known and store.newest() <= first + ALONE_CLOCK)
    if is_timely and not struck:
        return False
    bench = taught(store, benches())
    others = [] if is_timely else [*_judged_otherwise(store, bench, first, is_late=first <= known)]
    past = Past(store.connection)
    held = [(one, refused, bench.verdict(one, past)) for one, refused in _held(store, struck)]
    others += [(one, reason) for one, refused, reason in held if reason != refused]
    counted = {one.ref for one, refused, reason in held if bool(refused) == bool(reason)}
    for entry, reason in others:
        store.refuse(store.stream(entry.station, entry.incarnation), entry.seq, reason)
    moved = [entry for entry, _ in others if entry.ref not in counted]
    fold_records(store, bench, moved)
    return bool(moved)


def _struck(entries: Sequence[Entry]) -> Iterator[str]:
    """The entries that the root's new words refuse."""
    for entry in entries:
        if entry.station == ROOT_STATION:
            yield from {change.id for change in entry.changes if change.kind == "verdict"}


def _held(store: Store, refs: Sequence[str]) -> Iterator[tuple[Entry, str]]:
    """Those of these entries that are held here, and why they do not count so far."""
    for ref in refs:
        station, incarnation, seq = ref.split("/")
        for *stamp, content, refused in store.connection.execute(_ONE, [station, incarnation, int(seq)]).fetchall():
            entry = entry_of(Header(station, incarnation, int(seq), Stamp(*stamp), b""), decode_content(content))
            yield entry, refused


def _is_law(entry: Entry) -> bool:
    return any(change.kind in LAW_KINDS for change in entry.changes)


def _judged_otherwise(store: Store, bench: Bench, first: int, *, is_late: bool) -> Iterator[tuple[Entry, str]]:
    """Entries that saw the root's word of that time, should it be `is_late`, or were written too long after it by who
    had not: those of them that are judged otherwise now, and how."""
    past = Past(store.connection)
    places = [ROOT_STATION, first if is_late else _NEVER, first, first + ALONE_CLOCK]
    for refused, station, incarnation, seq, *stamp, content in store.connection.execute(_DOUBTFUL, places).fetchall():
        entry = entry_of(Header(station, incarnation, seq, Stamp(*stamp), b""), decode_content(content))
        if (reason := bench.verdict(entry, past)) != refused:
            yield entry, reason
