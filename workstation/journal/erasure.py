"""Erasure: the keys of a subject are destroyed wherever its record is folded, and none that come later are kept.

The chain covers ciphertext, so it stays whole and verifies; what the key opened is gone for good. A database forgets a
destroyed key only when its bytes are overwritten: deleted cells are zeroed at once (`secure_delete`), and the
write-ahead log, which still holds the page as it was, is emptied as soon as no reader stands in it. A backup made
before keeps its bytes; a journal restored from it destroys the key again with the first exchange.
"""

from collections.abc import Collection, Iterator

from workstation.journal.database import Database
from workstation.journal.fault import Fault
from workstation.journal.store import Store

KIND = "erasure"


def erasure_faults(connection: Database) -> Iterator[Fault]:
    """Subjects that were erased and whose keys are still here."""
    held = "select distinct subject from subject_key where wrapped is not null and subject in (select id from erasure)"
    for (subject,) in connection.execute(held):
        yield Fault(f"subject {subject}", "erased, but a key of it is still held")


class Eraser:
    """One journal's eraser, over its write connection."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._has_remains = False

    def heed(self, kinds: Collection[str]) -> None:
        """Destroy the keys of every erased subject, where the kinds just folded may have named one. Call within the
        transaction that folded them."""
        if KIND in kinds:
            destroyed = self._store.connection.execute(
                "update subject_key set wrapped = null"
                " where wrapped is not null and subject in (select id from erasure) returning key"
            )
            self._has_remains = bool(destroyed.fetchall()) or self._has_remains

    def scrub(self) -> None:
        """Take what was destroyed out of the files; where a reader stands in the way, at the next call."""
        if self._has_remains:
            self._has_remains = not self._store.connection.scrub()
