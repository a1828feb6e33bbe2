"""What a person does with a playbook: start it, confirm its steps, pass over one with a reason, stop it."""

from workstation.commands.seat import Command, Seat
from workstation.commands.task import OFFICE_OF_ROOM, order
from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import Incident, Run, Step, Task
from workstation.playbooks.library import Library
from workstation.playbooks.planning import OPEN_STEPS, run_id, started
from workstation.playbooks.schema import FIELD_ROLES


def start_run(incident: str, playbook: str, library: Library) -> Command:
    """Start a playbook for an incident, suggested or not. Refused: `run.playbook_unknown`, `run.incident_unknown`,
    `run.started_already`."""

    def command(seat: Seat) -> Draft:
        ready, known = library.get(playbook), seat.situation.get(Incident, incident)
        if ready is None:
            raise Refused("run.playbook_unknown", playbook=playbook)
        if known is None:
            raise Refused("run.incident_unknown", incident=incident)
        run = seat.situation.get(Run, run_id(playbook, incident))
        if run is not None and run.state != "suggested":
            raise Refused("run.started_already", playbook=playbook)
        return started(ready, known, run.suggested if run else None, seat.author, seat.now)

    return command


def confirm_step(step: str, result: str = "") -> Command:
    """Do what a step says. For a step of the command room that is doing it; for one in the field it sends the task.

    A step of mode double needs two persons. Refused: `run.step_unknown`, `run.step_closed`, `run.stopped`,
    `run.step_undecided`, `run.same_person`, `run.task_out_already`.
    """

    def command(seat: Seat) -> Draft:
        known = _open_step(seat, step)
        if known.state == "unknown":
            raise Refused("run.step_undecided", step=known.step)
        if known.mode == "double" and known.state != "first_confirmed":
            first = set_fields("step", step, state="first_confirmed", first_by=seat.author)
            return _draft(seat, known, "step.first", first, result)
        if known.mode == "double" and known.first_by == seat.author:
            raise Refused("run.same_person", step=known.step)
        if known.role in FIELD_ROLES:
            return _sent(seat, known, result)
        done = set_fields("step", step, state="done", done_by=seat.author, done_at=seat.now, result=result or None)
        return _draft(seat, known, "step.done", done, result)

    return command


def decide_step(step: str, applies: bool, reason: str) -> Command:
    """Say whether a step applies whose condition is not known. Refused: `run.reason_needed`, `run.step_decided`."""

    def command(seat: Seat) -> Draft:
        known = _open_step(seat, step)
        if known.state != "unknown":
            raise Refused("run.step_decided", step=known.step)
        _check_reason(reason)
        state = "active" if applies else "not_applicable"
        told = set_fields("step", step, state=state, condition="true" if applies else "false", result=reason)
        return _draft(seat, known, "step.decide", told, reason)

    return command


def skip_step(step: str, reason: str) -> Command:
    """Pass over a step. Refused: `run.reason_needed` without a reason, and for a closed step."""

    def command(seat: Seat) -> Draft:
        known = _open_step(seat, step)
        _check_reason(reason)
        skipped = set_fields("step", step, state="skipped", done_by=seat.author, done_at=seat.now, result=reason)
        return _draft(seat, known, "step.skip", skipped, reason)

    return command


def stop_run(run: str, reason: str) -> Command:
    """End a run; its open steps stay as they are and run no further. Refused: `run.unknown`, `run.stopped`,
    `run.reason_needed`."""

    def command(seat: Seat) -> Draft:
        known = seat.situation.get(Run, run)
        if known is None:
            raise Refused("run.unknown", run=run)
        if known.state == "stopped":
            raise Refused("run.stopped", run=run)
        _check_reason(reason)
        ended = set_fields("run", run, state="stopped", stopped_at=seat.now, stop_reason=reason)
        return Draft(seat.author, "run.stop", ended, reason=reason, scope=seat.scope)

    return command


def _sent(seat: Seat, step: Step, note: str) -> Draft:
    """The step's task on its way to the office that does it; the step is done when the task is."""
    if seat.situation.count(Task, step=step.id):
        raise Refused("run.task_out_already", step=step.step)
    incident = seat.situation.get(Incident, step.incident or "")
    office = (incident.office if incident and step.role == "STREET" else None) or OFFICE_OF_ROOM
    first = () if step.state == "first_confirmed" else set_fields("step", step.id, first_by=seat.author)
    changes = (*order(seat, step, incident, office), *first, *set_fields("step", step.id, state="active"))
    return _draft(seat, step, "task.send", changes, note)


def _open_step(seat: Seat, step: str) -> Step:
    known = seat.situation.get(Step, step)
    if known is None:
        raise Refused("run.step_unknown", step=step)
    if known.state not in OPEN_STEPS:
        raise Refused("run.step_closed", step=known.step)
    run = seat.situation.get(Run, known.run or "")
    if run is not None and run.state == "stopped":
        raise Refused("run.stopped", run=run.id)
    return known


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("run.reason_needed")


def _draft(seat: Seat, step: Step, act: str, changes: tuple[Change, ...], reason: str) -> Draft:
    return Draft(seat.author, act, changes, reason=reason.strip(), scope=seat.scope, cause=step.id)
