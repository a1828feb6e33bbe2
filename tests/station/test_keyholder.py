"""The keys of a space out of their files: in the machine's keyring, or wrapped; and how each may fail to open."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security.test_vault import LockedKeyring, MemoryKeyring
from workstation.domain.errors import Refused
from workstation.hub.safekeeping import back_up, restore
from workstation.station import Parts, Space, Station, keyholder

PHRASE = "river levee twelve"


@pytest.fixture
def space(tmp_path: Path) -> Space:
    return Space.found(tmp_path / "JD03", "JD03")


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    backend = MemoryKeyring()
    monkeypatch.setattr(keyholder, "system_keyring", lambda: backend)
    yield backend


@pytest.fixture
def another_start(monkeypatch: pytest.MonkeyPatch):
    """What was opened is in no later process's memory."""
    return lambda: monkeypatch.setattr(keyholder, "_opened", {})


@pytest.fixture
def phrase_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A service's credential."""
    file = tmp_path / "credential"
    file.write_text(f"{PHRASE}\n", encoding="utf-8")
    monkeypatch.setenv(keyholder.PHRASE_FILE, str(file))
    return file


def secrets_of(space: Space) -> tuple[bytes, bytes]:
    return space.identity().seed(), space.sealer().space_key


def lying_in(folder: Path) -> str:
    """All that lies in a folder, as text."""
    return " ".join(one.read_bytes().hex() + one.read_text("latin-1") for one in folder.rglob("*") if one.is_file())


def refused(space: Space) -> str:
    with pytest.raises(Refused) as told:
        space.identity()
    return told.value.rule


def test_a_space_whose_keys_are_in_the_keyring_holds_none_and_works(space, keyring, another_start, clock) -> None:
    before = secrets_of(space)
    keyholder.keep_in_keyring(space.folder)
    another_start()
    assert secrets_of(space) == before
    assert not any(secret.hex() in lying_in(space.folder) for secret in before)
    station = Station(space, clock, Parts())
    station.start()
    station.stop()


def test_the_folder_alone_opens_nothing_on_another_machine(space, keyring, another_start, monkeypatch) -> None:
    keyholder.keep_in_keyring(space.folder)
    another_start()
    monkeypatch.setattr(keyholder, "system_keyring", MemoryKeyring)
    assert refused(space) == "keyholder.not_there"
    monkeypatch.setattr(keyholder, "system_keyring", lambda: None)
    assert refused(space) == "keyholder.no_keyring"


def test_wrapped_keys_open_with_the_passphrase_of_a_service(space, another_start, phrase_file) -> None:
    before = secrets_of(space)
    keyholder.keep_wrapped(space.folder, PHRASE)
    another_start()
    assert secrets_of(space) == before
    assert not any(secret.hex() in lying_in(space.folder) for secret in before)


def test_without_a_passphrase_or_with_a_wrong_one_they_stay_shut(space, another_start, monkeypatch) -> None:
    keyholder.keep_wrapped(space.folder, PHRASE)
    another_start()
    monkeypatch.setattr(keyholder, "_ask", lambda folder: "")
    assert refused(space) == "keyholder.locked"
    monkeypatch.setattr(keyholder, "_ask", lambda folder: "river levee eleven")
    assert refused(space) == "keyholder.wrong"
    monkeypatch.setattr(keyholder, "_ask", lambda folder: PHRASE)
    assert space.identity().station == "JD03"


def test_a_passphrase_is_asked_for_once_in_a_process(space, another_start, monkeypatch) -> None:
    keyholder.keep_wrapped(space.folder, PHRASE)
    another_start()
    asked = []
    monkeypatch.setattr(keyholder, "_ask", lambda folder: asked.append(folder) or PHRASE)
    secrets_of(space)
    secrets_of(Space(space.folder))
    assert asked == [space.folder]


def test_a_short_passphrase_wraps_nothing(space) -> None:
    before = secrets_of(space)
    with pytest.raises(Refused, match=r"keyholder\.short"):
        keyholder.keep_wrapped(space.folder, "short")
    assert (keyholder.where(space.folder), secrets_of(space)) == ("files", before)


