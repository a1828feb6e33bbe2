"""Which acts ask for their author's own signature beside the station's: whatever a named person answers for.

That is a guarded field (a level, a closure, casualties, a signature), and what lets others in or destroys: who may see
a restricted incident, an approval asked for or given, a broken glass, the order to erase.
"""

from collections.abc import Iterable
from functools import lru_cache

from workstation.domain.draft import Change
from workstation.journal.fold import guards

_ACTS = ("erasure.", "incident.lift_restriction")
_KINDS = ("member", "approval")


def asks_signature(act: str, changes: Iterable[Change]) -> bool:
    """Whether such an act is to be signed by its author."""
    if act.startswith(_ACTS):
        return True
    return any(change.kind in _KINDS or change.field in _guards_of(change.kind) for change in changes)


def lets_in(changes: Iterable[Change]) -> bool:
    """Whether somebody is let in or approves, be it only in part of an entry: no station does that by itself."""
    return any(change.kind in _KINDS for change in changes)


@lru_cache(1024)
def _guards_of(kind: str) -> frozenset[str]:
    """The guarded fields of a kind; none of a kind that is not known here."""
    try:
        return frozenset(guards(kind))
    except KeyError:
        return frozenset()
