"""Which file moves next: what the centre lacks before what we lack, small before large, and old before new.

A file's turn is its size divided by the minutes it has waited, so that photographs overtake a video and the video still
gets its turn.
"""

from dataclasses import dataclass
from datetime import datetime

from workstation.attachments import Shelf
from workstation.attachments.manifest import is_sha256
from workstation.attachments.upkeep import OVER
from workstation.domain.records import Attachment, Incident
from workstation.situation import Situation


@dataclass(frozen=True, slots=True)
class Errand:
    """One file to be moved: `up` to the hub or down from it; `size` in bytes as stored; `turn` orders the queue."""

    sha256: str
    root: str
    size: int
    up: bool
    turn: float


def errands(situation: Situation, shelf: Shelf, now: datetime) -> list[Errand]:
    """Every file that is to be moved, the next one first. Of incidents that are over only what was asked for."""
    over = {one.id for one in situation.find(Incident, state=OVER)}
    found: dict[str, Errand] = {}
    for one in situation.find(Attachment):
        if one.digest is None or not is_sha256(one.digest) or one.root is None or one.stored_size is None:
            continue
        here = shelf.holds(one.digest)
        wanted = (
            not shelf.is_confirmed(one.digest) if here else one.incident not in over or shelf.is_asked_for(one.digest)
        )
        if wanted:
            turn = one.stored_size / (1.0 + _minutes(one.added_at, now))
            found[one.digest] = Errand(one.digest, one.root, one.stored_size, here, turn)
    return sorted(
        found.values(), key=lambda errand: (not errand.up, not shelf.is_asked_for(errand.sha256), errand.turn)
    )


def _minutes(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds() / 60)
