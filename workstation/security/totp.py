"""The second factor: time-based one-time codes (RFC 6238), which need no network, and recovery codes on paper.

A code is good once: whoever saw it typed cannot type it again. So a check returns the period it accepted, and the next
check is given it.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Collection
from datetime import datetime
from urllib.parse import quote

from workstation.security.enrolment import new_code

PERIOD_S = 30
DIGITS = 6
WINDOW = 1
RECOVERY_CODES = 8


def new_secret() -> bytes:
    """160 random bits, the length RFC 4226 asks for."""
    return os.urandom(20)


def code_of(secret: bytes, period: int, digits: int = DIGITS, algorithm: str = "sha1") -> str:
    """The code of one period (HOTP of RFC 4226). Authenticators use SHA-1 and six digits."""
    mac = hmac.new(secret, period.to_bytes(8, "big"), algorithm).digest()
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def period_of(at: datetime) -> int:
    """How many periods have passed since 1970."""
    return int(at.timestamp()) // PERIOD_S


def accepted(secret: bytes, code: str, at: datetime, last: int = -1) -> int | None:
    """The period a code belongs to, one period early or late allowed; None for a wrong code or one used already.

    `last` is the period accepted before: only a later one is.
    """
    now, typed = period_of(at), code.replace(" ", "")
    for period in range(now - WINDOW, now + WINDOW + 1):
        if period > last and hmac.compare_digest(code_of(secret, period).encode(), typed.encode()):
            return period
    return None


def enrolment_uri(secret: bytes, account: str, issuer: str) -> str:
    """What an authenticator reads from the screen (otpauth key URI)."""
    letters = base64.b32encode(secret).decode().rstrip("=")
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?secret={letters}&issuer={quote(issuer)}"


def recovery_codes() -> tuple[str, ...]:
    """Fresh codes to print, each good once in place of the authenticator. Keep only their digests."""
    return tuple(new_code() for _ in range(RECOVERY_CODES))


def recovery_digest(code: str) -> str:
    """SHA-256 (hex) of a recovery code. Eighty random bits need no slow hash."""
    return hashlib.sha256(b"recovery\0" + code.replace("-", "").strip().upper().encode()).hexdigest()


def recovered(code: str, digests: Collection[str]) -> frozenset[str] | None:
    """The digests left after a recovery code was used; None for a code that is none of them."""
    digest = recovery_digest(code)
    return frozenset(digests) - {digest} if digest in digests else None
