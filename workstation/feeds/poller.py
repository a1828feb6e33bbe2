"""A feed asked again and again: backs off when it fails, and says so once when it goes and once when it comes back.

What was fetched before and has not changed is not parsed again. A failure never takes anything away: the last known
records stay, and the feed's state turns grey with its age.
"""

import logging
import queue
import random
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from workstation.domain.clock import Clock
from workstation.domain.errors import KnownError
from workstation.feeds.parsed import Parsed

LONGEST_WAIT = 300.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """`state`: never (not yet reached), ok, outage. `since` is when that began, `last_good` the last success."""

    source: str
    state: str = "never"
    since: datetime | None = None
    last_good: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """What is polled: `fetch` (IO, raises KnownError) and `parse` (pure); `seconds` between two good rounds."""

    source: str
    fetch: Callable[[], bytes]
    parse: Callable[[bytes, str], Parsed]
    seconds: float = 60.0


class Poller:
    """Polls one feed in a thread of its own and hands on what is new. `on_health` is told of every change of state."""

    def __init__(
        self,
        feed: Feed,
        clock: Clock,
        on_parsed: Callable[[Parsed], object],
        on_health: Callable[[FeedHealth], object] = lambda health: None,
    ) -> None:
        self.feed = feed
        self.health = FeedHealth(feed.source)
        self._clock = clock
        self._on_parsed = on_parsed
        self._on_health = on_health
        self._last = b""
        self._failures = 0
        self._asked: queue.Queue[Future[None]] = queue.Queue()
        self._stopping = threading.Event()
        self._awake = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"feed-{feed.source}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a fetch under way is waited for."""
        self._stopping.set()
        self._awake.set()
        if self._thread.is_alive():
            self._thread.join()

    def hurry(self) -> Future[None]:
        """Make a round now rather than when the wait is over; done when the round is, cancelled by `stop`."""
        asked: Future[None] = Future()
        self._asked.put(asked)
        self._awake.set()
        return asked

    def poll_once(self) -> float:
        """One round; the seconds until the next."""
        try:
            raw = self.feed.fetch()
        except KnownError as error:
            return self._failed(str(error))
        self._succeeded()
        mark = sha256(raw).digest()
        if raw and mark != self._last:
            self._on_parsed(self.feed.parse(raw, self.feed.source))
            self._last = mark
        return self.feed.seconds

    def _failed(self, reason: str) -> float:
        self._failures += 1
        if self.health.state != "outage":
            log.warning("%s: outage: %s", self.feed.source, reason)
            self._enter(replace(self.health, state="outage", since=self._clock.now(), reason=reason))
        wait = min(self.feed.seconds * 2.0 ** min(self._failures - 1, 10), max(LONGEST_WAIT, self.feed.seconds))
        return wait * random.uniform(0.8, 1.0)  # noqa: S311  spreads the load, no secret

    def _succeeded(self) -> None:
        now = self._clock.now()
        if self.health.state == "outage":
            log.info("%s: back after %d failures", self.feed.source, self._failures)
        self._failures = 0
        if self.health.state != "ok":
            self._enter(FeedHealth(self.feed.source, "ok", now, now))
        else:
            self.health = replace(self.health, last_good=now)

    def _enter(self, health: FeedHealth) -> None:
        self.health = health
        self._on_health(health)

    def _run(self) -> None:
        while not self._stopping.is_set():
            asked = self._taken()
            try:
                wait = self.poll_once()
            except Exception:  # border: one feed's fault of ours must not end its thread unseen
                log.exception("%s: a round failed", self.feed.source)
                wait = self.feed.seconds
            for one in asked:
                one.set_result(None)
            self._awake.wait(wait)
            self._awake.clear()
        for one in self._taken():
            one.cancel()

    def _taken(self) -> list[Future[None]]:
        """Who asked for the round that begins."""
        return [self._asked.get_nowait() for _ in range(self._asked.qsize())]
