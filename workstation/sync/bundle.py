"""Bundles: what other stations lack, in one file for a stick. The file is described in `sync.bundle_file`.

Each recipient has a section of its own, which it alone can open: its entries as it may read them (of others the
headers), and the files they name; for the hub, the files it has not confirmed. A station in between takes its own
section and writes on from its own journal; what it may not read, the stick itself carries on, sealed. Everything taken
passes the checks of the wire. Each page is on the disk before the next is read, and what is known is passed over, so
that an import that was broken off is simply begun again.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from workstation.attachments import MediaError, Shelf
from workstation.domain.records import Attachment, Station
from workstation.journal import DEFERRED, Batch, BatchRefused, Heads, Journal
from workstation.security.boxing import unbox
from workstation.security.keys import Identity
from workstation.security.media import FileSeal
from workstation.security.sealing import Sealer
from workstation.sync.bundle_file import CHUNK, END, MANIFEST, PAGE, SECTION, BundleError, Frame, frames
from workstation.sync.bundle_media import MediaTaker
from workstation.sync.heart import Heart
from workstation.sync.parcel import Parcel, ParcelError, unpack
from workstation.sync.rounds import HUB

FORMAT = 1
Told = Callable[[int], object]
"""Is told how many entries were carried so far."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """A station that writes and takes bundles, with what it signs, recognises its space and keeps files by."""

    station: Heart
    identity: Identity
    sealer: Sealer
    shelf: Shelf

    @property
    def space(self) -> str:
        """What tells this space from others, and tells nobody else anything."""
        return self.sealer.digest("bundle")


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an import: `entries` new here, `files` made whole; `missing` entries that our section
    promised and a file that was cut off (`is_whole` false) did not hold."""

    writer: str = ""
    at: str = ""
    entries: int = 0
    files: int = 0
    missing: int = 0
    is_whole: bool = True


def import_bundle(carrier: Carrier, path: Path, *, dry: bool = False, told: Told = lambda entries: None) -> Taken:
    """Take our section of a bundle; with `dry` only say what it would bring. The whole file is checked first.

    Raises BundleError, OSError, and NoRoom where the disk is nearly full.
    """
    taken = _checked(carrier, path)
    taking = _Taking(carrier, taken.writer, dry)
    for frame in _section(carrier, path):
        taking.frame(frame)
        told(taking.entries)
    return replace(
        taken,
        entries=taking.entries,
        files=taking.files,
        missing=0 if taken.is_whole else max(0, taken.missing - taking.carried),
    )


def _checked(carrier: Carrier, path: Path) -> Taken:
    """Read the file from end to end, and take nothing; `missing` is what our section promises."""
    first, promised, last = dict[str, Any](), 0, b""
    with path.open("rb") as file:
        for frame in frames(file, lambda body: _writer_key(carrier, body)):
            first = first or _read(frame)
            if frame.kind == SECTION and (told := _read(frame))["for"] == carrier.station.name:
                promised = told["entries"]
            last = frame.kind
    if not first:
        raise BundleError("truncated", "cut off in its header")
    if carrier.station.name not in first["recipients"]:
        raise BundleError("not_for_us", f"written for {', '.join(first['recipients'])}")
    return Taken(first["writer"], first["at"], missing=promised, is_whole=last == END)


def _section(carrier: Carrier, path: Path) -> Iterator[Frame]:
    """The frames of our section, opened."""
    seal, number = None, 0
    with path.open("rb") as file:
        for frame in frames(file, lambda body: _writer_key(carrier, body)):
            if frame.kind == SECTION:
                told = _read(frame)
                seal, number = _content_key(carrier, told), 0
            elif seal is not None and frame.kind in (PAGE, MANIFEST, CHUNK):
                yield Frame(frame.kind, _opened(seal, number, frame.body))
                number += 1


def _content_key(carrier: Carrier, told: dict[str, Any]) -> FileSeal | None:
    if told["for"] != carrier.station.name:
        return None
    try:
        return FileSeal(unbox(carrier.identity, bytes.fromhex(told["key"])))
    except ValueError as error:
        raise BundleError("not_for_us", "its section for us was shut for another key") from error


