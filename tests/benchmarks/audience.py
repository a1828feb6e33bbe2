"""Listeners in a process of their own, and how late each was told of what."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from tests.benchmarks.processes import OurHub, Told, running
from workstation.domain.clock import WallClock
from workstation.journal import Batch, StreamName
from workstation.station import Space
from workstation.sync.enrolling import enrol
from workstation.sync.peer import Peer

Heard = np.ndarray[Any, np.dtype[np.float64]]
PAGE = 5000


class Ear:
    """A station that is enrolled to listen: the audience's connections are signed by it, and it reads what arrived."""

    def __init__(self, hub: OurHub) -> None:
        self.hub = hub
        self.space = Space.found(hub.folder / "LS01", "LS01")
        address, _ = enrol(hub.url, hub.code("LS01"), self.space.identity())
        self._peer = Peer(address, self.space.identity(), WallClock())
        self._heads: dict[StreamName, int] = {}

    def close(self) -> None:
        self._peer.close()

    @property
    def held(self) -> int:
        """How many entries it has read: what the hub tells its listeners, once it has read all."""
        return sum(self._heads.values())

    def arrived(self) -> list[Batch]:
        """Every batch that reached the hub since the last time this was asked."""
        found: list[Batch] = []
        while True:
            parcel = self._peer.pull(self._heads, PAGE)
            found += parcel.batches
            self._heads.update({(one.station, one.incarnation): one.last for one in parcel.batches})
            if not parcel.more:
                return found


class Audience:
    """`count` listeners to a hub."""

    def __init__(self, ear: Ear, process: Told) -> None:
        self._file = ear.space.folder / "heard.npy"
        self._process = process

    def heard(self) -> Heard:
        """Rows of listener, cursor, moment; each listener's in their order."""
        self._process.do("tell", file=str(self._file))
        return np.asarray(np.load(self._file), dtype=np.float64)


@contextmanager
def audience(ear: Ear, count: int) -> Iterator[Audience]:
    """Listeners of which each is connected."""
    words = [",".join(ear.hub.urls), str(ear.space.folder), str(count)]
    with running([sys.executable, "-m", "tests.benchmarks.listeners", *words]) as process:
        yield Audience(ear, Told(process))


def delays_ms(heard: Heard, told: Sequence[tuple[float, int]], count: int) -> tuple[Heard, int]:
    """Each listener's delay for each entry, told as (moment it was begun, cursor), and how many were never told.

    A cursor tells of everything up to it: a listener that is told of the third entry has been told of the second.
    """
    begun = np.array([moment for moment, _ in told])
    cursors = np.array([cursor for _, cursor in told], dtype=np.float64)
    delays: list[Heard] = []
    for listener in range(count):
        own = heard[heard[:, 0] == listener]
        place = np.searchsorted(np.maximum.accumulate(own[:, 1]), cursors)
        known = place < len(own)
        delays.append((own[place[known], 2] - begun[known]) * 1000)
    flat = np.concatenate(delays)
    return flat, count * len(told) - len(flat)
