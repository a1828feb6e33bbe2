"""Restricted incidents: whose members somebody is, and what is told of the others.

An incident of a restricted kind is for its members alone: who opened it, and whom its owner or a supervisor let in,
each with the station at which they work on it. To other stations goes that there is one: that it was opened or
restricted, that somebody took charge of it, and who is a member no more (`TOLD_TO_ALL`), so that no desk goes on
showing what its station had of it before. What somebody asks for about it, and why, stays with its members too; what he
did first, for another to review, does not: whoever reviews it need not be one.
"""

from collections.abc import Sequence

from workstation.security.authority import BREAKS, SHUTS
from workstation.situation.readable import Readable
from workstation.situation.timeline import MEMBERS

_REVIEWED = ("approval.use_at_once", "approval.review", BREAKS, SHUTS)
TOLD_TO_ALL = ("incident.announce", "incident.restrict", "incident.take_charge", "member.remove", *_REVIEWED)
"""What any station of its region is told of a restricted incident: acts that say nothing of what it is about, and what
others are to review."""
CLOSED_KINDS = (*MEMBERS, "access")
"""What belongs to an incident and is closed with it."""
_WITHHELD_KINDS = (*CLOSED_KINDS, "approval")
"""What belongs to it and leaves for no station without a member."""
_MINE = "select incident from member where {} = ? and coalesce(deleted, 0) = 0 and incident is not null"
_AS_PERSON, _AS_STATION = _MINE.format("account"), _MINE.format("station")
_TO_PERSON = f"select id from incident where restricted = 1 and coalesce(owner, '') <> ? and id not in ({_AS_PERSON})"
_TO_STATION = f"select id from incident where restricted = 1 and id not in ({_AS_STATION})"
_RESTRICTED = (
    "select min(h.entry) as first from history h join entry e on e.number = h.entry"
    " where h.kind = 'incident' and h.id = ? and e.content like ?"
)
_OPENED = f"select id from incident where restricted = 0 or id in ({_AS_STATION}) order by id"
_TOLD = " union ".join(
    [
        f"select entry from history where kind = 'incident' and id in ({_TO_STATION})",
        *(
            f'select h.entry from "{kind}" r cross join history h'
            f" where h.kind = '{kind}' and h.id = r.id and r.incident in ({_TO_STATION})"
            for kind in _WITHHELD_KINDS
        ),
        "select h.entry from conflict d cross join history h"
        " where d.field = 'incident' and d.decided = '' and h.kind = d.kind and h.id = d.id"
        f" and exists (select 1 from ({_TO_STATION}) x where d.heads like ? || x.id || ?)",
    ]
)
"""All that is told of what is closed to a station, and of what by one of several words belongs to it."""


def closed_to_person(db: Readable, account: str) -> frozenset[str]:
    """The restricted incidents of which somebody is neither owner nor member."""
    return frozenset(str(row["id"]) for row in db.query(_TO_PERSON, [account, account]))


def entries_closed_to(db: Readable, station: str) -> set[int]:
    """Of the restricted incidents on which nobody of a station works, all entries that others wrote, by their place in
    order of arrival, but those that are told to all."""
    if not closes_any(db, station):
        return set()
    told = (
        f"select h.entry from ({_TOLD}) h join journal j on j.number = h.entry"
        f" where j.station <> ? and coalesce(j.act, '') not in ({_marks(len(TOLD_TO_ALL))})"
    )
    rows = db.query(told, [*[station] * (len(_WITHHELD_KINDS) + 2), '%"', '"%', station, *TOLD_TO_ALL])
    return {int(row["entry"]) for row in rows}


def closes_any(db: Readable, station: str) -> bool:
    """Whether there is a restricted incident on which nobody of a station works."""
    return next(iter(db.query(f"{_TO_STATION} limit 1", [station])), None) is not None


def closed_since(db: Readable, incident: str, station: str) -> int | None:
    """The place in order of arrival from which on an incident was restricted, should it be closed to a station now;
    else None."""
    if next(iter(db.query(f"select id from ({_TO_STATION}) c where c.id = ?", [station, incident])), None) is None:
        return None
    found = next(iter(db.query(_RESTRICTED, [incident, '%"restricted",true%'])))["first"]
    return None if found is None else int(found)


def was_member(db: Readable, incident: str, station: str) -> bool:
    """Whether somebody of a station works on an incident, or did."""
    sql = "select 1 as one from member where incident = ? and station = ?"
    return next(iter(db.query(sql, [incident, station])), None) is not None


def opened_to(db: Readable, station: str) -> list[str]:
    """The incidents that are restricted no more, or on which somebody of a station works."""
    return [str(row["id"]) for row in db.query(_OPENED, [station])]


def records_of(db: Readable, incidents: Sequence[str]) -> set[tuple[str, str]]:
    """These incidents and all that belongs to them, by kind and id."""
    found = {("incident", one) for one in incidents}
    for kind in CLOSED_KINDS if incidents else ():
        rows = db.query(f'select id from "{kind}" where incident in ({_marks(len(incidents))})', [*incidents])
        found |= {(kind, str(row["id"])) for row in rows}
    return found


def _marks(count: int) -> str:
    return ",".join("?" * count)