def _opened(seal: FileSeal, number: int, body: bytes) -> bytes:
    try:
        return seal.open(number, body)
    except ValueError as error:
        raise BundleError("altered", f"page {number} does not open") from error


def _read(frame: Frame) -> dict[str, Any]:
    try:
        return dict(orjson.loads(frame.body))
    except (ValueError, TypeError) as error:
        raise BundleError("format", "a head in it cannot be read") from error


def _writer_key(carrier: Carrier, header: bytes) -> bytes:
    """The key by which a bundle is checked, before a word of it is believed."""
    told = _read(Frame(b"", header))
    if told.get("format") != FORMAT or not isinstance(told.get("recipients"), list):
        raise BundleError("format", "not a bundle of this format")
    if told.get("space") != carrier.space:
        raise BundleError("foreign_space", "written in another space")
    writer = str(told.get("writer"))
    public = carrier.station.ask(lambda journal: key_in_force(journal, writer)).result()
    if public is None:
        raise BundleError("unknown_writer", f"written by {writer}, whom the hub has not named here")
    return public


def key_in_force(journal: Journal, name: str) -> bytes | None:
    """A station's public key; None where it is not known. Raises BundleError for one the hub has shut out."""
    known = journal.situation.get(Station, name)
    if known is not None and known.revoked_at is not None:
        raise BundleError("revoked", f"{name} was shut out by the hub")
    return journal.public_key(name)


def _receipt(journal: Journal, writer: str, heads: Heads) -> None:
    """The writer held all that; by now it may hold more."""
    known = journal.exchange.confirmed(writer)
    journal.exchange.receipt(writer, {name: max(seq, known.get(name, 0)) for name, seq in heads.items()})


def to_follow(batch: Batch) -> Batch:
    """A batch of somebody who is not the hub: what he withheld is asked for at the hub, which alone knows who may read
    what."""
    return replace(batch, entries=tuple(one._replace(lacks=DEFERRED) for one in batch.entries))


class _Taking:
    """Takes what a section holds, frame by frame."""

    def __init__(self, carrier: Carrier, writer: str, dry: bool) -> None:
        self._station = carrier.station
        self._writer = writer
        self._dry = dry
        self._named: dict[str, str | None] | None = None
        self.media = MediaTaker(carrier.shelf, self._root_of, dry)
        self.entries = self.carried = 0

    @property
    def files(self) -> int:
        return self.media.whole

    def frame(self, frame: Frame) -> None:
        try:
            if frame.kind == PAGE:
                self._page(unpack(frame.body))
            elif frame.kind == MANIFEST:
                self.media.manifest(frame.body)
            else:
                self.media.chunk(frame.body)
        except BatchRefused as error:
            raise BundleError("refused", f"{error}; a bundle with everything closes a gap") from error
        except (ParcelError, MediaError) as error:
            if getattr(error, "reason", "") == "no_room":
                raise
            raise BundleError("refused", str(error)) from error

    def _page(self, parcel: Parcel) -> None:
        self._named = None
        if parcel.heads and not self._dry:
            self._station.ask(lambda journal: _receipt(journal, self._writer, parcel.heads)).result()
        for batch in parcel.batches:
            self.carried += len(batch.entries)
            self._batch(batch)

    def _batch(self, batch: Batch) -> None:
        name = (batch.station, batch.incarnation)
        held = self._station.ask(lambda journal: journal.exchange.heads().get(name, 0)).result()
        self.entries += max(0, batch.last - max(held, batch.first - 1))
        if self._dry:
            return
        self._station.merge(batch if self._writer == HUB else to_follow(batch)).result()

    def _root_of(self, digest: str) -> str | None:
        """The root that the journal names for a file; None for a file it does not name."""
        if self._named is None:
            with closing(self._station.situation()) as situation:
                self._named = {one.digest: one.root for one in situation.find(Attachment) if one.digest}
        return self._named.get(digest)
