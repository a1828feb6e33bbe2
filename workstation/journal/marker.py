"""Which file this journal last wrote to, so that a copy, a clone or a restored older file is known for what it is.

A database that was copied goes on where its original does too, and two entries under one reference would be the end of
the merge rule. So every copy begins an incarnation of its own, also offline. The marker in the database names machine
and file; a file that was moved or renamed on its disk stays the same file. A copy written *into* the same file is
missed by the marker and found by the ends kept elsewhere (see `journal.ends`), which then know more than the database.

File systems without lasting file numbers (FAT) give a file another number at each mount: a journal there begins an
incarnation more often than it must, which costs a row and loses nothing.
"""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

if sys.platform == "win32":
    import winreg

_MACHINE_FILES = ("/etc/machine-id", "/var/lib/dbus/machine-id")


@dataclass(frozen=True, slots=True)
class Marker:
    """A database file on a machine. `machine` is empty where there is no lasting name for it."""

    machine: str
    device: int
    inode: int
    path: str

    @classmethod
    def of(cls, file: Path) -> "Marker":
        """The marker of a file that is there. Raises OSError where none is."""
        place = file.resolve()
        found = place.stat()
        return cls(machine_id(), found.st_dev, found.st_ino, str(place))

    @classmethod
    def read(cls, text: str | None) -> "Marker | None":
        """A marker as `text` wrote it; None where there is none, or it cannot be read."""
        try:
            return cls(**json.loads(text)) if text else None
        except (ValueError, TypeError):
            return None

    def text(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    def is_same_file(self, other: "Marker") -> bool:
        """Whether both name one file. A disk's number may change with a restart; then the path must be the same."""
        apart = self.machine and other.machine and self.machine != other.machine
        at_home = self.device == other.device or self.path == other.path
        return not apart and at_home and self.inode == other.inode


def machine_id() -> str:
    """What names this machine for as long as its system stays installed; empty where nothing does."""
    if sys.platform == "win32":
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    for name in _MACHINE_FILES:
        try:
            return Path(name).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            continue
    return ""
