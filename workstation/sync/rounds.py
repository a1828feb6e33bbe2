"""One round of the exchange: everything of ours that the hub has not confirmed, then everything it has that we lack.

Both go page by page and remember how far they came, so that a round that breaks off is continued, not begun again.
While one page is on the wire the next is read.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

from workstation.journal import Accepted, Batch, Journal
from workstation.sync.parcel import Parcel, pack
from workstation.sync.peer import HubRefused, Peer

T = TypeVar("T")
HUB = "HUB"
PAGE = 5000
Stop = Callable[[], bool]


class Asked(Protocol):
    """A station that runs work on its writer thread."""

    def ask(self, work: Callable[[Journal], T]) -> Future[T]: ...
    def merge(self, batch: Batch) -> Future[Accepted]: ...


def own_streams(journal: Journal) -> dict[str, int]:
    """The last entry of each of our streams, by incarnation."""
    own = journal.identity.station
    return {incarnation: seq for (station, incarnation), seq in journal.exchange.heads().items() if station == own}


def unsent(journal: Journal, peer: str) -> int:
    """How many of our entries `peer` has not confirmed."""
    own = journal.identity.station
    streams = own_streams(journal).items()
    return sum(max(0, seq - journal.exchange.receipted(peer, own, incarnation)) for incarnation, seq in streams)


def push_all(station: Asked, peer: Peer, stopped: Stop) -> None:
    """Hand the hub every entry of ours that it lacks. Raises WireError or HubRefused."""
    for incarnation in station.ask(own_streams).result():
        _push_stream(station, peer, incarnation, stopped)


def _push_stream(station: Asked, peer: Peer, incarnation: str, stopped: Stop) -> None:
    """Send one stream behind what the hub confirmed; the next batch is read and packed while one is on the wire."""

    def packed(after: int) -> tuple[Batch, bytes] | None:
        batch = station.ask(
            lambda journal: journal.exchange.run(journal.identity.station, incarnation, after, PAGE)
        ).result()
        return (batch, pack(Parcel((batch,)))) if batch else None

    def receipted(journal: Journal) -> int:
        return journal.exchange.receipted(HUB, journal.identity.station, incarnation)

    with ThreadPoolExecutor(1, thread_name_prefix="push") as ahead:
        pending = ahead.submit(packed, station.ask(receipted).result())
        while (found := pending.result()) is not None and not stopped():
            batch, body = found
            pending = ahead.submit(packed, batch.last)
            have = _push(peer, batch, body)
            _confirm(station, incarnation, have)
            if have != batch.last:
                pending = ahead.submit(packed, have)


def _confirm(station: Asked, incarnation: str, seq: int) -> None:
    def receipt(journal: Journal) -> None:
        journal.exchange.receipt(HUB, journal.identity.station, incarnation, seq)

    station.ask(receipt)


def _push(peer: Peer, batch: Batch, body: bytes) -> int:
    """The last entry the hub holds after the push; where it lacks earlier ones, the last before them."""
    try:
        return peer.push(body)
    except HubRefused as refusal:
        if refusal.reason == "gap" and refusal.have is not None and refusal.have < batch.first - 1:
            return refusal.have
        raise


def pull_all(station: Asked, peer: Peer, stopped: Stop, *, own: bool = False) -> None:
    """Take everything the hub has behind our cursor; with `own` also what it once had from us.

    After a restore or a repair that is what we lack of our own; else it is passed over, and little: what the hub got
    from us since we last asked. Raises WireError, HubRefused or BatchRefused.
    """
    cursor = station.ask(lambda journal: journal.exchange.cursor(HUB)).result()
    with ThreadPoolExecutor(1, thread_name_prefix="pull") as ahead:
        pending = ahead.submit(peer.pull, cursor, PAGE, own)
        while True:
            parcel = pending.result()
            if (
                parcel.cursor < cursor
            ):  # the hub was restored from an older copy: begin anew, what is known is passed over
                _remember(station, cursor := 0)
                pending = ahead.submit(peer.pull, 0, PAGE, own)
                continue
            if parcel.more and not stopped():
                pending = ahead.submit(peer.pull, parcel.cursor, PAGE, own)
            _merge(station, parcel)
            if parcel.cursor != cursor:
                _remember(station, parcel.cursor)
            if not parcel.more or stopped():
                return


def _merge(station: Asked, parcel: Parcel) -> None:
    for future in [station.merge(batch) for batch in parcel.batches]:
        future.result()


def _remember(station: Asked, cursor: int) -> None:
    station.ask(lambda journal: journal.exchange.set_cursor(HUB, cursor)).result()
