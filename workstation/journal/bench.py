"""Who may write what, as every journal judges it for itself: the same words lead to the same verdict everywhere.

A bench is shown the root's entries in their order and remembers what they grant. An entry is judged by what the root
had said up to its `seen`, its causal past: a grant withdrawn later does not undo it, one given later does not save it.
So the verdict needs no vote and no clock, and a refused entry is refused by everybody who holds it.
"""

from collections.abc import Callable
from typing import Protocol

from workstation.domain.entry import Entry
from workstation.domain.errors import Refused
from workstation.journal.past import Past


class NotAllowed(Refused):
    """What somebody wanted to write and may not: `rule` is the message key of what is missing, `act` what it was."""

    def __init__(self, rule: str, act: str) -> None:
        super().__init__(rule, act=act)


class Bench(Protocol):
    """One journal's judge."""

    def learn(self, entry: Entry) -> None:
        """Take in what the root wrote."""
        ...

    def verdict(self, entry: Entry, past: Past) -> str:
        """Why an entry does not count, by what its stream said before it; empty where it does."""
        ...

    def region(self, entry: Entry) -> str:
        """Where the station that wrote an entry worked, as far as it had heard; the whole house (ROOT) where that was
        not said, where it holds all other stations' regions, or before authority began."""
        ...

    def unheard(self, entry: Entry) -> int:
        """The clock of the root's word by which an entry would not count had its author heard of it: that authority
        began, or that its station works in another region now; 0 where there is none."""
        ...

    def look_ahead(self, entry: Entry) -> None:
        """Do of the judging what asks nothing of the past: an author's signature takes longer to check than all else,
        and this may be called on any thread."""
        ...


Benches = Callable[[], Bench]
