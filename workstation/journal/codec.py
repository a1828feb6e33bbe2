"""Canonical bytes of an entry: what is hashed, signed, stored and sent.

Content is a positional JSON array without white space, keys of objects sorted, UTF-8:
`[author, act, reason, cause, [[kind, id, field, value, [base, ...]], ...]]`.
A header is `[station, incarnation, seq, clock, scope, data_class, digest]`, digest being the hex SHA-256 of the
content; an entry's hash is SHA-256(previous hash || header). The first entry of a stream follows 32 zero bytes.
A batch is signed over `workstation-batch-1\\n[station, incarnation, last seq, head hash]`: since the chain links
every earlier entry, one signature vouches for all of them.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from workstation.domain.draft import Change
from workstation.domain.entry import Entry

GENESIS = bytes(32)
_SORTED = orjson.OPT_SORT_KEYS


class Header(NamedTuple):
    """What the chain covers. `digest` is SHA-256 of the content."""

    station: str
    incarnation: str
    seq: int
    clock: int
    scope: str
    data_class: int
    digest: bytes

    def hash(self, previous: bytes) -> bytes:
        fields = [self.station, self.incarnation, self.seq, self.clock, self.scope, self.data_class, self.digest.hex()]
        return hashlib.sha256(previous + orjson.dumps(fields)).digest()


def digest_of(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def canonical(content: Sequence[Any]) -> bytes:
    """Canonical bytes of decoded content; the same for every implementation that follows the module's docstring."""
    return orjson.dumps(content, option=_SORTED)


def encode_content(entry: Entry) -> bytes:
    changes = [[c.kind, c.id, c.field, c.value, list(c.base or ())] for c in entry.changes]
    return canonical([entry.author, entry.act, entry.reason, entry.cause, changes])


def decode_content(content: bytes) -> list[Any]:
    """Decoded content; raises ValueError when it does not have the shape the docstring gives."""
    decoded = orjson.loads(content)
    check_content(decoded)
    return decoded  # type: ignore[no-any-return]


def check_content(decoded: Any) -> None:
    """Raises ValueError when decoded content does not have its five places, or a change its five."""
    if not isinstance(decoded, list) or len(decoded) != 5 or not isinstance(decoded[4], list):
        raise ValueError("content is not [author, act, reason, cause, changes]")
    author, act, reason, cause, changes = decoded
    if not (isinstance(author, str) and isinstance(act, str) and isinstance(reason, str) and isinstance(cause, str)):
        raise ValueError("author, act, reason and cause must be text")
    for change in changes:
        if not isinstance(change, list) or len(change) != 5 or not isinstance(change[4], list):
            raise ValueError("a change is not [kind, id, field, value, base]")
        kind, record_id, name, _value, base = change
        if not (isinstance(kind, str) and isinstance(record_id, str) and isinstance(name, str)):
            raise ValueError("kind, id and field of a change must be text")
        if base and not all(_is_ref(ref) for ref in base):
            raise ValueError("a base must hold references station/incarnation/seq")


def _is_ref(ref: Any) -> bool:
    return isinstance(ref, str) and ref.count("/") == 2 and ref.rsplit("/", 1)[1].isdecimal()


def entry_of(header: Header, decoded: Sequence[Any]) -> Entry:
    author, act, reason, cause, changes = decoded
    return Entry(
        header.station,
        header.incarnation,
        header.seq,
        header.clock,
        header.scope,
        header.data_class,
        author,
        act,
        reason,
        cause,
        tuple(Change(kind, id_, name, value, tuple(base)) for kind, id_, name, value, base in changes),
    )


def signed_words(station: str, incarnation: str, last: int, head: bytes) -> bytes:
    """What a batch's signature covers."""
    return b"workstation-batch-1\n" + orjson.dumps([station, incarnation, last, head.hex()])
