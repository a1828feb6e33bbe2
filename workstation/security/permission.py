"""What a role may by the matrix alone, where no account is asked: whether a page is offered, and how far it sees."""

import hashlib
from functools import cache

from workstation.content import folder, read_text, read_yaml
from workstation.domain.records import KINDS, fields_of
from workstation.security import authority, remit
from workstation.security.authority import Matrix, May, read_matrix
from workstation.security.remit import Remits, read_remits

_JUDGED = 4
"""Raised where entries are judged otherwise by the same tables."""


def may(role: str, permission: str, own: bool = False) -> bool:
    """Whether a role may do it alone; `own` asks for what is its own: its street, its team."""
    cell = matrix().permissions.get(permission, {}).get(role.upper())
    return cell is not None and (cell.may is May.ALLOW or (own and cell.may is May.OWN))


@cache
def matrix() -> Matrix:
    """The matrix that ships. Raises ContentError where it is wrong."""
    return read_matrix(read_yaml(folder("resources") / authority.FILE))


@cache
def remits() -> Remits:
    """The remits that ship. Raises ContentError where they are wrong."""
    return read_remits(read_yaml(folder("resources") / remit.FILE), matrix().acts)


@cache
def law() -> str:
    """SHA-256 of what entries are judged by beside what the root said: the tables that ship, and the kinds known."""
    tables = (read_text(folder("resources") / name) for name in (authority.FILE, remit.FILE))
    fields = (f"{kind}.{one.name} {'rank' in one.metadata}" for kind in KINDS for one in fields_of(kind))
    return hashlib.sha256("\n".join((str(_JUDGED), *tables, *fields)).encode()).hexdigest()
