"""Files as the field sends them, made of bytes that never repeat, and a shelf on a disk of any size."""

import hashlib
from io import BytesIO
from pathlib import Path

from workstation.attachments import CHUNK, Limits, Shelf
from workstation.attachments.limits import GIGABYTE


def recording(size: int = 3 * CHUNK + 1000, seed: str = "rainstorm") -> bytes:
    """`size` bytes that look like a video's: no two chunks alike."""
    return hashlib.shake_128(seed.encode()).digest(size)


def stream(body: bytes) -> BytesIO:
    return BytesIO(body)


def shelf_in(folder: Path, free: int = 100 * GIGABYTE, **limits: int) -> Shelf:
    """A shelf on a disk with that many bytes free."""
    return Shelf(folder, Limits(free=lambda place: free, **limits))


def chunks_of(body: bytes) -> list[bytes]:
    return [body[at : at + CHUNK] for at in range(0, len(body), CHUNK)]
