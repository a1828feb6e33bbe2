"""A space in one file, taken while the hub runs: journal, telemetry, attachments, and a manifest with their SHA-256.

Keys are in it only under a passphrase. A restored journal knows itself for a copy and goes on in an incarnation of its
own, so that what it lost is not written a second time under the same name.
"""

import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workstation.domain.clock import Clock, iso
from workstation.domain.errors import KnownError
from workstation.journal.audit import audit
from workstation.journal.backup import backup, figures
from workstation.journal.places import file_of
from workstation.security.wrapping import unwrap, wrap
from workstation.station import Space, keyholder
from workstation.station.space import DATABASE_URL

MANIFEST, KEYS = "manifest.json", "keys.wrapped"
_PIECE = 1024 * 1024


class BackupError(KnownError):
    """A file that is no backup, or one that cannot be restored, and why."""


@dataclass(frozen=True, slots=True)
class Drill:
    """What a trial restore found: entries, whether the folded tables are those of the backup, faults by place."""

    entries: int
    same: bool
    faults: tuple[str, ...]


def back_up(space: Space, file: Path, clock: Clock, passphrase: str = "") -> int:
    """Write a backup; how many entries it holds. The file appears when it is whole."""
    passing = file.with_name(f"{file.name}.part")
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        parts = _parts(space, Path(folder))
        entries, digest = figures(Path(folder) / space.journal.name)
        with zipfile.ZipFile(passing, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, path in parts.items():
                archive.write(path, name)
            sums = {name: _sum(path) for name, path in parts.items()}
            if passphrase:
                wrapped = wrap(passphrase, _packed(space.folder))
                archive.writestr(KEYS, wrapped)
                sums[KEYS] = hashlib.sha256(wrapped).hexdigest()
            about = {"station": space.station, "at": iso(clock.now()), "entries": entries, "digest": digest}
            archive.writestr(MANIFEST, json.dumps({"format": 1, **about, "files": sums}, sort_keys=True))
    passing.replace(file)
    return entries


def restore(file: Path, space: Space, passphrase: str = "") -> dict[str, object]:
    """Lay a backup out as a space, each file checked; its manifest. Raises BackupError, and leaves nothing then.

    Without a passphrase the keys are not brought back; put the space's own `keys/` there.
    """
    if space.folder.exists() and any(space.folder.iterdir()):
        raise BackupError(f"{space.folder}: not empty")
    space.folder.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(file) as archive:
            return _laid_out(archive, space.folder, passphrase)
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError) as error:
        shutil.rmtree(space.folder)
        raise BackupError(f"{file}: {error}") from error


def drill_restore(file: Path, passphrase: str, clock: Clock) -> Drill:
    """Restore to a temporary place, prove the chain there and compare the tables. Needs the keys of the backup."""
    with tempfile.TemporaryDirectory() as folder:
        space = Space(Path(folder) / "space")
        about = restore(file, space, passphrase)
        if not space.exists:
            raise BackupError(f"{file}: holds no keys; take it with a passphrase to be able to prove it")
        entries, digest = figures(space.journal)
        faults = audit(space.journal, space.identity(), space.sealer(), clock)
        same = (entries, digest) == (about["entries"], about["digest"])
        return Drill(entries, same, tuple(f"{one.where}: {one.reason}" for one in faults))


def _parts(space: Space, folder: Path) -> dict[str, Path]:
    """Name in the backup to file, the databases copied as of one moment into `folder`."""
    parts = {}
    for place in (space.place, space.telemetry):
        file = file_of(place)
        if place != file or file.is_file():
            backup(place, folder / file.name)
            parts[file.name] = folder / file.name
    for path in sorted(space.attachments.rglob("*")):
        if path.is_file():
            parts[path.relative_to(space.folder).as_posix()] = path
    return parts


def _laid_out(archive: zipfile.ZipFile, folder: Path, passphrase: str) -> dict[str, object]:
    about: dict[str, object] = json.loads(archive.read(MANIFEST))
    files = about["files"]
    if about["format"] != 1 or not isinstance(files, dict):
        raise ValueError("a format that is not known")
    for name, told in files.items():
        target = folder / _inside(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as source, target.open("wb") as out:
            shutil.copyfileobj(source, out, _PIECE)
        if _sum(target) != told:
            raise ValueError(f"{name}: altered")
    wrapped = folder / KEYS
    if wrapped.is_file():
        if passphrase:
            _unpack(unwrap(passphrase, wrapped.read_bytes()), folder / "keys")
        wrapped.unlink()
    return about


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise ValueError(f"{name}: would lie outside")
    return path


def _packed(folder: Path) -> bytes:
    """What lies beside the keys, and the keys themselves, wherever they are kept: restored, they lie in files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted((folder / "keys").iterdir()):
            if path.is_file() and path.name != DATABASE_URL and not keyholder.is_key(path):
                archive.write(path, path.name)
        for name in keyholder.KEYS:
            archive.writestr(f"{name}.key", f"{keyholder.fetch(folder, name).hex()}\n")
    return packed.getvalue()


def _unpack(packed: bytes, keys: Path) -> None:
    keys.mkdir(mode=0o700)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for name in archive.namelist():
            target = keys / _inside(name)
            target.touch(mode=0o600)
            target.write_bytes(archive.read(name))


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
