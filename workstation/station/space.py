"""A space: one journal, its telemetry and attachments, and the keys beside them. `live` is one; every drill another."""

import json
from dataclasses import dataclass
from pathlib import Path

from workstation.domain.errors import KnownError, Refused
from workstation.journal.places import Place, Shared, is_shared
from workstation.security.keys import Identity, write_private, write_secret
from workstation.security.sealing import Sealer
from workstation.station import keyholder

DATABASE_URL = "database.url"
"""The file beside the keys that says which shared database the journal lies in; never part of a backup."""


class SpaceError(KnownError):
    """A folder that is not a usable space, and why."""


@dataclass(frozen=True, slots=True)
class Space:
    """The files of one space. Keys lie in their own folder, which no export and no bundle touches."""

    folder: Path

    @property
    def journal(self) -> Path:
        return self.folder / "journal.sqlite"

    @property
    def place(self) -> Place:
        """Where the journal lies: in its file, or in the shared database whose URL is kept with the keys."""
        return Shared(self._url.read_text("utf-8").strip(), self.journal) if self._url.is_file() else self.journal

    @property
    def _url(self) -> Path:
        return self.folder / "keys" / DATABASE_URL

    def share(self, url: str) -> None:
        """Have the journal lie in the PostgreSQL database at `url` from now on.

        Raises SpaceError where it lies in a file, or in another database: a space has one journal.
        """
        if self.place == Shared(url, self.journal):
            return
        if not is_shared(url):
            raise SpaceError("the URL of a shared database begins with postgresql://")
        if self._url.is_file() or self.journal.exists():
            raise SpaceError(f"{self.folder} has its journal elsewhere; see workstation hub migrate")
        write_private(self._url, url)

    def share_no_more(self) -> None:
        """Have the journal lie in its file from now on."""
        self._url.unlink()

    @property
    def telemetry(self) -> Path:
        return self.folder / "telemetry.sqlite"

    @property
    def attachments(self) -> Path:
        return self.folder / "attachments"

    @property
    def documents(self) -> Path:
        return self.folder / "documents"

    @property
    def hub_file(self) -> Path:
        """Where the hub's address is kept after enrolment."""
        return self.folder / "hub.json"

    @property
    def exists(self) -> bool:
        return (self.folder / "keys" / "station.json").is_file()

    @classmethod
    def found(cls, folder: Path, station: str, space_key: bytes | None = None) -> "Space":
        """Make a new space for a station: a signing key of its own, and the space's key as given or fresh.

        Raises SpaceError where one lies already.
        """
        space = cls(folder)
        if space.exists:
            raise SpaceError(f"{folder} is a space already")
        sealer = Sealer(space_key) if space_key else Sealer.create()
        write_secret(space._key("signing"), Identity.create(station).seed())
        write_secret(space._key("space"), sealer.space_key)
        name = folder / "keys" / "station.json"
        name.write_text(json.dumps({"station": station}), encoding="utf-8")
        return space

    @classmethod
    def at(cls, folder: Path, station: str) -> "Space":
        """The space in a folder, founded for `station` where there is none."""
        space = cls(folder)
        return space if space.exists else cls.found(folder, station)

    def identity(self) -> Identity:
        """Who signs here. Refused as `keyholder.fetch`."""
        return Identity.from_seed(self.station, keyholder.fetch(self.folder, "signing"))

    def sealer(self) -> Sealer:
        """What seals personal values here. Refused as `keyholder.fetch`."""
        return Sealer(keyholder.fetch(self.folder, "space"))

    @property
    def station(self) -> str:
        try:
            return str(json.loads((self.folder / "keys" / "station.json").read_text(encoding="utf-8"))["station"])
        except (OSError, ValueError, KeyError) as error:
            raise SpaceError(f"{self.folder} is not a space: {error}") from error

    def replace_space_key(self, space_key: bytes) -> None:
        """Take over the key of the space a hub enrolled this station into. Refused once anything is sealed here."""
        if self.journal.exists():
            raise SpaceError(f"{self.folder} holds entries sealed under its own key; enrol an empty space")
        if keyholder.where(self.folder) != keyholder.FILES:
            raise Refused("keyholder.kept", folder=str(self.folder))
        self._key("space").unlink()
        write_secret(self._key("space"), space_key)

    def _key(self, name: str) -> Path:
        return self.folder / "keys" / f"{name}.key"
