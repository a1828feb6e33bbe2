"""Which hub a space belongs to: its address and the public key it is known by, kept beside the journal."""

import json
from dataclasses import dataclass
from pathlib import Path

from workstation.domain.errors import KnownError


class NotEnrolled(KnownError):
    """A space whose file about its hub is absent or cannot be read."""


@dataclass(frozen=True, slots=True)
class HubAddress:
    """`url` without a closing slash; `public` the hub's 32 bytes; `certificate` the one certificate (PEM) that is
    believed there, empty where the system's authorities vouch for it."""

    url: str
    public: bytes
    certificate: str = ""

    @classmethod
    def read(cls, file: Path) -> "HubAddress":
        try:
            stored = json.loads(file.read_text(encoding="utf-8"))
            public, certificate = bytes.fromhex(stored["public"]), str(stored.get("certificate", ""))
            return cls(str(stored["url"]).rstrip("/"), public, certificate)
        except (OSError, ValueError, KeyError) as error:
            raise NotEnrolled(f"{file}: this space is not enrolled with a hub ({error})") from error

    def write(self, file: Path) -> None:
        stored = {"url": self.url, "public": self.public.hex(), "certificate": self.certificate}
        file.write_text(json.dumps(stored), encoding="utf-8")
