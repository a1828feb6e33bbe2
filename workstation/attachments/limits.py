"""How much room media may take, and how it is measured."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workstation.attachments.manifest import LARGEST

GIGABYTE = 1024**3


def free_bytes(folder: Path) -> int:
    """Bytes left on the disk of a folder."""
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class Limits:
    """`largest` bytes of a file; `reserve` bytes of the disk that media leave alone; `free` measures the disk."""

    largest: int = LARGEST
    reserve: int = GIGABYTE
    free: Callable[[Path], int] = free_bytes
