"""Tasks: an order to an office, and what that office says back. All of it works without a network."""

from datetime import timedelta

from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import Incident, Member, Step, Task
from workstation.words import pick

OFFICE_OF_ROOM = "ZX"
"""Departments without a station of their own are told by the centre, which holds their tasks."""
OPEN_TASKS = ("sent", "delivered", "acknowledged", "under_way", "on_scene")


def order(seat: Seat, step: Step, incident: Incident | None, office: str) -> tuple[Change, ...]:
    """The changes that send a step's task to an office."""
    task = Task(
        id=f"task:{step.id}",
        incident=step.incident,
        run=step.run,
        step=step.id,
        title=pick(step.title_zh, step.title_en),
        office=office,
        role=step.role,
        state="sent",
        sent_at=seat.now,
        due_at=step.due_at,
        overrun="none",
        lat=incident.lat if incident else None,
        lon=incident.lon if incident else None,
        place=incident.place if incident else None,
        street=incident.street if incident else None,
    )
    return changes_of(task)


def send_task(incident: str, office: str, title: str, minutes: float | None = None) -> Command:
    """Send a free task to an office. Refused: `task.title_needed`, `task.incident_unknown`; `task.no_member` where the
    incident is restricted and nobody of that office may see it."""

    def command(seat: Seat) -> Draft:
        known = seat.situation.get(Incident, incident)
        if known is None:
            raise Refused("task.incident_unknown", incident=incident)
        if not title.strip():
            raise Refused("task.title_needed")
        if known.restricted and not seat.situation.count(Member, incident=incident, station=office):
            raise Refused("task.no_member", office=office)
        task = Task(
            id=f"task:{seat.new_id()}",
            incident=incident,
            title=title.strip(),
            office=office,
            state="sent",
            sent_at=seat.now,
            due_at=None if minutes is None else seat.now + timedelta(minutes=minutes),
            overrun="none",
            lat=known.lat,
            lon=known.lon,
            place=known.place,
            street=known.street,
        )
        return Draft(seat.author, "task.send", changes_of(task), scope=known.street or seat.scope)

    return command


def acknowledge_task(task: str) -> Command:
    """The office has read it. Refused: `task.unknown`, `task.closed`, `task.acknowledged_already`."""

    def command(seat: Seat) -> Draft:
        known = _open_task(seat, task)
        if known.acknowledged_at is not None:
            raise Refused("task.acknowledged_already", by=known.acknowledged_by or "")
        told: dict[str, object] = {"state": "acknowledged", "acknowledged_at": seat.now, "acknowledged_by": seat.author}
        if known.delivered_at is None and known.office == seat.station:
            told |= {"delivered_at": seat.now, "delivered_by": seat.station}
        return _draft(seat, known, "task.acknowledge", told)

    return command


def move_task(task: str, state: str) -> Command:
    """Under way, or on the scene. Refused: `task.state_unknown`, `task.unknown`, `task.closed`."""

    def command(seat: Seat) -> Draft:
        if state not in ("under_way", "on_scene"):
            raise Refused("task.state_unknown", state=state)
        return _draft(seat, _open_task(seat, task), f"task.{state}", {"state": state})

    return command


def complete_task(task: str, result: str) -> Command:
    """Done, with what came of it. Refused: `task.result_needed`, `task.unknown`, `task.closed`."""

    def command(seat: Seat) -> Draft:
        known = _open_task(seat, task)
        if not result.strip():
            raise Refused("task.result_needed")
        told = {"state": "done", "done_at": seat.now, "done_by": seat.author, "result": result.strip()}
        return _draft(seat, known, "task.done", told)

    return command


def return_task(task: str, reason: str) -> Command:
    """Sent back undone. Refused: `task.reason_needed`, `task.unknown`, `task.closed`."""

    def command(seat: Seat) -> Draft:
        known = _open_task(seat, task)
        if not reason.strip():
            raise Refused("task.reason_needed")
        return _draft(seat, known, "task.return", {"state": "returned", "return_reason": reason.strip()})

    return command


def phone_receipt(task: str, spoke_to: str) -> Command:
    """The order was given by telephone, to somebody named. It stays undelivered until the station has it."""

    def command(seat: Seat) -> Draft:
        known = _open_task(seat, task)
        if not spoke_to.strip():
            raise Refused("task.name_needed")
        return _draft(seat, known, "task.phone", {"phoned_at": seat.now, "phoned_by": spoke_to.strip()})

    return command


def _open_task(seat: Seat, task: str) -> Task:
    known = seat.situation.get(Task, task)
    if known is None:
        raise Refused("task.unknown", task=task)
    if known.state not in OPEN_TASKS:
        raise Refused("task.closed", task=known.title or task)
    return known


def _draft(seat: Seat, task: Task, act: str, told: dict[str, object]) -> Draft:
    return Draft(seat.author, act, set_fields("task", task.id, **told), scope=task.street or seat.scope)
