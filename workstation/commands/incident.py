"""What a person may do to an incident: open it from a call, verify it, set its level, lead it on, close it.

Guards are read from the situation on the station's thread, so that what was true when a button was drawn is asked again
when the entry is written. Level and closure are guarded fields: an entry made apart is shown until somebody decides.
"""

from collections.abc import Mapping

from workstation.commands.approval import Proposable, Wish
from workstation.commands.members import joins
from workstation.commands.seat import Command, Seat
from workstation.domain.call import CallNotes
from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.errors import Refused
from workstation.domain.levels import Severity, severity_rank
from workstation.domain.records import Incident, Report, Task
from workstation.intake.numbering import numbers
from workstation.intake.reception import Reception
from workstation.intake.similar import report_of
from workstation.words import catalogue, t

FINISHED = ("false_report", "merged", "handed_over", "closed")
TASKS_OVER = ("done", "returned", "cancelled")
SUPERVISOR = "SUP"
NEXT: Mapping[str, tuple[str, ...]] = {
    "reported": ("verified", "responding", "false_report", "handed_over"),
    "verified": ("responding", "controlled", "false_report", "handed_over"),
    "responding": ("controlled", "ended"),
    "controlled": ("responding", "ended"),
    "ended": ("closed", "responding"),
    "closed": ("responding",),
}
_STAMPS = {"responding": "activated_at", "ended": "ended_at", "closed": "closed_at"}
_COUNTED = ("deaths", "missing", "injured", "trapped")


def open_incident(call: CallNotes, reception: Reception, because: str = "") -> Command:
    """Open an incident from a call: the call becomes its first report. `because`: why not one of the like ones."""

    def command(seat: Seat) -> Draft:
        _check_call(call)
        report, place = reception.receive([report_of(call, seat.new_id())], seat.now)[0]
        number = next(numbers(seat.situation, seat.station, seat.now))
        incident = reception.incident(report, place, number, seat.now)
        changes = (
            *changes_of(report),
            *set_fields("report", report.id, incident=incident.id, merge="founding", source=f"desk:{seat.station}"),
            *changes_of(incident),
            *_told(call, incident.id),
            *set_fields("incident", incident.id, owner=seat.author),
            *(joins(seat, incident.id, seat.author, seat.station) if incident.restricted else ()),
        )
        return Draft(seat.author, "incident.open", changes, because, scope=report.street or seat.scope)

    return command


def add_report(call: CallNotes, incident: str, reception: Reception) -> Command:
    """Add a call to an incident that is open already. What it tells of casualties is kept where nothing was known."""

    def command(seat: Seat) -> Draft:
        _check_call(call)
        known = open_one(seat, incident)
        report, _ = reception.receive([report_of(call, seat.new_id())], seat.now)[0]
        fresh = [change for change in _told(call, incident) if getattr(known, change.field) is None]
        changes = (
            *changes_of(report),
            *set_fields("report", report.id, incident=incident, merge="manual", source=f"desk:{seat.station}"),
            *fresh,
        )
        return Draft(seat.author, "report.add", changes, scope=known.street or seat.scope)

    return command


def change_level(incident: str, level: str, reason: str) -> Command:
    """Set the response level I..IV. Lowering it needs a supervisor. Also decides a disagreement about the level."""

    def command(seat: Seat) -> Draft:
        known = open_one(seat, incident)
        if level not in Severity.__members__:
            raise Refused("incident.level", level=level)
        _check_reason(reason)
        if severity_rank(level) < severity_rank(known.level) and seat.role.upper() != SUPERVISOR:
            raise Refused("incident.lowering")
        return _draft(seat, known, "incident.level.set", set_fields("incident", incident, level=level), reason)

    return _proposable("incident.level.set", incident, level, reason, command)


def verify(incident: str, evidence: str) -> Command:
    """Confirm a reported incident; `evidence` says by what: a camera, a call back, the street office."""
    return set_state(incident, "verified", evidence)


def set_state(incident: str, state: str, reason: str) -> Command:
    """Lead an incident to another state. Every step has its guard; going back from the end needs a supervisor."""

    def command(seat: Seat) -> Draft:
        known = get_incident(seat, incident)
        if state not in NEXT.get(known.state or "", ()):
            raise Refused("incident.transition", state=_word(known.state), wanted=_word(state))
        _check_reason(reason)
        _check_guard(seat, known, state)
        stamp = _STAMPS.get(state)
        changes = set_fields("incident", incident, state=state, **({stamp: seat.now} if stamp else {}))
        if known.state == "closed":
            changes += set_fields("incident", incident, closed_at=None)
        return _draft(seat, known, f"incident.state.{state}", changes, reason)

    return _proposable(f"incident.state.{state}", incident, state, reason, command)