def test_they_go_from_the_keyring_under_a_passphrase_and_back_into_files(space, keyring, another_start) -> None:
    before = secrets_of(space)
    keyholder.keep_in_keyring(space.folder)
    keyholder.keep_wrapped(space.folder, PHRASE)
    assert keyholder.where(space.folder) == "wrapped"
    keyholder.keep_in_files(space.folder)
    another_start()
    assert (keyholder.where(space.folder), secrets_of(space)) == ("files", before)
    assert {one.name for one in (space.folder / "keys").iterdir()} == {"signing.key", "space.key", "station.json"}


@pytest.mark.parametrize(
    "move",
    [
        keyholder.keep_in_files,
        lambda folder: keyholder.keep_wrapped(folder, PHRASE),
        keyholder.keep_in_keyring,
    ],
)
def test_what_was_moved_out_of_the_keyring_is_there_no_more(space, keyring, another_start, phrase_file, move) -> None:
    before = secrets_of(space)
    keyholder.keep_in_keyring(space.folder)
    first = set(keyring.held)
    move(space.folder)
    assert len(first) == 2 and first.isdisjoint(keyring.held)
    another_start()
    assert secrets_of(space) == before


def test_a_keyring_that_will_not_forget_is_told_of_and_asked_again(space, monkeypatch) -> None:
    before, locked = secrets_of(space), LockedKeyring()
    monkeypatch.setattr(keyholder, "system_keyring", lambda: locked)
    keyholder.keep_in_keyring(space.folder)
    with pytest.raises(Refused, match=r"keyholder\.left"):
        keyholder.keep_in_files(space.folder)
    assert (keyholder.where(space.folder), secrets_of(space), len(locked.held)) == ("files", before, 2)
    monkeypatch.setattr(LockedKeyring, "delete_password", MemoryKeyring.delete_password)
    keyholder.keep_in_files(space.folder)
    assert locked.held == {} and secrets_of(space) == before
    assert {one.name for one in (space.folder / "keys").iterdir()} == {"signing.key", "space.key", "station.json"}


def test_a_new_place_that_cannot_be_read_leaves_them_in_the_keyring(space, keyring, monkeypatch) -> None:
    before = secrets_of(space)
    keyholder.keep_in_keyring(space.folder)
    monkeypatch.setattr(keyholder, "read_secret", lambda file: bytes(32))
    with pytest.raises(Refused, match=r"keyholder\.not_there"):
        keyholder.keep_in_files(space.folder)
    assert (keyholder.where(space.folder), secrets_of(space), len(keyring.held)) == ("keyring", before, 2)


def test_a_power_cut_before_the_note_leaves_them_in_their_files(space, keyring, monkeypatch) -> None:
    before = secrets_of(space)

    def power_cut(*told: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(keyholder, "write_private", power_cut)
    with pytest.raises(KeyboardInterrupt):
        keyholder.keep_in_keyring(space.folder)
    assert (keyholder.where(space.folder), secrets_of(space)) == ("files", before)


def test_a_backup_brings_kept_keys_along_under_its_own_passphrase(
    space, keyring, another_start, clock, tmp_path
) -> None:
    station = Station(space, clock, Parts())
    station.start()
    station.stop()
    before = secrets_of(space)
    keyholder.keep_in_keyring(space.folder)
    back_up(space, tmp_path / "office.backup", clock, "another phrase of ours")
    another_start()
    brought = Space(tmp_path / "brought")
    restore(tmp_path / "office.backup", brought, "another phrase of ours")
    assert (keyholder.where(brought.folder), secrets_of(brought)) == ("files", before)


def test_an_office_is_enrolled_before_its_keys_are_moved(space, keyring) -> None:
    keyholder.keep_in_keyring(space.folder)
    with pytest.raises(Refused, match=r"keyholder\.kept"):
        space.replace_space_key(bytes(32))
