"""A one-time code lets a station and its hub trust each other over a network that anybody may listen to.

The code is never sent: the station proves that it knows it, and the hub answers under a key made from it. Sixteen
characters of 32 are 80 bits, drawn by the machine, so that guessing from a recording is hopeless.
"""

import base64
import hashlib
import hmac
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_NONCE = 12


def new_code() -> str:
    """A fresh code in four groups of four, without letters that are mistaken for digits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def proof_of(code: str, station: str, public: bytes) -> str:
    """HMAC-SHA256 by which a station shows that it holds the code, and that this public key is its own."""
    return hmac.new(_key(code, b"proof"), station.encode() + b"\0" + public, hashlib.sha256).hexdigest()


def is_proof(proof: str, code: str, station: str, public: bytes) -> bool:
    return hmac.compare_digest(proof, proof_of(code, station, public))


def seal_answer(code: str, station: str, clear: bytes) -> str:
    """The hub's answer, readable only by who holds the code (AES-256-GCM, base64)."""
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + AESGCM(_key(code, b"answer")).encrypt(nonce, clear, station.encode())).decode()


def open_answer(code: str, station: str, sealed: str) -> bytes:
    """The inverse; raises ValueError where the code is another, or the answer was altered."""
    raw = base64.b64decode(sealed)
    try:
        return AESGCM(_key(code, b"answer")).decrypt(raw[:_NONCE], raw[_NONCE:], station.encode())
    except InvalidTag as error:
        raise ValueError("the hub's answer does not belong to this code") from error


def _key(code: str, purpose: bytes) -> bytes:
    letters = code.replace("-", "").strip().upper().encode()
    return hashlib.sha256(b"enrolment\0" + purpose + b"\0" + letters).digest()
