"""Who may do what: accounts, what was granted to them, and approvals asked for and given.

An account carries no rights and no role; each right is a grant with its region, level, purposes and validity. Only the
root writes accounts and grants. Credentials are no part of an account: it knows the public key that its owner's vault
opens, and nothing by which a key could be guessed.
"""

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.draft import Sealed, Value
from workstation.domain.record import Record, personal

ADMINISTRATORS = ("SYS", "SEC", "AUD")
"""Three roles that no account holds two of (三员分立)."""
PERSONS = ("OP", "SUP", "ST", "GRID", "EXP", *ADMINISTRATORS)
"""The roles a person may be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Record):
    """A person who may sign in; the id is the login, which entries name as author. `state` is active, suspended or
    locked; `public_key` hex of 32 bytes; `restored_at` when it was last put back into service."""

    name: str | Sealed | None = personal()
    state: str | None = None
    public_key: str | None = None
    must_change: bool | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    restored_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Record):
    """One role given to one account. `level` is the highest data class (1..4); `form` the number of the paper form.

    A grant that asks for two has `approved_by`; one that lacks a bound (`valid_to` unknown) is not in force.
    `reviewed_at` is when somebody last looked at it and let it go on.
    """

    account: str | None = None
    role: str | None = None
    region: str | None = None
    level: int | None = None
    purposes: list[Value] | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    reason: str | None = None
    form: str | None = None
    given_at: datetime | None = None
    given_by: str | None = None
    approved_by: str | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    revoke_reason: str | None = None
    reviewed_at: datetime | None = None
    reviewed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval(Record):
    """A request to do `act` once: asked, approved, refused or used. `expires_at` bounds the answer and the use;
    `review_until` is set where it was done before anybody else agreed (先用后审), or where the glass was broken: that
    is open while it is approved, until it expires or is ended."""

    act: str | None = None
    object: str | None = None
    incident: str | None = None
    purpose: str | None = None
    reason: str | None = None
    region: str | None = None
    state: str | None = None
    asked_at: datetime | None = None
    asked_by: str | None = None
    expires_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    used_at: datetime | None = None
    break_glass: bool | None = None
    review_until: datetime | None = None
    reviewed_at: datetime | None = None
    reviewed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Record):
    """Somebody who works on a restricted incident, and the station they work at, which may receive it."""

    incident: str | None = None
    account: str | None = None
    station: str | None = None
    added_at: datetime | None = None
    added_by: str | None = None
