"""Keys under a passphrase, for a backup that leaves the building: scrypt (RFC 7914), then AES-256-GCM."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

_SALT, _NONCE, _COST = 16, 12, 2**15


def wrap(passphrase: str, clear: bytes) -> bytes:
    """Salt, nonce, ciphertext and tag."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    return salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, clear, b"keys")


def unwrap(passphrase: str, wrapped: bytes) -> bytes:
    """The inverse; raises ValueError for another passphrase, or bytes that were altered."""
    salt, nonce, sealed = wrapped[:_SALT], wrapped[_SALT : _SALT + _NONCE], wrapped[_SALT + _NONCE :]
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, b"keys")
    except InvalidTag as error:
        raise ValueError("not the passphrase of these keys, or they were altered") from error


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase.encode())
