"""Batches as they travel: for each a JSON head, then the contents of its entries as they stand, all under zstd.

Contents are not parsed again on the way: the receiver checks the very bytes the author signed. Unpacking is bounded, so
that a small body cannot grow into a large one.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import zstandard

from workstation.journal import (
    DEFERRED,
    WITHHELD,
    Batch,
    Filling,
    Heads,
    Ranges,
    SentEntry,
    Stamp,
    StreamName,
    SubjectKey,
)

MAX_CLEAR = 256 * 1024 * 1024
_STAMP = [{int}, {int}, {int}, {int}, {str}, {int}]
_LENGTH = struct.Struct(">I")
_SCOPE, _LONGEST_SCOPE = 4, 64
_LAST = 2**63 - 1
_LAST_MS = 253_402_300_799_999
"""The end of the year 9999, in milliseconds since 1970."""
_MOST = (_LAST, _LAST_MS, _LAST, 9, 0, 9)
"""The most that each number of a stamp may be; 0 for the scope, which is none."""


class ParcelError(ValueError):
    """A body that is not a parcel: what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Batches and contents that follow earlier headers. `heads` is the sender's summary, `wants` the contents it waits
    for itself; `sight` is another when the taker may read more than before; `more` says that there is more, `awaited`
    names the contents asked for which the sender waits for itself."""

    batches: tuple[Batch, ...] = ()
    fillings: tuple[Filling, ...] = ()
    heads: Heads = field(default_factory=dict)
    wants: Ranges = field(default_factory=dict)
    more: bool = False
    awaited: Ranges = field(default_factory=dict)
    sight: str = ""


def pack(parcel: Parcel) -> bytes:
    """The parcel's bytes."""
    top = {
        "heads": told(parcel.heads),
        "wants": told_ranges(parcel.wants),
        "more": parcel.more,
        "awaited": told_ranges(parcel.awaited),
        "sight": parcel.sight,
        "batches": len(parcel.batches),
    }
    pieces = [_framed(top)]
    for batch in parcel.batches:
        pieces.append(_framed(_head(batch)))
        pieces.extend(entry.content for entry in batch.entries)
    for filling in parcel.fillings:
        pieces.append(_framed(_filling_head(filling)))
        pieces.extend(content for _, content in filling.contents)
    return zstandard.ZstdCompressor(level=1).compress(b"".join(pieces))


def told(heads: Heads) -> list[Any]:
    """A summary as it travels: [[station, incarnation, last seq], ...]."""
    return [[*name, seq] for name, seq in heads.items()]


def heads_of(rows: Iterable[Sequence[Any]]) -> dict[StreamName, int]:
    """The inverse. Raises ValueError for what is no summary."""
    return {(str(station), str(incarnation)): int(seq) for station, incarnation, seq in rows}


def told_ranges(ranges: Ranges) -> list[Any]:
    """Ranges as they travel: [[station, incarnation, first, last], ...]."""
    return [[*name, first, last] for name, runs in ranges.items() for first, last in runs]


def ranges_of(rows: Iterable[Sequence[Any]]) -> dict[StreamName, list[tuple[int, int]]]:
    """The inverse. Raises ValueError for what is no ranges."""
    found: dict[StreamName, list[tuple[int, int]]] = {}
    for station, incarnation, first, last in rows:
        found.setdefault((str(station), str(incarnation)), []).append((int(first), int(last)))
    return found


def unpack(body: bytes) -> Parcel:
    """The parcel in `body`. Raises ParcelError."""
    try:
        clear = _clear(body)
        top, at = _unframed(clear, 0)
        pieces = _Pieces(clear, at)
        batches = tuple(_batch(pieces) for _ in range(top["batches"]))
        fillings = []
        while not pieces.is_done:
            fillings.append(_filling(pieces))
        summary = (heads_of(top["heads"]), ranges_of(top["wants"]))
        awaited = ranges_of(top["awaited"])
        return Parcel(batches, tuple(fillings), *summary, bool(top["more"]), awaited, str(top["sight"]))
    except (zstandard.ZstdError, struct.error, ValueError, KeyError, TypeError, IndexError) as error:
        raise ParcelError(f"not a parcel: {error}") from error


def weight_of(body: bytes) -> int:
    """How many bytes a packed parcel says it unpacks to; 0 for what is none."""
    try:
        return max(0, zstandard.frame_content_size(body))
    except zstandard.ZstdError:
        return 0


