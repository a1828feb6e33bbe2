"""Where the two secret keys of a space lie: in files that their owner alone may read, in the machine's own keyring, or
in files wrapped by a passphrase.

A passphrase comes from the file that `WORKSTATION_PHRASE_FILE` names (a service's credential), else from whoever is
asked for it, at the terminal where nothing else is said. Keys that were opened stay in this process's memory.
"""

import json
import os
import secrets
import sys
from collections.abc import Callable
from getpass import getpass
from pathlib import Path

from workstation.domain.errors import Refused
from workstation.security.keys import read_secret, write_private, write_secret
from workstation.security.vault import Keyring, Vault, WrappedFiles, system_keyring
from workstation.words import t

KEYS = ("signing", "space")
FILES, KEYRING, WRAPPED = "files", "keyring", "wrapped"
PHRASE_FILE = "WORKSTATION_PASSPHRASE_FILE"
LEAST_PHRASE = 12
_NOTE = "kept.json"
Ask = Callable[[Path], str]
"""Asks a person for the passphrase of a space; empty when they would not."""


def _at_terminal(folder: Path) -> str:
    is_there = sys.stdin is not None and sys.stdin.isatty()
    return getpass(f"{t('keyholder.ask', folder=folder)}: ") if is_there else ""


_ask: Ask = _at_terminal
_opened: dict[Path, dict[str, bytes]] = {}


def ask_by(ask: Ask) -> None:
    """Have a person asked for passphrases this way from now on."""
    global _ask
    _ask = ask


def where(folder: Path) -> str:
    """Where the keys of the space in a folder lie: `files`, `keyring` or `wrapped`."""
    return str(_note(folder).get("where", FILES))


def is_key(file: Path) -> bool:
    """Whether a file beside the keys is one of them, or tells where they are kept."""
    return file.name == _NOTE or (file.stem in KEYS and file.suffix in (".key", ".wrapped"))


def fetch(folder: Path, name: str) -> bytes:
    """A key of a space. Refused, each `keyholder.`: `no_keyring`, `not_there`, `locked`, `wrong`."""
    if where(folder) == FILES:
        return read_secret(_file(folder, name))
    if folder.resolve() not in _opened:
        vault = _keyring() if where(folder) == KEYRING else _wrapped(folder, _passphrase(folder))
        _opened[folder.resolve()] = {one: _taken(vault, folder, one) for one in KEYS}
    return _opened[folder.resolve()][name]


def keep_in_keyring(folder: Path) -> None:
    """Move the keys into the keyring of whoever is logged in to this machine. Refused: `keyholder.no_keyring`."""
    vault, label = _keyring(), secrets.token_hex(8)
    _move(folder, vault, {"where": KEYRING, "label": label})


def keep_wrapped(folder: Path, passphrase: str) -> None:
    """Have the keys wrapped by a passphrase. Refused: `keyholder.short`."""
    if len(passphrase) < LEAST_PHRASE:
        raise Refused("keyholder.short", count=LEAST_PHRASE)
    _move(folder, _wrapped(folder, passphrase), {"where": WRAPPED})


def keep_in_files(folder: Path) -> None:
    """Have the keys lie in files again."""
    if where(folder) != FILES:
        held = {name: fetch(folder, name) for name in KEYS}
        for name, secret in held.items():
            _file(folder, name).unlink(missing_ok=True)
            write_secret(_file(folder, name), secret)
        _forget(folder)


def _move(folder: Path, vault: Vault, note: dict[str, str]) -> None:
    """Into a vault; the files go when all else is safe."""
    keep_in_files(folder)
    held = {name: fetch(folder, name) for name in KEYS}
    for name, secret in held.items():
        vault.keep(_label(note, name), secret)
        if vault.fetch(_label(note, name)) != secret:
            raise Refused("keyholder.not_there", folder=str(folder))
    write_private(_note_file(folder), json.dumps(note))
    _opened[folder.resolve()] = held
    for name in KEYS:
        _file(folder, name).unlink()


def _forget(folder: Path) -> None:
    _note_file(folder).unlink()
    _opened.pop(folder.resolve(), None)
    for name in KEYS:
        _file(folder, name).with_suffix(".wrapped").unlink(missing_ok=True)


def _taken(vault: Vault, folder: Path, name: str) -> bytes:
    try:
        secret = vault.fetch(_label(_note(folder), name))
    except ValueError as error:
        raise Refused("keyholder.wrong", folder=str(folder)) from error
    if secret is None:
        raise Refused("keyholder.not_there", folder=str(folder))
    return secret


def _passphrase(folder: Path) -> str:
    if named := os.environ.get(PHRASE_FILE):
        return first_line(Path(named))
    if said := _ask(folder):
        return said
    raise Refused("keyholder.locked", folder=str(folder), variable=PHRASE_FILE)


def first_line(file: Path) -> str:
    """The passphrase in a file. Refused `keyholder.empty`."""
    lines = file.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0]:
        raise Refused("keyholder.empty", file=str(file))
    return lines[0]


def _keyring() -> Keyring:
    backend = system_keyring()
    if backend is None:
        raise Refused("keyholder.no_keyring")
    return Keyring(backend)


def _wrapped(folder: Path, passphrase: str) -> WrappedFiles:
    return WrappedFiles(folder / "keys", passphrase)


def _note(folder: Path) -> dict[str, str]:
    try:
        note: dict[str, str] = json.loads(_note_file(folder).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return note


def _note_file(folder: Path) -> Path:
    return folder / "keys" / _NOTE


def _label(note: dict[str, str], name: str) -> str:
    return f"{note['label']}-{name}" if "label" in note else name


def _file(folder: Path, name: str) -> Path:
    return folder / "keys" / f"{name}.key"
