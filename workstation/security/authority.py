"""Who may do what: one pure rule over the matrix of `resources/authority.yaml` and the grants of an account.

allow = role.permission ∧ scope ⊇ region ∧ level ≥ data class ∧ now ∈ validity ∧ purpose ∧ incident membership for L3+

A decision says which of these are missing, as message keys. Whatever is not known to be so is missing: an act nobody
mapped, a code that is none, a membership nobody looked up. Less granted never allows more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, assert_never

from workstation.domain.errors import ContentError
from workstation.domain.records import Account, Grant
from workstation.domain.region import contains

SENSITIVE = 3
"""The data class from which a purpose and a membership of the incident are asked for."""
EMERGENCY = "rescue"
"""The purpose of what is done with broken glass."""
GLASS = "glass:"
"""What the cause of an entry begins with that was written in a declared emergency; behind it the declaration's id."""
BREAKS, SHUTS = "approval.break_glass", "approval.end_glass"
OPEN_FOR = timedelta(minutes=15)
"""How long glass stays open that nobody shuts."""
FILE = "authority.yaml"


class May(StrEnum):
    """A cell of the matrix."""

    ALLOW = "allow"
    OWN = "own"
    PROPOSE = "propose"
    REQUEST = "request"
    SECOND = "second"
    APPROVE = "approve"


class Outcome(StrEnum):
    """What comes of a request, from least to most. APPROVAL: may answer another's proposal. SECOND: a second person
    must approve first."""

    REFUSED = "refused"
    APPROVAL = "approval"
    PROPOSAL = "proposal"
    SECOND = "second"
    ALLOWED = "allowed"

    @property
    def rank(self) -> int:
        return list(Outcome).index(self)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a role may, and up to which data class."""

    may: May
    level: int = 4


@dataclass(frozen=True, slots=True)
class Matrix:
    """The matrix: `permissions[permission][role]`, `acts[act]` the permission an act of the journal asks for."""

    roles: tuple[str, ...]
    purposes: frozenset[str]
    permissions: Mapping[str, Mapping[str, Cell]]
    acts: Mapping[str, str]
    with_purpose: frozenset[str] = frozenset()
    behind_glass: frozenset[str] = frozenset()

    def permission(self, act: str) -> str | None:
        """The permission an act asks for; a permission asks for itself. None for what nobody mapped."""
        return act if act in self.permissions else self.acts.get(act)

    def may_break(self, permission: str, role: str | None) -> bool:
        """Whether this lies behind glass that the role may break."""
        return permission in self.behind_glass and role in self.permissions.get("break_glass", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One act (or permission, where nothing is written) on one record at one moment (UTC).

    `region` is the code where the record lies, `membership` whether the asker belongs to its incident (None: unknown),
    `own` whether it is the asker's own street, task, point or team, `approved` whether another person's approval is in
    hand that has neither expired nor been used, `glass_broken` whether an emergency was declared for it.
    """

    act: str
    region: str
    data_class: int
    at: datetime
    purpose: str = ""
    membership: bool | None = None
    own: bool = False
    approved: bool = False
    glass_broken: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """`missing` holds message keys, empty unless refused; `grant` is the id of the grant that decided. `glass_broken`
    says that it is allowed for no other reason, and so is red in the audit."""

    outcome: Outcome
    missing: tuple[str, ...] = ()
    grant: str = ""
    glass_broken: bool = False

    @property
    def is_allowed(self) -> bool:
        return self.outcome is Outcome.ALLOWED


def decide(request: Request, grants: Sequence[Grant], matrix: Matrix) -> Decision:
    """The most that any one grant allows; refused, what the grant that came nearest lacks."""
    permission = matrix.permission(request.act)
    if permission is None:
        return Decision(Outcome.REFUSED, ("authority.act",))
    judged = [_judge(request, permission, grant, matrix) for grant in grants]
    return max(judged, key=_nearness, default=Decision(Outcome.REFUSED, ("authority.none",)))


