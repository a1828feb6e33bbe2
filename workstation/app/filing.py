"""Files as the desk handles them: taken in, shown small, fetched and saved as a copy, all off the GUI thread."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import orjson
from PySide6.QtGui import QImage

from workstation.attachments import Shelf
from workstation.attachments.taking import take_file
from workstation.commands.attachment import attach
from workstation.commands.document import record_export
from workstation.domain.draft import Sealed
from workstation.domain.errors import Refused
from workstation.domain.records import Attachment
from workstation.security.media import FileSeal
from workstation.station import Station
from workstation.views.thumbnails import FORMATS, LARGEST_FILE, thumbnail
from workstation.views.workplace import FileNow


class Filing:
    """Fulfils `views.workplace.Files` with a station's shelf, for one person. Close it with the window."""

    def __init__(self, station: Station, author: str, role: str) -> None:
        self._station = station
        self._author, self._role = author, role
        self._shelf = Shelf(station.space.attachments)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="files")

    def close(self) -> None:
        self._worker.shutdown()

    def now(self, known: Attachment) -> FileNow:
        """Where a file is."""
        digest = known.digest
        if digest is None:
            return FileNow("away")
        if self._shelf.holds(digest):
            return FileNow("hub" if self._shelf.is_confirmed(digest) else "here", 1.0)
        arrived = self._shelf.arrived(digest)
        return FileNow("fetching" if arrived or self._shelf.is_asked_for(digest) else "away", arrived)

    def attach(self, path: Path, to: str) -> "Future[str]":
        """Take a file in and attach it; its name. The Future may hold Refused, MediaError or OSError."""

        def work() -> str:
            with path.open("rb") as stream:
                taken = take_file(stream, path.name, self._shelf, self._station.space.sealer())
            try:
                self._station.submit(attach(taken, to), self._author, self._role).result()
            except Refused:
                self._shelf.drop(taken.manifest.sha256)  # sealed under a key of its own: nobody else has it
                raise
            return taken.name

        return self._worker.submit(work)

    def fetch(self, known: Attachment) -> None:
        """Ask the courier for a file, also where its incident is over."""
        if known.digest is not None and not self._shelf.holds(known.digest):
            self._shelf.ask_for(known.digest)

    def save_copy(self, known: Attachment, path: Path) -> "Future[str]":
        """Write the file in clear, whole or not at all, and record that it left; the name of the copy.

        The Future may hold MediaError, OSError, or ValueError for a file whose key was destroyed.
        """

        def work() -> str:
            part = path.with_name(f"{path.name}.part")
            try:
                with part.open("wb") as file:
                    file.writelines(self._shelf.clear(known.digest or "", self._seal(known)))
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
            told = record_export(known.name or path.name, known.digest or "", known.incident)
            self._station.submit(told, self._author, self._role).result()
            return path.name

        return self._worker.submit(work)

    def thumbnail(self, known: Attachment) -> "Future[QImage | None]":
        """A small picture of an image that is here; None for anything else."""

        def work() -> QImage | None:
            kind, size = known.media_type or "", known.size or 0
            if (
                known.digest is None
                or kind not in FORMATS
                or size > LARGEST_FILE
                or not self._shelf.holds(known.digest)
            ):
                return None
            return thumbnail(b"".join(self._shelf.clear(known.digest, self._seal(known))), kind)

        return self._worker.submit(work)

    def _seal(self, known: Attachment) -> FileSeal | None:
        """What opens a file: None where it is kept in clear. Raises ValueError once its key was destroyed."""
        if not isinstance(known.key, Sealed):
            return None
        token = orjson.loads(known.key.token)
        situation = self._station.situation()
        try:
            subject, wrapped = situation.sealed_key(token["key"]) or (known.key.subject, None)
        finally:
            situation.close()
        text = self._station.space.sealer().open(subject, wrapped, token["token"])
        if text is None:
            raise ValueError("the key of this file was destroyed")
        return FileSeal.from_text(text)
