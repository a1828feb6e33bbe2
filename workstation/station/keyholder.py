"""Where the two secret keys of a space lie: in files that their owner alone may read, in the machine's own keyring, or
in files wrapped by a passphrase.

A passphrase comes from the file that `WORKSTATION_PASSPHRASE_FILE` names (a service's credential), else from whoever is
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
    """Move the keys into the keyring of whoever is logged in to this machine. Refused: `keyholder.no_keyring`; as all
    moves out of a keyring `keyholder.left`, where they are in their new place and it would not forget them."""
    vault, label = _keyring(), secrets.token_hex(8)
    _move(folder, vault, {"where": KEYRING, "label": label})


def keep_wrapped(folder: Path, passphrase: str) -> None:
    """Have the keys wrapped by a passphrase. Refused: `keyholder.short`."""
    if len(passphrase) < LEAST_PHRASE:
        raise Refused("keyholder.short", count=LEAST_PHRASE)
    _move(folder, _wrapped(folder, passphrase), {"where": WRAPPED})


def keep_in_files(folder: Path) -> None:
    """Have the keys lie in files again."""
    _unpack(folder)
    _forget_left(folder)


def _move(folder: Path, vault: Vault, note: dict[str, str]) -> None:
    """Into a vault; the files go when all else is safe, and last what a keyring held before."""
    _unpack(folder)
    held = {name: fetch(folder, name) for name in KEYS}
    for name, secret in held.items():
        vault.keep(_label(note, name), secret)
        if vault.fetch(_label(note, name)) != secret:
            raise Refused("keyholder.not_there", folder=str(folder))
    _write_note(folder, note | _left(_note(folder)))
    _opened[folder.resolve()] = held
    for name in KEYS:
        _file(folder, name).unlink()
    _forget_left(folder)


def _unpack(folder: Path) -> None:
    """Into files that are proven readable before anything else is dropped."""
    if where(folder) == FILES:
        return
    held = {name: fetch(folder, name) for name in KEYS}
    for name, secret in held.items():
        _file(folder, name).unlink(missing_ok=True)
        write_secret(_file(folder, name), secret)
        if read_secret(_file(folder, name)) != secret:
            raise Refused("keyholder.not_there", folder=str(folder))
    note = _note(folder)
    labels = [one for one in (note.get("left"), note.get("label")) if one]
    _write_note(folder, {"where": FILES} | ({"left": " ".join(labels)} if labels else {}))
    _opened.pop(folder.resolve(), None)
    for name in KEYS:
        _file(folder, name).with_suffix(".wrapped").unlink(missing_ok=True)


def _forget_left(folder: Path) -> None:
    """Have the keyring forget what was moved out of it; until it has, the note says so and a next move tries again."""
    note = _note(folder)
    if not (labels := _left(note).get("left", "").split()):
        return
    backend = system_keyring()
    kept = [one for one in labels if backend is None or not _forgets(Keyring(backend), one)]
    rest = {name: value for name, value in note.items() if name != "left"}
    _write_note(folder, rest | _left({"left": " ".join(kept)}))
    if kept:
        raise Refused("keyholder.left", folder=str(folder), labels=", ".join(kept))


def _forgets(vault: Keyring, label: str) -> bool:
    gone = [vault.forget(_label({"label": label}, name)) for name in KEYS]
    return all(gone)


def _left(note: dict[str, str]) -> dict[str, str]:
    """Of a note, that a keyring still holds what was moved out of it: under which labels."""
    return {"left": note["left"]} if note.get("left") else {}


def _write_note(folder: Path, note: dict[str, str]) -> None:
    """Where the keys lie, the old note or the new one; none where there is nothing to say."""
    if note in ({}, {"where": FILES}):
        _note_file(folder).unlink(missing_ok=True)
        return
    fresh = _note_file(folder).with_suffix(".new")
    fresh.unlink(missing_ok=True)
    write_private(fresh, json.dumps(note))
    fresh.replace(_note_file(folder))


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