def standing(account: Account | None, grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The grants an account may stand on: none for one that is unknown, suspended or locked, and none of another's."""
    if account is None or account.deleted or account.state != "active":
        return ()
    return tuple(grant for grant in grants if grant.account == account.id and not grant.deleted)


def may_read(station_region: str, station_level: int, entry_scope: str, data_class: int) -> bool:
    """Whether a station sees an entry: it lies inside the station's region or above it, at no higher class than its
    level. What city and district order reaches their streets; one street's words do not reach another."""
    is_near = contains(station_region, entry_scope) or contains(entry_scope, station_region)
    return is_near and 1 <= data_class <= station_level


def in_force(grant: Grant, at: datetime) -> bool:
    """Whether a moment lies in a grant's validity, `valid_to` and the moment of its revocation not included."""
    if grant.valid_from is None or grant.valid_to is None:
        return False
    return grant.valid_from <= at < grant.valid_to and (grant.revoked_at is None or at < grant.revoked_at)


def _nearness(decision: Decision) -> tuple[int, bool, int]:
    return decision.outcome.rank, not decision.glass_broken, -len(decision.missing)


def _judge(request: Request, permission: str, grant: Grant, matrix: Matrix) -> Decision:
    """What one grant answers; with broken glass, what it opens where the grant alone does not allow."""
    cell = matrix.permissions[permission].get(grant.role or "")
    bounds = {
        "authority.region": grant.region is None or not contains(grant.region, request.region),
        "authority.expired": not in_force(grant, request.at),
        "authority.purpose": not _has_purpose(request, permission, grant, matrix),
    }
    rights = {
        "authority.role": cell is None,
        "authority.own": cell is not None and cell.may is May.OWN and not request.own,
        "authority.level": not 1 <= request.data_class <= min(grant.level or 0, cell.level if cell else 4),
        "authority.membership": request.data_class >= SENSITIVE and request.membership is not True,
    }
    missing = tuple(key for key, is_missing in (rights | bounds).items() if is_missing)
    outcome = Outcome.REFUSED if cell is None or missing else _outcome(cell.may, request.approved)
    if outcome is not Outcome.ALLOWED and not any(bounds.values()) and _opens_glass(request, permission, grant, matrix):
        return Decision(Outcome.ALLOWED, (), grant.id, glass_broken=True)
    return Decision(outcome, missing, grant.id)


def _opens_glass(request: Request, permission: str, grant: Grant, matrix: Matrix) -> bool:
    """An emergency was declared, with a purpose, for something behind glass that this role may break."""
    is_declared = request.glass_broken and bool(request.purpose) and 1 <= request.data_class <= 4
    return is_declared and matrix.may_break(permission, grant.role)


def _has_purpose(request: Request, permission: str, grant: Grant, matrix: Matrix) -> bool:
    if not request.purpose:
        return request.data_class < SENSITIVE and permission not in matrix.with_purpose
    return request.purpose in matrix.purposes and request.purpose in (grant.purposes or ())


def _outcome(may: May, is_approved: bool) -> Outcome:
    """What a cell means once nothing is missing. An approval carries a proposal through, and is the second person."""
    match may:
        case May.ALLOW | May.OWN:
            return Outcome.ALLOWED
        case May.PROPOSE | May.REQUEST:
            return Outcome.ALLOWED if is_approved else Outcome.PROPOSAL
        case May.SECOND:
            return Outcome.ALLOWED if is_approved else Outcome.SECOND
        case May.APPROVE:
            return Outcome.APPROVAL
        case _:
            assert_never(may)


def read_matrix(document: Any) -> Matrix:
    """The matrix from the parsed file. Raises ContentError naming the permission, role or act that is wrong."""
    try:
        roles, permissions = tuple(document["roles"]), document["permissions"]
        cells = {
            name: {role: _cell(name, role, cell) for role, cell in row.items()} for name, row in permissions.items()
        }
        pairs = [(act, permission) for permission, acts in document["acts"].items() for act in acts]
        purposes = frozenset(document["purposes"])
        with_purpose, behind_glass = frozenset(document["with_purpose"]), frozenset(document["behind_glass"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ContentError(FILE, "", f"not a matrix: {error!r}") from error
    for name, row in cells.items():
        _check_known(name, row, roles)
    for place, named in (
        ("acts", [permission for _, permission in pairs]),
        ("with_purpose", with_purpose),
        ("behind_glass", behind_glass),
    ):
        _check_known(place, named, cells)
    acts = dict(pairs)
    if len(acts) < len(pairs):
        raise ContentError(FILE, "acts", "an act asks for two permissions")
    return Matrix(roles, purposes, cells, acts, with_purpose, behind_glass)


def _check_known(place: str, named: Iterable[str], known: Iterable[str]) -> None:
    if strange := sorted(set(named) - set(known)):
        raise ContentError(FILE, place, f"unknown: {', '.join(strange)}")


def _cell(permission: str, role: str, cell: Any) -> Cell:
    may, level = (cell.get("may"), cell.get("level")) if isinstance(cell, dict) else (cell, 4)
    if may not in list(May) or level not in (1, 2, 3, 4):
        raise ContentError(FILE, f"{permission} {role}", f"not a cell: {cell!r}")
    return Cell(May(may), level)
