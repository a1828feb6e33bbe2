"""A station worked by hand: what the exchange and bundles need of it, over a journal alone, without threads of its own;
and the hub at the other end of a line that breaks when it is told to."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TypeVar

from tests.journals import SEALER
from workstation.attachments import Shelf
from workstation.domain.clock import Clock
from workstation.hub.exchange import Hub
from workstation.hub.gate import Turned
from workstation.journal import Accepted, Batch, BatchRefused, Filling, Heads, Journal, Ranges
from workstation.situation import Situation
from workstation.sync.bundle import Carrier
from workstation.sync.parcel import Parcel, heads_of, ranges_of, told, told_ranges, unpack
from workstation.sync.peer import HubRefused
from workstation.sync.rounds import pull_all, push_all
from workstation.wire import WireError

T = TypeVar("T")
WHOLE = 1000
"""Requests after which a line breaks that does not."""


@dataclass(frozen=True)
class Space:
    """Where a station's files lie."""

    folder: Path


class Hand:
    """Does at once, on whichever thread asks, what a station does on its writer thread."""

    def __init__(self, journal: Journal, folder: Path) -> None:
        self.journal = journal
        self.space = Space(folder)
        self._turn = RLock()

    @property
    def name(self) -> str:
        return self.journal.identity.station

    @property
    def clock(self) -> Clock:
        return self.journal.clock

    def ask(self, work: Callable[[Journal], T]) -> Future[T]:
        future: Future[T] = Future()
        with self._turn:
            try:
                future.set_result(work(self.journal))
            except Exception as error:  # noqa: BLE001  whoever asks hears of it
                future.set_exception(error)
        return future

    def merge(self, batch: Batch) -> Future[Accepted]:
        return self.ask(lambda journal: journal.accept(batch))

    def fill(self, filling: Filling) -> Future[Accepted]:
        return self.ask(lambda journal: journal.fill(filling))

    def situation(self) -> Situation:
        return Situation.open(self.space.folder / "journal.sqlite")

    def carrier(self) -> Carrier:
        """What writes and takes bundles."""
        return Carrier(self, self.journal.identity, SEALER, Shelf(self.space.folder / "attachments"))


class Line:
    """The hub as a station reaches it; gone behind so many requests, the answer to the last of which is lost."""

    def __init__(self, hub: Hand, sender: str, holds: int = WHOLE) -> None:
        self._hub = Hub(hub)  # type: ignore[arg-type]
        self._sender = sender
        self._holds = holds

    def push(self, body: bytes) -> tuple[Heads, Ranges]:
        heads, wants = self._answer(lambda: self._hub.push(self._sender, body))
        return heads_of(heads), ranges_of(wants)

    def heads(self) -> Heads:
        return heads_of(self._answer(self._hub.heads))

    def pull(self, heads: Heads, limit: int, express: bool = False) -> Parcel:
        theirs = heads_of(told(heads))
        return unpack(self._answer(lambda: self._hub.pull(self._sender, theirs, limit, express)))

    def contents(self, wanted: Ranges, limit: int) -> Parcel:
        ranges = ranges_of(told_ranges(wanted))
        return unpack(self._answer(lambda: self._hub.contents(self._sender, ranges, limit)))

    def _answer(self, work: Callable[[], T]) -> T:
        self._holds -= 1
        if self._holds < 0:
            raise WireError("unreachable", "http://hub", "cut")
        try:
            answer = work()
        except Turned as turned:
            raise HubRefused(turned.reason, turned.status, turned.have) from turned
        if self._holds == 0:
            raise WireError("silent", "http://hub", "the answer was lost")
        return answer


def play_round(station: Hand, line: Line, *, has_met: bool) -> None:
    """What a link does in one round: the product's own rounds. Raises what they raise."""
    if not has_met:
        with suppress(BatchRefused):
            pull_all(station, line, _never)  # type: ignore[arg-type]
    push_all(station, line, _never)  # type: ignore[arg-type]
    pull_all(station, line, _never)  # type: ignore[arg-type]


def _never() -> bool:
    return False
