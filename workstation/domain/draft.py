"""What a person or a rule wants to write: changes to fields, before the journal chains and signs them."""

from dataclasses import dataclass, field
from typing import NamedTuple

Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]


class Change(NamedTuple):
    """One field of one record set to one value.

    `base` holds the heads of this field that the author saw, as entry references; None means "what the journal holds
    when this is appended". A change supersedes exactly its base.
    """

    kind: str
    id: str
    field: str
    value: Value
    base: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An intended entry. `act` is a dotted verb ("incident.level.set"), `cause` the entry or observation answered."""

    author: str
    act: str
    changes: tuple[Change, ...]
    reason: str = ""
    cause: str = ""
    scope: str = ""
    data_class: int = 2


@dataclass(frozen=True, slots=True)
class Sealed:
    """A personal value as the tables hold it: encrypted under its subject's key. Never shown; `security` opens it."""

    subject: str
    token: str = field(repr=False)
