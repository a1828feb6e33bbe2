"""The town plan, drawn by hand: which street office and which use each lattice cell has. North is at the top."""

from workstation.demo.city.lattice import ROWS, Spot

Cell = tuple[int, int]
"""Column from the west, row from the south."""

_STREETS = """
ddddddddbbbbbbbhhhhhhhhggggggg
ddddddddbbbbbbbhhhhhhhhggggggg
ddddddddbbbbbbbbhhhhhhhggggggg
ddddddddbbbbbbbbhhhhhhhggggggg
ddddddddbbbbbbbbhhhhhhgggggggg
ddddddddbbbbbbbbhhhhhhgggggggg
ddddddddbbbbccccffffffgggggggg
aaaaaaaaccccccccfffffeeeeeeeee
aaaaaaaaccccccccfffffeeeeeeeee
aaaaaaaaccccccccfffffeeeeeeeee
aaaaaaaacccccccffffffeeeeeeeee
aaaaaaaacccccccffffffeeeeeeeee
aaaaaaaacccccccffffffeeeeeeeee
jjjjjjjjiiiiiiiikkkkkkllllllll
jjjjjjjjiiiiiiiikkkkkkllllllll
jjjjjjjjiiiiiiiikkkkkkllllllll
jjjjjjjjiiiiiiikkkkkklllllllll
jjjjjjjjiiiiiiikkkkkklllllllll
jjjjjjjjiiiiiiikkkkkklllllllll
jjjjjjjjiiiiiiikkkkkklllllllll
"""

_USES = """
fffooofffrrfffrrffffiiiiifffff
ffoooffrrrrrfrrrrrffiiiiiiifff
fooofrrrrrrsrrrrrrrriiiiciifff
foofrrrrsrrrrrrprrrrriicciiiff
ffrrrrpprrrrcrrrrsrrrrcccriiff
frrrpppprrrccrrrrrrprrrcrriiff
frsrpppprrrccprrrrrrrrrrrsriff
rrrrrrrprrcccrrrsrrrrprrrrrrff
rrrrsrrrcrccccrrrrrrrrrrccrrrf
frrrrrrccccpccccrrrrsrrcccrrrf
frrprrrrccccccccrrprrccccrrprf
rrrrrrrrrcccccrrrrrrrrccccrrrr
rrrrprrrrrccpcrrrrrprrrccrrrri
ffrrrrrrrrpcccrrrrrrrrrrriiiii
fffrrrsrrrrccrrsrrrrrriiiiiiii
ffffrrrrrprrrrrrrrrrrriiiiiiii
fffffrrrsssrrrrrrprrriiiiiiiif
ffffffrrsssrrrprrrrrfiiiiiiiff
fffffffrrrrrfrrrrffffiiiiiffff
ffffffffrrffffrrfffffffiifffff
"""

USES = {
    "r": "residential",
    "c": "commercial",
    "i": "industrial",
    "p": "park",
    "s": "school",
    "f": "farmland",
    "o": "forest",
}
BUILT = frozenset({"residential", "commercial", "industrial", "school"})


_STREET_ROWS = _STREETS.split()
_USE_ROWS = _USES.split()


def cells() -> list[Cell]:
    """All cells, west to east within north to south: the order in which unit grid cells are numbered."""
    return [(i, j) for j in reversed(range(ROWS)) for i in range(len(_STREET_ROWS[0]))]


def street_letter(cell: Cell) -> str:
    """a..l: the letter of the street office, a being JD01."""
    return _STREET_ROWS[ROWS - 1 - cell[1]][cell[0]]


def use(cell: Cell) -> str:
    return USES[_USE_ROWS[ROWS - 1 - cell[1]][cell[0]]]


def built(cell: Cell) -> bool:
    return use(cell) in BUILT


def cell_of(spot: Spot) -> Cell:
    return int(spot[0] // 1), int(spot[1] // 1)
