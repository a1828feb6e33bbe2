"""What a role may by the matrix alone, where no account is asked: whether a page is offered, and how far it sees."""

from functools import cache

from workstation.content import folder, read_yaml
from workstation.security.authority import FILE, Matrix, May, read_matrix


def may(role: str, permission: str, own: bool = False) -> bool:
    """Whether a role may do it alone; `own` asks for what is its own: its street, its team."""
    cell = matrix().permissions.get(permission, {}).get(role.upper())
    return cell is not None and (cell.may is May.ALLOW or (own and cell.may is May.OWN))


@cache
def matrix() -> Matrix:
    """The matrix that ships. Raises ContentError where it is wrong."""
    return read_matrix(read_yaml(folder("resources") / FILE))