def _proposable(act: str, incident: str, wanted: str, reason: str, command: Command) -> Command:
    wish = Wish(act=act, object=f"{incident} {wanted}", purpose="duty", reason=reason, incident=incident)
    return Proposable(wish, command)


def count_casualties(incident: str, reason: str = "", **counts: int) -> Command:
    """Set `deaths`, `missing`, `injured` or `trapped`; `reason` says from whom the numbers are, and is needed
    where they decide a disagreement."""

    def command(seat: Seat) -> Draft:
        known = get_incident(seat, incident)
        if set(counts) & set(seat.situation.disputed("incident", incident)):
            _check_reason(reason)
        changes = set_fields("incident", incident, **{name: counts[name] for name in _COUNTED if name in counts})
        return _draft(seat, known, "incident.casualties.set", changes, reason)

    return command


def close(incident: str, outcome: str) -> Command:
    """Close an ended incident; `outcome` is kept as the reason. Tasks must be over and casualties known."""
    return set_state(incident, "closed", outcome)


def open_one(seat: Seat, incident: str) -> Incident:
    """An incident that may be changed. Raises Refused for one that is unknown or finished."""
    known = get_incident(seat, incident)
    if known.state in FINISHED:
        raise Refused("incident.finished")
    return known


def open_tasks(seat: Seat, incident: str) -> int:
    """How many tasks of an incident are not over."""
    return sum(task.state not in TASKS_OVER for task in seat.situation.find(Task, incident=incident))


def get_incident(seat: Seat, incident: str) -> Incident:
    """An incident. Raises Refused for one that is unknown."""
    known = seat.situation.get(Incident, incident)
    if known is None or known.deleted:
        raise Refused("incident.unknown", incident=incident)
    return known


def _check_call(call: CallNotes) -> None:
    if not call.place.strip() and call.lat is None:
        raise Refused("incident.place")
    if not call.type and not call.text.strip():
        raise Refused("incident.text")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("incident.reason")


def _check_guard(seat: Seat, known: Incident, state: str) -> None:
    if state == "responding" and known.level is None:
        raise Refused("incident.level_needed")
    if known.state == "closed" and seat.role.upper() != SUPERVISOR:
        raise Refused("incident.finished")
    if state == "closed":
        check_closing(seat, known.id)


def check_closing(seat: Seat, incident: str, besides: str = "") -> None:
    """Whether an incident may be closed: tasks over, casualties known, no guarded disagreement open.

    `besides` is a field whose disagreement is being decided. Refused: `incident.tasks_open`,
    `incident.casualties_unknown`, `incident.disputed`.
    """
    known = get_incident(seat, incident)
    count = open_tasks(seat, known.id)
    if count:
        raise Refused("incident.tasks_open", count=count)
    if None in (known.deaths, known.missing, known.injured):
        raise Refused("incident.casualties_unknown")
    disputed = [field for field in seat.situation.disputed("incident", known.id) if field != besides]
    if disputed:
        key = f"desk.field.{disputed[0]}"
        raise Refused("incident.disputed", field=t(key) if key in catalogue() else disputed[0])


def _told(call: CallNotes, incident: str) -> tuple[Change, ...]:
    """What a call says about the incident itself; unknown says nothing."""
    said = {"level": call.level, "trapped": call.trapped, "injured": call.injured, "deaths": call.deaths}
    return set_fields("incident", incident, **{name: value for name, value in said.items() if value is not None})


def _draft(seat: Seat, known: Incident, act: str, changes: tuple[Change, ...], reason: str) -> Draft:
    return Draft(seat.author, act, changes, reason.strip(), scope=known.street or seat.scope)


def _word(state: str | None) -> str:
    return t(f"incident.state.{state}") if state else t("unknown")


def report_at(seat: Seat, report: str) -> Report:
    """A report. Raises Refused for one that is unknown."""
    known = seat.situation.get(Report, report)
    if known is None or known.deleted:
        raise Refused("report.unknown", report=report)
    return known
