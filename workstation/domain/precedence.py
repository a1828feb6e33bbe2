"""How urgently an entry travels when a link comes back with much to carry: life safety before all else (W11).

The words are those of message handling (flash, immediate, priority, routine). It stands in the header, so that a hub
which may not read an entry still carries it in its turn.
"""

from collections.abc import Iterable

from workstation.domain.draft import Change

FLASH, IMMEDIATE, PRIORITY, ROUTINE = range(4)
LIFE_SAFETY = {("incident", "level"), ("incident", "evacuation"), ("alert", "colour")}
RED = ("I",)
KINDS = {
    "station": FLASH,
    "account": FLASH,
    "grant": FLASH,
    "erasure": FLASH,
    "fork": FLASH,
    "verdict": FLASH,
    "task": IMMEDIATE,
    "approval": IMMEDIATE,
    "step": PRIORITY,
    "run": PRIORITY,
    "alarm": PRIORITY,
    "alert": PRIORITY,
    "incident": PRIORITY,
    "report": PRIORITY,
    "assignment": PRIORITY,
}


def precedence_of(changes: Iterable[Change]) -> int:
    """The most urgent of what an entry changes: levels, evacuation, warnings and red alarms are flash."""
    return min((_precedence(change) for change in changes), default=ROUTINE)


def _precedence(change: Change) -> int:
    if (change.kind, change.field) == ("approval", "break_glass"):
        return FLASH  # it travels with what is done under it
    is_red = change.kind == "alarm" and change.field == "level" and change.value in RED
    if is_red or ((change.kind, change.field) in LIFE_SAFETY and change.value is not None):
        return FLASH
    return KINDS.get(change.kind, ROUTINE)
