"""The shelf: files kept under their SHA-256, whole or as far as they have arrived.

A file is written beside its place, forced to the disk and renamed, so that what lies under a digest is whole. What has
arrived of a file is what verifies: no list is kept that a power cut could make untrue, and a transfer that was killed
at any byte goes on behind the last chunk that is good. No name from outside is ever part of a path.
"""

import hashlib
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO, Protocol

from workstation.attachments.limits import Limits
from workstation.attachments.manifest import CHUNK, Manifest, is_sha256
from workstation.attachments.trouble import ChunkRefused, Damaged, MediaError, NoRoom
from workstation.security.media import OVERHEAD, FileSeal


class Readable(Protocol):
    """What bytes come from: empty bytes at its end."""

    def read(self, size: int, /) -> bytes: ...


class Shelf:
    """The files of one folder. May be used from any thread."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self._folder = folder
        self._limits = limits or Limits()
        self._arrived: dict[str, set[int]] = {}
        self._lock = threading.RLock()
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, stream: Readable, seal: FileSeal | None = None) -> Manifest:
        """Keep what a stream holds, sealed where a seal is given; its manifest. Keeping a file twice keeps it once.

        Raises NoRoom, or MediaError for a file that is empty or too large.
        """
        self._need_room("", 0)
        handle, name = mkstemp(dir=self._folder, suffix=".new")
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as fresh:
                manifest = self._write(fresh, self._pieces(stream, seal))
                fresh.flush()
                os.fsync(fresh.fileno())
        except BaseException:
            path.unlink()
            raise
        with self._lock:
            self._keep_manifest(manifest)
            self._settle(path, manifest.sha256)
        return manifest

    def begin(self, manifest: Manifest) -> tuple[int, ...]:
        """Make ready to take the chunks of a file; those still missing. Raises NoRoom or MediaError."""
        with self._lock:
            if not self.holds(manifest.sha256):
                if manifest.size > self._limits.largest:
                    raise MediaError(manifest.sha256, "too_large", f"{manifest.size} bytes are too many")
                missing = self.missing_chunks(manifest)
                self._need_room(manifest.sha256, sum(map(manifest.length, missing)))
                self._keep_manifest(manifest)
            return self.missing_chunks(manifest)

    def missing_chunks(self, manifest: Manifest) -> tuple[int, ...]:
        """The numbers of the chunks that have not arrived, or arrived damaged."""
        if self.holds(manifest.sha256):
            return ()
        arrived = self._arrived_of(manifest)
        return tuple(number for number in range(len(manifest.chunks)) if number not in arrived)

    def put_chunk(self, sha256: str, index: int, body: bytes) -> int:
        """Take a chunk of a file begun; how many are still missing. Raises ChunkRefused for a wrong one, NoRoom.

        With the last one the file is whole; one that then is not what its manifest promised is dropped (ChunkRefused).
        """
        with self._lock:
            manifest = self.manifest(sha256)
            if manifest is None:
                raise ChunkRefused(sha256, "unknown", "was never announced")
            manifest.check(index, body)
            if self.holds(sha256):
                return 0
            arrived = self._arrived_of(manifest)
            if index not in arrived:
                self._need_room(sha256, len(body))
                self._write_chunk(manifest, index, body)
                arrived.add(index)
            if len(arrived) == len(manifest.chunks):
                self._finish(manifest)
            return len(manifest.chunks) - len(arrived)

    def manifest(self, sha256: str) -> Manifest | None:
        """The manifest of a file that is here or on its way; None for any other."""
        path = self._place(sha256, ".json")
        try:
            return Manifest.decode(path.read_bytes(), sha256)
        except (OSError, ChunkRefused):
            return None

    def holds(self, sha256: str) -> bool:
        """Whether the file is here and whole."""
        return self._place(sha256).is_file()

    def arrived(self, sha256: str) -> float:
        """How far a file has come, 0 to 1, by its length: whether it is good is known when it is whole."""
        if self.holds(sha256):
            return 1.0
        manifest, part = self.manifest(sha256), self._place(sha256, ".part")
        return part.stat().st_size / manifest.size if manifest is not None and part.is_file() else 0.0

    def open(self, sha256: str) -> BinaryIO:
        """The file as it is stored. Raises MediaError for one that is not here."""
        if not self.holds(sha256):
            raise MediaError(sha256, "absent", "is not here")
        return self._place(sha256).open("rb")

    def chunk(self, sha256: str, index: int) -> bytes:
        """One chunk of a whole file, checked as it is read. Raises MediaError, Damaged, or ChunkRefused (index)."""
        manifest = self.manifest(sha256)
        if manifest is None:
            raise MediaError(sha256, "absent", "is not here")
        length = manifest.length(index)
        with self.open(sha256) as file:
            file.seek(index * CHUNK)
            body = file.read(length)
        try:
            manifest.check(index, body)
        except ChunkRefused as error:
            raise Damaged(sha256, "damaged", f"chunk {index} was altered on the disk") from error
        return body

    def clear(self, sha256: str, seal: FileSeal | None) -> Iterator[bytes]:
        """The file in clear, piece by piece. Raises MediaError, Damaged, or ValueError for another file's key."""
        manifest = self.manifest(sha256)
        if manifest is None:
            raise MediaError(sha256, "absent", "is not here")
        for number in range(len(manifest.chunks)):
            body = self.chunk(sha256, number)
            yield body if seal is None else seal.open(number, body)

    def ask_for(self, sha256: str) -> None:
        """Note that somebody here wants the file, also where its incident is over. Kept until it is here."""
        place = self._place(sha256, ".ask")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()

    def is_asked_for(self, sha256: str) -> bool:
        return self._place(sha256, ".ask").is_file()

    def confirm(self, sha256: str) -> None:
        """Note that the hub holds the whole file."""
        self._place(sha256, ".hub").touch()
        self._place(sha256, ".ask").unlink(missing_ok=True)

    def is_confirmed(self, sha256: str) -> bool:
        return self._place(sha256, ".hub").is_file()

    def drop(self, sha256: str) -> None:
        """Forget a file and what has arrived of it."""
        with self._lock:
            self._arrived.pop(sha256, None)
            for suffix in ("", ".part", ".hub", ".ask", ".json"):
                self._place(sha256, suffix).unlink(missing_ok=True)

    def make_room(self, size: int, unneeded: Iterable[str]) -> list[str]:
        """Drop the first of `unneeded` (oldest first) until `size` bytes find room; what was dropped."""
        dropped: list[str] = []
        for sha256 in unneeded:
            if self._has_room(size):
                break
            if self.holds(sha256):
                self.drop(sha256)
                dropped.append(sha256)
        return dropped

    def discard_unfinished(self) -> None:
        """Remove what a killed `put` left behind; to be called before anybody puts."""
        for path in [*self._folder.glob("*.new"), *self._folder.glob("??/??/*.new")]:
            path.unlink()

    def verify(self) -> Iterator[Damaged]:
        """Every whole file that is not what was put, by its digest. Reads the shelf from end to end."""
        for path in sorted(self._folder.glob("??/??/*")):
            if is_sha256(path.name) and _digest(path) != path.name:
                yield Damaged(path.name, "damaged", "is not what was put here")

    def _pieces(self, stream: Readable, seal: FileSeal | None) -> Iterator[bytes]:
        number = 0
        while clear := stream.read(CHUNK if seal is None else CHUNK - OVERHEAD):
            yield clear if seal is None else seal.seal(number, clear)
            number += 1

    def _write(self, fresh: BinaryIO, pieces: Iterable[bytes]) -> Manifest:
        whole, chunks, size = hashlib.sha256(), [], 0
        for piece in pieces:
            size += len(piece)
            if size > self._limits.largest:
                raise MediaError("", "too_large", f"larger than {self._limits.largest} bytes")
            self._need_room("", len(piece))
            whole.update(piece)
            chunks.append(hashlib.sha256(piece).hexdigest())
            fresh.write(piece)
        if not size:
            raise MediaError("", "empty", "holds nothing")
        return Manifest(whole.hexdigest(), size, tuple(chunks))

    def _write_chunk(self, manifest: Manifest, index: int, body: bytes) -> None:
        with _updating(self._place(manifest.sha256, ".part")) as file:
            file.seek(index * CHUNK)
            file.write(body)

    def _arrived_of(self, manifest: Manifest) -> set[int]:
        with self._lock:
            if manifest.sha256 not in self._arrived:
                self._arrived[manifest.sha256] = set(self._verified(manifest))
            return self._arrived[manifest.sha256]

    def _verified(self, manifest: Manifest) -> Iterator[int]:
        part = self._place(manifest.sha256, ".part")
        if part.is_file():
            with part.open("rb") as file:
                for number in range(len(manifest.chunks)):
                    with suppress(ChunkRefused):
                        manifest.check(number, file.read(manifest.length(number)))
                        yield number

    def _finish(self, manifest: Manifest) -> None:
        part = self._place(manifest.sha256, ".part")
        if part.stat().st_size != manifest.size or _digest(part) != manifest.sha256:
            self.drop(manifest.sha256)
            raise ChunkRefused(manifest.sha256, "manifest", "is not what its manifest promised")
        with _updating(part) as file:
            os.fsync(file.fileno())
        self._settle(part, manifest.sha256)

    def _settle(self, path: Path, sha256: str) -> None:
        """Put a file that is whole in its place."""
        path.replace(self._place(sha256))
        self._place(sha256, ".part").unlink(missing_ok=True)
        _sync_folder(self._place(sha256).parent)
        self._arrived.pop(sha256, None)

    def _keep_manifest(self, manifest: Manifest) -> None:
        path = self._place(manifest.sha256, ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".json.new")
        with fresh.open("wb") as file:
            file.write(manifest.encode())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        self._arrived.pop(manifest.sha256, None)

    def _place(self, sha256: str, suffix: str = "") -> Path:
        if not is_sha256(sha256):
            raise MediaError("", "name", "a file is named by its SHA-256 alone")
        return self._folder / sha256[:2] / sha256[2:4] / f"{sha256}{suffix}"

    def _has_room(self, size: int) -> bool:
        return self._limits.free(self._folder) - size >= self._limits.reserve

    def _need_room(self, sha256: str, size: int) -> None:
        if not self._has_room(size):
            raise NoRoom(sha256, self._limits.free(self._folder), self._limits.reserve)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _updating(path: Path) -> BinaryIO:
    """A file to write in the middle of, made where it is absent."""
    path.touch()
    return path.open("r+b")


def _sync_folder(folder: Path) -> None:
    """Force a rename to the disk, where the system lets a folder be opened."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
