"""A journal knows its own file: what was moved goes on, what was copied or set back begins its own incarnation."""

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copyfile, copytree

import pytest

from tests.journals import SEALER, enrolled, exchange, identity, opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident
from workstation.journal import Journal
from workstation.journal import marker as marking
from workstation.journal.ends import STATE, read_ends, state_folder
from workstation.journal.marker import Marker
from workstation.journal.opening import kept


def say(journal: Journal, *names: str) -> str:
    """Write incidents one by one; the incarnation they were written in."""
    for name in names:
        journal.append([Draft("wang", "incident.open", set_fields("incident", name, title=name))])
    return journal.own.incarnation


@pytest.fixture
def left(tmp_path: Path, clock: ManualClock) -> tuple[Path, str]:
    """A journal of two entries, closed, and its incarnation."""
    journal = opened(tmp_path, "ZX", clock)
    assert journal.opened.happened == "new"
    incarnation = say(journal, "i1", "i2")
    journal.close()
    return tmp_path / "ZX" / "journal.sqlite", incarnation


def again(file: Path, clock: ManualClock) -> Journal:
    return Journal.open(file, identity("ZX"), clock, SEALER)


def test_what_is_closed_or_moved_on_its_disk_goes_on(left: tuple[Path, str], clock: ManualClock) -> None:
    moved = left[0].parent.with_name("moved")
    for file in (left[0], left[0], moved / left[0].name, moved / left[0].name):
        if not file.exists():
            left[0].parent.rename(moved)
        journal = again(file, clock)
        assert (journal.opened.happened, journal.own.incarnation) == ("as_left", left[1])
        journal.close()


