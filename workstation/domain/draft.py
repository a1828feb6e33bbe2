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

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about: kind, id and field."""
        return self.kind, self.id, self.field


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


def is_sealed(value: Value) -> bool:
    """Whether a value of an entry is a sealed one: the key it is under and its token."""
    return isinstance(value, dict) and set(value) == {"key", "token"}
