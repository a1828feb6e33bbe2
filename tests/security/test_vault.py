"""Keys at rest: wrapped by a passphrase, or in the keyring of the machine; and the algorithms that wrap them."""

import json
import os
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import PasswordDeleteError

from workstation.security.provider import ORDINARY, Provider, providers
from workstation.security.vault import Keyring, WrappedFiles, system_keyring, unwrap, wrap

SECRET = bytes(range(32))
PHRASE = "Rain-2026-st"
ALL = pytest.mark.parametrize("provider", providers().values(), ids=lambda one: one.name)


class MemoryKeyring(KeyringBackend):
    """A keyring as an operating system offers it, gone with the process."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


class LockedKeyring(MemoryKeyring):
    """One that lets nothing be deleted."""

    def delete_password(self, service: str, username: str) -> None:
        raise PasswordDeleteError("locked")


@ALL
def test_a_wrapped_key_opens_under_its_passphrase_and_its_name_only(provider: Provider) -> None:
    wrapped = wrap("station", SECRET, PHRASE, provider)
    assert SECRET.hex() not in wrapped and PHRASE not in wrapped
    assert unwrap("station", wrapped, PHRASE) == SECRET
    for name, phrase in (("station", "Rain-2026-su"), ("space", PHRASE)):
        with pytest.raises(ValueError, match="not sealed under this key"):
            unwrap(name, wrapped, phrase)


@pytest.mark.parametrize(
    "broken", ["", "{}", "[]", '{"provider": "unknown"}', '{"provider": "ordinary", "salt": "zz", "sealed": ""}']
)
def test_a_file_that_is_no_wrapped_key_is_named(broken: str) -> None:
    with pytest.raises(ValueError, match="station: not a wrapped key"):
        unwrap("station", broken, PHRASE)


def test_an_altered_or_cut_off_key_does_not_open() -> None:
    held = json.loads(wrap("station", SECRET, PHRASE))
    for sealed in ("00" + held["sealed"][2:], held["sealed"][:-2], ""):
        with pytest.raises(ValueError, match="altered"):
            unwrap("station", json.dumps(held | {"sealed": sealed}), PHRASE)


def test_a_key_file_is_readable_by_its_owner_alone_and_replaced_as_a_whole(tmp_path: Path) -> None:
    files = WrappedFiles(tmp_path / "keys", PHRASE)
    assert files.fetch("station") is None
    files.keep("station", SECRET)
    files.keep("station", SECRET[::-1])
    assert files.fetch("station") == SECRET[::-1]
    (path,) = (tmp_path / "keys").iterdir()
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600
    assert SECRET[::-1].hex() not in path.read_text()


def test_a_name_that_leaves_the_folder_is_no_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a name of a key"):
        WrappedFiles(tmp_path, PHRASE).keep("../station", SECRET)


def test_a_keyring_holds_a_key_and_writes_no_file(tmp_path: Path) -> None:
    backend = MemoryKeyring()
    vault = Keyring(backend)
    vault.keep("station", SECRET)
    assert vault.fetch("station") == SECRET and vault.fetch("space") is None
    assert len(backend.held) == 1 and not [*tmp_path.iterdir()]


def test_a_vault_forgets_a_key_and_says_whether_it_is_gone(tmp_path: Path) -> None:
    for vault in (WrappedFiles(tmp_path, PHRASE), Keyring(MemoryKeyring())):
        vault.keep("station", SECRET)
        assert vault.forget("station") and vault.fetch("station") is None
        assert vault.forget("station")
    locked = Keyring(LockedKeyring())
    locked.keep("station", SECRET)
    assert not locked.forget("station") and locked.fetch("station") == SECRET


def test_a_machine_without_a_keyring_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.get_keyring", NoKeyring)
    assert system_keyring() is None
    monkeypatch.setattr("keyring.get_keyring", MemoryKeyring)
    assert isinstance(system_keyring(), MemoryKeyring)


@ALL
def test_a_provider_opens_what_it_sealed_and_nothing_else(provider: Provider) -> None:
    key, other = os.urandom(provider.key_bytes), os.urandom(provider.key_bytes)
    sealed = provider.seal(key, b"13800138000", b"report:1")
    assert provider.open(key, sealed, b"report:1") == b"13800138000" and b"1380" not in sealed
    for attempt in ((other, sealed, b"report:1"), (key, sealed, b"report:2"), (key, sealed[:-1], b"report:1")):
        with pytest.raises(ValueError, match="not sealed under this key"):
            provider.open(*attempt)


def test_the_digests_are_those_of_the_standards() -> None:
    """FIPS 180-2 and GB/T 32905-2016, appendix A.1: the digest of `abc`."""
    assert ORDINARY.digest(b"abc").hex().startswith("ba7816bf8f01cfea")
    if national := providers().get("national"):
        assert national.digest(b"abc").hex().startswith("66c7f0f462eeedd9d1f2d46bdc10e4e2")


def test_each_provider_says_what_is_in_use_and_signs_or_says_that_it_cannot() -> None:
    told = {one.name: (one.hash_name, one.aead_name, one.kdf_name, one.signature) for one in providers().values()}
    assert told["ordinary"][:3] == ("SHA-256", "AES-256-GCM", "Argon2id")
    assert told.get("national", ("SM3", "SM4-GCM", "PBKDF2-HMAC-SM3", None)) == (
        "SM3",
        "SM4-GCM",
        "PBKDF2-HMAC-SM3",
        None,
    )
    signature = ORDINARY.signature
    assert signature is not None and signature.name == "Ed25519" and len(signature.sign(SECRET, b"entry")) == 64
