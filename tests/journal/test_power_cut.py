"""The power goes at any moment: what was acknowledged is there, what was being written is there whole or not at all."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path
from shutil import copytree
from sqlite3 import connect

import pytest

from tests.journals import SEALER, identity, opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident
from workstation.journal import Journal

SECTOR = 512
TOGETHER = ("entry", "batch", "incident", "heads", "history")
"""Each of them gains one row an entry."""


def say(journal: Journal, name: str) -> None:
    journal.append([Draft("wang", "incident.open", set_fields("incident", name, title=name, level="III"))])


def after(file: Path, clock: ManualClock) -> int:
    """How many incidents a journal holds that is opened as it was left; it must be whole."""
    journal = Journal.open(file, identity("ZX"), clock, SEALER)
    try:
        assert list(journal.verify()) == [] or journal.opened.happened == "restored"
        journal.rebuild()
        say(journal, "next")
        return journal.situation.count(Incident) - 1
    finally:
        journal.store.connection.close()


@pytest.fixture
def evening(tmp_path: Path, clock: ManualClock) -> tuple[Path, bytes, list[int]]:
    """A database of one page of history, its log, and how long the log was when each entry was acknowledged."""
    journal = opened(tmp_path / "evening", "ZX", clock)
    file = tmp_path / "evening" / "ZX" / "journal.sqlite"
    journal.store.connection.execute("pragma wal_checkpoint(truncate)")
    safe = []
    for number in range(5):
        say(journal, f"i{number}")
        safe.append(_log_of(file).stat().st_size)
    torn = copytree(file.parent, tmp_path / "ZX") / file.name
    log = _log_of(torn).read_bytes()
    journal.close()
    return torn, log, safe


def _log_of(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def tear(file: Path, log: bytes, size: int) -> None:
    file.with_name(f"{file.name}-shm").unlink(missing_ok=True)
    _log_of(file).write_bytes(log[:size])


def test_a_log_torn_at_any_sector_holds_the_entries_that_were_safe_and_nothing_half(
    evening: tuple[Path, bytes, list[int]],
) -> None:
    file, log, safe = evening
    for size in range(0, len(log) + 1, SECTOR):
        tear(file, log, size)
        with closing(connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            counts = [connection.execute(f"select count(*) from {name}").fetchone()[0] for name in TOGETHER]
        assert set(counts) == {sum(1 for end in safe if end <= size)}


@pytest.mark.parametrize("entry", range(5))
@pytest.mark.parametrize("short", [0, 1, SECTOR])
def test_a_journal_whose_log_was_torn_at_a_commit_is_whole_and_goes_on(
    evening: tuple[Path, bytes, list[int]], clock: ManualClock, entry: int, short: int
) -> None:
    file, log, safe = evening
    tear(file, log, safe[entry] - short)
    assert after(file, clock) == entry + (short == 0)


KILLED = """
import os, sys
from pathlib import Path
from tests.journal.test_power_cut import say
from tests.journals import opened
from workstation.domain.clock import WallClock

journal = opened(Path(sys.argv[1]), "ZX", WallClock())
for number in range(3):
    say(journal, f"i{number}")
print("safe", flush=True)
steps = int(sys.argv[2])

def step():
    global steps
    steps -= 1
    if steps < 0:
        os.kill(os.getpid(), 9)

journal.store.connection.set_progress_handler(step, 1)
say(journal, "i3")
print("written", flush=True)
"""


@pytest.mark.parametrize("steps", [0, 40, 120, 250, 400, 600, 900])
@pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL")
def test_a_process_killed_between_any_two_steps_of_a_fold_leaves_a_whole_journal(
    tmp_path: Path, clock: ManualClock, steps: int
) -> None:
    told = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path, str(steps)], check=False, capture_output=True, text=True
    ).stdout
    assert "safe" in told
    found = after(tmp_path / "ZX" / "journal.sqlite", clock)
    assert found == 4 if "written" in told else found in (3, 4)
