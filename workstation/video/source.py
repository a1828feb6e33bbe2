"""Where pictures may come from, and the form in which they come: cameras on the network, and clips of the demo.

The decoder opens nearly anything, a local file and a device among them; a camera's address comes from outside. So only
addresses of these schemes reach it, and a clip is a name, never a path.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from workstation.content import folder
from workstation.domain.errors import KnownError

SCHEMES = frozenset({"rtsp", "rtsps", "http", "https"})
CLIP = "clip:"
SMALL_WIDTH = 320
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")

Pixels = NDArray[np.uint8]


class StreamFault(KnownError):
    """A stream that cannot be opened or has ended, in words without its address."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the decoder is to open; `looped` for a clip, which plays again and again."""

    address: str
    looped: bool


@dataclass(frozen=True, slots=True)
class Size:
    """How large a picture is wanted, in pixels of the screen. A small one is drawn from key frames alone."""

    width: int
    height: int

    @property
    def is_small(self) -> bool:
        return self.width < SMALL_WIDTH


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A decoded picture: RGB of shape (h, w, 3), contiguous, which fits the size wanted and was never enlarged.

    `due` is its moment, in seconds from the beginning, where a source gives pictures faster than they were taken; None
    where each picture comes as it is taken.
    """

    pixels: Pixels
    due: float | None


Opener = Callable[[Source, Callable[[], Size]], AbstractContextManager[Iterator[Shot]]]
"""Opens a source; asks for the size wanted anew before each picture. Raises StreamFault, also from the iterator."""


def is_clip(url: str) -> bool:
    return url.startswith(CLIP)


def source_of(url: str) -> Source:
    """What a camera's address means. Raises StreamFault for what is no camera's address."""
    if is_clip(url):
        return Source(str(clip_path(url.removeprefix(CLIP))), looped=True)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise StreamFault("not an address") from None
    if parts.scheme not in SCHEMES or not parts.netloc:
        raise StreamFault(f"not a camera's address: scheme {parts.scheme[:12]!r}")
    return Source(url, looped=False)


def clip_path(name: str) -> Path:
    """The file of a clip. Raises StreamFault for a name that is none, or of which there is no clip."""
    path = folder("resources") / "clips" / f"{name}.mp4"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise StreamFault("no such clip")
    return path
