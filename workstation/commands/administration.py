"""What the administrators do: accounts without rights, and rights given to accounts by somebody else.

System, security and audit are three persons. SYS makes accounts and grants nothing, SEC grants and never to himself,
and what reaches far (a whole city) or deep (data class 3 and above) needs a supervisor's approval of exactly these
terms. A grant is written in its own region, so that it reaches the stations where it counts and no others. Accounts and
grants are the root's word: given at any other station the commands are refused rather than lost.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workstation.commands.approval import use
from workstation.commands.seat import Command, Seat
from workstation.domain.clock import iso
from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.errors import Refused
from workstation.domain.people import ADMINISTRATORS, PERSONS
from workstation.domain.records import Account, Approval, Grant
from workstation.domain.region import ROOT, is_region, is_wide
from workstation.journal.fold import ROOT_STATION
from workstation.security.authority import SENSITIVE, in_force

_LOGIN = re.compile(r"[a-z][a-z0-9_-]{2,31}", re.ASCII)
_RESERVED = ("admin", "content", "operator", "rule", "system")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is granted to whom. `level` is the highest data class (1..4), `form` the number of the signed form."""

    account: str
    role: str
    region: str
    level: int
    purposes: tuple[str, ...]
    valid_from: datetime
    valid_to: datetime
    reason: str
    form: str

    @property
    def needs_two(self) -> bool:
        return self.level >= SENSITIVE or is_wide(self.region)

    @property
    def object(self) -> str:
        """What an approval of these terms names, so that it fits no others."""
        purposes = ",".join(sorted(self.purposes))
        span = f"{iso(self.valid_from)}/{iso(self.valid_to)}"
        return f"{self.account} {self.role} {self.region or '-'} L{self.level} {purposes} {span} {self.form}"


def create_account(login: str, name: str, public_key: str) -> Command:
    """An account with no rights; its id is the login, which its entries name as author. Its first password must change.

    Refused: `account.login`, `account.name`, `account.key`, `account.exists` (a duplicate is never merged).
    """

    def command(seat: Seat) -> Draft:
        _check_seat(seat, "SYS")
        _check_new(seat, login, name, public_key)
        account = Account(
            id=login,
            name=name.strip(),
            state="active",
            public_key=public_key,
            must_change=True,
            created_at=seat.now,
            created_by=seat.author,
        )
        return Draft(seat.author, "account.create", changes_of(account), scope=seat.scope)

    return command


def suspend_account(login: str, reason: str) -> Command:
    """Take an account out of service; what was granted stays on record and stands for nothing meanwhile."""
    return _set_state(login, "suspended", "account.suspend", reason)


def restore_account(login: str, reason: str) -> Command:
    """Put a suspended or locked account back into service; from now on it counts as used."""
    return _set_state(login, "active", "account.restore", reason)


def give_grant(terms: Terms, approval: str = "") -> Command:
    """Give a role to an account. `approval` names a supervisor's, where the terms need two persons; it is used up.

    Refused: `grant.*` for terms that do not hold, `approval.*` for an approval that does not.
    """

    def command(seat: Seat) -> Draft:
        _check_seat(seat, "SEC")
        _check_terms(terms)
        _check_receiver(seat, terms)
        approver, used = _second(seat, terms, approval)
        grant = Grant(
            id=f"grant:{seat.new_id()}",
            account=terms.account,
            role=terms.role,
            region=terms.region,
            level=terms.level,
            purposes=list(terms.purposes),
            valid_from=terms.valid_from,
            valid_to=terms.valid_to,
            reason=terms.reason.strip(),
            form=terms.form.strip(),
            given_at=seat.now,
            given_by=seat.author,
            approved_by=approver,
        )
        return Draft(
            seat.author, "grant.give", (*changes_of(grant), *used), terms.reason.strip(), approval, scope=terms.region
        )

    return command


def revoke_grant(grant: str, reason: str) -> Command:
    """End a grant now. It reaches a station that is alone when that is heard again. Refused: `grant.unknown`,
    `grant.revoked_already`, `account.reason`."""

    def command(seat: Seat) -> Draft:
        _check_seat(seat, "SEC")
        known = _grant(seat, grant)
        _check_reason(reason)
        ended = set_fields("grant", grant, revoked_at=seat.now, revoked_by=seat.author, revoke_reason=reason.strip())
        return Draft(seat.author, "grant.revoke", ended, reason.strip(), scope=known.region or seat.scope)

    return command


