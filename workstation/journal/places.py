"""Where a journal lies: in a file of its own, or in a PostgreSQL database that several processes share."""

from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from workstation.journal.database import Database, DatabaseFault
from workstation.journal.sqlite import open_sqlite, read_sqlite
from workstation.situation import Situation

POSTGRES = "workstation.journal.postgres"
"""Loaded by name: only who has such a database needs its library."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A database by its URL, postgresql://user:password@host/name. `file` is where the journal would lie without it:
    the streams' ends are written beside."""

    url: str = field(repr=False)
    file: Path


Place = Path | Shared


def is_shared(text: str) -> bool:
    """Whether this is the URL of a database, and no folder."""
    return text.startswith(("postgresql://", "postgres://"))


def file_of(place: Place) -> Path:
    return place.file if isinstance(place, Shared) else place


def open_database(place: Place) -> Database:
    """A connection to write by, every table brought up to date. Raises DatabaseFault, or what sqlite3 raises."""
    if isinstance(place, Path):
        return open_sqlite(place)
    database: Database = _postgres().open(place.url)
    return database


def open_reading(place: Place) -> Database:
    """A connection that only reads what is there."""
    if isinstance(place, Path):
        return read_sqlite(place)
    database: Database = _postgres()(place.url, reads_only=True)
    return database


def open_situation(place: Place) -> Situation:
    """The situation read by a connection of its own."""
    return Situation.open(place) if isinstance(place, Path) else Situation(open_reading(place))


def _postgres() -> Any:
    try:
        return import_module(POSTGRES).PostgresDatabase
    except ImportError as error:
        raise DatabaseFault("PostgreSQL needs psycopg: pip install 'workstation[postgres]'") from error
