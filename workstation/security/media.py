"""Media sealed chunk by chunk: AES-256-GCM under a key made for one file, which is itself sealed under its subject.

A chunk's nonce is its number, since no key ever seals a second file; a chunk moved to another place does not open.
Destroying the subject's key (see `security.sealing`) makes the file unreadable wherever a copy of it lies.
"""

import base64
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

OVERHEAD = 16
"""Bytes by which a sealed chunk is longer than its clear text."""


@dataclass(frozen=True, slots=True)
class FileSeal:
    """Seals and opens the chunks of one file under `key` (32 bytes)."""

    key: bytes = field(repr=False)

    @classmethod
    def create(cls) -> "FileSeal":
        return cls(AESGCM.generate_key(256))

    @classmethod
    def from_text(cls, text: str) -> "FileSeal":
        """The seal whose key was written as text. Raises ValueError for anything else."""
        key = base64.b64decode(text, validate=True)
        if len(key) != 32:
            raise ValueError("not the key of a file")
        return cls(key)

    def text(self) -> str:
        """The key as a personal value carries it (base64)."""
        return base64.b64encode(self.key).decode()

    def seal(self, number: int, clear: bytes) -> bytes:
        return AESGCM(self.key).encrypt(_nonce(number), clear, None)

    def open(self, number: int, sealed: bytes) -> bytes:
        """The clear chunk. Raises ValueError for one that was altered, moved, or sealed under another key."""
        try:
            return AESGCM(self.key).decrypt(_nonce(number), sealed, None)
        except InvalidTag as error:
            raise ValueError(f"chunk {number} does not open under this file's key") from error


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
