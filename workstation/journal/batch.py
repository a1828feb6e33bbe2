"""A batch: a run of one station's entries, with the signature that vouches for them.

It is what travels. Hashes are not sent: the receiver computes them from what it has and what it got, and the signature
tells whether the outcome is the one the author meant. Of an entry the receiver may not read, or is to have later, the
header alone travels, with the digest that its content will be known by.
"""

from dataclasses import dataclass
from typing import NamedTuple

from workstation.journal.codec import FORMAT, Stamp

DEFERRED, WITHHELD = 1, 2
"""What an entry may lack: content that is to follow, or content the receiver may not read."""


class SentEntry(NamedTuple):
    """One entry without what the chain gives back. `content` is canonical; b"" where only `digest` is sent, and then
    `lacks` says whether it is to follow."""

    stamp: Stamp
    content: bytes
    digest: bytes = b""
    lacks: int = WITHHELD


class SubjectKey(NamedTuple):
    """The wrapped key of a subject, made by the entry `seq` of the batch's stream; `wrapped` None: destroyed."""

    key: str
    seq: int
    subject: str
    wrapped: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries first..last of one stream, and what vouches for them."""

    station: str
    incarnation: str
    first: int
    last: int
    hash: bytes
    signature: bytes
    entries: tuple[SentEntry, ...]
    keys: tuple[SubjectKey, ...] = ()
    form: int = FORMAT


@dataclass(frozen=True, slots=True)
class Filling:
    """Contents, by seq, that follow headers of one stream which came without them."""

    station: str
    incarnation: str
    contents: tuple[tuple[int, bytes], ...]
    keys: tuple[SubjectKey, ...] = ()


class BatchRefused(ValueError):
    """A batch that cannot be taken: `reason` is one of gap, root (the root's word it was written under has not come),
    chain (the entries do not lead to the signed head: altered, or a fork), fork, signature, unknown_station, format,
    backdated (a clock that runs back), malformed.

    `have` is the last entry of that stream held here, so that a sender with a gap knows where to go on.
    """

    def __init__(self, reason: str, ref: str, have: int = 0) -> None:
        super().__init__(f"{reason} at {ref}")
        self.reason = reason
        self.ref = ref
        self.have = have
