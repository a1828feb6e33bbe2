"""A field's value in words: what a code stands for, a time as local time, the unknown a word, the sealed as stars."""

import json
from collections.abc import Callable

from workstation.domain.clock import CITY_ZONE, parse_iso
from workstation.domain.draft import Value, is_sealed
from workstation.domain.encoding import column_types
from workstation.domain.record import DELETED
from workstation.domain.records import KINDS
from workstation.intake.rules import kinds
from workstation.words import catalogue, tell

STARS = "***"
LADDERS = {"level": "severity", "grade": "severity", "peak": "severity", "suggested": "severity"}
LADDERS |= {"overrun": "overrun", "role": "role", "colour": "colour"}
NAMED = ("street", "office", "place")
LONGEST = 400


def value_in(language: str, name_of: Callable[[str | None], str], place: tuple[str, str], value: Value) -> str:
    """The words for a value; `place` is its kind and field, `name_of` names streets, offices and places."""
    kind, field = place
    shape = column_types(kind).get(field, "text") if kind in KINDS else "text"
    if value is None:
        return tell(language, "unknown")
    if field == DELETED:
        return tell(language, "value.deleted" if value else "value.kept")
    if isinstance(value, bool):
        return tell(language, "value.yes" if value else "value.no")
    if is_sealed(value):
        return STARS
    if isinstance(value, str):
        return _text(language, name_of, (kind, field, shape), value)
    if isinstance(value, float):
        return f"{value:.10g}"
    return json.dumps(value, ensure_ascii=False)[:LONGEST]


def codes_of(kind: str, field: str) -> tuple[Value, ...]:
    """The values that a field of a kind may have where they are counted out; none where it says what it likes."""
    if column_types(kind).get(field) == "bool":
        return True, False
    if field == "type":
        return tuple(kinds())
    start = f"{_ladder(kind, field)}."
    names = [key.removeprefix(start) for key in catalogue() if key.startswith(start)] if start != "." else []
    return tuple(name for name in names if "." not in name)


def _ladder(kind: str, field: str) -> str:
    """The messages that tell a field's codes; empty for a field without codes."""
    return f"{kind}.state" if field == "state" else LADDERS.get(field, "")


def _text(language: str, name_of: Callable[[str | None], str], place: tuple[str, str, str], value: str) -> str:
    kind, field, shape = place
    ladder = _ladder(kind, field)
    if ladder and f"{ladder}.{value}" in catalogue():
        return tell(language, f"{ladder}.{value}")
    if shape == "time":
        return _time(value)
    if field == "type" and value in kinds():
        kind_of_incident = kinds()[value]
        zh, en = kind_of_incident.zh, kind_of_incident.en
        return f"{value} {zh if language == 'zh' else en}"
    return name_of(value) if field in NAMED else value


def _time(value: str) -> str:
    try:
        return parse_iso(value).astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return value
