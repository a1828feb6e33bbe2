"""Files about an incident, a report or a task: attached by what they hold, removed by a tombstone."""

from dataclasses import replace

from workstation.attachments.taking import Taken
from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import Attachment, Incident, Report, Task

PERSONAL, INTERNAL = 3, 2
"""Classes of data (L1..L4): what is sealed is personal."""


def attach(taken: Taken, to: str | None, source: str = "desk") -> Command:
    """Attach a file on the shelf to the incident, report or task of that id; None: to nothing yet, as a camera does.

    Refused: `attachment.to_unknown`; `attachment.known` where the same file is attached there already.
    """

    def command(seat: Seat) -> Draft:
        about = Attachment(id=f"attachment:{seat.new_id()}") if to is None else _about(seat, to)
        known = seat.situation.find(
            Attachment, likeness=taken.likeness, incident=about.incident, report=about.report, task=about.task
        )
        if known:
            raise Refused("attachment.known", name=known[0].name or "")
        made = replace(
            about,
            source=source,
            digest=taken.manifest.sha256,
            root=taken.manifest.root,
            name=taken.name,
            media_type=taken.media_type,
            size=taken.size,
            stored_size=taken.manifest.size,
            likeness=taken.likeness,
            key=taken.key,
            added_at=seat.now,
            added_by=seat.author,
        )
        data_class = INTERNAL if taken.key is None else PERSONAL
        return Draft(seat.author, "attachment.add", changes_of(made), scope=seat.scope, data_class=data_class)

    return command


def remove(attachment: str, reason: str) -> Command:
    """Remove a file: a tombstone, on which every shelf drops it. Refused: `attachment.unknown`, `attachment.reason`."""

    def command(seat: Seat) -> Draft:
        known = seat.situation.get(Attachment, attachment)
        if known is None or known.deleted:
            raise Refused("attachment.unknown")
        if not reason.strip():
            raise Refused("attachment.reason")
        changes = set_fields("attachment", attachment, deleted=True)
        return Draft(seat.author, "attachment.remove", changes, reason.strip(), scope=seat.scope)

    return command


def _about(seat: Seat, to: str) -> Attachment:
    """A new attachment that says what it is about: also the incident, where a report or task belongs to one."""
    fresh = Attachment(id=f"attachment:{seat.new_id()}")
    incident = seat.situation.get(Incident, to)
    if incident is not None and not incident.deleted:
        return replace(fresh, incident=to)
    report, task = seat.situation.get(Report, to), seat.situation.get(Task, to)
    if report is not None and not report.deleted:
        return replace(fresh, report=to, incident=report.incident)
    if task is not None and not task.deleted:
        return replace(fresh, task=to, incident=task.incident)
    raise Refused("attachment.to_unknown", to=to)
