"""Batches as they travel: for each a JSON head, then the contents of its entries as they stand, all under zstd.

Contents are not parsed again on the way: the receiver checks the very bytes the author signed. Unpacking is bounded, so
that a small body cannot grow into a large one.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import zstandard

from workstation.journal import Batch, SentEntry, Stamp, SubjectKey

MAX_CLEAR = 256 * 1024 * 1024
_LENGTH = struct.Struct(">I")


class ParcelError(ValueError):
    """A body that is not a parcel: what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Batches in the sender's order of arrival; `cursor` is where asking goes on, `more` says that there is more."""

    batches: tuple[Batch, ...]
    cursor: int = 0
    more: bool = False


def pack(parcel: Parcel) -> bytes:
    """The parcel's bytes."""
    pieces = [_framed({"cursor": parcel.cursor, "more": parcel.more})]
    for batch in parcel.batches:
        pieces.append(_framed(_head(batch)))
        pieces.extend(entry.content for entry in batch.entries)
    return zstandard.ZstdCompressor(level=1).compress(b"".join(pieces))


def unpack(body: bytes) -> Parcel:
    """The parcel in `body`. Raises ParcelError."""
    try:
        clear = _clear(body)
        top, at = _unframed(clear, 0)
        return Parcel(tuple(_batches(clear, at)), int(top["cursor"]), bool(top["more"]))
    except (zstandard.ZstdError, struct.error, ValueError, KeyError, TypeError, IndexError) as error:
        raise ParcelError(f"not a parcel: {error}") from error


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


def _head(batch: Batch) -> dict[str, Any]:
    return {
        "station": batch.station,
        "incarnation": batch.incarnation,
        "first": batch.first,
        "last": batch.last,
        "hash": batch.hash.hex(),
        "signature": batch.signature.hex(),
        "number": batch.number,
        "form": batch.form,
        "keys": [[key.key, key.seq, key.subject, key.wrapped] for key in batch.keys],
        "entries": [[*one.stamp, len(one.content) or one.digest.hex()] for one in batch.entries],
    }


def _batches(clear: bytes, at: int) -> Iterator[Batch]:
    while at < len(clear):
        head, at = _unframed(clear, at)
        entries, at = _entries(clear, at, head["entries"])
        yield Batch(
            str(head["station"]),
            str(head["incarnation"]),
            int(head["first"]),
            int(head["last"]),
            bytes.fromhex(head["hash"]),
            bytes.fromhex(head["signature"]),
            entries,
            tuple(SubjectKey(key, int(seq), subject, wrapped) for key, seq, subject, wrapped in head["keys"]),
            int(head["number"]),
            int(head["form"]),
        )


def _entries(clear: bytes, at: int, heads: Iterable[list[Any]]) -> tuple[tuple[SentEntry, ...], int]:
    """Entries from their heads: what stands in the stamp, then the length of the content or, without it, its digest."""
    entries = []
    for clock, raw, seen, precedence, scope, data_class, held in heads:
        stamp = Stamp(clock, raw, seen, precedence, scope, data_class)
        if isinstance(held, str):
            entries.append(SentEntry(stamp, b"", bytes.fromhex(held)))
            continue
        end = at + held
        if held <= 0 or end > len(clear):
            raise ParcelError("cut off")
        entries.append(SentEntry(stamp, clear[at:end]))
        at = end
    return tuple(entries), at
