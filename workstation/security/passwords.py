"""Passwords: their rules, their keeping as Argon2id, and the lock after too many failures.

Rules: at least ten characters of three of four classes, none of the last five, not the account's name, ninety days;
five failures lock for a quarter of an hour. Source: GB/T 22239-2019, 8.1.4.1 (identity authentication); the numbers are
the product's defaults.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 10
MOST = 256
CLASSES = 3
REMEMBERED = 5
LIFETIME = timedelta(days=90)
FAILURES = 5
LOCK = timedelta(minutes=15)
_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """The Argon2id verifier of a password, with its salt and parameters (PHC text)."""
    return _HASHER.hash(_normal(password))


def is_password(verifier: str, password: str) -> bool:
    """Whether this is the password. False also for a verifier that is none."""
    try:
        return len(password) <= MOST and _HASHER.verify(verifier, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def flaws(password: str, account: str, history: Sequence[str]) -> tuple[str, ...]:
    """Message keys of the rules a new password breaks; `history` holds earlier verifiers, the newest last."""
    folded = _normal(password).casefold()
    broken = {
        "password.short": len(_normal(password)) < LEAST,
        "password.long": len(password) > MOST,
        "password.classes": _classes(password) < CLASSES,
        "password.name": bool(account) and account.casefold() in folded,
        "password.reused": any(is_password(verifier, password) for verifier in history[-REMEMBERED:]),
    }
    return tuple(key for key, is_broken in broken.items() if is_broken)


def is_outworn(set_at: datetime | None, now: datetime) -> bool:
    """Whether a password must be changed; one of unknown age must."""
    return set_at is None or now - set_at >= LIFETIME


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failed log-ins of one account in a row; a success begins anew with `Attempts()`."""

    failures: int = 0
    last_at: datetime | None = None

    def locked_until(self) -> datetime | None:
        """When the lock ends, once there is one."""
        if self.failures < FAILURES or self.last_at is None:
            return None
        return self.last_at + LOCK

    def is_locked(self, now: datetime) -> bool:
        until = self.locked_until()
        return until is not None and now < until

    def failed(self, now: datetime) -> "Attempts":
        """One more failure. While locked nothing is counted: an attempt then neither prolongs nor helps."""
        if self.is_locked(now):
            return self
        counted = 0 if self.locked_until() else self.failures
        return Attempts(counted + 1, now)


def _classes(password: str) -> int:
    """Of lower case, upper case, digits and everything else, how many occur."""
    return len({(one.islower(), one.isupper(), one.isdigit()) for one in password})


def _normal(password: str) -> str:
    """One form for what two keyboards may compose differently."""
    return unicodedata.normalize("NFC", password)
