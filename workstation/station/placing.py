"""Where what an entry speaks of lies: it is told to the offices of the least region that holds all of it and of those
that this one lies in, and to no other street's."""

from collections.abc import Iterator
from dataclasses import replace

from workstation.domain.draft import Change, Draft, Value
from workstation.domain.records import KINDS, Incident, Record, fields_of
from workstation.domain.region import contains, joined
from workstation.security.authority import BREAKS, SHUTS
from workstation.security.permission import remits
from workstation.security.remit import Manner
from workstation.situation import Situation

_NAMES = {kind: {one.name for one in fields_of(kind)} for kind in KINDS}


def placed(draft: Draft, situation: Situation, own: str) -> Draft:
    """The draft with the least region of all that it speaks of, where that lies in our `own`; of nothing that lies
    anywhere, as it is, or of our own. A broken glass is told wherever its author may do something under it."""
    if draft.act not in (BREAKS, SHUTS):
        region = joined([*_streets(draft, situation)])
        if region and contains(own, region):
            return replace(draft, scope=region)
    return draft if draft.scope else replace(draft, scope=own)


def said_first(draft: Draft) -> Draft:
    """The draft as it would be had nobody said anything before of what its act says first: whoever did is not
    overruled, and both stand in the inbox."""
    remit = remits().get(draft.act, {})

    def is_first(change: Change) -> bool:
        claim = remit.get((change.kind, change.field))
        return claim is not None and claim.manner is Manner.FIRST

    changes = tuple(one._replace(base=()) if is_first(one) else one for one in draft.changes)
    return replace(draft, changes=changes)


def _streets(draft: Draft, situation: Situation) -> Iterator[str]:
    """The streets of the records that a draft changes, as they were and will be: a record's own; its incident's where
    it has none, or comes to another."""
    told = {change.key: change.value for change in draft.changes}

    def both(kind: str, known: Record | None, record: str, field: str) -> set[str]:
        values: tuple[Value, ...] = (getattr(known, field, None), told.get((kind, record, field)))
        return {str(value) for value in values if value}

    incidents: set[str] = set()
    for kind, record in sorted({(change.kind, change.id) for change in draft.changes}):
        if not _NAMES.get(kind, set()) & {"street", "incident"}:
            continue
        known = situation.get(KINDS[kind], record)
        streets = both(kind, known, record, "street")
        if not streets or (kind, record, "incident") in told:
            incidents |= both(kind, known, record, "incident")
        yield from streets
    for one in sorted(incidents):
        yield from both("incident", situation.get(Incident, one), one, "street")