def confirm_grant(grant: str, reason: str = "") -> Command:
    """Say that a grant was looked at again and goes on. Refused: `grant.unknown`, `grant.revoked_already`,
    `grant.over`, `grant.oneself`."""

    def command(seat: Seat) -> Draft:
        _check_seat(seat, "SEC")
        known = _grant(seat, grant)
        if not in_force(known, seat.now):
            raise Refused("grant.over")
        if known.account == seat.author:
            raise Refused("grant.oneself")
        seen = set_fields("grant", grant, reviewed_at=seat.now, reviewed_by=seat.author)
        return Draft(seat.author, "grant.confirm", seen, reason.strip(), scope=known.region or seat.scope)

    return command


def _grant(seat: Seat, grant: str) -> Grant:
    """A grant that nobody has revoked."""
    known = seat.situation.get(Grant, grant)
    if known is None or known.deleted:
        raise Refused("grant.unknown", grant=grant)
    if known.revoked_at is not None:
        raise Refused("grant.revoked_already", by=known.revoked_by or "")
    return known


def _set_state(login: str, state: str, act: str, reason: str) -> Command:
    def command(seat: Seat) -> Draft:
        _check_seat(seat, "SYS", "SEC")
        known = _account(seat, login)
        if known.state == state:
            raise Refused("account.state_already", account=login)
        if login == seat.author:
            raise Refused("account.oneself")
        _check_reason(reason)
        since = {"restored_at": seat.now} if state == "active" else {}
        told = set_fields("account", login, state=state, **since)
        return Draft(seat.author, act, told, reason.strip(), scope=seat.scope)

    return command


def _check_seat(seat: Seat, *roles: str) -> None:
    if seat.station != ROOT_STATION:
        raise Refused("account.hub_only")
    if seat.role.upper() not in roles:
        raise Refused("account.role", roles=" / ".join(roles))


def _check_new(seat: Seat, login: str, name: str, public_key: str) -> None:
    if not _LOGIN.fullmatch(login) or login in _RESERVED:
        raise Refused("account.login", account=login)
    if not name.strip():
        raise Refused("account.name")
    if not re.fullmatch(r"[0-9a-f]{64}", public_key):
        raise Refused("account.key")
    if seat.situation.get(Account, login) is not None:
        raise Refused("account.exists", account=login)


def _check_terms(terms: Terms) -> None:
    if terms.role not in PERSONS:
        raise Refused("grant.role", role=terms.role)
    if terms.region == ROOT or not is_region(terms.region):
        raise Refused("grant.region", region=terms.region)
    if terms.level not in (1, 2, 3, 4):
        raise Refused("grant.level", level=terms.level)
    if terms.valid_from >= terms.valid_to:
        raise Refused("grant.validity")
    if not terms.form.strip():
        raise Refused("grant.form")
    _check_reason(terms.reason)


def _check_receiver(seat: Seat, terms: Terms) -> None:
    if terms.account == seat.author:
        raise Refused("grant.oneself")
    if _account(seat, terms.account).state != "active":
        raise Refused("grant.out_of_service", account=terms.account)
    held = {one.role or "" for one in _living(seat, terms.account)}
    others = sorted((held - {terms.role}).intersection(ADMINISTRATORS))
    if terms.role in ADMINISTRATORS and others:
        raise Refused("grant.apart", role=terms.role, held=others[0])


def _living(seat: Seat, account: str) -> Sequence[Grant]:
    """Grants that are in force or will be: neither revoked nor over."""
    grants = seat.situation.find(Grant, account=account)
    return [one for one in grants if one.revoked_at is None and (one.valid_to is None or one.valid_to > seat.now)]


def _second(seat: Seat, terms: Terms, approval: str) -> tuple[str | None, tuple[Change, ...]]:
    """Who approved these terms, and the changes that use the approval up; nobody where one person is enough."""
    if not terms.needs_two:
        return None, ()
    known = seat.situation.get(Approval, approval) if approval else None
    if known is None or (known.act, known.object) != ("grant.give", terms.object):
        raise Refused("grant.second")
    if known.answered_by in (seat.author, terms.account):
        raise Refused("grant.second")
    return known.answered_by, use(approval, "grant.give")(seat).changes


def _account(seat: Seat, login: str) -> Account:
    known = seat.situation.get(Account, login)
    if known is None or known.deleted:
        raise Refused("account.unknown", account=login)
    return known


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("account.reason")
