"""Taking a file in: read once, for what it is and whether it is known, and on to the shelf, sealed if personal."""

import hashlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath

from workstation.attachments.manifest import Manifest
from workstation.attachments.media_type import HEAD, media_type_of
from workstation.attachments.shelf import Readable, Shelf
from workstation.security.media import FileSeal
from workstation.security.sealing import Sealer

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Taken:
    """A file on the shelf. `size` in bytes in clear; `likeness` is equal for equal files of a space; `key` opens it."""

    manifest: Manifest
    name: str
    media_type: str
    size: int
    likeness: str
    key: str | None = field(default=None, repr=False)


def take_file(stream: Readable, name: str, shelf: Shelf, sealer: Sealer, *, personal: bool = True) -> Taken:
    """Put a file on the shelf. Raises NoRoom, or MediaError for one that is empty or too large."""
    seal = FileSeal.create() if personal else None
    read = _Read(stream)
    manifest = shelf.put(read, seal)
    likeness = sealer.digest(read.whole.hexdigest())
    return Taken(
        manifest, shown_name(name), media_type_of(read.head), read.size, likeness, seal.text() if seal else None
    )


def shown_name(name: str) -> str:
    """A file's name as text: its last part, without control and direction marks, at most `LONGEST_NAME` characters."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    plain = "".join(char for char in last if char.isprintable()).strip()
    if len(plain) <= LONGEST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    tail = f"{dot}{ending}" if stem and len(ending) <= 10 else ""
    return plain[: LONGEST_NAME - len(tail)] + tail


class _Read:
    """A stream that remembers what went through it: its beginning, its length, its digest."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self.whole, self.size, self.head = hashlib.sha256(), 0, b""

    def read(self, size: int) -> bytes:
        body = self._stream.read(size)
        self.head += body[: HEAD - len(self.head)]
        self.size += len(body)
        self.whole.update(body)
        return body
