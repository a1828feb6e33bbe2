"""The first word of a house: its three administrators, who make all other accounts and grants.

Nobody can have granted it, so it is said once, by the hub, before there is any account; in one entry, so that there is
no moment at which the house has an administrator of one kind and none of the others.
"""

from collections.abc import Mapping
from datetime import timedelta

from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.errors import Refused
from workstation.domain.people import ADMINISTRATORS
from workstation.domain.records import Account, Grant
from workstation.domain.region import ROOT
from workstation.journal.fold import ROOT_STATION

LIFETIME = timedelta(days=365)
LEVEL = 4
PURPOSES = {"SYS": "administration", "SEC": "administration", "AUD": "audit"}


def found(public_keys: Mapping[str, str]) -> Command:
    """Accounts and grants of the administrators; `public_keys` by role: SYS, SEC and AUD, which are their logins in
    lower case. Refused: `account.hub_only`, `account.founded`."""

    def command(seat: Seat) -> Draft:
        if seat.station != ROOT_STATION:
            raise Refused("account.hub_only")
        if seat.situation.count(Account):
            raise Refused("account.founded")
        records = [one for role in ADMINISTRATORS for one in _administrator(seat, role, public_keys[role])]
        changes = tuple(change for one in records for change in changes_of(one))
        return Draft(seat.author, "account.create", changes, scope=ROOT)

    return command


def _administrator(seat: Seat, role: str, public_key: str) -> tuple[Account, Grant]:
    login = role.lower()
    account = Account(
        id=login,
        name=role,
        state="active",
        public_key=public_key,
        must_change=True,
        created_at=seat.now,
        created_by=seat.author,
    )
    grant = Grant(
        id=f"grant:{login}",
        account=login,
        role=role,
        region=ROOT,
        level=LEVEL,
        purposes=["duty", PURPOSES[role]],
        valid_from=seat.now,
        valid_to=seat.now + LIFETIME,
        reason="founding",
        form="founding",
        given_at=seat.now,
        given_by=seat.author,
    )
    return account, grant
