"""A copy of a database that is in use, whole as of one moment, and the figures by which it is known again."""

from contextlib import closing
from pathlib import Path
from sqlite3 import connect

from workstation.journal import refold
from workstation.journal.sqlite import SqliteDatabase
from workstation.journal.store import Store


def backup(source: Path, target: Path) -> None:
    """Copy a SQLite database, through SQLite's own backup, beside whoever writes to it. `target` must not exist."""
    with closing(connect(_read_only(source), uri=True)) as here, closing(connect(target)) as there:
        here.backup(there)
        there.execute("pragma journal_mode=delete")


def figures(journal: Path) -> tuple[int, str]:
    """Of a journal nobody writes to: how many entries it holds, and the digest of its folded tables."""
    found: SqliteDatabase = connect(_read_only(journal), uri=True, factory=SqliteDatabase, isolation_level=None)
    with closing(found):
        store = Store(found)
        return sum(stream.seq for stream in store.streams()), refold.digest(store)


def _read_only(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro"
