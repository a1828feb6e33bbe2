"""What a parser hands over: records, rejects with raw bytes and a reason, and remarks about what was bent to fit.

A reject is text in the language of the desk that read it, stored once. A remark stays a message key with its values,
because an alert keeps its remarks as a field and re-reading it in the other language must change nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from workstation.domain.draft import Value
from workstation.domain.errors import NOTHING_SAID, FeedError, Said
from workstation.domain.records import Alert, Report
from workstation.feeds.encodings import mended
from workstation.words import say_again, t

MAX_RAW = 256 * 1024
REPEATED = "feeds.duplicate"


@dataclass(frozen=True, slots=True)
class Reject:
    """One record that cannot be used. `raw` is what was read of it, cut at MAX_RAW bytes."""

    source: str
    record: str
    field: str
    reason: str
    raw: bytes = b""
    said: Said = NOTHING_SAID

    @classmethod
    def of(cls, source: str, record: str, error: FeedError, raw: bytes) -> "Reject":
        """What an error says of a record; the error's own name of it comes first."""
        return cls(source, error.record or record, error.field, error.reason, raw[:MAX_RAW], error.said)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something accepted though it breaks its standard. `record` is the id of the record kept."""

    record: str
    field: str
    key: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        return t(self.key, **dict(self.values))

    def as_value(self) -> dict[str, Value]:
        return {"field": self.field, "key": self.key, "values": dict(self.values)}


class Outcome(StrEnum):
    """A file as a whole. OTHER: well-formed, recognised, and not made of records (a token, a service list)."""

    OK = "ok"
    EMPTY = "empty"
    OTHER = "other"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Link:
    """Where the full message of an index entry lies."""

    record: str
    url: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """One document, read. `form` names its format ("cap", "usgs", ...)."""

    records: tuple[Report | Alert, ...] = ()
    rejects: tuple[Reject, ...] = ()
    remarks: tuple[Remark, ...] = ()
    links: tuple[Link, ...] = ()
    form: str = ""
    other: bool = False

    @property
    def outcome(self) -> Outcome:
        if self.records:
            return Outcome.OK
        if self.other:
            return Outcome.OTHER
        return Outcome.BROKEN if self.rejects else Outcome.EMPTY

    @property
    def repeated(self) -> int:
        """How often a record was met again that had been kept."""
        return sum(remark.key == REPEATED for remark in self.remarks)


class Notes:
    """Remarks about the record being read, before its id is known."""

    def __init__(self) -> None:
        self._noted: list[tuple[str, str, tuple[tuple[str, str], ...]]] = []

    def add(self, place: str, key: str, **values: object) -> None:
        """Note something once; values are kept as short text."""
        noted = (place, key, tuple((name, clip(str(value))) for name, value in values.items()))
        if noted not in self._noted:
            self._noted.append(noted)

    def of(self, record_id: str) -> tuple[Remark, ...]:
        return tuple(Remark(record_id, place, key, values) for place, key, values in self._noted)


@dataclass(slots=True)
class Harvest:
    """Collects what one document yields. A record met twice is kept once; a record that fails stops no other.

    A report that says something else under an id already used is rejected: the one of them that would be lost may be
    another person's call. A copy of an alert may differ by its signature.
    """

    source: str
    form: str
    _records: dict[str, Report | Alert] = field(default_factory=dict)
    _rejects: list[Reject] = field(default_factory=list)
    _remarks: list[Remark] = field(default_factory=list)
    _links: list[Link] = field(default_factory=list)

    def attempt(self, record: str, raw: bytes, read: Callable[[Notes], Report | Alert]) -> Report | Alert | None:
        """Read one record; a FeedError becomes a reject naming this record and the error's field."""
        notes = Notes()
        try:
            found = read(notes)
        except FeedError as error:
            self.reject(record, error, raw)
            return None
        known = self._records.setdefault(found.id, found)
        if known is not found:
            notes.add("id", REPEATED, record=record)
        if isinstance(known, Report) and known.raw_digest != found.raw_digest:
            self.reject(record, flaw("id", REPEATED, record=found.id), raw)
            return None
        self._remarks.extend(notes.of(found.id))
        return found

    def reject(self, record: str, error: FeedError, raw: bytes) -> None:
        self._rejects.append(Reject.of(self.source, record, error, raw))

    def link(self, record_id: str, url: str) -> None:
        self._links.append(Link(record_id, url))

    def parsed(self) -> Parsed:
        return Parsed(
            tuple(self._records.values()),
            tuple(self._rejects),
            tuple(self._remarks),
            tuple(self._links),
            self.form,
        )


def refused(source: str, form: str, error: FeedError, raw: bytes) -> Parsed:
    """A whole document that cannot be used."""
    return Parsed(rejects=(Reject.of(source, "document", error, raw),), form=form)


def not_records(source: str, form: str, what: str, raw: bytes) -> Parsed:
    """A document that is recognised and holds no records; `what` is the message key of its name."""
    reject = Reject.of(source, "document", flaw("format", "feeds.not_records", what=what), raw)
    return Parsed(rejects=(reject,), form=form, other=True)


def flaw(place: str, key: str, **values: object) -> FeedError:
    """The error of one field; the harvest adds source, record and raw bytes. A value may be a message key itself."""
    told = {name: mended(clip(str(value))) for name, value in values.items()}
    return FeedError("", "", place, say_again(key, told), (key, tuple(told.items())))


def clip(text: str, limit: int = 120) -> str:
    """Text from outside, shortened for a message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def digest(raw: bytes) -> str:
    return sha256(raw).hexdigest()
