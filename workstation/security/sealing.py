"""Personal values, sealed before they enter the chain: AES-256-GCM under a key per subject.

A subject's key is wrapped under the key of the space and kept beside the journal, never in it: destroying the wrapped
key erases the values while the chain, which covers the ciphertext, stays whole. Search over sealed values uses keyed
digests (HMAC-SHA256), since a plain hash of a phone number is found by trying them all.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals and opens under `space_key` (32 bytes), which every station of a space holds."""

    space_key: bytes

    @classmethod
    def create(cls) -> "Sealer":
        return cls(AESGCM.generate_key(256))

    def digest(self, value: str) -> str:
        """Keyed digest of a normalised value, for equality search (32 hex digits)."""
        key = hmac.new(self.space_key, b"search", hashlib.sha256).digest()
        return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:32]

    def new_key(self, subject: str) -> str:
        """A fresh key for a subject, wrapped under the space key."""
        return _encrypt(self.space_key, subject.encode(), AESGCM.generate_key(256))

    def seal(self, subject: str, wrapped: str, text: str) -> str:
        """Ciphertext of a personal value (base64 of nonce, text and tag)."""
        return _encrypt(self._unwrap(subject, wrapped), subject.encode(), text.encode())

    def open(self, subject: str, wrapped: str | None, token: str) -> str | None:
        """The clear value; None when the subject's key was destroyed. Raises ValueError for a forged token."""
        if wrapped is None:
            return None
        return _decrypt(self._unwrap(subject, wrapped), subject.encode(), token).decode()

    def _unwrap(self, subject: str, wrapped: str) -> bytes:
        return _decrypt(self.space_key, subject.encode(), wrapped)


def _encrypt(key: bytes, context: bytes, clear: bytes) -> str:
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, clear, context)).decode()


def _decrypt(key: bytes, context: bytes, token: str) -> bytes:
    raw = base64.b64decode(token)
    try:
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], context)
    except InvalidTag as error:
        raise ValueError("sealed value does not belong to this subject, or was altered") from error
