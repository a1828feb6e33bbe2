"""What another side asks for, and has: summaries and ranges of streams, what it may read and what must come first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from workstation.domain.precedence import FLASH
from workstation.journal.codec import Stamp

PAGE = 5000
"""Entries in one answer."""
StreamName = tuple[str, str]
Heads = Mapping[StreamName, int]
Ranges = Mapping[StreamName, Sequence[tuple[int, int]]]
"""Of each stream the entries first..last that are meant, in order."""
Sight = Callable[[int, Stamp], bool]
"""Whether the other side may read an entry, by its place in our order of arrival and its stamp."""


def everything(number: int, stamp: Stamp) -> bool:
    """The sight of a station that may read all there is."""
    return True


def urgent(number: int, stamp: Stamp) -> bool:
    """Whether an entry is a matter of life safety."""
    return stamp.precedence == FLASH


def both(one: Sight, other: Sight) -> Sight:
    """What both see."""
    return lambda number, stamp: one(number, stamp) and other(number, stamp)


@dataclass(frozen=True, slots=True)
class Want:
    """What another side asks for: about `limit` entries of what `sight` may read. Contents outside of `first` may
    follow their headers."""

    limit: int = PAGE
    sight: Sight = everything
    first: Sight = everything
