"""The matrix of the requirements, cell by cell, and mistakes in it that are named."""

from itertools import product

import pytest

from tests.security.grants import CITY, DISTRICT, NEIGHBOUR, ROLES, STREET, grant, matrix, outcome, request
from workstation.domain.errors import ContentError
from workstation.domain.people import PERSONS
from workstation.security.authority import (
    Outcome,
    read_matrix,
)

# Written from the requirements' table (6.3), not from the content: ● yes, o own, p propose or request, 2 second, a
# approve, - no; a digit after it is the highest data class.
TABLE = """
                 OP  SUP ST  GRID EXP SYS SEC AUD
read_incident    ●   ●   o   o    -   -   -   -
unmask           p   ●   o   -    -   -   -   -
search_person    p   ●   -   -    -   -   -   -
sign_warning     -   2   -   -    -   -   -   -
change_level     p   ●   p   -    -   -   -   -
close_incident   p   ●   -   -    -   -   -   -
change_rules     -   a   -   -    p   -   -   -
create_account   -   -   -   -    -   ●   -   -
grant_authority  -   a   -   -    -   -   ●   -
view_accounts    -   -   -   -    -   ●   ●   ●
read_audit       -   o   -   -    -   -   -   ●
export           ●2  ●3  o2  -    -   -   -   -
export_audit     -   -   -   -    -   -   -   ●
"""
SAID = {"p": Outcome.PROPOSAL, "2": Outcome.SECOND, "a": Outcome.APPROVAL, "●": Outcome.ALLOWED, "o": Outcome.ALLOWED}


def cells() -> dict[tuple[str, str], str]:
    rows = [line.split() for line in TABLE.strip().splitlines()[1:]]
    return {(row[0], role): cell for row in rows for role, cell in zip(ROLES, row[1:], strict=True)}


@pytest.mark.parametrize(("permission", "role"), cells(), ids="-".join)
def test_each_cell_of_the_matrix_is_kept_for_every_region_class_level_purpose_and_ownership(
    permission: str, role: str
) -> None:
    cell = cells()[permission, role]
    cap = int(cell[1:] or 4)
    places = [(CITY, STREET, True), (STREET, STREET, True), (STREET, NEIGHBOUR, False), (STREET, DISTRICT, False)]
    for (granted, asked, is_inside), level, data_class, purpose, own in product(
        places, (1, 2, 3, 4), (1, 2, 3, 4), ("duty", "rescue", "curiosity", ""), (True, False)
    ):
        needs_purpose = data_class >= 3 or permission in ("unmask", "search_person")
        may = (
            cell != "-"
            and is_inside
            and data_class <= min(level, cap)
            and (purpose == "duty" or (purpose == "" and not needs_purpose))
            and (own or cell[0] != "o")
        )
        expected = SAID[cell[0]] if may else Outcome.REFUSED
        told = request(permission, asked, data_class, purpose=purpose, own=own, membership=True)
        assert outcome(told, grant(role, granted, level)) is expected, (granted, asked, level, data_class, purpose, own)


def test_the_matrix_has_no_role_and_no_purpose_beyond_the_closed_lists() -> None:
    assert matrix().roles == (*ROLES, "STATION") and set(PERSONS) == set(ROLES)
    assert {role for row in matrix().permissions.values() for role in row} == set(matrix().roles)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"permissions": {"export": {"KING": "allow"}}}, "export"),
        ({"permissions": {"export": {"OP": "always"}}}, "export OP"),
        ({"permissions": {"export": {"OP": {"may": "allow", "level": 9}}}}, "export OP"),
        ({"acts": {"fly": ["kite.fly"]}}, "acts"),
        ({"acts": {"export": ["kite.fly"], "unmask": ["kite.fly"]}}, "acts"),
        ({"with_purpose": ["fly"]}, "with_purpose"),
        ({"behind_glass": ["fly"]}, "behind_glass"),
        ({"permissions": None}, ""),
    ],
)
def test_a_mistake_in_the_matrix_is_named(change: dict[str, object], place: str) -> None:
    sound = {
        "roles": ["OP"],
        "purposes": ["duty"],
        "permissions": {"export": {"OP": "allow"}, "unmask": {}},
        "with_purpose": [],
        "behind_glass": [],
        "acts": {"export": ["document.export"]},
    }
    assert read_matrix(sound).acts == {"document.export": "export"}
    with pytest.raises(ContentError) as caught:
        read_matrix(sound | change)
    assert caught.value.place == place
