"""Which algorithms protect what is stored: a provider names and does hashing, sealing and key derivation.

`ordinary` is the default: SHA-256, AES-256-GCM, Argon2id, Ed25519. `national` is for cities that must use the
commercial algorithms of GM/T: SM3 (GM/T 0004), SM4 in GCM (GM/T 0002), and keys from passphrases by PBKDF2 over
HMAC-SM3 (GM/T 0091). It is there where the OpenSSL underneath has SM3 and SM4, and is absent otherwise.

What is not available: SM2 signatures. Neither `cryptography` nor a kept library offers them, so `national` has no
signature at all (`signature` is None), and stations sign with Ed25519 under either provider.
"""

import hashlib
import os
from abc import ABC, abstractmethod
from functools import cache

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workstation.security.keys import Identity, is_signed

_NONCE = 12
_TAG = 16
_ROUNDS = 200_000


class Ed25519:
    """Signatures by keys of 32 raw bytes."""

    name = "Ed25519"

    def sign(self, seed: bytes, message: bytes) -> bytes:
        return Identity.from_seed("", seed).sign(message)

    def is_signed(self, public: bytes, message: bytes, signature: bytes) -> bool:
        return is_signed(public, message, signature)


class Provider(ABC):
    """A set of algorithms. `key_bytes` is the length of a sealing key; `signature` None where it has none."""

    name: str
    hash_name: str
    aead_name: str
    kdf_name: str
    key_bytes: int
    signature: Ed25519 | None

    @abstractmethod
    def digest(self, content: bytes) -> bytes: ...

    @abstractmethod
    def seal(self, key: bytes, clear: bytes, context: bytes) -> bytes:
        """Nonce, ciphertext and tag; `context` is bound to it and not kept in it."""

    @abstractmethod
    def open(self, key: bytes, sealed: bytes, context: bytes) -> bytes:
        """The clear bytes. Raises ValueError for another key, another context, or an altered byte."""

    @abstractmethod
    def derive(self, passphrase: str, salt: bytes) -> bytes:
        """A sealing key from a passphrase; slow on purpose."""


class Ordinary(Provider):
    """The default algorithms. Argon2id as RFC 9106 advises small machines: 64 MiB, 3 passes, 4 lanes."""

    name = "ordinary"
    hash_name = "SHA-256"
    aead_name = "AES-256-GCM"
    kdf_name = "Argon2id"
    key_bytes = 32
    signature = Ed25519()

    def digest(self, content: bytes) -> bytes:
        return hashlib.sha256(content).digest()

    def seal(self, key: bytes, clear: bytes, context: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(key).encrypt(nonce, clear, context)

    def open(self, key: bytes, sealed: bytes, context: bytes) -> bytes:
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
        except (InvalidTag, ValueError) as error:
            raise ValueError("not sealed under this key, or altered") from error

    def derive(self, passphrase: str, salt: bytes) -> bytes:
        return hash_secret_raw(passphrase.encode(), salt, 3, 64 * 1024, 4, self.key_bytes, Type.ID)


class National(Provider):
    """The commercial algorithms of GM/T, without a signature."""

    name = "national"
    hash_name = "SM3"
    aead_name = "SM4-GCM"
    kdf_name = "PBKDF2-HMAC-SM3"
    key_bytes = 16
    signature = None

    def digest(self, content: bytes) -> bytes:
        return hashlib.new("sm3", content).digest()

    def seal(self, key: bytes, clear: bytes, context: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(context)
        return nonce + encryptor.update(clear) + encryptor.finalize() + encryptor.tag

    def open(self, key: bytes, sealed: bytes, context: bytes) -> bytes:
        nonce, body, tag = sealed[:_NONCE], sealed[_NONCE:-_TAG], sealed[-_TAG:]
        try:
            decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
            decryptor.authenticate_additional_data(context)
            return decryptor.update(body) + decryptor.finalize()
        except (InvalidTag, ValueError) as error:
            raise ValueError("not sealed under this key, or altered") from error

    def derive(self, passphrase: str, salt: bytes) -> bytes:
        return hashlib.pbkdf2_hmac("sm3", passphrase.encode(), salt, _ROUNDS, self.key_bytes)


ORDINARY = Ordinary()


@cache
def providers() -> dict[str, Provider]:
    """The providers this machine has, by name; `ordinary` is always among them."""
    found: dict[str, Provider] = {ORDINARY.name: ORDINARY}
    national = National()
    try:
        national.derive("", bytes(16))
        national.open(bytes(16), national.seal(bytes(16), b"", b""), b"")
    except (UnsupportedAlgorithm, ValueError):
        return found
    return found | {national.name: national}
