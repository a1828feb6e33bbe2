"""What a role may not do alone it proposes: whoever may does it by approving, with all the guards of that moment.

The act is the approver's own, under his own grants, so every journal judges it as any other; in the same entry he
answers the proposal, which is good once and for thirty minutes. What is refused to him leaves the proposal open.
"""

from dataclasses import replace
from datetime import datetime

from workstation.commands.approval import Proposable, Wish, answer, ask, waiting_for
from workstation.commands.incident import change_level, set_state
from workstation.commands.report import merge_reports, unmerge, unmerge_incident
from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import KnownError, Refused
from workstation.domain.records import Approval, Report
from workstation.intake.reception import Reception
from workstation.words import t

REFUSALS = ("authority.approval", "incident.lowering")
"""What an act is refused for that another person may do."""
STATE = "incident.state."
ACTS = ("incident.level.set", "incident.merge", "report.unmerge")


def is_proposal(approval: Approval) -> bool:
    """Whether it asks for an act that is done by approving it."""
    return approval.act in ACTS or (approval.act or "").startswith(STATE)


def is_waiting(approval: Approval, now: datetime) -> bool:
    """Whether it is neither answered nor over."""
    return approval.state == "asked" and approval.expires_at is not None and now < approval.expires_at


def wish_for(command: Command, refused: KnownError) -> Wish | None:
    """What to ask for, where a command was refused that may be proposed."""
    may_propose = isinstance(refused, Refused) and refused.rule in REFUSALS
    return command.wish if may_propose and isinstance(command, Proposable) else None


def propose(wish: Wish) -> Command:
    """Ask for it. Refused: as `approval.ask`; `proposal.waits` where the same was proposed and is not answered."""

    def command(seat: Seat) -> Draft:
        asked = seat.situation.find(Approval, act=wish.act, object=wish.object, state="asked")
        waiting = [one for one in asked if is_waiting(one, seat.now)]
        if waiting:
            raise Refused("proposal.waits", by=waiting[0].asked_by or "")
        report = seat.situation.get(Report, wish.object)
        return ask(wish if report is None else replace(wish, incident=report.incident or ""))(seat)

    return command


def approve(approval: str, words: str, reception: Reception) -> Command:
    """Approve what another asked for; a proposal is carried out with it. `words` are the approver's own, if any.

    Refused: as `approval.waiting_for`; `proposal.other` where it asks for another thing than it is shown as, as a
    forged one may, or one whose report is elsewhere by now; as the act itself, whose guards are asked now.
    """

    def command(seat: Seat) -> Draft:
        known = waiting_for(seat, approval)
        if not is_proposal(known):
            return answer(approval, True, words)(seat)
        if not _is_as_shown(seat, known):
            raise Refused("proposal.other")
        draft = _proposed(known, words, reception)(seat)
        told = {"state": "used", "answered_at": seat.now, "answered_by": seat.author, "used_at": seat.now}
        changes = (*draft.changes, *set_fields("approval", approval, **told))
        return replace(draft, changes=changes, cause=draft.cause or approval)

    return command


def _is_as_shown(seat: Seat, known: Approval) -> bool:
    """Whether what it would do is what people read of it: its act, at its incident."""
    act, said = known.act or "", known.object or ""
    about, _, wanted = said.rpartition(" ")
    if act == "report.unmerge":
        report = seat.situation.get(Report, said)
        return known.incident in ((said,) if report is None else (report.incident,))
    return about == known.incident and (not act.startswith(STATE) or act == f"{STATE}{wanted}")


def _proposed(known: Approval, words: str, reception: Reception) -> Command:
    """The command that was proposed. Its reason says who proposed it and why, then what the approver says to it."""
    told = {"by": known.asked_by, "why": known.reason}
    reason = t("reason.approved", **told, words=words.strip()) if words.strip() else t("reason.proposed", **told)
    about, _, wanted = (known.object or "").rpartition(" ")
    match known.act:
        case "incident.level.set":
            return change_level(about, wanted, reason)
        case "incident.merge":
            return merge_reports(about, wanted, reason)
        case "report.unmerge" if known.object == known.incident:
            return unmerge_incident(known.object or "", reason)
        case "report.unmerge":
            return unmerge(known.object or "", reason, reception)
        case _:
            return set_state(about, wanted, reason)
