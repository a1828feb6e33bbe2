"""One round of the exchange: everything the hub lacks, everything it has that we lack, then contents still to come.

Each side tells the other by a summary what it has, so that a round that broke off at any byte is simply begun again and
continues. While one page is on the wire the next is read. Where the backlog is long and something in it is a matter of
life safety, headers travel first with the urgent contents alone, and the rest follows in order of precedence.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

from workstation.journal import Accepted, Batch, BatchRefused, Filling, Heads, Journal, Ranges, StreamName, Want
from workstation.sync.parcel import Parcel, pack
from workstation.sync.peer import HubRefused, Peer

T = TypeVar("T")
HUB = "HUB"
PAGE, AT_A_TIME, ENOUGH_BYTES = 5000, 4, 8 * 1024 * 1024
Stop = Callable[[], bool]


class Asked(Protocol):
    """A station that runs work on its writer thread."""

    def ask(self, work: Callable[[Journal], T]) -> Future[T]: ...
    def merge(self, batch: Batch) -> Future[Accepted]: ...
    def fill(self, filling: Filling) -> Future[Accepted]: ...


def unsent(journal: Journal, peer: str) -> int:
    """How many of our entries `peer` has not confirmed."""
    own, confirmed = journal.identity.station, journal.exchange.confirmed(peer)
    heads = journal.exchange.heads().items()
    return sum(max(0, seq - confirmed.get(name, 0)) for name, seq in heads if name[0] == own)


class Got:
    """What came of merging: the kinds that changed, and the batches that were refused."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()
        self.refusals: list[BatchRefused] = []

    def add(self, merged: Iterable[Future[Accepted]]) -> None:
        """Wait for what is being merged. One that is refused does not keep the others from coming."""
        for future in merged:
            try:
                self.kinds |= future.result().kinds
            except BatchRefused as refusal:
                self.refusals.append(refusal)


def push_all(station: Asked, peer: Peer, stopped: Stop) -> None:
    """Hand the hub every entry that it lacks. Raises WireError or HubRefused."""
    theirs = station.ask(lambda journal: journal.exchange.confirmed(HUB)).result()
    try:
        wants = _push(station, peer, theirs, stopped)
    except HubRefused as refusal:
        if refusal.reason not in ("gap", "root"):
            raise
        theirs = peer.heads()  # it was restored from an older copy, or others' entries stand before ours
        _summarised(station, theirs)
        wants = _push(station, peer, theirs, stopped)
    _supply(station, peer, wants, stopped)


def _push(station: Asked, peer: Peer, theirs: Heads, stopped: Stop) -> Ranges:
    """Send page after page; the next is read and packed while one is on the wire."""
    reached = dict(theirs)
    wants: Ranges = {}
    express = station.ask(lambda journal: journal.exchange.is_pressing(theirs)).result()

    def packed() -> bytes | None:
        batches = station.ask(lambda journal: _pages(journal, reached, express)).result()
        return pack(Parcel(tuple(batches))) if batches else None

    with ThreadPoolExecutor(1, thread_name_prefix="push") as ahead:
        body = packed()
        while body is not None and not stopped():
            pending = ahead.submit(packed)
            heads, wants = peer.push(body)
            _confirm(station, heads)
            body = pending.result()
    return wants


def _pages(journal: Journal, reached: dict[StreamName, int], express: bool) -> list[Batch]:
    """The next few pages, each a batch of its own: the hub reads one while it writes the one before."""
    found: list[Batch] = []
    for _ in range(AT_A_TIME):
        page = journal.exchange.missing(reached, Want(PAGE, express=express))
        reached.update({(one.station, one.incarnation): one.last for one in page})
        found += page
        if not page or sum(len(entry.content) for batch in found for entry in batch.entries) > ENOUGH_BYTES:
            break
    return found


def _supply(station: Asked, peer: Peer, wants: Ranges, stopped: Stop) -> None:
    """Send the contents that the hub waits for, as long as we have any of them."""
    while wants and not stopped():
        fillings = station.ask(_contents_for(wants)).result()
        if not fillings:
            return
        _, wants = peer.push(pack(Parcel(fillings=tuple(fillings))))


def _contents_for(wants: Ranges) -> Callable[[Journal], list[Filling]]:
    return lambda journal: journal.exchange.contents(wants, Want(PAGE))


def _confirm(station: Asked, heads: Heads) -> None:
    station.ask(lambda journal: journal.exchange.receipt(HUB, heads))


def _summarised(station: Asked, heads: Heads) -> None:
    station.ask(lambda journal: journal.exchange.summarised(HUB, heads)).result()


def pull_all(station: Asked, peer: Peer, stopped: Stop) -> None:
    """Take everything the hub has that we lack. Raises WireError or HubRefused; BatchRefused at the end, when all else
    was taken that could be."""
    got = Got()
    with ThreadPoolExecutor(1, thread_name_prefix="pull") as ahead:
        heads = station.ask(lambda journal: journal.exchange.heads()).result()
        pending, written = ahead.submit(peer.pull, heads, PAGE, True), list[Future[Accepted]]()
        while True:
            parcel = pending.result()
            heads = {**heads, **dict(_reached(parcel))}
            if goes_on := parcel.more and not stopped():
                pending = ahead.submit(peer.pull, heads, PAGE, True)
            being_written = [station.merge(batch) for batch in parcel.batches]  # read here, while the last is written
            got.add(written)
            written = being_written
            if not goes_on:
                break
        got.add(written)
    _summarised(station, parcel.heads)
    fetch_contents(station, peer, stopped)
    _supply(station, peer, parcel.wants, stopped)
    if got.refusals:
        raise got.refusals[0]


def _reached(parcel: Parcel) -> Iterator[tuple[StreamName, int]]:
    return (((one.station, one.incarnation), one.last) for one in parcel.batches)


def fetch_contents(station: Asked, peer: Peer, stopped: Stop) -> None:
    """Fetch the contents that are to follow their headers; what the hub may not give is waited for no longer."""
    while not stopped() and (wanted := station.ask(lambda journal: journal.exchange.wanted(PAGE)).result()):
        parcel = peer.contents(wanted, PAGE)
        for future in [station.fill(filling) for filling in parcel.fillings]:
            future.result()
        if not parcel.fillings:
            _rest(station, wanted, parcel.pending)
            return


def _rest(station: Asked, wanted: Ranges, pending: bool) -> None:
    """Nothing came of what was asked for: leave it at that, unless the hub waits for it too."""
    if not pending:
        station.ask(lambda journal: journal.exchange.give_up(wanted)).result()
