"""Breaking the glass (破窗): in an emergency, for a quarter of an hour, what saves life and one's role does not allow.

It is on record before anything opens, and opens at the desk where it was broken alone: what is done there meanwhile
names it as its cause and stands behind it in the same stream, so that everybody who holds both can judge it. It ends by
hand, by time, or when whoever broke it locks the desk or leaves it, and another person reviews it within a day.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from workstation.commands.approval import broken, is_good, unreviewed
from workstation.commands.held import held_by
from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import KnownError, Refused
from workstation.domain.records import Approval
from workstation.security.authority import BREAKS, EMERGENCY, GLASS, OPEN_FOR, Request, decide
from workstation.security.permission import matrix
from workstation.situation import Situation

REVIEW = timedelta(hours=24)
FEWEST_LETTERS = 6
"""Of a reason: a word alone says nothing to whoever reviews it."""
HELPED = frozenset(
    {
        *("authority.role", "authority.own", "authority.level", "authority.membership", "authority.approval"),
        "access.approval",
    }
)
"""Refusals that broken glass may lift; none of region, validity or purpose."""


def break_glass(purpose: str, reason: str, incident: str = "") -> Command:
    """Declare an emergency, with a purpose and a reason in some words.

    Refused: `glass.reason`, `glass.open_already`, `glass.overdue` while an earlier one was not reviewed in time, else
    what is missing, as `authority.*`: whoever breaks it must hold the purpose, and rescue.
    """

    def command(seat: Seat) -> Draft:
        if sum(map(str.isalnum, reason)) < FEWEST_LETTERS:
            raise Refused("glass.reason", count=FEWEST_LETTERS)
        if own_glass(seat) is not None:
            raise Refused("glass.open_already")
        if unreviewed(seat.situation.find(Approval, asked_by=seat.author, break_glass=True), seat.now):
            raise Refused("glass.overdue")
        for one in (purpose, EMERGENCY):
            _check(seat, one)
        given = Approval(id=f"approval:{seat.new_id()}", act=BREAKS, incident=incident or None, purpose=purpose)
        given = replace(given, reason=reason.strip(), expires_at=seat.now + OPEN_FOR, review_until=seat.now + REVIEW)
        return Draft(seat.author, "approval.break_glass", broken(seat, given), reason.strip(), scope=seat.scope)

    return command


def end_glass() -> Command:
    """Let what was opened be shut again before its time is over. Refused: `glass.none` where nothing is open."""

    def command(seat: Seat) -> Draft:
        glass = own_glass(seat)
        if glass is None:
            raise Refused("glass.none")
        told = set_fields("approval", glass.id, state="ended", expires_at=seat.now)
        return Draft(seat.author, "approval.end_glass", told, scope=seat.scope)

    return command


def own_glass(seat: Seat) -> Approval | None:
    """The glass that who sits here has broken here and that is open now."""
    return glass_of(seat.situation, seat.author, seat.now, seat.new_id().rpartition("-")[0])


def glass_of(situation: Situation, author: str, now: datetime, station: str) -> Approval | None:
    """The glass that somebody has broken at that station, in whichever incarnation where it is named without, and that
    is open now."""
    found = situation.find(Approval, asked_by=author, state="approved", break_glass=True, order="-asked_at")
    return next((one for one in found if one.id.startswith(f"approval:{station}-") and is_good(one, now)), None)


def under_glass(draft: Draft, glass: Approval) -> Draft:
    """The draft with the declaration as its cause: red in the audit, and judged as an emergency's."""
    return replace(draft, cause=f"{GLASS}{glass.id}")


def can_help(error: KnownError, role: str) -> bool:
    """Whether broken glass would lift a refusal, and the role may break it."""
    permission = _behind(error)
    return permission is not None and can_open(permission, role)


def can_open(permission: str, role: str) -> bool:
    """Whether this lies behind glass that the role may break."""
    return matrix().may_break(permission, role.upper())


def lies_behind(error: KnownError) -> bool:
    """Whether broken glass lifts a refusal."""
    return _behind(error) is not None


def _behind(error: KnownError) -> str | None:
    """The permission behind glass for want of which something was refused."""
    if not isinstance(error, Refused) or error.rule not in HELPED:
        return None
    permission = matrix().permission(str(error.details.get("act", "")))
    return permission if permission in matrix().behind_glass else None


def _check(seat: Seat, purpose: str) -> None:
    asked = Request(act=BREAKS, region=seat.scope, data_class=2, at=seat.now, purpose=purpose)
    decision = decide(asked, held_by(seat), matrix())
    if not decision.is_allowed:
        raise Refused(next(iter(decision.missing), "authority.approval"))
