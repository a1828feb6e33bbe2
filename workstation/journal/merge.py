"""The one merge rule: a change supersedes exactly its base; whatever nothing supersedes is a head.

Causality comes before clocks, and the outcome does not depend on the order of arrival: the heads of a field are all
its changes minus everything named in any base. A base may name an entry that has not arrived; it is remembered as
`awaited`, and what arrives already superseded never becomes a head.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from workstation.domain.draft import Value

Rank = Callable[[Value], float]
Arrived = Callable[[str], bool]


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
class FieldState:
    """The heads of one field of one record, and what was superseded before it arrived."""

    heads: list[Head] = field(default_factory=list)
    awaited: frozenset[str] = frozenset()

    def apply(self, head: Head, base: Sequence[str], arrived: Arrived) -> None:
        """Fold one change. `arrived(ref)` tells whether that entry was folded before."""
        if base:
            self._supersede(set(base), arrived)
        if head.ref in self.awaited:
            self.awaited -= {head.ref}
        else:
            self.heads.append(head)
            if len(self.heads) > 1:
                self.heads.sort(key=lambda one: one.order)

    def _supersede(self, gone: set[str], arrived: Arrived) -> None:
        present = {head.ref for head in self.heads}
        self.heads = [head for head in self.heads if head.ref not in gone]
        if unseen := gone - present:
            self.awaited |= {ref for ref in unseen if not arrived(ref)}

    def base(self) -> tuple[str, ...]:
        return tuple(head.ref for head in self.heads)

    def disputed(self) -> bool:
        """Several heads that say different things; saying the same apart is agreement."""
        return len(self.heads) > 1 and any(head.value != self.heads[0].value for head in self.heads[1:])

    def shown(self, rank: Rank | None = None) -> Value:
        """The value tables show: of several heads the latest, for a guarded field the most severe."""
        if not self.heads:
            return None
        if rank is None or len(self.heads) == 1:
            return self.heads[-1].value
        return max(self.heads, key=lambda head: (rank(head.value), head.order)).value
