"""A database that was closed in order is taken as it was left; any other is read whole before it is opened."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journal.test_repair import say, spoil_incidents
from tests.journals import opened
from workstation.domain.clock import ManualClock
from workstation.domain.records import Incident
from workstation.journal import repair, wholeness


@pytest.fixture
def file(tmp_path: Path, clock: ManualClock) -> Path:
    """A database of many pages, closed in order."""
    journal = opened(tmp_path, "ZX", clock)
    say(journal, *(f"i{number}" for number in range(60)))
    journal.close()
    return tmp_path / "ZX" / "journal.sqlite"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The databases that are read whole, in order."""
    found: list[Path] = []
    whole = repair.wound

    def noting(path: Path) -> str:
        found.append(path)
        return whole(path)

    monkeypatch.setattr(repair, "wound", noting)
    monkeypatch.setattr(wholeness, "wound", noting)
    return found


def unseen(file: Path, change: Callable[[Path], None]) -> None:
    """A change that leaves size and time as they were, as a failing disk makes it."""
    before = file.stat()
    change(file)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_what_was_closed_in_order_is_opened_unread(file: Path, clock: ManualClock, read: list[Path]) -> None:
    journal = opened(file.parent.parent, "ZX", clock)
    assert (journal.wholeness.was_left, read) == (True, [])
    assert journal.wholeness.examine() == ""
    journal.close()
    assert read == [file]


def test_what_was_written_since_is_read_and_repaired(file: Path, clock: ManualClock, read: list[Path]) -> None:
    spoil_incidents(file)
    journal = opened(file.parent.parent, "ZX", clock)
    assert (read, journal.opened.happened) == ([file], "damaged")
    assert journal.situation.count(Incident) == 60
    journal.close()


def test_what_was_not_closed_is_read(file: Path, clock: ManualClock, read: list[Path]) -> None:
    journal = opened(file.parent.parent, "ZX", clock)
    say(journal, "late")
    second = opened(file.parent.parent, "ZX", clock)
    assert (second.wholeness.was_left, read) == (False, [file])
    second.close()
    journal.close()


def test_what_a_disk_spoilt_is_found_behind_the_start_and_repaired_at_the_next(
    file: Path, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    unseen(file, spoil_incidents)
    journal = opened(file.parent.parent, "ZX", clock)
    assert journal.wholeness.was_left
    assert journal.wholeness.examine()
    assert "下次启动时修复" in caplog.text
    journal.close()
    again = opened(file.parent.parent, "ZX", clock)
    assert again.opened.happened == "damaged"
    assert again.situation.count(Incident) == 60
    again.close()
