"""Accounts, grants, approvals and stations as the administration page reads them, and rights as it tells them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from workstation.commands.administration import Terms
from workstation.domain.records import Account, Approval, Grant, Station
from workstation.security.authority import standing
from workstation.security.permission import matrix
from workstation.security.preview import Preview, Right, preview
from workstation.situation import Situation
from workstation.views.columns import NameOf, word
from workstation.views.grant_text import region_text
from workstation.views.row_table import Column, Shown


@dataclass(frozen=True, slots=True)
class House:
    """Accounts, grants and stations as the root said they are, and what was asked of supervisors for grants; `used` is
    when somebody last came in by an account, as far as its station told."""

    accounts: tuple[Account, ...] = ()
    grants: tuple[Grant, ...] = ()
    stations: tuple[Station, ...] = ()
    approvals: tuple[Approval, ...] = ()
    used: Mapping[str, datetime] = field(default_factory=dict)

    def rights(self, login: str, at: datetime) -> Preview:
        """What an account may at a moment."""
        account = next((one for one in self.accounts if one.id == login), None)
        return preview(standing(account, self.grants), at, matrix())

    def with_terms(self, terms: Terms) -> "House":
        """The house as it would be once these terms were granted."""
        grant = Grant(
            id="",
            account=terms.account,
            role=terms.role,
            region=terms.region,
            level=terms.level,
            purposes=[*terms.purposes],
            valid_from=terms.valid_from,
            valid_to=terms.valid_to,
        )
        return replace(self, grants=(*self.grants, grant))


def read_house(situation: Situation) -> House:
    accounts = tuple(situation.find(Account, order="id"))
    return House(
        accounts,
        tuple(situation.find(Grant, order="id")),
        tuple(situation.find(Station, order="id")),
        tuple(situation.find(Approval, act="grant.give")),
        situation.last_sign_ins(),
    )


def right_columns(name_of: NameOf) -> list[Column[Right]]:
    return [
        Column("administration.right", lambda one: Shown(word("permission", one.permission))),
        Column("administration.region", lambda one: Shown(region_text(one.region, name_of)), 128),
        Column("administration.outcome", lambda one: Shown(word("outcome", one.outcome.value)), 110),
        Column("administration.level", lambda one: Shown(f"L{one.level}"), 50),
    ]


def right_key(right: Right) -> str:
    return f"{right.permission} {right.region}"


def listed(rights: Sequence[Right], name_of: NameOf | None = None) -> str:
    """Rights by name; each with the regions it is had in, where `name_of` names them."""
    regions: dict[str, list[str]] = {}
    for one in rights:
        held = regions.setdefault(word("permission", one.permission), [])
        if name_of is not None:
            held.append(region_text(one.region, name_of))
    named = (f"{name} ({', '.join(dict.fromkeys(held))})" if held else name for name, held in regions.items())
    return ", ".join(named) or "—"


def gained_text(after: Preview, before: Preview, name_of: NameOf) -> str:
    """What is new, by name; where it is new in some regions only, in which."""
    known = set(before.rights)
    gained = [one for one in after.rights if one not in known]
    regions = [region_text(one, name_of) for one in dict.fromkeys(right.region for right in gained)]
    return f"{listed(gained)} ({', '.join(regions)})" if gained else listed(())
