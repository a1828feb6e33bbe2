"""The file of a bundle, frame by frame: kind (1 byte), length (4 bytes, big-endian), body, signature (64 bytes).

Before the first frame stands `MAGIC`. Each signature is the writer's Ed25519 signature over a running SHA-256 of all
that stands before it, so that the last one vouches for the whole file, and what is left of a file that was cut off is
still vouched for, frame by frame. The frames, in order:

- `HEADER`, JSON: format, space (a keyed digest that the stations of a space alone can make), writer, at, recipients;
- for each recipient a `SECTION`, JSON: for, key (the section's content key, shut for that station), entries;
  then its `PAGE`s (parcels), and of each file a `MANIFEST` and `CHUNK`s, each body sealed with AES-256-GCM under the
  content key, its place in the section as nonce;
- `END`, empty. Nothing may follow it.
"""

import hashlib
import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from workstation.domain.errors import KnownError
from workstation.security.keys import Identity, is_signed

MAGIC = b"workstation bundle 1\n"
HEADER, SECTION, PAGE, MANIFEST, CHUNK, END = b"H", b"S", b"P", b"M", b"C", b"E"
LARGEST = 64 * 1024 * 1024
"""Bytes no frame's body may exceed."""
_HEAD = struct.Struct(">cI")
_SIGNATURE = 64


class BundleError(KnownError):
    """A bundle that cannot be written or taken: `reason` is one of format, altered, truncated, foreign_space,
    unknown_writer, unknown_recipient, revoked, not_for_us, refused (an entry in it, by the checks of the wire)."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(f"bundle: {text} ({reason})")
        self.reason = reason


class Frame(NamedTuple):
    kind: bytes
    body: bytes


class FrameWriter:
    """Writes frames to a file, each vouched for as it is written."""

    def __init__(self, file: BinaryIO, identity: Identity) -> None:
        self._file = file
        self._identity = identity
        self._running = hashlib.sha256(MAGIC)
        file.write(MAGIC)

    def write(self, kind: bytes, body: bytes = b"") -> None:
        head = _HEAD.pack(kind, len(body))
        self._running.update(head)
        self._running.update(body)
        signature = self._identity.sign(_words(self._running.digest()))
        self._running.update(signature)
        for piece in (head, body, signature):
            self._file.write(piece)


def frames(file: BinaryIO, key_of: Callable[[bytes], bytes]) -> Iterator[Frame]:
    """The frames of a bundle, each checked before it is given; those that are whole, where the file was cut off.

    `key_of` tells the writer's public key from the header's body. Raises BundleError for a file that is no bundle or
    was altered, and what `key_of` raises.
    """
    if file.read(len(MAGIC)) != MAGIC:
        raise BundleError("format", "not a bundle of this format")
    running, public, number = hashlib.sha256(MAGIC), b"", 0
    while (found := _next(file, number)) is not None:
        head, body, signature = found
        frame = Frame(head[:1], body)
        public = public or key_of(body)
        running.update(head)
        running.update(body)
        if not is_signed(public, _words(running.digest()), signature):
            raise BundleError("altered", f"frame {number} is not what its writer signed")
        running.update(signature)
        yield frame
        number += 1
        if frame.kind == END:
            if file.read(1):
                raise BundleError("altered", "something follows its end")
            return


def _next(file: BinaryIO, number: int) -> tuple[bytes, bytes, bytes] | None:
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    _, length = _HEAD.unpack(head)
    if length > LARGEST:
        raise BundleError("altered", f"frame {number} claims {length} bytes")
    body, signature = file.read(length), file.read(_SIGNATURE)
    return (head, body, signature) if len(signature) == _SIGNATURE else None


def _words(digest: bytes) -> bytes:
    return b"workstation bundle " + digest
