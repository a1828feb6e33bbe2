"""The one merge rule: a change supersedes exactly its base; whatever nothing supersedes is a head.

Causality comes before clocks, and the outcome does not depend on the order of arrival: the heads of a field are all
its changes minus everything named in any base. A base may name an entry that has not arrived; it is remembered as
`awaited`, and what arrives already superseded never becomes a head.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from workstation.domain.draft import Value
from workstation.domain.record import DELETED, WHOLE

Rank = Callable[[Value], float]
Arrived = Callable[[str], bool]
Said = tuple[int, dict[str, Value]]
"""What still stands of what an entry said of a record: the entry's hybrid time, and values by field."""


class Head(NamedTuple):
    """A value no other has superseded. `ref` names the entry that set it, `clock` its hybrid time."""

    ref: str
    clock: int
    value: Value

    @property
    def order(self) -> tuple[int, str]:
        """Later wins; the station's name settles a tie the same way everywhere."""
        return self.clock, self.ref


@dataclass(slots=True)
class Standing:
    """What stands of one record: by entry what it said that nothing has superseded, never nothing; and by field which
    entries were superseded before they arrived."""

    said: dict[str, Said] = field(default_factory=dict)
    awaited: dict[str, set[str]] = field(default_factory=dict)

    def heads(self, name: str) -> list[Head]:
        """The heads of a field, the latest last."""
        found = [Head(ref, clock, values[name]) for ref, (clock, values) in self.said.items() if name in values]
        if len(found) > 1:
            found.sort(key=lambda one: one.order)
        return found

    @property
    def missed_by(self) -> list[Head]:
        """The changes of who went on working on a record that others took for gone who did not know of them: each
        claims that it still is there."""
        known = self.awaited.get(WHOLE)
        if known is None or not shown(self.heads(DELETED)):
            return []
        others = ((ref, said) for ref, said in self.said.items() if ref not in known)
        return [Head(ref, clock, False) for ref, (clock, values) in others if values.keys() != {DELETED}]

    def says(self, ref: str, name: str) -> bool:
        """Whether that entry set a head of a field."""
        return ref in self.said and name in self.said[ref][1]

    def counted(self, name: str) -> int:
        """How many heads a field has: none, one, or several (2). Of thousands no more than the newest are looked at."""
        newest = (1 for _, values in reversed(self.said.values()) if name in values)
        return sum(islice(newest, 2))

    def apply(self, name: str, head: Head, base: Iterable[str], arrived: Arrived) -> None:
        """Fold one change of a field. `arrived(ref)` tells whether that entry was folded before."""
        for ref in base:
            if not self._superseded(name, ref) and not arrived(ref):
                self.await_(name, (ref,))
        if not self.arrived(name, head.ref):
            self.said.setdefault(head.ref, (head.clock, {}))[1][name] = head.value

    def _superseded(self, name: str, ref: str) -> bool:
        """Take away the head that `ref` set, if there is one."""
        if not self.says(ref, name):
            return False
        _, values = self.said[ref]
        del values[name]
        if not values:
            del self.said[ref]
        return True

    def await_(self, name: str, refs: Iterable[str]) -> None:
        """Remember entries that are superseded in this field when they come."""
        self.awaited.setdefault(name, set()).update(refs)

    def arrived(self, name: str, ref: str) -> bool:
        """Whether that entry was awaited in this field; it is no longer."""
        awaited = self.awaited.get(name, ())
        if ref not in awaited:
            return False
        self.awaited[name].remove(ref)
        if not awaited:
            del self.awaited[name]
        return True


def are_disputed(heads: Sequence[Head]) -> bool:
    """Several heads that say different things; saying the same apart is agreement."""
    return len(heads) > 1 and any(head.value != heads[0].value for head in heads[1:])


def shown(heads: Sequence[Head], rank: Rank | None = None) -> Value:
    """The value tables show: of several heads the latest, for a guarded field the most severe."""
    if not heads:
        return None
    if rank is None or len(heads) == 1:
        return heads[-1].value
    return max(heads, key=lambda head: (rank(head.value), head.order)).value
