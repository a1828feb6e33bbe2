"""Records to field values and back. Times travel as ISO text, containers as JSON, sealed values as their token."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from workstation.domain.clock import iso, parse_iso
from workstation.domain.draft import Change, Sealed, Value
from workstation.domain.records import KIND_OF, KINDS, Record, fields_of

R = TypeVar("R", bound=Record)


def to_value(value: object) -> Value:
    """A field's Python value as the journal carries it. Raises TypeError for what has no place in a journal."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, tuple | frozenset | set):
        return [to_value(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    raise TypeError(f"not a journal value: {value!r}")


def changes_of(record: Record) -> tuple[Change, ...]:
    """Every known field of a record as a change: how a new record is written."""
    kind = KIND_OF[type(record)]
    return tuple(
        Change(kind, record.id, f.name, to_value(getattr(record, f.name)))
        for f in fields_of(kind)
        if getattr(record, f.name) is not None
    )


def differences(old: Record | None, new: Record) -> tuple[Change, ...]:
    """The fields in which `new` knows more or other than `old`; unknown never overwrites known.

    What is sealed in `old` cannot be compared here: the journal opens it, and writes nothing where it is the same.
    """
    if old is None:
        return changes_of(new)
    kind = KIND_OF[type(new)]
    values = ((f.name, getattr(new, f.name)) for f in fields_of(kind))
    return tuple(
        Change(kind, new.id, name, to_value(value))
        for name, value in values
        if value is not None and _is_other(getattr(old, name), value)
    )


def _is_other(before: object, after: object) -> bool:
    return isinstance(before, Sealed) or (before != after and to_value(before) != to_value(after))


def set_fields(kind: str, record_id: str, **values: object) -> tuple[Change, ...]:
    """Changes to named fields of one record; raises KeyError for a field the kind does not have."""
    names = {f.name for f in fields_of(kind)}
    for name in values:
        if name not in names:
            raise KeyError(f"{kind} has no field {name}")
    return tuple(Change(kind, record_id, name, to_value(value)) for name, value in values.items())


@cache
def column_types(kind: str) -> dict[str, str]:
    """Field name to one of: text, int, float, bool, time, json, sealed. In declaration order, without the id."""
    hints = get_type_hints(KINDS[kind])
    return {f.name: "sealed" if f.metadata.get("personal") else _column_type(hints[f.name]) for f in fields_of(kind)}


def _column_type(hint: Any) -> str:
    options = [option for option in get_args(hint) if option is not type(None)]
    plain = options[0] if options else hint
    names = {str: "text", int: "int", float: "float", bool: "bool", datetime: "time"}
    return names.get(plain, "json")


def to_column(kind: str, name: str, value: Value) -> int | float | str | None:
    """A journal value as its table column holds it, in any database. What a column cannot hold is unknown there: a word
    where a number or a time belongs, a number of more than 64 bits; the journal keeps it as it was said."""
    shape = column_types(kind)[name]
    if value is None:
        return None
    if shape in ("json", "sealed"):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if shape == "bool":
        return int(bool(value))
    if shape in ("int", "float"):
        return _number(value, shape)
    if shape == "time":
        return value if isinstance(value, str) and is_time(value) else None
    return value.replace("\0", "\ufffd") if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def is_time(text: str) -> bool:
    """Whether a text is a moment that can be read as one anywhere."""
    try:
        parse_iso(text)
    except (ValueError, OverflowError):
        return False
    return True


def _number(value: Value, shape: str) -> int | float | None:
    if not isinstance(value, int | float):
        return None
    if shape == "float":
        return float(value) + 0.0  # there is no negative zero in a table
    return int(value) if value == int(value) and abs(value) < 2**63 else None


def load(cls: type[R], row: Mapping[str, Any]) -> R:
    """A record from its table row; columns the dataclass does not have are passed over."""
    record_id = row["id"]
    known: dict[str, Any] = {"id": record_id}
    for name, read in _readers(KIND_OF[cls]):
        value = row.get(name)
        if value is not None:
            known[name] = value if read is None else read(value)
    for name in _sealed(KIND_OF[cls]):
        if name in known:
            known[name] = Sealed(record_id, known[name])
    return cls(**known)


@cache
def _readers(kind: str) -> tuple[tuple[str, Callable[[Any], object] | None], ...]:
    """What makes a field's value of what its column holds; None: it is the value."""
    reads: dict[str, Callable[[Any], object]] = {"time": parse_iso, "bool": bool, "json": json.loads}
    return tuple((name, reads.get(shape)) for name, shape in column_types(kind).items())


@cache
def _sealed(kind: str) -> tuple[str, ...]:
    return tuple(name for name, shape in column_types(kind).items() if shape == "sealed")
