"""The courier: the thread that brings media to the hub and back, chunk by chunk, whenever no entries wait.

Life safety goes first. While the hub has not confirmed every entry of ours the courier waits, and it looks again after
every few chunks. A file that fails is put aside for a while, so that one bad file holds up no other; what had arrived
of it stays. An outage is a state with an error, said once.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workstation.attachments import ChunkRefused, Manifest, MediaError, NoRoom, Shelf
from workstation.attachments.upkeep import drop_removed, unneeded
from workstation.situation import Situation
from workstation.sync.heart import Heart
from workstation.sync.media_peer import MediaPeer
from workstation.sync.media_queue import Errand, errands
from workstation.sync.peer import HubRefused, Peer
from workstation.sync.rounds import HUB, unsent
from workstation.wire import WireError

STRIDE = 8
"""Chunks moved before the courier looks again whether entries wait or another file's turn has come: 2 MB."""
BUSY_SECONDS, ROUND_SECONDS, ASIDE_SECONDS, AWAITED_SECONDS = 0.2, 20.0, 30.0, 5.0
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
TROUBLES = {"absent": "awaited", "no_room": "no_room"}
"""What the hub's reasons are called here; any other is a refusal."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MediaState:
    """`state`: idle, moving, waiting (entries go first) or stopped by `trouble`.

    `trouble` is awaited (the hub does not have it yet), offline, refused, no_room, disk or damaged.

    `files` and `remaining` bytes are still to be moved, at `rate` bytes a second; `arrived` tells of each file on its
    way how much of it was moved, 0 to 1; `dropped` names what was dropped to make room.
    """

    state: str = "idle"
    trouble: str = ""
    last_error: str = ""
    files: int = 0
    remaining: int = 0
    rate: float = 0.0
    arrived: Mapping[str, float] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()


class MediaCourier:
    """Start it after the station, stop it before. `dial` makes the connection."""

    def __init__(self, heart: Heart, dial: Callable[[], Peer], shelf: Shelf) -> None:
        self._heart = heart
        self._dial = dial
        self._shelf = shelf
        self._state = MediaState()
        self._aside: dict[str, float] = {}
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"media-{heart.name}", daemon=True)
        heart.subscribe(self._changed)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the chunk under way; what has arrived stays."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def state(self) -> MediaState:
        return self._state

    def ask_for(self, sha256: str) -> None:
        """Fetch this file next, also where its incident is over."""
        self._shelf.ask_for(sha256)
        self.hurry()

    def hurry(self) -> None:
        """Try everything again now."""
        self._aside.clear()
        self._wake.set()

    def _run(self) -> None:
        peer, situation, wait = MediaPeer(self._dial()), self._heart.situation(), FIRST_WAIT
        try:
            while not self._stopping.is_set():
                self._wake.clear()
                pause = self._step(peer, situation)
                if self._state.trouble == "offline":
                    pause, wait = wait, min(wait * 2, LONGEST_WAIT)
                else:
                    wait = FIRST_WAIT
                if not self._stopping.is_set():
                    self._wake.wait(pause)
        finally:
            situation.close()
            peer.close()

    def _step(self, peer: MediaPeer, situation: Situation) -> float:
        """Move a few chunks of the file whose turn it is; the seconds to wait before the next step."""
        if self._heart.ask(lambda journal: unsent(journal, HUB)).result():
            self._state = replace(self._state, state="waiting", rate=0.0)
            return BUSY_SECONDS
        drop_removed(situation, self._shelf)
        queue = errands(situation, self._shelf, self._heart.clock.now())
        self._count(queue)
        now = time.monotonic()
        ready = next((one for one in queue if self._aside.get(one.sha256, now) <= now), None)
        if ready is None:
            self._rest(bool(queue))
            return min([ROUND_SECONDS, *(self._aside.get(one.sha256, now) - now for one in queue)])
        return self._tried(ready, peer, situation)

    def _tried(self, errand: Errand, peer: MediaPeer, situation: Situation) -> float:
        began = time.monotonic()
        try:
            moved = self._send(errand, peer) if errand.up else self._fetch(errand, peer, situation)
        except WireError as error:
            self._enter("offline", str(error))
        except HubRefused as error:
            self._put_aside(errand, TROUBLES.get(error.reason, "refused"), str(error))
        except MediaError as error:
            self._put_aside(errand, error.reason if isinstance(error, NoRoom) else "damaged", str(error))
        except OSError as error:
            self._put_aside(errand, "disk", str(error))
        else:
            rate = moved / max(1e-6, time.monotonic() - began)
            self._state = replace(self._state, state="moving", trouble="", last_error="", rate=rate)
        return 0.0

    def _send(self, errand: Errand, peer: MediaPeer) -> int:
        manifest = self._shelf.manifest(errand.sha256)
        if manifest is None or manifest.root != errand.root:
            self._shelf.drop(errand.sha256)
            raise ChunkRefused(errand.sha256, "manifest", "is not what its entry says")
        missing = peer.announce(manifest)
        moved = self._carry(
            manifest, missing, lambda index: peer.send(errand.sha256, index, self._shelf.chunk(errand.sha256, index))
        )
        if moved == sum(map(manifest.length, missing)):
            self._shelf.confirm(errand.sha256)
        return moved

    def _fetch(self, errand: Errand, peer: MediaPeer, situation: Situation) -> int:
        manifest = self._shelf.manifest(errand.sha256)
        if manifest is None or manifest.root != errand.root:
            manifest = peer.manifest(errand.sha256, errand.root)
        self._make_room(errand.size, situation)
        missing = self._shelf.begin(manifest)
        moved = self._carry(
            manifest,
            missing,
            lambda index: self._shelf.put_chunk(errand.sha256, index, peer.fetch(errand.sha256, index)),
        )
        if self._shelf.holds(errand.sha256):
            self._shelf.confirm(errand.sha256)
        return moved

    def _carry(self, manifest: Manifest, missing: Sequence[int], move: Callable[[int], object]) -> int:
        """Move the first of the missing chunks, noting how far the file is; the bytes moved."""
        moved = 0
        for left, index in zip(range(len(missing) - 1, -1, -1), missing[:STRIDE], strict=False):
            if self._stopping.is_set():
                break
            move(index)
            moved += manifest.length(index)
            done = 1 - left / len(manifest.chunks)
            self._state = replace(self._state, arrived={**self._state.arrived, manifest.sha256: done})
        return moved

    def _make_room(self, size: int, situation: Situation) -> None:
        dropped = self._shelf.make_room(size, unneeded(situation, self._shelf))
        if dropped:
            log.warning("%s: dropped to make room: %s", self._heart.name, ", ".join(dropped))
            self._state = replace(self._state, dropped=(*self._state.dropped, *dropped))

    def _count(self, queue: list[Errand]) -> None:
        known = {one.sha256: self._state.arrived.get(one.sha256, 0.0) for one in queue}
        remaining = sum(round(one.size * (1 - known[one.sha256])) for one in queue)
        self._state = replace(self._state, files=len(queue), remaining=remaining, arrived=known)

    def _rest(self, is_owing: bool) -> None:
        """Nothing can be moved now: all that is owed was put aside, or nothing is owed."""
        if is_owing:
            self._state = replace(self._state, state="stopped", rate=0.0)
        else:
            self._state = replace(self._state, state="idle", trouble="", last_error="", rate=0.0)

    def _put_aside(self, errand: Errand, trouble: str, error: str) -> None:
        self._aside[errand.sha256] = time.monotonic() + (AWAITED_SECONDS if trouble == "awaited" else ASIDE_SECONDS)
        self._enter(trouble, error)

    def _enter(self, trouble: str, error: str) -> None:
        if self._state.trouble != trouble and trouble != "awaited":
            log.warning("%s: media: %s: %s", self._heart.name, trouble, error)
        self._state = replace(self._state, state="stopped", trouble=trouble, last_error=error, rate=0.0)

    def _changed(self, kinds: frozenset[str]) -> None:
        if kinds & {"attachment", "incident"}:
            self._wake.set()
