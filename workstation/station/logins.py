"""What is kept of an account where it may sign in, as it lies in the file `logins.json` beside the keys of a space.

The password is there as an Argon2id verifier; the account's signing key and the secret of its authenticator lie wrapped
under that password. A stolen file gives nobody a second factor and lets nobody sign.
"""

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from workstation.domain.clock import iso
from workstation.domain.errors import KnownError
from workstation.security.passwords import REMEMBERED, Attempts

FIELDS = {"public_key": str, "verifier": str, "wrapped": str, "set_at": str}


class LoginsError(KnownError):
    """A file of logins that cannot be used: file, account, field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One account. Times are ISO 8601 text in UTC, empty where unknown; `earlier` holds the verifiers before this one,
    the newest last; `recovery` digests of recovery codes not used yet; `period` the last one-time code's."""

    login: str
    public_key: str
    verifier: str
    wrapped: str
    set_at: str
    earlier: tuple[str, ...] = ()
    recovery: tuple[str, ...] = ()
    must_change: bool = True
    period: int = -1
    failures: int = 0
    failed_at: str = ""
    used_at: str = ""

    @property
    def attempts(self) -> Attempts:
        return Attempts(self.failures, moment(self.failed_at))

    def after(self, attempts: Attempts) -> "Login":
        """The same account with these failures on record."""
        at = iso(attempts.last_at) if attempts.last_at else ""
        return replace(self, failures=attempts.failures, failed_at=at)

    def with_password(self, verifier: str, wrapped: str, now: datetime) -> "Login":
        """The same account under a new password, which need not change again until it is old."""
        earlier = (*self.earlier, self.verifier)[-REMEMBERED:]
        told = replace(self, verifier=verifier, wrapped=wrapped, earlier=earlier)
        return replace(told, set_at=iso(now), must_change=False)


def moment(text: str) -> datetime | None:
    """The time of an ISO text; None for an empty one."""
    return datetime.fromisoformat(text) if text else None


def read_logins(path: Path) -> dict[str, Login]:
    """All accounts of a file by their login; none where there is no file. Raises LoginsError."""
    if not path.is_file():
        return {}
    try:
        held = json.loads(path.read_text("utf-8"))["logins"]
        return {name: _login(path, name, told) for name, told in held.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LoginsError(f"{path}: not a file of logins: {error!r}") from error


def write_logins(path: Path, logins: dict[str, Login]) -> None:
    """Replace the file as a whole, readable by its owner alone; a power cut leaves the old one or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"format": 1, "logins": {name: asdict(one) for name, one in logins.items()}}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _login(path: Path, name: str, told: dict[str, Any]) -> Login:
    for field, kind in FIELDS.items():
        if not isinstance(told.get(field), kind):
            raise LoginsError(f"{path}: account {name}: {field}: missing or of another type")
    known = {one.name: told[one.name] for one in fields(Login) if one.name in told}
    lists = {field: tuple(map(str, told.get(field, ()))) for field in ("earlier", "recovery")}
    login = Login(**(known | lists | {"login": name}))
    for field in ("set_at", "failed_at", "used_at"):
        try:
            moment(getattr(login, field))
        except (TypeError, ValueError) as error:
            raise LoginsError(f"{path}: account {name}: {field}: not a time") from error
    return login