def test_a_journal_that_was_killed_goes_on(tmp_path: Path, clock: ManualClock) -> None:
    script = (
        "import os, sys; from pathlib import Path; from tests.journals import opened; from tests.journal.test_opening "
        "import say; from workstation.domain.clock import WallClock;"
        "say(opened(Path(sys.argv[1]), 'ZX', WallClock()), 'i1', 'i2'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, tmp_path], check=False)
    journal = opened(tmp_path, "ZX", clock)
    assert (journal.opened.happened, journal.own.seq) == ("as_left", 2)
    journal.close()


def test_a_second_process_beside_an_open_desk_raises_no_alarm(left: tuple[Path, str], clock: ManualClock) -> None:
    desk = again(left[0], clock)
    for name in ("i3", "i4"):
        say(desk, name)
        desk.keep_ends()
        other = again(left[0], clock)
        assert other.opened.happened == "as_left"
        assert say(other, f"{name}b") == left[1]
        other.close()
    desk.close()


def test_a_copied_folder_begins_an_incarnation_of_its_own_and_the_original_goes_on(
    left: tuple[Path, str], clock: ManualClock
) -> None:
    copy = copytree(left[0].parent, left[0].parent.with_name("copy")) / left[0].name
    clone = again(copy, clock)
    assert clone.opened.happened == "copied"
    assert str(left[0]) in clone.opened.text()
    assert say(clone, "i3") != left[1]
    clone.close()
    original = again(left[0], clock)
    assert original.opened.happened == "as_left"
    assert say(original, "i3") == left[1]
    original.close()
    clone = again(copy, clock)
    assert clone.opened.happened == "as_left"
    clone.close()


def test_two_clones_never_write_under_one_reference(tmp_path: Path, clock: ManualClock) -> None:
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    say(centre, "i1")
    exchange(centre, street)
    centre.close()
    clones = [copytree(tmp_path / "ZX", tmp_path / f"ZX{number}") / "journal.sqlite" for number in (1, 2)]
    for number, file in enumerate(clones):
        clone = again(file, clock)
        clock.advance(1)
        say(clone, f"clone{number}")
        exchange(clone, street)
        clone.close()
    assert street.situation.count(Incident) == 3
    assert list(street.verify()) == []
    street.close()


def test_another_machine_is_another_file(
    left: tuple[Path, str], clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "machine_id", lambda: "another")
    journal = again(left[0], clock)
    assert journal.opened.happened == "copied"
    journal.close()


def test_a_machine_without_a_name_is_not_another(
    left: tuple[Path, str], clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "machine_id", lambda: "")
    journal = again(left[0], clock)
    assert journal.opened.happened == "as_left"
    journal.close()


def test_a_disk_that_was_given_another_number_at_restart_is_the_same() -> None:
    here = Marker("m", 1, 7, "/srv/a")
    assert here.is_same_file(Marker("m", 2, 7, "/srv/a"))
    assert here.is_same_file(Marker("m", 1, 7, "/srv/b"))
    assert not here.is_same_file(Marker("m", 2, 7, "/srv/b"))


def set_back(file: Path, clock: ManualClock) -> None:
    """Put an older state into the same file, with everything that lay beside."""
    before = {one: one.read_bytes() for one in file.parent.iterdir()}
    journal = again(file, clock)
    say(journal, "i3", "i4")
    journal.close()
    for one, content in before.items():
        one.write_bytes(content)


def test_an_older_state_in_the_same_file_is_known_by_the_ends_kept_elsewhere(
    left: tuple[Path, str], clock: ManualClock
) -> None:
    set_back(left[0], clock)
    journal = again(left[0], clock)
    assert journal.opened.happened == "restored"
    assert (journal.opened.details["known"], journal.opened.details["held"]) == (4, 2)
    incarnation = say(journal, "i5")
    assert incarnation != left[1]
    journal.close()
    journal = again(left[0], clock)
    assert (journal.opened.happened, journal.own.incarnation) == ("as_left", incarnation)
    assert [opening.happened for _, opening in kept(journal.store.connection)] == ["restored"]
    journal.close()


def test_what_was_lost_by_a_restore_comes_back_from_others_and_goes_on_apart(
    tmp_path: Path, clock: ManualClock
) -> None:
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    say(centre, "i1")
    centre.close()
    file = tmp_path / "ZX" / "journal.sqlite"
    before = file.read_bytes()
    centre = opened(tmp_path, "ZX", clock)
    say(centre, "i2", "i3")
    exchange(centre, street)
    centre.close()
    file.write_bytes(before)
    centre = opened(tmp_path, "ZX", clock)
    say(centre, "i4")
    exchange(street, centre)
    exchange(centre, street)
    assert {one.id for one in centre.situation.find(Incident)} == {"i1", "i2", "i3", "i4"}
    assert centre.digest() == street.digest()
    assert list(centre.verify()) == [] == list(street.verify())
    centre.close()
    street.close()


def test_a_machine_set_back_with_all_its_files_learns_it_from_others(tmp_path: Path, clock: ManualClock) -> None:
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    say(centre, "i1")
    centre.close()
    file = tmp_path / "ZX" / "journal.sqlite"
    before = file.read_bytes()
    centre = opened(tmp_path, "ZX", clock)
    known = say(centre, "i2", "i3")
    exchange(centre, street)
    centre.store.connection.close()
    file.write_bytes(before)
    file.with_suffix(".heads").unlink()
    for one in (state_folder() / "spaces").iterdir():
        one.unlink()
    centre = opened(tmp_path, "ZX", clock)
    assert centre.opened.happened == "as_left"
    exchange(street, centre)
    assert say(centre, "i4") != known
    exchange(centre, street)
    assert centre.digest() == street.digest()
    assert list(centre.verify()) == []
    centre.close()
    street.close()


def test_ends_once_known_are_never_taken_back(left: tuple[Path, str], clock: ManualClock) -> None:
    ends = left[0].with_suffix(".heads")
    ends.write_text(json.dumps({f"ZX/{left[1]}": 9, "JD03/aa": 4}))
    journal = again(left[0], clock)
    say(journal, "i3")
    journal.close()
    kept_ends = read_ends(ends)
    assert isinstance(kept_ends, dict)
    assert (kept_ends[f"ZX/{left[1]}"], kept_ends["JD03/aa"]) == (9, 4)


def test_a_state_folder_that_cannot_be_written_is_named_and_stops_nothing(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(STATE, str(tmp_path / "file"))
    journal = opened(tmp_path, "ZX", clock)
    say(journal, "i1")
    journal.close()
    assert str(tmp_path / "file") in caplog.text
    journal = opened(tmp_path, "ZX", clock)
    assert journal.opened.happened == "as_left"
    journal.store.connection.close()


@pytest.mark.parametrize(
    ("variables", "folder"),
    [({STATE: "/srv/state"}, "/srv/state"), ({"XDG_STATE_HOME": "/x"}, "/x/emergency-workstation")],
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps it under LOCALAPPDATA")
def test_the_state_folder_is_the_platforms_or_the_one_named(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], folder: str
) -> None:
    monkeypatch.delenv(STATE)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert os.fspath(state_folder()) == folder


def test_a_copy_from_before_an_earlier_restoring_is_an_older_state_too_and_said_so_once(tmp_path, clock) -> None:
    file, empty, first = tmp_path / "ZX" / "journal.sqlite", tmp_path / "empty", tmp_path / "first"
    said = [Draft("wang", "log.add", set_fields("log", "l1", text="到场"))]
    journal = opened(tmp_path, "ZX", clock)
    journal.close()
    copyfile(file, empty)
    for copy in (first, None):
        journal = opened(tmp_path, "ZX", clock)
        journal.append(said)
        journal.close()
        if copy is not None:
            copyfile(file, copy)
            copyfile(empty, file)
    copyfile(first, file)
    told = []
    for _ in range(2):
        journal = opened(tmp_path, "ZX", clock)
        told.append((journal.opened.happened, journal.opened.begun))
        journal.close()
    assert told == [("restored", True), ("as_left", False)]
