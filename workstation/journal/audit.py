"""Verifying a journal that nobody has open: it must read everything and change nothing, however damaged the file is."""

from contextlib import closing
from sqlite3 import DatabaseError

from workstation.domain.clock import Clock
from workstation.journal.database import DatabaseFault
from workstation.journal.fault import Fault
from workstation.journal.journal import Journal
from workstation.journal.opening import Opening, kept
from workstation.journal.places import Place, file_of, open_reading, open_situation
from workstation.security.keys import Identity
from workstation.security.sealing import Sealer
from workstation.situation import Extent

_UNREADABLE = (DatabaseError, DatabaseFault, ValueError, TypeError, LookupError)
"""What a database that was altered can lead to: it can hold anything."""


def audit(place: Place, identity: Identity, sealer: Sealer, clock: Clock) -> list[Fault]:
    """Every fault of the journal at `place`; none for a good one. A database that cannot be read is one fault."""
    path = file_of(place)
    if place == path and not path.is_file():
        return [Fault(path.name, "there is no journal")]
    try:
        journal = Journal(place, identity, sealer, clock)
    except _UNREADABLE as error:
        return [Fault(path.name, f"cannot be read: {error}")]
    try:
        return list(journal.verify())
    finally:
        journal.store.connection.close()


def openings(place: Place) -> list[tuple[str, Opening]]:
    """When this database was found copied, restored or damaged at its opening, with what was done; oldest first."""
    try:
        with closing(open_reading(place)) as found:
            return list(kept(found))
    except _UNREADABLE:  # what cannot be read is the audit's to name
        return []


def extent_of(place: Place) -> Extent | None:
    """How much a journal holds; None for one that cannot be read."""
    try:
        with closing(open_situation(place)) as situation:
            return situation.extent()
    except _UNREADABLE:
        return None
