"""Asking another person, and answering: one act, once, within thirty minutes.

In an emergency the act does not wait. Used at once (先用后审) it is reviewed by another person within thirty minutes,
with broken glass (`commands.glass`) within twenty-four hours; who is not reviewed in time is to be suspended. Both stay
marked for good.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import Approval
from workstation.security.permission import may

LIFETIME = timedelta(minutes=30)
REVIEW = timedelta(minutes=30)
ANSWERING, REVIEWING = "answer_approval", "review_emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to do once: an act or permission, on what, in which incident, for what purpose and reason.

    `object` is the id of a record or a keyed digest, never a plate or a name: it is journalled as it stands.
    """

    act: str
    object: str
    purpose: str
    reason: str
    incident: str = ""


@dataclass(frozen=True, slots=True)
class Proposable:
    """A command that also says how it is proposed by whoever may not do it alone: see `commands.proposal`."""

    wish: Wish
    command: Command

    def __call__(self, seat: Seat) -> Draft:
        return self.command(seat)


def ask(wish: Wish) -> Command:
    """Ask for an approval. Refused: `approval.reason`, `approval.purpose`."""

    def command(seat: Seat) -> Draft:
        return _draft(seat, "approval.ask", changes_of(_asked(seat, wish)), wish.reason)

    return command


def use_at_once(wish: Wish) -> Command:
    """Approve one's own wish in an emergency. Refused as `ask`; `approval.review_due` while an earlier one waits."""

    def command(seat: Seat) -> Draft:
        if any(map(is_review_due, seat.situation.find(Approval, asked_by=seat.author, break_glass=None))):
            raise Refused("approval.review_due")
        return _draft(seat, "approval.use_at_once", _self_approved(seat, wish), wish.reason)

    return command


def answer(approval: str, is_approved: bool, reason: str = "") -> Command:
    """Approve or refuse what another asked for. A refusal needs a reason.

    Refused: as `waiting_for`; `approval.reason`.
    """

    def command(seat: Seat) -> Draft:
        waiting_for(seat, approval)
        if not is_approved and not reason.strip():
            raise Refused("approval.reason")
        state = "approved" if is_approved else "refused"
        told = set_fields("approval", approval, state=state, answered_at=seat.now, answered_by=seat.author)
        return _draft(seat, "approval.answer", told, reason)

    return command


def waiting_for(seat: Seat, approval: str) -> Approval:
    """A request that waits for an answer, which who sits here may give. Raises Refused `approval.unknown`,
    `approval.answered`, `approval.expired`, `approval.oneself`, `approval.role`."""
    known = _get(seat, approval)
    if known.state != "asked":
        raise Refused("approval.answered", by=known.answered_by or "")
    _check_open(known, seat.now)
    _check_other(seat, known, ANSWERING)
    return known


def use(approval: str, act: str) -> Command:
    """Use an approval for the act it was given for; it is good once. Its changes may go into the act's own entry.

    Refused: `approval.unknown`, `approval.other`, `approval.used`, `approval.not_given`, `approval.expired`.
    """

    def command(seat: Seat) -> Draft:
        known = _get(seat, approval)
        if known.act != act or known.asked_by != seat.author:
            raise Refused("approval.other")
        if known.used_at is not None:
            raise Refused("approval.used")
        if known.state != "approved":
            raise Refused("approval.not_given")
        _check_open(known, seat.now)
        told = set_fields("approval", approval, state="used", used_at=seat.now)
        return _draft(seat, "approval.use", told, "")

    return command


def review(approval: str, reason: str) -> Command:
    """Say what one finds of an act that was done first. Refused: `approval.no_review`, `approval.open` while the glass
    is, `approval.oneself`, `approval.role`, `approval.reason`."""

    def command(seat: Seat) -> Draft:
        known = _get(seat, approval)
        if not is_review_due(known):
            raise Refused("approval.no_review")
        if is_open_glass(known, seat.now):
            raise Refused("approval.open")
        _check_other(seat, known, REVIEWING)
        if not reason.strip():
            raise Refused("approval.reason")
        told = set_fields("approval", approval, reviewed_at=seat.now, reviewed_by=seat.author)
        return _draft(seat, "approval.review", told, reason)

    return command


def is_good(approval: Approval, now: datetime) -> bool:
    """Whether an approval is in hand: given, neither used nor expired."""
    is_given = approval.state == "approved" and approval.used_at is None and not approval.deleted
    return is_given and approval.expires_at is not None and now < approval.expires_at


def is_open_glass(approval: Approval, now: datetime) -> bool:
    """Whether this is glass that is broken and open now."""
    return approval.break_glass is True and is_good(approval, now)


def is_review_due(approval: Approval) -> bool:
    return approval.review_until is not None and approval.reviewed_at is None


def unreviewed(approvals: Iterable[Approval], now: datetime) -> frozenset[str]:
    """The accounts to be suspended: what they did first was not reviewed in time."""
    late = [one for one in approvals if is_review_due(one) and one.review_until is not None and one.review_until <= now]
    return frozenset(one.asked_by for one in late if one.asked_by)


def _asked(seat: Seat, wish: Wish) -> Approval:
    if not wish.reason.strip():
        raise Refused("approval.reason")
    if not wish.purpose.strip():
        raise Refused("approval.purpose")
    return Approval(
        id=f"approval:{seat.new_id()}",
        act=wish.act,
        object=wish.object,
        incident=wish.incident or None,
        purpose=wish.purpose,
        reason=wish.reason.strip(),
        region=seat.scope or None,
        state="asked",
        asked_at=seat.now,
        asked_by=seat.author,
        expires_at=seat.now + LIFETIME,
    )


def broken(seat: Seat, given: Approval) -> tuple[Change, ...]:
    """What breaking the glass tells: an approval that its author gives alone, marked for good."""
    told = replace(given, region=seat.scope or None, asked_at=seat.now, asked_by=seat.author, break_glass=True)
    return changes_of(replace(told, state="approved", answered_at=seat.now, answered_by=seat.author))


def _self_approved(seat: Seat, wish: Wish) -> tuple[Change, ...]:
    given = replace(_asked(seat, wish), state="approved", answered_at=seat.now, answered_by=seat.author)
    return changes_of(replace(given, review_until=seat.now + REVIEW))


def _get(seat: Seat, approval: str) -> Approval:
    known = seat.situation.get(Approval, approval)
    if known is None or known.deleted:
        raise Refused("approval.unknown", approval=approval)
    return known


def _check_open(known: Approval, now: datetime) -> None:
    if known.expires_at is None or now >= known.expires_at:
        raise Refused("approval.expired")


def _check_other(seat: Seat, known: Approval, permission: str) -> None:
    """Whoever answers or reviews may do so by the matrix, and is another person than the one who asked."""
    if not may(seat.role, permission):
        raise Refused("approval.role")
    if known.asked_by == seat.author:
        raise Refused("approval.oneself")


def _draft(seat: Seat, act: str, changes: tuple[Change, ...], reason: str) -> Draft:
    return Draft(seat.author, act, changes, reason.strip(), scope=seat.scope)
