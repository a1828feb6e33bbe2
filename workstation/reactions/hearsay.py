"""What an entry says of a record, for a rule that keeps its own memory and has no table to look into."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from workstation.domain.entry import Entry
from workstation.domain.levels import Severity
from workstation.domain.records import Alarm, Record
from workstation.reactions.watched import Open

R = TypeVar("R", bound=Record)


def fields_said(entry: Entry, kind: str) -> dict[str, dict[str, object]]:
    """The fields an entry sets, by record of one kind."""
    said: dict[str, dict[str, object]] = {}
    for change in entry.changes:
        if change.kind == kind:
            said.setdefault(change.id, {})[change.field] = change.value
    return said


def updated(record: R, said: Mapping[str, object]) -> R:
    """The record with those fields as the entry carries them (times stay text)."""
    known = {field.name for field in fields(record)} - {"id"}
    told: dict[str, Any] = {name: value for name, value in said.items() if name in known}
    return replace(record, **told)


def opened(alarm: Alarm) -> Open:
    """An alarm's record as a watch remembers it."""
    state = alarm.state or "raised"
    level = _severity(alarm.level) if state != "returned" else None
    return Open(alarm.id, state, level, _severity(alarm.peak), bool(alarm.stale))


def _severity(text: str | None) -> Severity | None:
    return Severity[text] if text is not None and text in Severity.__members__ else None
