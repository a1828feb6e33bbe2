"""A copy of a database that is in use, whole as of one moment, and the figures by which it is known again."""

from contextlib import closing
from pathlib import Path
from sqlite3 import connect

from workstation.journal import moving
from workstation.journal.places import Place, open_reading
from workstation.journal.sqlite import open_sqlite, read_sqlite


def backup(source: Place, target: Path) -> None:
    """Copy a database into a SQLite file that must not exist, beside whoever writes to it: a file through SQLite's own
    backup, a shared database row by row."""
    if isinstance(source, Path):
        with closing(read_sqlite(source)) as here, closing(connect(target)) as there:
            here.backup(there)
    else:
        with closing(open_reading(source)) as shared, closing(open_sqlite(target)) as file, shared.moment():
            moving.copy(shared, file)
    with closing(connect(target)) as alone:
        alone.execute("pragma journal_mode=delete")


def figures(journal: Path) -> tuple[int, str]:
    """Of a journal nobody writes to: how many entries it holds, and the digest of its folded tables."""
    with closing(read_sqlite(journal)) as found:
        told = moving.figures(found)
        return told.entries, told.digest
