"""Putting reports and incidents together, and taking them apart again exactly.

Nothing about a merge is stored beside the journal: what a merge changed is its entry, and what was there before is the
history. Taking apart gives every field the merge set the value it had, and leaves alone what was changed since.
"""

from collections.abc import Iterator

from workstation.commands.approval import Proposable, Wish
from workstation.commands.incident import get_incident, open_one, open_tasks, report_at
from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Change, Draft, Value
from workstation.domain.encoding import changes_of, set_fields, to_value
from workstation.domain.errors import Refused
from workstation.domain.records import KINDS, Incident, Report
from workstation.intake.numbering import numbers
from workstation.intake.reception import Reception
from workstation.situation import TimelineLine

MERGES = ("incident.merge", "report.accept", "report.merge", "report.add")
MERGED_KINDS = ("incident", "report")
_ALL = 1_000_000


def accept_proposal(report: str, reason: str = "") -> Command:
    """Let a report join the incident intake proposed; the incident it founded alone goes with it."""

    def command(seat: Seat) -> Draft:
        known = report_at(seat, report)
        if known.merge != "proposed" or known.proposed is None:
            raise Refused("report.no_proposal")
        target = open_one(seat, known.proposed)
        changes = set_fields("report", report, incident=target.id, merge="accepted")
        own = seat.situation.get(Incident, known.incident) if known.incident else None
        if own is not None and seat.situation.count(Report, incident=own.id) == 1:
            _check_pair(seat, own, target)
            changes += _gone(own, target)
        return Draft(seat.author, "report.accept", changes, reason, scope=target.street or seat.scope)

    return command


def reject_proposal(report: str, reason: str = "") -> Command:
    """Say that a proposed report is about something else: it keeps the incident it founded."""

    def command(seat: Seat) -> Draft:
        known = report_at(seat, report)
        if known.merge != "proposed":
            raise Refused("report.no_proposal")
        changes = set_fields("report", report, merge="rejected")
        return Draft(seat.author, "report.reject", changes, reason, scope=known.street or seat.scope)

    return command


def merge_reports(incident: str, into: str, reason: str) -> Command:
    """Put all reports of one incident to another and end the first as merged."""

    def command(seat: Seat) -> Draft:
        if incident == into:
            raise Refused("merge.itself")
        if not reason.strip():
            raise Refused("incident.reason")
        source, target = open_one(seat, incident), open_one(seat, into)
        _check_pair(seat, source, target)
        changes = _gone(source, target)
        for report in seat.situation.find(Report, incident=incident):
            changes += set_fields("report", report.id, incident=into, merge="manual")
        return Draft(seat.author, "incident.merge", changes, reason.strip(), scope=target.street or seat.scope)

    act, both = "incident.merge", f"{incident} {into}"
    return Proposable(Wish(act=act, object=both, purpose="duty", reason=reason, incident=incident), command)


def unmerge(report: str, reason: str, reception: Reception) -> Command:
    """Take apart the merge that brought a report to its incident.

    A merge of two incidents or an accepted proposal is undone whole. A report that joined on arrival, or was added by
    hand, founds an incident of its own with its own call's time. Nothing is taken from an incident that is finished.
    """

    def command(seat: Seat) -> Draft:
        known = report_at(seat, report)
        if not reason.strip():
            raise Refused("incident.reason")
        if known.incident is None:
            raise Refused("report.not_merged")
        open_one(seat, known.incident)
        merge = next(line for line in reversed(seat.situation.timeline(known.incident, _ALL)) if _moved(line, report))
        if merge.act not in MERGES:
            raise Refused("report.founding" if merge.act == "incident.open" else "report.not_merged")
        if merge.act in ("report.merge", "report.add"):
            changes = _apart(seat, known, reception)
        else:
            changes = tuple(_restored(seat, merge, _lines(seat, known.incident)))
        return Draft(seat.author, "report.unmerge", changes, reason.strip(), merge.ref, known.street or seat.scope)

    return Proposable(Wish(act="report.unmerge", object=report, purpose="duty", reason=reason), command)


def unmerge_incident(incident: str, reason: str) -> Command:
    """Take apart the merge by which an incident ended in another, with whatever reports went there. Refused:
    `merge.not_merged`; `incident.finished` where the other is closed or was merged itself since."""

    def command(seat: Seat) -> Draft:
        known = get_incident(seat, incident)
        if not reason.strip():
            raise Refused("incident.reason")
        if known.state != "merged" or known.merged_into is None:
            raise Refused("merge.not_merged")
        open_one(seat, known.merged_into)
        gone = ("incident", incident, "merged_into")
        lines = seat.situation.timeline(incident, _ALL)
        merge = next(line for line in reversed(lines) if any(one.key == gone for one in line.changes))
        changes = tuple(_restored(seat, merge, _lines(seat, known.merged_into)))
        return Draft(seat.author, "report.unmerge", changes, reason.strip(), merge.ref, known.street or seat.scope)

    wish = Wish(act="report.unmerge", object=incident, purpose="duty", reason=reason, incident=incident)
    return Proposable(wish, command)


def _check_pair(seat: Seat, source: Incident, target: Incident) -> None:
    if source.restricted or target.restricted:
        raise Refused("merge.restricted")
    count = open_tasks(seat, source.id)
    if count:
        raise Refused("merge.tasks_open", count=count)


def _gone(source: Incident, target: Incident) -> tuple[Change, ...]:
    return set_fields("incident", source.id, state="merged", merged_into=target.id)


def _moved(line: TimelineLine, report: str) -> bool:
    return any(c.key == ("report", report, "incident") for c in line.changes)


def _lines(seat: Seat, incident: str) -> list[TimelineLine]:
    """Everything written about an incident and those merged into it, each entry once."""
    sources = seat.situation.find(Incident, merged_into=incident)
    every = (incident, *(source.id for source in sources))
    return list({line.ref: line for one in every for line in seat.situation.timeline(one, _ALL)}.values())


def _restored(seat: Seat, merge: TimelineLine, lines: list[TimelineLine]) -> Iterator[Change]:
    """The earlier value of every field the merge set and nobody has set since; that it was approved stays so."""
    for change in merge.changes:
        if change.kind in MERGED_KINDS and _now(seat, change) == change.value:
            yield Change(change.kind, change.id, change.field, _before(merge, lines, change))


def _before(merge: TimelineLine, lines: list[TimelineLine], wanted: Change) -> Value:
    """The value a field had: what the entries said that the merge superseded."""
    base = set(next((c.base or () for c in merge.changes if c.key == wanted.key), ()))
    said = [c.value for line in lines if line.ref in base for c in line.changes if c.key == wanted.key]
    return said[-1] if said else None


def _now(seat: Seat, change: Change) -> Value:
    record = seat.situation.get(KINDS[change.kind], change.id)
    return to_value(getattr(record, change.field))


def _apart(seat: Seat, report: Report, reception: Reception) -> tuple[Change, ...]:
    """An incident of its own for a report that joined another on arrival."""
    _, place = reception.locate([report])[0]
    incident = reception.incident(report, place, next(numbers(seat.situation, seat.station, seat.now)), seat.now)
    moved = set_fields("report", report.id, incident=incident.id, merge="apart", score=None, score_parts=None)
    return (*moved, *changes_of(incident))
