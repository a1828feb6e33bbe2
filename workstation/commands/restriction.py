"""Restricting an incident to its members, and lifting that again: a supervisor's word, with a reason.

Whoever restricts it works on it from then on, with those he names; to everybody else it is closed at the next look.
What a station holds by then it keeps, since nothing that was sent can be called back: its desks show it no more, and
nothing further reaches it. That an incident is restricted, by whom and why, is told to all stations of its region, for
otherwise they would go on showing it; what is written about it afterwards is told to its members' stations alone.

What a feed opens as restricted nobody works on: it is in the queue of its region by its number, and a supervisor takes
charge of it.
"""

from collections.abc import Iterable

from workstation.commands.incident import get_incident
from workstation.commands.members import lets_in, restricted_one
from workstation.commands.seat import Command, Seat
from workstation.commands.task import OPEN_TASKS
from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import Incident, Member, Station, Task
from workstation.security.permission import may

PERMISSION = "restrict_incident"
Person = tuple[str, str]
"""An account, and the station it works at."""


def restrict(incident: str, reason: str, named: Iterable[Person] = ()) -> Command:
    """Close an incident to all but its author and those named, from now on.

    Refused: `restriction.role`, `restriction.reason`, `restriction.already`, `restriction.task` while an office that
    has an open task of it would lose sight of it, `member.account`, `member.station`.
    """

    def command(seat: Seat) -> Draft:
        known = get_incident(seat, incident)
        _check(seat, reason)
        if known.restricted:
            raise Refused("restriction.already")
        persons = dict((*named, (seat.author, seat.station)))
        _check_tasks(seat, incident, set(persons.values()))
        members = [change for one in persons.items() for change in lets_in(seat, incident, *one)]
        told = (*set_fields("incident", incident, restricted=True), *members)
        return _draft(seat, known, "incident.restrict", told, reason)

    return command


def lift(incident: str, reason: str) -> Command:
    """Open a restricted incident to everybody in its region again, with all that was written about it meanwhile.

    Refused: `restriction.role`, `restriction.reason`, `member.incident`; of one that is closed to who says it,
    `authority.membership`.
    """

    def command(seat: Seat) -> Draft:
        known = restricted_one(seat, incident)
        _check(seat, reason)
        members = seat.situation.find(Member, incident=incident)
        ended = [change for one in members for change in set_fields("member", one.id, deleted=True)]
        told = (*set_fields("incident", incident, restricted=False), *ended)
        return _draft(seat, known, "incident.lift_restriction", told, reason)

    return command


def take_charge(incident: str, reason: str) -> Command:
    """Become the owner and first member of a restricted incident that has neither.

    Refused: `restriction.role`, `restriction.reason`, `member.incident`, `restriction.taken`.
    """

    def command(seat: Seat) -> Draft:
        known = restricted_one(seat, incident)
        _check(seat, reason)
        if known.owner or seat.situation.count(Member, incident=incident):
            raise Refused("restriction.taken")
        told = (
            *set_fields("incident", incident, owner=seat.author),
            *lets_in(seat, incident, seat.author, seat.station),
        )
        return _draft(seat, known, "incident.take_charge", told, reason)

    return command


def may_restrict(role: str) -> bool:
    """Whether a role restricts incidents, lifts that and takes charge."""
    return may(role, PERMISSION)


def _check(seat: Seat, reason: str) -> None:
    if not may_restrict(seat.role):
        raise Refused("restriction.role")
    if not reason.strip():
        raise Refused("restriction.reason")


def _check_tasks(seat: Seat, incident: str, stations: set[str]) -> None:
    """Whoever is on his way must not lose sight of what he is sent to."""
    offices = {one.office or "" for one in seat.situation.find(Task, incident=incident, state=OPEN_TASKS)}
    blind = sorted(one for one in offices - stations if seat.situation.get(Station, one) is not None)
    if blind:
        raise Refused("restriction.task", office=blind[0])


def _draft(seat: Seat, known: Incident, act: str, told: tuple[Change, ...], reason: str) -> Draft:
    return Draft(seat.author, act, told, reason.strip(), scope=known.street or seat.scope)
