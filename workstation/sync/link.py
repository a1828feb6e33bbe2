"""The thread that keeps a station and its hub equal: push what is ours, pull what is others', wait for news, try again.

It works for as long as the station runs, whether or not there is a network: an outage is a state with an age and a
count of what the centre does not have yet, said once in the log when it begins and once when it ends.
"""

import logging
import random
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from workstation.domain.clock import Clock
from workstation.domain.errors import KnownError
from workstation.journal import Accepted, Batch, BatchRefused, Journal
from workstation.sync.peer import HubRefused, Peer
from workstation.sync.rounds import HUB, pull_all, push_all, unsent
from workstation.wire import WireError

T = TypeVar("T")
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
ROUND_SECONDS = 20.0
"""A round is made at least this often, should the notification be lost."""
log = logging.getLogger(__name__)


class Heart(Protocol):
    """What the link needs of the station."""

    @property
    def name(self) -> str: ...
    @property
    def clock(self) -> Clock: ...
    def ask(self, work: Callable[[Journal], T]) -> Future[T]: ...
    def merge(self, batch: Batch) -> Future[Accepted]: ...
    def subscribe(self, watcher: Callable[[frozenset[str]], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class LinkState:
    """`state`: online, syncing, offline, refused or alone (no hub). `unsent`: entries the centre has not confirmed."""

    state: str
    since: datetime
    unsent: int = 0
    last_error: str = ""


class Link:
    """Start it after the station, stop it before. `dial` makes a connection; one is made for each thread."""

    def __init__(self, heart: Heart, dial: Callable[[], Peer]) -> None:
        self._heart = heart
        self._dial = dial
        self._state = LinkState("syncing", heart.clock.now())
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._hurried = threading.Event()
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._keep_equal, name=f"link-{heart.name}", daemon=True),
            threading.Thread(target=self._listen, name=f"news-{heart.name}", daemon=True),
        ]
        heart.subscribe(self._changed)

    def start(self) -> None:
        self._count()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End both threads; what is not yet sent stays in the journal."""
        self._stopping.set()
        self.hurry()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    @property
    def state(self) -> LinkState:
        return self._state

    def hurry(self) -> None:
        """Try now rather than when the wait is over."""
        self._hurried.set()
        self._wake.set()

    def _keep_equal(self) -> None:
        peer, wait = self._dial(), FIRST_WAIT
        while not self._stopping.is_set():
            self._wake.clear()
            if self._round(peer):
                wait = FIRST_WAIT
                self._wake.wait(ROUND_SECONDS)
            else:
                self._pause(wait)
                wait = min(wait * 2, LONGEST_WAIT)
        peer.close()

    def _round(self, peer: Peer) -> bool:
        try:
            push_all(self._heart, peer, self._stopping.is_set)
            pull_all(self._heart, peer, self._stopping.is_set)
        except WireError as error:
            self._enter("offline", str(error))
        except (HubRefused, BatchRefused) as error:
            self._enter("refused", str(error))
        except KnownError as error:
            self._enter("offline", str(error))
        else:
            self._enter("online", "")
            return True
        finally:
            self._count()
        return False

    def _pause(self, seconds: float) -> None:
        """Wait out a failure, with jitter so that twelve offices do not come back in one instant."""
        self._hurried.wait(seconds * random.uniform(0.7, 1.0))  # noqa: S311  not a secret
        if not self._stopping.is_set():
            self._hurried.clear()

    def _listen(self) -> None:
        """Turn the hub's notifications into rounds; without them the rounds go on by their own clock."""
        peer, wait = self._dial(), FIRST_WAIT
        while not self._stopping.is_set():
            try:
                for cursor in peer.news():
                    wait = FIRST_WAIT
                    if self._stopping.is_set():
                        break
                    if cursor is not None:
                        self._wake.set()
            except (WireError, ValueError):
                log.debug("%s: no news from the hub", self._heart.name)
            self._pause(wait)
            wait = min(wait * 2, LONGEST_WAIT)
        peer.close()

    def _changed(self, kinds: frozenset[str]) -> None:
        self._count()
        self._wake.set()

    def _count(self) -> None:
        """Ask how much the centre lacks; the station answers when its thread comes to it."""
        self._heart.ask(lambda journal: unsent(journal, HUB)).add_done_callback(self._counted)

    def _counted(self, future: Future[int]) -> None:
        if not future.cancelled() and future.exception() is None:
            with self._lock:
                self._state = replace(self._state, unsent=future.result())

    def _enter(self, state: str, error: str) -> None:
        with self._lock:
            before = self._state
            changed = before.state != state
            since = self._heart.clock.now() if changed else before.since
            self._state = replace(before, state=state, since=since, last_error=error)
        if changed and state == "online":
            log.info("%s: in touch with the hub", self._heart.name)
        elif changed:
            log.warning("%s: %s: %s", self._heart.name, state, error)
