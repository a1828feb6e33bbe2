"""A station's Ed25519 key: what it signs with, and how others check it.

The private key lies in a file of its own beside the space, readable by its owner alone; it never enters the journal.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a station is: its code (ZX, JD03, HUB) and its private key."""

    station: str
    key: Ed25519PrivateKey

    @classmethod
    def create(cls, station: str) -> "Identity":
        return cls(station, Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, station: str, seed: bytes) -> "Identity":
        """A fixed identity from 32 bytes; raises ValueError for any other length."""
        return cls(station, Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public(self) -> bytes:
        """The 32 raw bytes of the public key."""
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)

    def seed(self) -> bytes:
        """The 32 raw bytes of the private key, for the key file only."""
        return self.key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` over `message` was made with the private half of `public` (32 raw bytes)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def write_secret(path: Path, secret: bytes) -> None:
    """Write a key file that only its owner may read; an existing one is never overwritten (FileExistsError)."""
    write_private(path, secret.hex() + "\n")


def write_private(path: Path, text: str) -> None:
    """Write a text that only its owner may read; an existing file is never overwritten (FileExistsError)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)


def read_secret(path: Path) -> bytes:
    """The bytes of a key file; raises ValueError when it holds anything but hex."""
    return bytes.fromhex(path.read_text(encoding="ascii").strip())
