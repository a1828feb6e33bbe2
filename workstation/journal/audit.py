"""Verifying a journal that nobody has open: it must read everything and change nothing, however damaged the file is."""

from contextlib import closing
from pathlib import Path
from sqlite3 import DatabaseError, connect

from workstation.domain.clock import Clock
from workstation.journal.fault import Fault
from workstation.journal.journal import Journal
from workstation.journal.opening import Opening, kept
from workstation.journal.sqlite import SqliteDatabase
from workstation.security.keys import Identity
from workstation.security.sealing import Sealer


def audit(path: Path, identity: Identity, sealer: Sealer, clock: Clock) -> list[Fault]:
    """Every fault of the journal at `path`; none for a good one. A file that cannot be read is one fault."""
    if not path.is_file():
        return [Fault(path.name, "there is no journal")]
    try:
        journal = Journal(path, identity, sealer, clock)
    except (DatabaseError, ValueError, TypeError, LookupError) as error:  # an altered file can hold anything
        return [Fault(path.name, f"cannot be read: {error}")]
    try:
        return list(journal.verify())
    finally:
        journal.store.connection.close()


def openings(path: Path) -> list[tuple[str, Opening]]:
    """When this database was found copied, restored or damaged at its opening, with what was done; oldest first."""
    try:
        found: SqliteDatabase = connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, factory=SqliteDatabase)
        with closing(found):
            return list(kept(found))
    except (DatabaseError, ValueError, TypeError):  # what cannot be read is the audit's to name
        return []
