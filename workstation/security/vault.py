"""Where a key lies when nobody uses it: in the operating system's keyring, or in a file wrapped by a passphrase.

The wrapped file is one line of JSON that names its provider; the key from the passphrase and the algorithms are that
provider's, so that no parameter is taken from a file that somebody else may have written. A stolen disk holds nothing
but this line.
"""

import json
import os
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workstation.security.provider import ORDINARY, Provider, providers

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "workstation"
_SALT = 16
_MOST = 64 * 1024


class Vault(Protocol):
    """Keeps secrets by name."""

    def keep(self, name: str, secret: bytes) -> None: ...

    def fetch(self, name: str) -> bytes | None:
        """The secret; None where none is kept. Raises ValueError for one that does not open."""
        ...

    def forget(self, name: str) -> bool:
        """Keep a secret no more; whether it is gone."""
        ...


def wrap(name: str, secret: bytes, passphrase: str, provider: Provider = ORDINARY) -> str:
    """A secret under a passphrase, as one line of JSON. `name` is bound to it: it opens under no other name."""
    salt = os.urandom(_SALT)
    sealed = provider.seal(provider.derive(passphrase, salt), secret, name.encode())
    return json.dumps({"format": 1, "provider": provider.name, "salt": salt.hex(), "sealed": sealed.hex()})


def unwrap(name: str, wrapped: str, passphrase: str) -> bytes:
    """The inverse. Raises ValueError for a wrong passphrase, a file that is none, or a provider this machine lacks."""
    try:
        held = json.loads(wrapped)
        provider = providers()[held["provider"]]
        salt, sealed = bytes.fromhex(held["salt"]), bytes.fromhex(held["sealed"])
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{name}: not a wrapped key of a known provider") from error
    return provider.open(provider.derive(passphrase, salt), sealed, name.encode())


@dataclass(frozen=True, slots=True)
class WrappedFiles:
    """A folder of wrapped keys, each readable by its owner alone."""

    folder: Path
    passphrase: str
    provider: Provider = ORDINARY

    def keep(self, name: str, secret: bytes) -> None:
        """Write or replace; a power cut leaves the old key or the new one, never half of either."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(name)
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(wrap(name, secret, self.passphrase, self.provider) + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    def fetch(self, name: str) -> bytes | None:
        path = self._path(name)
        if not path.is_file():
            return None
        with path.open(encoding="ascii") as file:
            return unwrap(name, file.read(_MOST), self.passphrase)

    def forget(self, name: str) -> bool:
        self._path(name).unlink(missing_ok=True)
        return True

    def _path(self, name: str) -> Path:
        if not name.replace("-", "").replace("_", "").isalnum():
            raise ValueError(f"not a name of a key: {name!r}")
        return self.folder / f"{name}.wrapped"


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keyring of the operating system, which opens with the person's own log-in there."""

    backend: "KeyringBackend"

    def keep(self, name: str, secret: bytes) -> None:
        self.backend.set_password(SERVICE, name, secret.hex())

    def fetch(self, name: str) -> bytes | None:
        held = self.backend.get_password(SERVICE, name)
        return None if held is None else bytes.fromhex(held)

    def forget(self, name: str) -> bool:
        """A keyring may be locked, or not let itself be written to: then it still holds it."""
        try:
            if self.backend.get_password(SERVICE, name) is not None:
                self.backend.delete_password(SERVICE, name)
            return self.backend.get_password(SERVICE, name) is None
        except (_failure(), OSError):
            return False


def system_keyring() -> "KeyringBackend | None":
    """The keyring this machine offers; None where it has none that keeps anything (a server, a bare container)."""
    backend: KeyringBackend = import_module("keyring").get_keyring()
    return backend if backend.priority >= 1 else None


def _failure() -> type[Exception]:
    """What a keyring raises. Loaded when it is asked for: the library looks through all that is installed here, which
    a desk whose keys lie elsewhere need not wait for."""
    failure: type[Exception] = import_module("keyring.errors").KeyringError
    return failure
