"""Where pictures may come from: cameras on the network, and clips of the demo by their names.

The decoder opens nearly anything, a local file and a device among them; a camera's address comes from outside. So only
addresses of these schemes reach it, and a clip is a name, never a path.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from workstation.content import folder
from workstation.domain.errors import KnownError

SCHEMES = frozenset({"rtsp", "rtsps", "http", "https"})
CLIP = "clip:"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")

Pixels = NDArray[np.uint8]


class StreamFault(KnownError):
    """A stream that cannot be opened or has ended, in words without its address."""


class Decoded(Protocol):
    """A decoded picture, not yet in the colours and the size wanted."""

    @property
    def seconds(self) -> float:
        """Its moment in the stream, from the stream's beginning."""

    def pixels(self, width: int, height: int) -> Pixels:
        """RGB of shape (h, w, 3), shrunk to fit inside width x height with its proportions kept, never enlarged."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the decoder is to open; `looped` for a clip, which plays again and again at its own pace."""

    address: str
    looped: bool


Opener = Callable[[Source], AbstractContextManager[Iterator[Decoded]]]


def source_of(url: str) -> Source:
    """What a camera's address means. Raises StreamFault for what is no camera's address."""
    if url.startswith(CLIP):
        return Source(str(clip_path(url.removeprefix(CLIP))), looped=True)
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise StreamFault("not an address") from error
    if parts.scheme not in SCHEMES or not parts.netloc:
        raise StreamFault(f"not a camera's address: scheme {parts.scheme[:12]!r}")
    return Source(url, looped=False)


def clip_path(name: str) -> Path:
    """The file of a clip. Raises StreamFault for a name that is none, or of which there is no clip."""
    path = folder("resources") / "clips" / f"{name}.mp4"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise StreamFault("no such clip")
    return path
