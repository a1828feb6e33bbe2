"""What a file is made of: its SHA-256, its size, and the SHA-256 of each of its chunks, with one root over them all.

The root stands in the journal's signed entry, so that a manifest from anywhere is checked before a chunk is taken.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property

from workstation.attachments.trouble import ChunkRefused

CHUNK = 256 * 1024
"""Bytes of every chunk but the last."""
LARGEST = 2 * 1024**3
"""Bytes no file may exceed: 8192 chunks, whose manifest is half a megabyte."""
_SHA = re.compile(r"[0-9a-f]{64}")


def is_sha256(text: str) -> bool:
    """Whether a text is a SHA-256 in lower-case hex: the only name a file has on a shelf."""
    return _SHA.fullmatch(text) is not None


@dataclass(frozen=True)
class Manifest:
    """`size` in bytes, `chunks` in their order; digests as lower-case hex, all over the bytes as they are stored."""

    sha256: str
    size: int
    chunks: tuple[str, ...]

    @cached_property
    def root(self) -> str:
        told = f"{self.sha256} {self.size}\n" + "\n".join(self.chunks)
        return hashlib.sha256(told.encode()).hexdigest()

    def length(self, index: int) -> int:
        """Bytes of a chunk. Raises ChunkRefused for one the file does not have."""
        if not 0 <= index < len(self.chunks):
            raise ChunkRefused(self.sha256, "index", f"has no chunk {index}")
        return min(CHUNK, self.size - index * CHUNK)

    def check(self, index: int, body: bytes) -> None:
        """Raises ChunkRefused unless `body` is that chunk."""
        if len(body) != self.length(index) or hashlib.sha256(body).hexdigest() != self.chunks[index]:
            raise ChunkRefused(self.sha256, "wrong_chunk", f"chunk {index} is not what the manifest says")

    def encode(self) -> bytes:
        return json.dumps({"sha256": self.sha256, "size": self.size, "chunks": self.chunks}).encode()

    @classmethod
    def decode(cls, body: bytes, sha256: str) -> "Manifest":
        """The manifest of `sha256` as it was sent. Raises ChunkRefused for one that is malformed or of another file."""
        try:
            told = json.loads(body)
            made = cls(told["sha256"], told["size"], tuple(told["chunks"]))
            sound = made._is_sound(sha256)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ChunkRefused(sha256, "manifest", "its manifest cannot be read") from error
        if not sound:
            raise ChunkRefused(sha256, "manifest", "its manifest does not describe a file")
        return made

    def _is_sound(self, sha256: str) -> bool:
        return (
            self.sha256 == sha256
            and type(self.size) is int
            and 0 < self.size <= LARGEST
            and len(self.chunks) == -(-self.size // CHUNK)
            and all(is_sha256(one) for one in self.chunks)
        )
