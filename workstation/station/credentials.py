"""Who may sign in at this space, and by what: password and a one-time code, neither of which is kept in clear.

What is wrong is not told apart (no such account, another password, another code): each counts as one failure, on the
disk before it is answered, so that a restart forgives nothing. Requirements 6.1; GB/T 22239-2019, 8.1.4.1.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from math import ceil
from pathlib import Path

from workstation.domain.clock import Clock, iso
from workstation.domain.errors import Refused
from workstation.security.enrolment import new_code
from workstation.security.keys import Identity
from workstation.security.passwords import Attempts, flaws, hash_password, is_outworn, is_password
from workstation.security.totp import accepted, enrolment_uri, new_secret, recovered, recovery_codes, recovery_digest
from workstation.security.vault import unwrap, wrap
from workstation.station.attempts import Tell
from workstation.station.logins import Login, LoginsError, moment, read_logins, write_logins

FILE = Path("keys") / "logins.json"
ISSUER = "workstation"
_SEED = 32


@dataclass(frozen=True, slots=True)
class Issued:
    """What a new account's owner is given on paper, once: it is kept nowhere in clear."""

    login: str
    public_key: str
    password: str
    authenticator: str
    recovery: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who proved who they are: the account's own signing key, and whether the password must change before any work."""

    login: str
    key: Identity
    must_change: bool


class Credentials:
    """The accounts of one space. Read from the file each time, which another process may have written.

    `tell` puts every attempt on record, good or not, before it is answered; without it nobody is told.
    """

    def __init__(self, folder: Path, clock: Clock, tell: Tell | None = None) -> None:
        self.path = folder / FILE
        self._clock = clock
        self._tell: Tell = tell or (lambda login, done: None)

    def listed(self) -> tuple[Login, ...]:
        """All accounts that may sign in here, by their login."""
        return tuple(login for _, login in sorted(read_logins(self.path).items()))

    def issue(self, login: str) -> Issued:
        """Make the means to sign in for a new account. Raises Refused `account.exists`."""
        logins = read_logins(self.path)
        if login in logins:
            raise Refused("account.exists", account=login)
        key, secret, codes, password = Identity.create(login), new_secret(), recovery_codes(), first_password(login)
        logins[login] = Login(
            login=login,
            public_key=key.public.hex(),
            verifier=hash_password(password),
            wrapped=wrap(login, key.seed() + secret, password),
            set_at=iso(self._clock.now()),
            recovery=tuple(recovery_digest(code) for code in codes),
        )
        write_logins(self.path, logins)
        return Issued(login, key.public.hex(), password, enrolment_uri(secret, login, ISSUER), codes)

    def withdraw(self, login: str) -> None:
        """Take back the means of an account that came to nothing."""
        write_logins(self.path, {name: one for name, one in read_logins(self.path).items() if name != login})

    def admit(self, login: Login) -> None:
        """Let an account of another space sign in here too, by the same means. Raises Refused `account.exists`."""
        logins = read_logins(self.path)
        if login.login in logins:
            raise Refused("account.exists", account=login.login)
        write_logins(self.path, logins | {login.login: login})

    def sign_in(self, login: str, password: str, code: str) -> SignedIn:
        """By password and one-time code, or a recovery code in its place.

        Raises Refused: `sign_in.wrong`, or `sign_in.locked` with the minutes that the lock still lasts.
        """
        with self._on_record(login, "sign_in"):
            now = self._clock.now()
            known = self._open_to(login, password, now)
            secrets = self._unwrapped(known, password)
            counted = _with_code(known, secrets[_SEED:], code, now)
            if counted is None:
                raise self._failed(known, now)
            self._keep(replace(counted.after(Attempts()), used_at=iso(now)))
        key = Identity.from_seed(login, secrets[:_SEED])
        return SignedIn(login, key, known.must_change or is_outworn(moment(known.set_at), now))

    def unlock(self, login: str, password: str) -> None:
        """Whether it is the same person who comes back to a locked screen. Raises as `sign_in`."""
        with self._on_record(login, "unlock"):
            now = self._clock.now()
            known = self._open_to(login, password, now)
            self._keep(known.after(Attempts()))

    def change(self, signed_in: SignedIn, old: str, new: str) -> None:
        """Another password for who is signed in. Raises Refused: `sign_in.*` for the old one, the rule for the new."""
        now = self._clock.now()
        known = self._open_to(signed_in.login, old, now)
        broken = flaws(new, known.login, (*known.earlier, known.verifier))
        if broken:
            raise Refused(broken[0])
        secrets = self._unwrapped(known, old)
        changed = known.with_password(hash_password(new), wrap(known.login, secrets, new), now)
        self._keep(changed.after(Attempts()))

    @contextmanager
    def _on_record(self, login: str, attempt: str) -> Iterator[None]:
        """Tell what comes of an attempt: good, refused, or locked out."""
        try:
            yield
        except Refused as refused:
            outcome = "locked" if refused.rule == "sign_in.locked" else "refused"
            self._tell(login if login in read_logins(self.path) else "", f"{attempt}_{outcome}")
            raise
        self._tell(login, attempt)

    def _open_to(self, login: str, password: str, now: datetime) -> Login:
        """The account, if it is not locked and this is its password."""
        known = read_logins(self.path).get(login)
        if known is not None and known.attempts.is_locked(now):
            raise _locked(known, now)
        if not is_password(known.verifier if known else _nobody(), password) or known is None:
            raise self._failed(known, now)
        return known

    def _failed(self, known: Login | None, now: datetime) -> Refused:
        if known is None:
            return Refused("sign_in.wrong")
        counted = known.after(known.attempts.failed(now))
        self._keep(counted)
        return _locked(counted, now) if counted.attempts.is_locked(now) else Refused("sign_in.wrong")

    def _unwrapped(self, known: Login, password: str) -> bytes:
        try:
            return unwrap(known.login, known.wrapped, password)
        except ValueError as error:
            raise LoginsError(f"{self.path}: account {known.login}: wrapped: {error}") from error

    def _keep(self, login: Login) -> None:
        write_logins(self.path, read_logins(self.path) | {login.login: login})


def first_password(login: str) -> str:
    """A password drawn by the machine that keeps the rules, good for the first log-in only."""
    return next(code for code in iter(new_code, "") if not flaws(code, login, ()))


def _with_code(known: Login, secret: bytes, code: str, now: datetime) -> Login | None:
    """The account once this code was used; None for a wrong code."""
    period = accepted(secret, code, now, known.period)
    if period is not None:
        return replace(known, period=period)
    left = recovered(code, known.recovery)
    return None if left is None else replace(known, recovery=tuple(sorted(left)))


def _locked(known: Login, now: datetime) -> Refused:
    until = known.attempts.locked_until() or now
    return Refused("sign_in.locked", minutes=max(1, ceil((until - now).total_seconds() / 60)))


@cache
def _nobody() -> str:
    """A verifier that belongs to no account, so that an unknown one takes as long as a known."""
    return hash_password(new_code())
