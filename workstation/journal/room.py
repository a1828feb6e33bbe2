"""Whether something failed since there is no room left to write it, and how that is told.

A full disk ends nothing: what was being written is given up as a whole, everything is still read, and as soon as there
is room again the next writing goes through.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import SQLITE_FULL, SQLITE_IOERR_SHMSIZE, Error

from workstation.domain.errors import Refused
from workstation.journal.database import DatabaseFault

_FULL = (SQLITE_FULL, SQLITE_IOERR_SHMSIZE)
"""SQLite tells the second where the index of its log finds no room."""


def is_full(error: BaseException) -> bool:
    """Of an error of the database or the file system: whether the disk, or what was granted of it, is full."""
    if isinstance(error, Error):
        return getattr(error, "sqlite_errorcode", None) in _FULL
    if isinstance(error, DatabaseFault):
        return error.is_full
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(error, Refused) and error.rule == "disk_full"


@contextmanager
def telling_of_room() -> Iterator[None]:
    """Raises Refused (`disk_full`) for whatever fails within since there is no room."""
    try:
        yield
    except (Error, OSError, DatabaseFault) as error:
        if is_full(error):
            raise Refused("disk_full") from error
        raise
