"""What can be wrong with media, each with the file it is about.

MediaError
├── NoRoom        the disk is nearly full, so that no media are taken
├── ChunkRefused  a chunk or manifest that is not what it says it is; it is to be asked for again
└── Damaged       a file here that is no longer what was put
"""

from workstation.domain.errors import KnownError


class MediaError(KnownError):
    """`sha256` of the file it is about, empty where it has none yet; `reason` a short code."""

    def __init__(self, sha256: str, reason: str, text: str) -> None:
        super().__init__(f"{sha256[:12] or 'file'}: {text}")
        self.sha256 = sha256
        self.reason = reason


class NoRoom(MediaError):
    """No media are taken: `free` bytes are left on the disk, `reserve` are to stay."""

    def __init__(self, sha256: str, free: int, reserve: int) -> None:
        super().__init__(sha256, "no_room", f"no media taken: {free} bytes are free, {reserve} must stay free")
        self.free = free
        self.reserve = reserve


class ChunkRefused(MediaError):
    """Something that arrived and is not what it was announced as."""


class Damaged(MediaError):
    """A file on this shelf that cannot be trusted any more."""
