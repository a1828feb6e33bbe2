"""Whether a database file is the one that was closed whole; its structure need not be read before it is opened then.

To read it takes a second a gigabyte, and a desk that starts in a bad night has better to do. A file that was closed in
order and has not been written since, by its size and the time of its last change, with no log of writes beside it, is
as whole as it was left. What a disk spoils by itself is found by the examination behind the start.
"""

import logging
from datetime import datetime
from pathlib import Path
from threading import Timer

from workstation.journal.opening import Opening
from workstation.journal.places import Place
from workstation.journal.repair import mend, wound
from workstation.security.keys import Identity
from workstation.words import t

log = logging.getLogger(__name__)
_SUFFIX = ".whole"


class Wholeness:
    """Of the database at a place, from before it is opened until it was closed. One that several processes share is
    its server's business: nothing is known or noted of it."""

    def __init__(self, place: Place | None) -> None:
        self._file = place if isinstance(place, Path) else None
        self.was_left = self._file is not None and _was_left(self._file)
        self._later: Timer | None = None

    def mend(self, identity: Identity, now: datetime) -> Opening | None:
        """Repair the file where it is damaged; one that was left whole is taken as it is."""
        return None if self._file is None or self.was_left else mend(self._file, identity, now)

    def examine_in(self, seconds: float) -> None:
        """Examine the file after a while, where opening it passed that over."""
        if self.was_left:
            self._later = Timer(seconds, self.examine)
            self._later.start()

    def examine(self) -> str:
        """Read the file's whole structure, by a connection of its own; from any thread. What is wrong with it, if
        anything, is told in the log, and repaired when it is opened next."""
        found = wound(self._file) if self._file is not None else ""
        if found:
            self._file = None
            log.error("%s", t("opening.wounded", reason=found))
        return found

    def end(self) -> None:
        """The database was closed: note how it was left, unless another process still writes into it."""
        if self._later is not None:
            self._later.cancel()
            self._later.join()
        if self._file is not None:
            note = _note_of(self._file)
            note.unlink(missing_ok=True)
            if not _log_of(self._file).exists():
                note.write_text(_state(self._file), encoding="utf-8")


def _was_left(database: Path) -> bool:
    note = _note_of(database)
    try:
        as_left = not _log_of(database).exists() and note.read_text(encoding="utf-8") == _state(database)
        note.unlink()
    except (OSError, ValueError):
        return False
    return as_left


def _note_of(database: Path) -> Path:
    return database.with_suffix(_SUFFIX)


def _log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}-wal")


def _state(database: Path) -> str:
    found = database.stat()
    return f"{found.st_size} {found.st_mtime_ns}"
