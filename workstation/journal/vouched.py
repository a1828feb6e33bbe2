"""Which acts ask for their author's own signature beside the station's: whatever a named person answers for.

That is a guarded field (a level, a closure, casualties, a signature), and what lets others in or destroys: who may see
a restricted incident, an approval asked for or given, a broken glass, the order to erase.
"""

from collections.abc import Iterable
from functools import lru_cache

from workstation.domain.draft import Change
from workstation.journal.fold import guards

_ACTS = ("member.", "approval.", "erasure.", "incident.lift_restriction")


def asks_signature(act: str, changes: Iterable[Change]) -> bool:
    """Whether such an act is to be signed by its author."""
    return act.startswith(_ACTS) or any(change.field in _guards_of(change.kind) for change in changes)


@lru_cache(1024)
def _guards_of(kind: str) -> frozenset[str]:
    """The guarded fields of a kind; none of a kind that is not known here."""
    try:
        return frozenset(guards(kind))
    except KeyError:
        return frozenset()
