"""Files out of a bundle, on to the shelf: only those the journal names, chunk by chunk, each checked."""

import struct
from collections.abc import Callable, Iterator

import orjson

from workstation.attachments import Manifest, Shelf
from workstation.sync.parcel import ParcelError

_INDEX = struct.Struct(">I")


def chunks(shelf: Shelf, manifest: Manifest) -> Iterator[bytes]:
    """The chunks of a file as they travel, their number before each. Raises MediaError for one damaged here."""
    for index in range(len(manifest.chunks)):
        yield _INDEX.pack(index) + shelf.chunk(manifest.sha256, index)


class MediaTaker:
    """Takes manifests and the chunks behind them. `root_of` tells the root the journal names for a file.

    `whole` counts those that became whole here. Raises MediaError.
    """

    def __init__(self, shelf: Shelf, root_of: Callable[[str], str | None], dry: bool) -> None:
        self._shelf = shelf
        self._root_of = root_of
        self._dry = dry
        self._current: Manifest | None = None
        self._is_wanted = False
        self.whole = 0

    def manifest(self, body: bytes) -> None:
        try:
            manifest = Manifest.decode(body, str(orjson.loads(body)["sha256"]))
        except (ValueError, KeyError, TypeError) as error:
            raise ParcelError("a manifest in it cannot be read") from error
        self._current = manifest
        is_named = self._root_of(manifest.sha256) == manifest.root
        self._is_wanted = not self._dry and is_named and not self._shelf.holds(manifest.sha256)
        if self._is_wanted:
            self._shelf.begin(manifest)

    def chunk(self, body: bytes) -> None:
        manifest = self._current
        if manifest is None or len(body) <= _INDEX.size:
            raise ParcelError("a chunk in it belongs to no file")
        (index,) = _INDEX.unpack_from(body)
        if self._is_wanted and not self._shelf.put_chunk(manifest.sha256, index, body[_INDEX.size :]):
            self.whole += 1
            self._is_wanted = False
