"""Writing a bundle: for each recipient what it lacks by its receipts, page by page, then the files."""

import os
import re
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from workstation.attachments import MediaError
from workstation.domain.clock import iso
from workstation.domain.records import Attachment, Station
from workstation.journal import Batch, Journal, StreamName, Want, everything
from workstation.security.boxing import box
from workstation.security.media import FileSeal
from workstation.sync.bundle import FORMAT, Carrier, Told, key_in_force
from workstation.sync.bundle_file import CHUNK, END, HEADER, MANIFEST, PAGE, SECTION, BundleError, FrameWriter
from workstation.sync.bundle_media import chunks
from workstation.sync.parcel import Parcel, pack
from workstation.sync.rounds import HUB
from workstation.sync.sight import StationSight

ENTRIES_A_PAGE = 2000
_DIGEST = re.compile(rb"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Order:
    """For whom (empty: a station writes for the hub, the hub for every station it has named); `whole`: everything,
    whatever the receipts say; `attachments`: the files too."""

    recipients: tuple[str, ...] = ()
    whole: bool = False
    attachments: bool = True
    page: int = ENTRIES_A_PAGE


@dataclass(frozen=True, slots=True)
class Written:
    """What a bundle holds. `damaged` names files that were left out, since they are no longer what was put."""

    recipients: tuple[str, ...]
    entries: int
    files: int
    size: int
    damaged: tuple[str, ...]


def export_bundle(carrier: Carrier, path: Path, order: Order, told: Told = lambda entries: None) -> Written:
    """Write a bundle; what lies at `path` stays until the new one is whole. Raises BundleError or OSError."""
    recipients = order.recipients or carrier.station.ask(_usual).result()
    fresh = path.with_name(f"{path.name}.part")
    try:
        with fresh.open("wb") as file:
            writing = _Writing(carrier, order, file, told)
            writing.all_for(recipients)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return Written(recipients, writing.entries, writing.files, path.stat().st_size, tuple(writing.damaged))


def _usual(journal: Journal) -> tuple[str, ...]:
    if journal.identity.station != HUB:
        return (HUB,)
    named = journal.situation.find(Station, order="id")
    found = tuple(one.id for one in named if one.revoked_at is None and one.id != HUB)
    if not found:
        raise BundleError("unknown_recipient", "no station is known that it could be for")
    return found


class _Writing:
    def __init__(self, carrier: Carrier, order: Order, file: BinaryIO, told: Told) -> None:
        self._carrier = carrier
        self._order = order
        self._out = FrameWriter(file, carrier.identity)
        self._told = told
        self.entries = self.files = 0
        self.damaged: list[str] = []

    def all_for(self, recipients: Iterable[str]) -> None:
        station = self._carrier.station
        at = iso(station.clock.now())
        head = {"format": FORMAT, "space": self._carrier.space, "writer": station.name, "at": at}
        self._out.write(HEADER, orjson.dumps({**head, "recipients": list(recipients)}))
        for recipient in recipients:
            self._section(recipient)
        self._out.write(END)

    def _section(self, recipient: str) -> None:
        ask = self._carrier.station.ask
        public = ask(lambda journal: key_in_force(journal, recipient)).result()
        if public is None:
            raise BundleError("unknown_recipient", f"the hub has not named {recipient} here")
        reached: dict[StreamName, int] = {}
        if not self._order.whole:
            reached = ask(lambda journal: journal.exchange.confirmed(recipient)).result()
        heads, backlog = ask(lambda journal: (journal.exchange.heads(), journal.exchange.backlog(reached))).result()
        seal = FileSeal.create()
        promise: dict[str, Any] = {"for": recipient, "key": box(public, seal.key).hex(), "entries": backlog}
        self._out.write(SECTION, orjson.dumps(promise))
        sealed = _Sealed(self._out, seal)
        sealed.write(PAGE, pack(Parcel(heads=heads)))
        named = self._pages(recipient, reached, sealed)
        if self._order.attachments:
            self._media(recipient, named, sealed)

    def _pages(self, recipient: str, reached: dict[StreamName, int], sealed: "_Sealed") -> set[str]:
        """Write page after page; the digests that stand in what the recipient may read of them."""

        def page(journal: Journal) -> list[Batch]:
            sight = everything if recipient == HUB else StationSight(journal, recipient)
            return journal.exchange.missing(reached, Want(self._order.page, sight))

        named: set[str] = set()
        while batches := self._carrier.station.ask(page).result():
            sealed.write(PAGE, pack(Parcel(tuple(batches))))
            reached.update({(one.station, one.incarnation): one.last for one in batches})
            for batch in batches:
                self.entries += len(batch.entries)
                named.update(digest.decode() for one in batch.entries for digest in _DIGEST.findall(one.content))
            self._told(self.entries)
        return named

    def _media(self, recipient: str, named: set[str], sealed: "_Sealed") -> None:
        shelf = self._carrier.shelf
        for digest in self._files(recipient, named):
            manifest = shelf.manifest(digest)
            if manifest is None:
                continue
            sealed.write(MANIFEST, manifest.encode())
            try:
                for chunk in chunks(shelf, manifest):
                    sealed.write(CHUNK, chunk)
                self.files += 1
            except MediaError:
                self.damaged.append(digest)

    def _files(self, recipient: str, named: set[str]) -> list[str]:
        shelf = self._carrier.shelf
        with closing(self._carrier.station.situation()) as situation:
            known = {one.digest for one in situation.find(Attachment) if one.digest and shelf.holds(one.digest)}
        wanted = {one for one in known if not shelf.is_confirmed(one)} if recipient == HUB else known & named
        return sorted(wanted)


class _Sealed:
    """A section being written: each body sealed at its place."""

    def __init__(self, out: FrameWriter, seal: FileSeal) -> None:
        self._out = out
        self._seal = seal
        self._number = 0

    def write(self, kind: bytes, body: bytes) -> None:
        self._out.write(kind, self._seal.seal(self._number, body))
        self._number += 1
