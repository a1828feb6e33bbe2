"""Which grants somebody must look at again: each that is in force, a quarter after it was given or last confirmed."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from workstation.domain.records import Account, Grant
from workstation.security.authority import in_force

QUARTER = timedelta(days=90)
UNUSED = timedelta(days=60)
"""An account nobody came in by for so long is to be asked about."""
_NEVER = datetime.min.replace(tzinfo=UTC)


def looked_at(grant: Grant) -> datetime:
    """When somebody last answered for it; the beginning of time where that is unknown, so that it is due."""
    return max((at for at in (grant.given_at, grant.reviewed_at) if at is not None), default=_NEVER)


def unused_for(account: Account, used: datetime | None, now: datetime) -> timedelta | None:
    """How long nobody has come in by an account, since it was made where nobody ever did; None where it is in use, or
    nobody knows since when it is there."""
    since = used or account.created_at
    return now - since if since is not None and now - since >= UNUSED else None


def due_for_review(grants: Iterable[Grant], now: datetime) -> list[Grant]:
    """The grants to be confirmed or revoked now, the longest unseen first."""
    due = [one for one in grants if not one.deleted and in_force(one, now) and now - looked_at(one) >= QUARTER]
    return sorted(due, key=lambda one: (looked_at(one), one.id))