def _clear(body: bytes) -> bytes:
    with zstandard.ZstdDecompressor().stream_reader(body) as reader:
        clear = reader.read(MAX_CLEAR + 1)
    if len(clear) > MAX_CLEAR:
        raise ParcelError(f"larger than {MAX_CLEAR} bytes unpacked")
    if len(clear) != zstandard.frame_content_size(body):  # the frame's head says how much it holds
        raise ParcelError("cut off")
    return clear


def _framed(head: dict[str, Any]) -> bytes:
    raw = orjson.dumps(head)
    return _LENGTH.pack(len(raw)) + raw


def _unframed(clear: bytes, at: int) -> tuple[dict[str, Any], int]:
    (length,) = _LENGTH.unpack_from(clear, at)
    start = at + _LENGTH.size
    if start + length > len(clear):
        raise ParcelError("cut off")
    return orjson.loads(clear[start : start + length]), start + length


class _Pieces:
    """What is left of a parcel, taken from the front."""

    def __init__(self, clear: bytes, at: int) -> None:
        self._clear = clear
        self._at = at

    @property
    def is_done(self) -> bool:
        return self._at >= len(self._clear)

    def head(self) -> dict[str, Any]:
        head, self._at = _unframed(self._clear, self._at)
        return head

    def content(self, length: int) -> bytes:
        """The next `length` bytes. Raises ParcelError where there are fewer."""
        end = self._at + length
        if length <= 0 or end > len(self._clear):
            raise ParcelError("cut off")
        found, self._at = self._clear[self._at : end], end
        return found


def _head(batch: Batch) -> dict[str, Any]:
    return {
        "station": batch.station,
        "incarnation": batch.incarnation,
        "first": batch.first,
        "last": batch.last,
        "hash": batch.hash.hex(),
        "signature": batch.signature.hex(),
        "form": batch.form,
        "keys": [list(key) for key in batch.keys],
        "entries": [[*one.stamp, len(one.content) or [one.lacks, one.digest.hex()]] for one in batch.entries],
    }


def _filling_head(filling: Filling) -> dict[str, Any]:
    return {
        "station": filling.station,
        "incarnation": filling.incarnation,
        "keys": [list(key) for key in filling.keys],
        "contents": [[seq, len(content)] for seq, content in filling.contents],
    }


def _batch(pieces: _Pieces) -> Batch:
    head = pieces.head()
    return Batch(
        str(head["station"]),
        str(head["incarnation"]),
        _seq(head["first"]),
        _seq(head["last"]),
        bytes.fromhex(head["hash"]),
        bytes.fromhex(head["signature"]),
        tuple(_entries(pieces, head["entries"])) if head["entries"] else (),
        _keys(head["keys"]),
        int(head["form"]),
    )


def _filling(pieces: _Pieces) -> Filling:
    head = pieces.head()
    contents = tuple((_seq(seq), pieces.content(length)) for seq, length in head["contents"])
    return Filling(str(head["station"]), str(head["incarnation"]), contents, _keys(head["keys"]))


def _entries(pieces: _Pieces, rows: list[list[Any]]) -> Iterator[SentEntry]:
    """Entries from their heads: the stamp, then the content's length or, without it, what is lacking and the digest."""
    *stamps, held = zip(*rows, strict=True)
    if [{*map(type, column)} for column in stamps] != _STAMP:
        raise ParcelError("stamps are not numbers and a scope")
    for column, most in zip(stamps, _MOST, strict=True):
        if most and not (min(column) >= 0 and max(column) <= most):
            raise ParcelError("stamps are out of all bounds")
    if max(map(len, stamps[_SCOPE])) > _LONGEST_SCOPE:
        raise ParcelError("a scope is too long")
    for stamp, one in zip(map(Stamp, *stamps), held, strict=True):
        if type(one) is int:
            yield SentEntry(stamp, pieces.content(one))
        else:
            lacks, digest = one
            yield SentEntry(stamp, b"", bytes.fromhex(digest), DEFERRED if lacks == DEFERRED else WITHHELD)


def _keys(rows: Iterable[Sequence[Any]]) -> tuple[SubjectKey, ...]:
    return tuple(
        SubjectKey(str(key), _seq(seq), str(subject), _wrapped(wrapped)) for key, seq, subject, wrapped in rows
    )


def _seq(number: Any) -> int:
    if type(number) is not int or not 0 < number <= _LAST:
        raise ParcelError("a place in a stream is no number, or out of all bounds")
    return number


def _wrapped(key: Any) -> str | None:
    if key is not None and not isinstance(key, str):
        raise ParcelError("a key is no text")
    return key
