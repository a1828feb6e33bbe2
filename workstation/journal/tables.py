"""What the typed tables show of records: columns of many rows at once, since most values go into them as they are."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from workstation.domain.draft import Value
from workstation.domain.encoding import column_types, to_column
from workstation.domain.record import DELETED
from workstation.journal.database import Database, Target
from workstation.journal.merge import Rank, Standing, shown

NUL = "\0"
"""Not every database holds it in a text: no record is named with it, and tables show it as no character."""
Record = tuple[str, Standing]
"""A record's id, and what stands of it."""


def show(
    database: Database, place: tuple[str, frozenset[str]], ranks: Mapping[str, Rank], records: Sequence[Record]
) -> None:
    """Have the table of a kind show what stands of these fields of records: of a field with several heads the one that
    ranks highest."""
    target = _rows_of(*place)
    kind, names = target.table, target.columns[1:]
    ids, standings = zip(*records, strict=True)
    cells = zip(*(_cells(one, names, ranks) for one in standings), strict=True)
    columns = (_column(kind, name, values) for name, values in zip(names, cells, strict=True))
    database.put(target, zip(ids, *columns, strict=True))


@lru_cache(maxsize=1024)
def _rows_of(kind: str, names: frozenset[str]) -> Target:
    return Target(kind, ("id", *sorted(names)), ("id",))


def _cells(standing: Standing, names: Sequence[str], ranks: Mapping[str, Rank]) -> list[Value]:
    """The values that are shown of a record. One that is gone for some only is there until somebody decides."""
    if len(standing.said) == 1:
        ((_, values),) = standing.said.values()
        return [*map(values.get, names)]
    values = {name: shown(standing.heads(name), ranks.get(name)) for name in names}
    if values.get(DELETED) and standing.missed_by:
        values[DELETED] = False
    return [*values.values()]


def _column(kind: str, name: str, values: Sequence[Value]) -> Sequence[object]:
    """Values of one field as its column holds them."""
    if column_types(kind)[name] == "text" and {*map(type, values)} == {str} and NUL not in "".join(values):  # type: ignore[arg-type]
        return values
    return [to_column(kind, name, value) for value in values]
