"""What a journal needs of a database, whichever it is: rows by SQL, rows in bulk, one writer at a time, one moment.

SQL is written once, in what SQLite and PostgreSQL have in common: `?` for values, `on conflict`, no row ids, text that
sorts by its bytes, no booleans. What they do not have in common lies in one module each: `sqlite` and `postgres`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Protocol

from workstation.domain.errors import KnownError
from workstation.journal.marker import Marker

Row = tuple[Any, ...]
AT_A_TIME = 500


class DatabaseFault(KnownError):
    """A database that cannot be reached, or that stopped in the middle; what was being written is not written.

    `is_full`: since it has no room left.
    """

    def __init__(self, reason: str, is_full: bool = False) -> None:
        super().__init__(reason)
        self.is_full = is_full


@dataclass(frozen=True)
class Target:
    """Where rows go: a table and the order of their values.

    Of a `key`, the first columns, there is one row. Another one with the same key replaces its values; with `keep` it
    is passed over.
    """

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    keep: bool = False

    @cached_property
    def statement(self) -> str:
        """The insert of one row."""
        return f"insert into {self.place} values ({', '.join('?' * len(self.columns))}){self.collision}"

    @cached_property
    def place(self) -> str:
        return f'"{self.table}" ({listed(self.columns)})'

    @cached_property
    def collision(self) -> str:
        """What becomes of a row whose key is there."""
        if not self.key:
            return ""
        updates = ", ".join(f'"{name}" = excluded."{name}"' for name in self.columns if name not in self.key)
        return f" on conflict ({listed(self.key)}) do " + ("nothing" if self.keep else f"update set {updates}")


def listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def picked(database: "Database", sql: str, values: Sequence[Any], keys: Iterable[Any], then: str = "") -> Iterator[Row]:
    """The rows of a select that ends with `in`, for any number of keys: one statement a few hundred of them; `then` is
    what follows the keys."""
    rest = iter(keys)
    while some := list(islice(rest, AT_A_TIME)):
        yield from database.execute(f"{sql} ({', '.join('?' * len(some))}){then}", [*values, *some])


class Rows(Protocol):
    """What a select gives."""

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Closing(Protocol):
    """What goes on until it is closed."""

    def close(self) -> None: ...


class Database(Protocol):
    """One connection. Outside of `writing` each statement stands for itself.

    Raises DatabaseFault when the database goes away; the next call tries to reach it again.
    """

    @property
    def in_transaction(self) -> bool: ...

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Rows: ...

    def query(self, sql: str, values: Sequence[Any] = (), /) -> Iterator[Mapping[str, Any]]:
        """Rows by the names of their columns."""
        ...

    def put(self, target: Target, rows: Iterable[Row]) -> None:
        """Insert many rows, no two of them with the same key."""
        ...

    def repeat(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run one statement that changes rows, once with each of many values."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """A transaction in which nobody else writes and everything written before is seen; given up as a whole when
        anything is raised, durable when it ends."""
        ...

    def moment(self) -> AbstractContextManager[None]:
        """Reads of one moment, though others write meanwhile; what is no text is read as far as it is text."""
        ...

    def version(self) -> int:
        """A number that changes with every transaction of another connection and with none of this one."""
        ...

    def tables(self) -> dict[str, tuple[str, ...]]:
        """The columns of every table of the journal, in the order in which the tables were made."""
        ...

    def every(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        """All rows of a table, never all of them in memory. Call within a transaction."""
        ...

    def marker(self) -> Marker:
        """Which database this is, among all copies of it."""
        ...

    def damage(self) -> Iterator[str]:
        """What the database itself finds wrong with its files."""
        ...

    def scrub(self) -> bool:
        """Overwrite what was deleted, wherever the files still hold its bytes; False where a reader is in the way."""
        ...

    def listen(self, heard: Callable[[], object]) -> Closing:
        """Have `heard` called, on a thread of its own, soon after another process has written; until closed."""
        ...

    def close(self) -> None: ...
