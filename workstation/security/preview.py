"""What an account may see and do, told before anybody signs: the effect of its grants, and how two accounts differ.

Each line is what `decide` answers and not a list of its own, so that the preview cannot promise what is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from workstation.domain.records import Grant
from workstation.security.authority import Matrix, Outcome, Request, decide

CLASSES = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One permission in one region: what comes of asking for it, and the highest data class at which it does."""

    permission: str
    region: str
    outcome: Outcome
    level: int


@dataclass(frozen=True, slots=True)
class Preview:
    """`rights` in order, `refused` the permissions that no grant gives anywhere."""

    rights: tuple[Right, ...]
    refused: tuple[str, ...]

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(sorted({right.region for right in self.rights}))


@dataclass(frozen=True, slots=True)
class Difference:
    """Rights one account has and the other has not, by permission, region, outcome or level."""

    more: tuple[Right, ...]
    less: tuple[Right, ...]


def preview(grants: Sequence[Grant], at: datetime, matrix: Matrix) -> Preview:
    """What these grants amount to at a moment, on the account's own records and in its own incidents."""
    regions = sorted({grant.region for grant in grants if grant.region is not None})
    asked = [(permission, region) for permission in matrix.permissions for region in regions]
    found = [_right(one, grants, at, matrix) for one in asked]
    rights = tuple(sorted(right for right in found if right is not None))
    given = {right.permission for right in rights}
    return Preview(rights, tuple(sorted(set(matrix.permissions) - given)))


def compare(one: Preview, other: Preview) -> Difference:
    """What `one` may beyond `other`, and what it may not; rights count as the same wherever the region may be."""
    mine, theirs = _anywhere(one), _anywhere(other)
    return Difference(
        tuple(right for key, right in sorted(mine.items()) if key not in theirs),
        tuple(right for key, right in sorted(theirs.items()) if key not in mine),
    )


def _anywhere(told: Preview) -> dict[tuple[str, str, int], Right]:
    return {(right.permission, right.outcome.value, right.level): right for right in told.rights}


def _right(asked: tuple[str, str], grants: Sequence[Grant], at: datetime, matrix: Matrix) -> Right | None:
    """The most that is answered for one permission in one region, at the highest class where it is."""
    permission, region = asked
    purposes = sorted({"", *(str(purpose) for grant in grants for purpose in grant.purposes or ())})
    best: Right | None = None
    for data_class, purpose in product(CLASSES, purposes):
        request = Request(act=permission, region=region, data_class=data_class, at=at, purpose=purpose)
        outcome = decide(replace(request, membership=True, own=True), grants, matrix).outcome
        if outcome is not Outcome.REFUSED and (best is None or outcome.rank >= best.outcome.rank):
            best = Right(permission, region, outcome, data_class)
    return best
