"""Whether something failed since there is no room left to write it."""

import errno
from sqlite3 import SQLITE_FULL, Error


def is_full(error: BaseException) -> bool:
    """Of an error of the database or the file system: whether the disk, or what was granted of it, is full."""
    if isinstance(error, Error):
        return getattr(error, "sqlite_errorcode", None) == SQLITE_FULL
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
