"""Which grants somebody must look at again: each that is in force, a quarter after it was given or last confirmed.
And which accounts nobody comes in by: told after sixty days, out of service after ninety."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from workstation.domain.records import Account, Grant
from workstation.security.authority import in_force

QUARTER = timedelta(days=90)
UNUSED = timedelta(days=60)
"""An account nobody came in by for so long is to be asked about."""
DISUSED = timedelta(days=90)
"""One by which nobody came in for so long is taken out of service."""
RESTORERS = ("SYS", "SEC")
"""Who puts an account back into service: the last of them is never taken out."""
_NEVER = datetime.min.replace(tzinfo=UTC)


def looked_at(grant: Grant) -> datetime:
    """When somebody last answered for it; the beginning of time where that is unknown, so that it is due."""
    return max((at for at in (grant.given_at, grant.reviewed_at) if at is not None), default=_NEVER)


def unused_for(account: Account, used: datetime | None, now: datetime) -> timedelta | None:
    """How long nobody has come in by an account, since it was made or put back into service where nobody did after
    that; None where it is in use, or nobody knows since when it is there."""
    idle = _idle(account, used, now)
    return idle if idle is not None and idle >= UNUSED else None


def disused(
    accounts: Iterable[Account], grants: Sequence[Grant], used: Mapping[str, datetime], now: datetime
) -> list[Account]:
    """The accounts to be taken out of service for want of use, the longest unused first; of those who could undo that,
    whoever came in last stays."""
    active = [one for one in accounts if one.state == "active" and not one.deleted]
    idle = {one.id: _idle(one, used.get(one.id), now) or timedelta(0) for one in active}
    held = {one.account for one in grants if not one.deleted and one.role in RESTORERS and in_force(one, now)}
    restorers = [one.id for one in active if one.id in held]
    kept = min(restorers, key=lambda login: (idle[login], login), default="")
    due = [one for one in active if idle[one.id] >= DISUSED and one.id != kept]
    return sorted(due, key=lambda one: (-idle[one.id], one.id))


def _idle(account: Account, used: datetime | None, now: datetime) -> timedelta | None:
    since = max((at for at in (used, account.created_at, account.restored_at) if at is not None), default=None)
    return None if since is None else now - since


def due_for_review(grants: Iterable[Grant], now: datetime) -> list[Grant]:
    """The grants to be confirmed or revoked now, the longest unseen first."""
    due = [one for one in grants if not one.deleted and in_force(one, now) and now - looked_at(one) >= QUARTER]
    return sorted(due, key=lambda one: (looked_at(one), one.id))
