"""A key shut in a box that one station alone can open: X25519 with a fresh key for each box, HKDF-SHA256, AES-256-GCM.

A station needs no second key for it: an Ed25519 key is a point on the curve that X25519 works on, written in other
coordinates (RFC 7748, section 4.1: u = (1 + y) / (1 - y)), and its secret scalar is made from the seed (RFC 8032,
section 5.1.5).
"""

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workstation.security.keys import Identity

_P = 2**255 - 19
_KEY = 32
_NONCE = bytes(12)
"""Every box has a key of its own, so that no nonce is ever used twice under one."""


def box(public: bytes, clear: bytes) -> bytes:
    """Shut `clear` for the station that signs with the Ed25519 key `public`. Raises ValueError for what is no key."""
    once, theirs = X25519PrivateKey.generate(), _montgomery(public)
    ours = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(theirs))
    return ours + AESGCM(_key(shared, ours + theirs)).encrypt(_NONCE, clear, None)


def unbox(identity: Identity, shut: bytes) -> bytes:
    """What is in the box. Raises ValueError for one that was shut for another, or altered."""
    mine = X25519PrivateKey.from_private_bytes(hashlib.sha512(identity.seed()).digest()[:_KEY])
    theirs = shut[:_KEY]
    shared = mine.exchange(X25519PublicKey.from_public_bytes(theirs))
    key = _key(shared, theirs + mine.public_key().public_bytes_raw())
    try:
        return AESGCM(key).decrypt(_NONCE, shut[_KEY:], None)
    except InvalidTag as error:
        raise ValueError("the box was shut for another station, or altered") from error


def _montgomery(public: bytes) -> bytes:
    if len(public) != _KEY:
        raise ValueError("not an Ed25519 public key")
    y = int.from_bytes(public, "little") & (2**255 - 1)
    return ((1 + y) * pow(1 - y, -1, _P) % _P).to_bytes(_KEY, "little")


def _key(shared: bytes, context: bytes) -> bytes:
    return HKDF(SHA256(), _KEY, salt=None, info=b"workstation box " + context).derive(shared)
