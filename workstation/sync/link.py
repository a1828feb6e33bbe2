"""The thread that keeps a station and its hub equal: push what is ours, pull what is others', wait for news, try again.

It works for as long as the station runs, whether or not there is a network: an outage is a state with an age and a
count of what the centre does not have yet, said once in the log when it begins and once when it ends.
"""

import logging
import random
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from workstation.domain.errors import KnownError
from workstation.journal import BatchRefused
from workstation.sync.heart import Heart
from workstation.sync.link_state import POLLING, LinkState
from workstation.sync.news import News
from workstation.sync.outage import CLOCK, OTHER, Outage, outage_of
from workstation.sync.peer import HubRefused, Peer
from workstation.sync.rounds import HUB, Following, fetch_contents, pull_new, push_all, unsent

FIRST_WAIT, LONGEST_WAIT = 0.5, 5.0
"""Seconds between tries. Whatever the outage lasted, a line that is back is found soon enough for a level or an
evacuation order to be seen on the other side within ten seconds."""
ROUND_SECONDS, POLL_SECONDS = 20.0, 3.0
"""A round is made at least this often, should the notification be lost; and where no notification is let through."""
WRONG_CLOCK_MS, NOTICEABLE_MS = 30_000, 20
"""A clock so far from the hub's is called wrong; a smaller change of the offset than the second is not told on."""
OF_ENTRIES = (400, 409)
"""The answers of a hub that will not have some of the entries it was brought."""
GOOD = Outage("online", "", "")
log = logging.getLogger(__name__)


class Link:
    """Start it after the station, stop it before. `dial` makes a connection; one is made for each thread."""

    def __init__(self, heart: Heart, dial: Callable[[], Peer]) -> None:
        self._heart = heart
        self._dial = dial
        self._state = LinkState("syncing", heart.clock.now())
        self._has_met = self._goes_on = False
        self._following = Following()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._hurried = threading.Event()
        self._stopping = threading.Event()
        news = News(dial, self._wake.set, self._hear_by)
        self._threads = [
            threading.Thread(target=self._keep_equal, name=f"link-{heart.name}", daemon=True),
            threading.Thread(
                target=news.listen, args=(self._stopping, self._pause), name=f"news-{heart.name}", daemon=True
            ),
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
            outage = self._round(peer)
            if outage.state == "online":
                wait = FIRST_WAIT
                if self._goes_on:
                    continue
                self._wake.wait(POLL_SECONDS if self._state.news == POLLING else ROUND_SECONDS)
            else:
                self._pause(wait, outage.wait)
                wait = min(wait * 2, LONGEST_WAIT)
        peer.close()

    def _round(self, peer: Peer) -> Outage:
        outage = GOOD
        try:
            if not self._has_met:  # what we wrote and no longer know comes before anything is said against it
                pull_new(self._heart, peer, self._stopping.is_set)
                self._has_met = not self._stopping.is_set()
            refused = self._push(peer)
            got = pull_new(self._heart, peer, self._stopping.is_set)
            self._goes_on = fetch_contents(self._heart, peer, self._following)
            got.complain()
            if refused is not None:
                raise refused
        except (KnownError, BatchRefused) as error:
            outage = outage_of(error)
        except Exception as error:  # border: the link tries again; the error is ours and is logged whole
            log.exception("%s: a round failed", self._heart.name)
            outage = Outage("offline", OTHER, str(error))
        offset = peer.hub_clock.offset_ms
        self._tell_offset(offset)
        if offset is not None and (outage.reason == CLOCK or (outage == GOOD and abs(offset) > WRONG_CLOCK_MS)):
            outage = replace(outage, reason=CLOCK, detail=f"the hub's clock is {offset / 1000:+.0f} s from ours")
        self._enter(outage)
        self._count()
        return outage

    def _push(self, peer: Peer) -> HubRefused | None:
        """Push; what the hub will not have of what we hold keeps nobody from hearing what is new there."""
        try:
            push_all(self._heart, peer, self._stopping.is_set)
        except HubRefused as refusal:
            if refusal.status not in OF_ENTRIES:
                raise
            return refusal
        return None

    def _tell_offset(self, offset: int | None) -> None:
        """Give the journal what our clock lacks to the hub's, where that has changed."""
        before = self._state.offset_ms
        if offset is None or (before is not None and abs(offset - before) < NOTICEABLE_MS):
            return
        with self._lock:
            self._state = replace(self._state, offset_ms=offset)
        self._heart.ask(lambda journal: journal.set_offset(offset))

    def _pause(self, seconds: float, at_least: float = 0.0) -> None:
        """Wait out a failure, with jitter so that twelve offices do not come back in one instant."""
        self._hurried.wait(max(at_least, seconds) * random.uniform(1.0, 1.4))  # noqa: S311  not a secret
        if not self._stopping.is_set():
            self._hurried.clear()

    def _hear_by(self, way: str) -> None:
        """How news come from now on. What is not heard while the hub cannot be reached says nothing of the stream."""
        with self._lock:
            before = self._state
            if before.news == way or (way == POLLING and before.state != "online"):
                return
            self._state = replace(before, news=way)
        self._wake.set()
        if way == POLLING:
            log.warning("%s: the hub's news are not let through; asking every %g s", self._heart.name, POLL_SECONDS)
        else:
            log.info("%s: the hub's news come by themselves again", self._heart.name)

    def _changed(self, kinds: frozenset[str]) -> None:
        self._count()
        self._wake.set()

    def _count(self) -> None:
        """Ask how much the centre lacks, and we; the station answers when its thread comes to it."""
        counted = self._heart.ask(lambda journal: (unsent(journal, HUB), journal.exchange.deferred()))
        counted.add_done_callback(self._counted)

    def _counted(self, future: Future[tuple[int, int]]) -> None:
        if not future.cancelled() and future.exception() is None:
            unconfirmed, following = future.result()
            with self._lock:
                self._state = replace(self._state, unsent=unconfirmed, following=following)

    def _enter(self, outage: Outage) -> None:
        with self._lock:
            before = self._state
            moved = before.state != outage.state
            changed = moved or before.reason != outage.reason
            since = self._heart.clock.now() if moved else before.since
            self._state = replace(
                before, state=outage.state, since=since, reason=outage.reason, last_error=outage.detail
            )
        if changed and outage == GOOD:
            log.info("%s: in touch with the hub", self._heart.name)
        elif changed:
            log.warning("%s: %s: %s: %s", self._heart.name, outage.state, outage.reason, outage.detail)
