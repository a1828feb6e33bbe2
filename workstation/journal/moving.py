"""A journal copied or moved from one database to another of either kind, row by row, and proved to be the same.

What is moved goes on where it was: same incarnation, same numbers. So whatever is left behind says where the journal
went, and is not opened or written again, not even by a process that had it open.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from workstation.domain.errors import KnownError
from workstation.journal import refold
from workstation.journal.database import Database, Row, Target
from workstation.journal.places import Place, Shared, open_database
from workstation.journal.store import MOVED, Store

CHUNK = 5000


class MoveError(KnownError):
    """A journal that cannot be moved there, and why; it stays where it is."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How many entries there are at the new place, and the digest of their tables at both."""

    entries: int
    digest: str


def move(source: Place, target: Place) -> Moved:
    """Move a journal into an empty database; nobody can write to it meanwhile, nor afterwards at the old place.

    Raises MoveError, and leaves all as it was then.
    """
    with closing(open_database(source)) as old, closing(open_database(target)) as new, old.writing():
        copy(old, new)
        before, after = figures(old), figures(new)
        if before != after:
            raise MoveError(f"{after.entries} of {before.entries} entries came over, or other tables")
        old.put(
            Target("meta", ("name", "value")), [(MOVED, "PostgreSQL" if isinstance(target, Shared) else str(target))]
        )
        return after


def copy(source: Database, target: Database) -> None:
    """Copy every table; call within a transaction of `source`. Raises MoveError where `target` is not empty."""
    known = target.tables()
    with target.writing():
        if target.execute("select number from entry limit 1").fetchone():
            raise MoveError("there is a journal already")
        for table, columns in source.tables().items():
            shared = tuple(name for name in columns if name in known.get(table, ()))
            for rows in _chunks(source.every(table, shared)) if shared else ():
                target.put(Target(table, shared), rows)
        target.execute("delete from meta where name in ('marker', ?)", [MOVED])


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def figures(database: Database) -> Moved:
    """How many entries a journal holds, and the digest of its folded tables."""
    store = Store(database)
    return Moved(sum(stream.seq for stream in store.streams()), refold.digest(store))
