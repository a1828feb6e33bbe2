"""Who works on a restricted incident: whoever opened it, and whom its owner or a supervisor lets in, with a reason.

Nobody lets themself in; who must at once breaks the glass. How an incident comes to be restricted, and how a supervisor
takes charge of one that nobody works on yet, is told in `commands.restriction`.
"""

from workstation.commands.glass import own_glass, under_glass
from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import KINDS, Access, Account, Incident, Member, Station
from workstation.journal import NotAllowed
from workstation.security.permission import may

PERMISSION = "manage_members"
READING = "read_incident"
UNBARRED = ("member", "approval", "access")
"""What is written about an incident by who is no member of it: who is, emergencies, and who saw it."""
TAKES_CHARGE = "incident.take_charge"
"""What a supervisor does who is no member, where there is none."""


def add_member(incident: str, account: str, station: str, reason: str) -> Command:
    """Let somebody in, who works on it at that station.

    Refused: `member.incident`, `member.role`, `member.reason`, `member.oneself`, `member.account`, `member.station`,
    `member.known`.
    """

    def command(seat: Seat) -> Draft:
        known = restricted_one(seat, incident)
        _check(seat, known, reason)
        if account == seat.author:
            raise Refused("member.oneself")
        if is_member(seat, incident, account):
            raise Refused("member.known", account=account)
        told = lets_in(seat, incident, account, station)
        return Draft(seat.author, "member.add", told, reason.strip(), scope=known.street or seat.scope)

    return command


def remove_member(incident: str, account: str, reason: str) -> Command:
    """Let somebody see it no more. Refused: `member.incident`, `member.role`, `member.reason`, `member.unknown`,
    `member.owner`."""

    def command(seat: Seat) -> Draft:
        known = restricted_one(seat, incident)
        _check(seat, known, reason)
        if known.owner == account:
            raise Refused("member.owner")
        if not is_member(seat, incident, account):
            raise Refused("member.unknown", account=account)
        told = set_fields("member", name(incident, account), deleted=True)
        return Draft(seat.author, "member.remove", told, reason.strip(), scope=known.street or seat.scope)

    return command


def look(incident: str) -> Command:
    """Put on record that a restricted incident is looked at. Refused: `member.incident`, `authority.membership`."""

    def command(seat: Seat) -> Draft:
        known = restricted_one(seat, incident)
        glass = own_glass(seat)
        is_closed = incident in seat.situation.closed_to(seat.author)
        if is_closed and glass is None:
            raise NotAllowed("authority.membership", READING)
        row = Access(id=f"access:{seat.new_id()}", at=seat.now, user=seat.author, act="read", object=incident)
        told = (*changes_of(row), *set_fields("access", row.id, incident=incident, station=seat.station))
        draft = Draft(seat.author, "access.read", told, scope=known.street or seat.scope)
        return under_glass(draft, glass) if is_closed and glass is not None else draft

    return command


def joins(seat: Seat, incident: str, account: str, station: str) -> tuple[Change, ...]:
    """That somebody is a member."""
    known = Member(id=name(incident, account), incident=incident, account=account, station=station)
    return (*changes_of(known), *set_fields("member", known.id, added_at=seat.now, added_by=seat.author))


def lets_in(seat: Seat, incident: str, account: str, station: str) -> tuple[Change, ...]:
    """That somebody is a member from now on, who may have been removed before. Refused: `member.account`,
    `member.station`."""
    login = account.strip()
    if not login or (seat.situation.count(Account) and seat.situation.get(Account, login) is None):
        raise Refused("member.account", account=login)
    if station != seat.station and seat.situation.get(Station, station) is None:
        raise Refused("member.station", station=station)
    return (*joins(seat, incident, login, station), *set_fields("member", name(incident, login), deleted=False))


def name(incident: str, account: str) -> str:
    return f"member:{incident}:{account}"


def is_member(seat: Seat, incident: str, account: str) -> bool:
    return seat.situation.count(Member, incident=incident, account=account) > 0


def check_members(seat: Seat, draft: Draft) -> None:
    """Raises NotAllowed `authority.membership` for a draft about an incident that is closed to its author."""
    closed = seat.situation.closed_to(draft.author) if draft.act != TAKES_CHARGE else frozenset[str]()
    changes = [one for one in draft.changes if one.kind not in UNBARRED] if closed else []
    about = {str(one.value) for one in changes if one.field == "incident"}
    about |= {_incident_of(seat, kind, record) for kind, record in {(one.kind, one.id) for one in changes}}
    if not closed.isdisjoint(about):
        raise NotAllowed("authority.membership", draft.act)


def _incident_of(seat: Seat, kind: str, record: str) -> str:
    known = seat.situation.get(KINDS[kind], record)
    return record if kind == "incident" else getattr(known, "incident", None) or ""


def restricted_one(seat: Seat, incident: str) -> Incident:
    """A restricted incident. Raises Refused for any other."""
    known = seat.situation.get(Incident, incident)
    if known is None or known.deleted or not known.restricted:
        raise Refused("member.incident")
    return known


def _check(seat: Seat, known: Incident, reason: str) -> None:
    if not may(seat.role, PERMISSION, own=known.owner == seat.author):
        raise Refused("member.role")
    if not reason.strip():
        raise Refused("member.reason")
