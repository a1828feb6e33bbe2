"""The ways out of what no command would have allowed: each an ordinary command, with its words."""

from collections.abc import Callable
from dataclasses import dataclass

from workstation.commands.conflict import keep_unit_at
from workstation.commands.incident import set_state
from workstation.commands.seat import Command
from workstation.commands.task import return_task
from workstation.situation import Breach
from workstation.views.columns import NameOf
from workstation.views.inbox import Matter
from workstation.views.inbox_columns import incident_text
from workstation.words import t


@dataclass(frozen=True, slots=True)
class Way:
    """One way to decide a matter: what it is called, and the command a reason makes of it."""

    words: str
    command: Callable[[str], Command]


def ways_out(matter: Matter, name_of: NameOf) -> list[Way]:
    """A unit stays at one of its incidents; a task is sent back, or its incident opened again."""
    one = matter.about
    if not isinstance(one, Breach):
        return []
    if one.rule == "unit_twice":
        return [
            Way(t("inbox.way.keep", incident=incident_text(record, name_of)), _keep(one.id, record.id))
            for record in matter.incidents
        ]
    return [
        Way(t("inbox.way.return"), lambda reason: return_task(one.id, reason)),
        Way(t("inbox.way.reopen"), lambda reason: set_state(one.incidents[0], "responding", reason)),
    ]


def _keep(unit: str, incident: str) -> Callable[[str], Command]:
    return lambda reason: keep_unit_at(unit, incident, reason)
