"""Seeing a personal value: for fifteen minutes, for a reason, on record before anything is shown.

Whether somebody may is asked of the matrix here, where what they hold is known; the row of the access log itself counts
whoever wrote it, since a sight that was had must not be struck from the record for being unlawful.
"""

import json
from dataclasses import dataclass, replace
from datetime import timedelta

from workstation.commands.approval import Wish, is_good, use
from workstation.commands.glass import own_glass
from workstation.commands.held import held_by
from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Change, Draft, Sealed
from workstation.domain.encoding import changes_of
from workstation.domain.errors import Refused
from workstation.domain.records import Access, Approval, Incident, Report, Task
from workstation.domain.region import contains
from workstation.security.authority import GLASS, Decision, Outcome, Request, decide
from workstation.security.permission import matrix
from workstation.situation import Situation

SEEN_FOR = timedelta(minutes=15)
CLASS_OF = {"reporter_name": 3, "reporter_phone": 3, "plate": 3, "text_full": 4}
"""The personal fields of a report and the data class of each: what a caller says in full may name an ID number."""
PERMISSION = "unmask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One personal field of one report that somebody asks to see, why, and for which purpose of the matrix."""

    report: str
    field: str
    reason: str
    purpose: str

    @property
    def wish(self) -> Wish:
        """What a supervisor is asked to approve, where the role does not see it alone."""
        return Wish(act=PERMISSION, object=f"{self.report} {self.field}", purpose=self.purpose, reason=self.reason)


def unmask(sight: Sight) -> Command:
    """Put on record that a personal value is shown now; an approval it needs is used up in the same entry.

    Refused: `access.reason`, `access.nothing`, `access.erased`, `access.approval` where another must agree first,
    else what is missing, as `authority.*`.
    """

    def command(seat: Seat) -> Draft:
        report, region, cause, used = _allowed(seat, sight)
        row = _row(seat, sight, report, "unmask")
        return Draft(
            seat.author, "access.unmask", (*changes_of(row), *used), sight.reason.strip(), cause=cause, scope=region
        )

    return command


def copied(sight: Sight) -> Command:
    """Put on record that a value which is shown is copied out. Refused: `access.nothing`."""

    def command(seat: Seat) -> Draft:
        report = _report(seat, sight)
        row = _row(seat, sight, report, "copy")
        return Draft(seat.author, "access.copy", changes_of(row), sight.reason.strip(), scope=_region(seat, report))

    return command


def sealed_of(situation: Situation, sight: Sight) -> Sealed | None:
    """The value as the tables hold it; None where there is none."""
    report = situation.get(Report, sight.report)
    value = getattr(report, sight.field) if report is not None and sight.field in CLASS_OF else None
    return value if isinstance(value, Sealed) else None


def _allowed(seat: Seat, sight: Sight) -> tuple[Report, str, str, tuple[Change, ...]]:
    """The report, where it lies, and what carries the sight: an approval with the changes that use it up, or the glass
    that was broken for it."""
    if not sight.reason.strip():
        raise Refused("access.reason")
    report = _report(seat, sight)
    region = _region(seat, report)
    asked, held = _request(seat, sight, report), held_by(seat)
    decision = decide(asked, held, matrix())
    if decision.is_allowed:
        return report, region, "", ()
    approval = _in_hand(seat, sight)
    if approval is not None:
        decision = decide(replace(asked, approved=True), held, matrix())
        if decision.is_allowed:
            return report, region, approval.id, use(approval.id, PERMISSION)(seat).changes
    glass = own_glass(seat)
    if glass is not None and decide(replace(asked, glass_broken=True), held, matrix()).is_allowed:
        return report, region, f"{GLASS}{glass.id}", ()
    raise _refusal(decision)


def _refusal(decision: Decision) -> Refused:
    if decision.outcome is Outcome.REFUSED:
        return Refused(next(iter(decision.missing), "authority.role"), act=PERMISSION)
    return Refused("access.approval", act=PERMISSION)


def _request(seat: Seat, sight: Sight, report: Report) -> Request:
    """Who works on an incident: the station whose region it lies in, or that has a task on it; on a restricted one its
    owner and members alone."""
    incident = seat.situation.get(Incident, report.incident) if report.incident else None
    region = _region(seat, report)
    is_own = contains(seat.scope, region)
    is_member = is_own or bool(incident and seat.situation.count(Task, incident=incident.id, office=seat.station))
    if incident is not None and incident.restricted:
        is_member = incident.id not in seat.situation.closed_to(seat.author)
    return Request(
        act=PERMISSION,
        region=region,
        data_class=CLASS_OF[sight.field],
        at=seat.now,
        purpose=sight.purpose,
        membership=is_member,
        own=is_own,
    )


def _in_hand(seat: Seat, sight: Sight) -> Approval | None:
    """An approval of exactly this sight that has neither been used nor run out."""
    wish = sight.wish
    asked = seat.situation.find(
        Approval, act=wish.act, object=wish.object, purpose=wish.purpose, asked_by=seat.author, state="approved"
    )
    return next((one for one in asked if is_good(one, seat.now)), None)


def _report(seat: Seat, sight: Sight) -> Report:
    report, sealed = seat.situation.get(Report, sight.report), sealed_of(seat.situation, sight)
    if report is None or report.deleted or sealed is None:
        raise Refused("access.nothing")
    key = seat.situation.sealed_key(str(json.loads(sealed.token)["key"]))
    if key is not None and key[1] is None:
        raise Refused("access.erased")
    return report


def _region(seat: Seat, report: Report) -> str:
    incident = seat.situation.get(Incident, report.incident) if report.incident else None
    return report.street or (incident.street if incident else None) or seat.scope


def _row(seat: Seat, sight: Sight, report: Report, done: str) -> Access:
    return Access(
        id=f"access:{seat.new_id()}",
        at=seat.now,
        user=seat.author,
        act=done,
        object=report.id,
        field=sight.field,
        incident=report.incident,
        reason=sight.reason.strip(),
        purpose=sight.purpose,
        station=seat.station,
    )
