"""What a log-in is still good for: pure rules over when it began, when it was used and when the hub was last heard.

A street office works on while its line is cut, on what the hub last granted: seventy-two hours in full, then it reads
and writes no more, since a grant may have been revoked meanwhile. Sources: GB/T 22239-2019, 8.1.4.1; requirements 6.1
and W09, W11.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

OFFLINE = timedelta(hours=72)
LONGEST = timedelta(hours=12)
IDLE = timedelta(minutes=10)
IDLE_IN_PUBLIC = timedelta(minutes=5)


class Rights(StrEnum):
    """What a session may, from all to nothing."""

    FULL = "full"
    READ_ONLY = "read_only"
    LOCKED = "locked"
    ENDED = "ended"

    @property
    def is_shut(self) -> bool:
        """Whether nothing may be shown."""
        return self in (Rights.LOCKED, Rights.ENDED)


@dataclass(frozen=True, slots=True)
class Session:
    """One log-in at one seat. `hub_heard_at` is None where the hub was never heard of."""

    account: str
    started_at: datetime
    used_at: datetime
    hub_heard_at: datetime | None
    is_in_public: bool = False


def rights(session: Session, now: datetime) -> Rights:
    """What the session may now. A clock set back before what was seen already widens nothing: it locks."""
    if now - session.started_at >= LONGEST:
        return Rights.ENDED
    idle = IDLE_IN_PUBLIC if session.is_in_public else IDLE
    if now < session.used_at or now - session.used_at >= idle:
        return Rights.LOCKED
    return Rights.FULL if is_fresh(session.hub_heard_at, now) else Rights.READ_ONLY


def is_fresh(hub_heard_at: datetime | None, now: datetime) -> bool:
    """Whether what the hub granted last may still be acted upon without it."""
    return hub_heard_at is not None and hub_heard_at <= now < hub_heard_at + OFFLINE
