"""A batch: a run of one station's entries, with the signature that vouches for them.

It is what travels. Hashes are not sent: the receiver computes them from what it has and what it got, and the signature
tells whether the outcome is the one the author meant.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SentEntry:
    """One entry without what the chain gives back. `content` is canonical."""

    clock: int
    scope: str
    data_class: int
    content: bytes


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """The wrapped key of a subject, made by the entry `seq` of the batch's stream; `wrapped` None: destroyed."""

    key: str
    seq: int
    subject: str
    wrapped: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries first..last of one stream. `number` is its place in the sender's order of arrival: the pull cursor."""

    station: str
    incarnation: str
    first: int
    last: int
    hash: bytes
    signature: bytes
    entries: tuple[SentEntry, ...]
    keys: tuple[SubjectKey, ...] = ()
    number: int = 0


class BatchRefused(ValueError):
    """A batch that cannot be taken: `reason` is one of gap, chain (the entries do not lead to the signed
    head: altered, or a fork), fork, signature, unknown_station, malformed.

    `have` is the last entry of that stream held here, so that a sender with a gap knows where to go on.
    """

    def __init__(self, reason: str, ref: str, have: int = 0) -> None:
        super().__init__(f"{reason} at {ref}")
        self.reason = reason
        self.ref = ref
        self.have = have
