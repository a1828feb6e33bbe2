"""What replication needs of the station it serves: the link, the courier of media and bundles alike."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

from workstation.domain.clock import Clock
from workstation.journal import Accepted, Batch, Filling, Journal
from workstation.situation import Situation

T = TypeVar("T")


class Heart(Protocol):
    """A station, to be asked from any thread."""

    @property
    def name(self) -> str: ...
    @property
    def clock(self) -> Clock: ...
    def ask(self, work: Callable[[Journal], T]) -> Future[T]: ...
    def merge(self, batch: Batch) -> Future[Accepted]: ...
    def fill(self, filling: Filling) -> Future[Accepted]: ...
    def situation(self) -> Situation: ...
    def subscribe(self, watcher: Callable[[frozenset[str]], None]) -> None: ...
