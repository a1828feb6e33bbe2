"""Canonical bytes of an entry: what is hashed, signed, stored and sent. This is format 2.

Content is a positional JSON array without white space, keys of objects sorted, UTF-8:
`[author, act, reason, cause, [[kind, id, field, value, [base, ...]], ...]]`, and where the act asks for its author's
signature a sixth place, its 128 hex digits. That signature covers `workstation-act-2\\n[station, incarnation, seq]`
followed by the content without it.
A header is `[station, incarnation, seq, clock, raw, seen, precedence, scope, data_class, digest]`, digest being the hex
SHA-256 of the content; an entry's hash is SHA-256(previous hash || header). The first entry of a stream follows
SHA-256("workstation-journal-2"), so that a chain says which format it is in.
A station and an incarnation are named by 1 to 64 letters, digits, `_`, `.` and `-` of ASCII; a base names an entry as
`station/incarnation/seq`. Content in any other than its canonical bytes is no content.
A batch is signed over `workstation-batch-2\\n[station, incarnation, last seq, head hash]`: since the chain links every
earlier entry, one signature vouches for all of them.

Format 1 had no raw, seen and precedence in its header, followed 32 zero bytes and was signed as `workstation-batch-1`.
A stream keeps the format it began with; a station that was upgraded begins a new incarnation.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import orjson

from workstation.domain.draft import Change
from workstation.domain.entry import Entry

FORMAT = 2
DEEPEST = 200
"""Brackets in a content above which it is looked at whether it can be written as it was read."""
_NAME = re.compile(r"[0-9A-Za-z_.-]{1,64}")
_REF = re.compile(r"[0-9A-Za-z_.-]{1,64}/[0-9A-Za-z_.-]{1,64}/[0-9]{1,19}")
GENESIS = {1: bytes(32), 2: hashlib.sha256(b"workstation-journal-2").digest()}
_SHAPES = ([str, str, str, str, list], [str, str, str, str, list, str])
_SORTED = orjson.OPT_SORT_KEYS
_change, _entry = partial(tuple.__new__, Change), partial(tuple.__new__, Entry)
"""As their own constructors make them, which take twice as long: thousands are read at once."""


class Stamp(NamedTuple):
    """What a header says beside whose and which entry it is: times, urgency and who may read it."""

    clock: int
    raw: int
    seen: int
    precedence: int
    scope: str
    data_class: int


class Header(NamedTuple):
    """What the chain covers. `digest` is SHA-256 of the content."""

    station: str
    incarnation: str
    seq: int
    stamp: Stamp
    digest: bytes

    def hash(self, previous: bytes, form: int = FORMAT) -> bytes:
        station, incarnation, seq, stamp, digest = self
        told = (stamp.clock, stamp.scope, stamp.data_class) if form == 1 else stamp
        fields = (station, incarnation, seq, *told, digest.hex())
        return hashlib.sha256(previous + orjson.dumps(fields)).digest()


def digest_of(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def canonical(content: Sequence[Any]) -> bytes:
    """Canonical bytes of decoded content; the same for every implementation that follows the module's docstring."""
    return orjson.dumps(content, option=_SORTED)


def encode_content(entry: Entry) -> bytes:
    content = _content(entry)
    return canonical([*content, entry.voucher] if entry.voucher else content)


def _content(entry: Entry) -> list[Any]:
    changes = [[c.kind, c.id, c.field, c.value, list(c.base or ())] for c in entry.changes]
    return [entry.author, entry.act, entry.reason, entry.cause, changes]


def vouched_words(entry: Entry) -> bytes:
    """What the author's own signature covers."""
    place = orjson.dumps([entry.station, entry.incarnation, entry.seq])
    return b"workstation-act-2\n" + place + canonical(_content(entry))


def decode_content(content: bytes | str) -> list[Any]:
    """Decoded content; raises ValueError when it does not have the shape the docstring gives."""
    decoded = orjson.loads(content)
    check_content(decoded)
    return decoded  # type: ignore[no-any-return]


def check_content(decoded: Any) -> None:
    """Raises ValueError when decoded content does not have its five or six places, or a change its five."""
    if type(decoded) is not list or [*map(type, decoded)] not in _SHAPES:
        raise ValueError("content is not [author, act, reason, cause, changes] with a voucher or without")
    if not {*map(type, decoded[4])} <= {list}:
        raise ValueError("a change is not [kind, id, field, value, base]")
    for kind, record_id, name, _value, base in decoded[4]:
        if not (type(kind) is type(record_id) is type(name) is str):
            raise ValueError("kind, id and field of a change must be text")
        if type(base) is not list or (base and not all(map(_is_ref, base))):
            raise ValueError("a base must hold references station/incarnation/seq")


def _is_ref(ref: Any) -> bool:
    return isinstance(ref, str) and _REF.fullmatch(ref) is not None


def is_name(name: str) -> bool:
    """Whether a stream may be called so, as station or incarnation: what references to its entries can be read by."""
    return _NAME.fullmatch(name) is not None


def check_canonical(content: bytes, decoded: Sequence[Any]) -> None:
    """Raises ValueError for content that says the same in other bytes, or is nested too deep to be written again. Only
    what holds an escape or many brackets can be either, and is looked at."""
    if b"\\" not in content and content.count(b"[") + content.count(b"{") <= DEEPEST:
        return
    try:
        written = canonical(decoded)
    except TypeError as error:
        raise ValueError("content is nested too deep") from error
    if written != content:
        raise ValueError("content is not in its canonical form")


def entry_of(header: Header, decoded: Sequence[Any]) -> Entry:
    author, act, reason, cause, changes, *voucher = decoded
    stamp = header.stamp
    told = [(kind, name, field, value, tuple(base) if base else ()) for kind, name, field, value, base in changes]
    return _entry(
        (
            header.station,
            header.incarnation,
            header.seq,
            stamp.clock,
            stamp.scope,
            stamp.data_class,
            author,
            act,
            reason,
            cause,
            tuple(map(_change, told)),
            stamp.raw,
            stamp.seen,
            stamp.precedence,
            voucher[0] if voucher else "",
        )
    )


def stamp_of(entry: Entry) -> Stamp:
    return Stamp(entry.clock, entry.raw, entry.seen, entry.precedence, entry.scope, entry.data_class)


def signed_words(station: str, incarnation: str, last: int, head: bytes, form: int = FORMAT) -> bytes:
    """What a batch's signature covers."""
    return f"workstation-batch-{form}\n".encode() + orjson.dumps([station, incarnation, last, head.hex()])
