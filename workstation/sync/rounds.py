"""One round of the exchange: everything the hub lacks, everything it has that we lack, then contents still to come.

Each side tells the other by a summary what it has, so that a round that broke off at any byte is simply begun again and
continues. While one page is on the wire the next is read. Where the backlog is long, headers travel first with the
contents alone that must come first: to the hub what is a matter of life safety, to a station what is current. The rest
follows page by page behind what is new, so that a station works and is heard while its history still comes in.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, TypeVar

from workstation.journal import Accepted, Batch, BatchRefused, Filling, Heads, Journal, Ranges, Sight, StreamName, Want
from workstation.sync.parcel import Parcel, pack
from workstation.sync.peer import HubRefused, Peer

T = TypeVar("T")
HUB = "HUB"
PAGE, AT_A_TIME, ENOUGH_BYTES = 5000, 4, 8 * 1024 * 1024
FOLLOWING = 2000
"""Contents asked for at once that follow: so few that neither the line nor the writer is busy with them for long."""
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

    def complain(self) -> None:
        """Raises the first refusal, if there was one."""
        if self.refusals:
            raise self.refusals[0]


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
    first = station.ask(lambda journal: journal.exchange.pressing(theirs)).result()

    def packed() -> bytes | None:
        batches = station.ask(lambda journal: _pages(journal, reached, first)).result()
        return pack(Parcel(tuple(batches))) if batches else None

    with ThreadPoolExecutor(1, thread_name_prefix="push") as ahead:
        body = packed()
        while body is not None and not stopped():
            pending = ahead.submit(packed)
            heads, wants = peer.push(body)
            _confirm(station, heads)
            body = pending.result()
    return wants


def _pages(journal: Journal, reached: dict[StreamName, int], first: Sight) -> list[Batch]:
    """The next few pages, each a batch of its own: the hub reads one while it writes the one before."""
    found: list[Batch] = []
    for _ in range(AT_A_TIME):
        page = journal.exchange.missing(reached, Want(PAGE, first=first))
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
    """Take everything the hub has that we lack, and all contents that follow. Raises WireError or HubRefused;
    BatchRefused at the end, when all else was taken that could be."""
    got = pull_new(station, peer, stopped)
    following = Following()
    while not stopped() and fetch_contents(station, peer, following):
        pass
    got.complain()


def pull_new(station: Asked, peer: Peer, stopped: Stop) -> Got:
    """Take every entry the hub has that we lack, of some perhaps the header alone. Raises WireError or HubRefused."""
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
    station.ask(lambda journal: journal.exchange.may_read(parcel.sight)).result()
    _supply(station, peer, parcel.wants, stopped)
    return got


def _reached(parcel: Parcel) -> Iterator[tuple[StreamName, int]]:
    return (((one.station, one.incarnation), one.last) for one in parcel.batches)


@dataclass(slots=True)
class Following:
    """How far into the contents that are to follow a station has asked: `passed` are those the hub waits for itself."""

    passed: int = 0


def fetch_contents(station: Asked, peer: Peer, following: Following) -> bool:
    """Fetch a page of the contents that are to follow their headers; whether it is of use to ask for more at once.

    What the hub may not give is waited for no longer. What it waits for itself is passed over, and asked for again when
    all else was; where that was the whole page, the next one has time.
    """
    passed = following.passed
    wanted = station.ask(lambda journal: journal.exchange.wanted(FOLLOWING, passed)).result()
    if not wanted:
        following.passed = 0
        return False
    parcel = peer.contents(wanted, FOLLOWING)
    for future in [station.fill(filling) for filling in parcel.fillings]:
        future.result()
    given = sum(len(filling.contents) for filling in parcel.fillings)
    awaited = _count(parcel.awaited)
    if given + awaited < _count(wanted):
        station.ask(lambda journal: journal.exchange.give_up(wanted, parcel.awaited)).result()
    following.passed += awaited
    return awaited < _count(wanted)


def _count(ranges: Ranges) -> int:
    return sum(last - first + 1 for runs in ranges.values() for first, last in runs)
