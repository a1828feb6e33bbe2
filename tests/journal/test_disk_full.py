"""A disk that is full refuses in words and breaks nothing; with room again everything goes on.

Where the tests run as root a file system of its own is filled; everywhere a database is held to its size.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journals import enrolled, exchange, opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import Incident
from workstation.journal import Journal
from workstation.words.refusals import refusal_text

SUMMARY = "人民路下穿积水，已有车辆被困。" * 200


def say(journal: Journal, name: str) -> None:
    journal.append([Draft("wang", "incident.open", set_fields("incident", name, title=name, summary=SUMMARY))])


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=False, capture_output=True
    )
    if made.returncode:
        pytest.skip("a file system can be mounted by root alone")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path) -> Path:
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return ballast


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="a file system is mounted by root alone")
def test_a_full_disk_refuses_in_words_and_everything_goes_on_with_room_again(
    tmp_path: Path, clock: ManualClock
) -> None:
    with small_disk(tmp_path / "disk", 12) as disk:
        centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
        centre.close()
        (tmp_path / "ZX").rename(tmp_path / "was")
        subprocess.run(["cp", "-a", tmp_path / "was", disk / "ZX"], check=True)
        centre = opened(disk, "ZX", clock)
        say(centre, "i0")
        ballast, written = fill(disk), 1
        with pytest.raises(Refused, match="disk_full") as refused:
            for written in range(1, 2000):
                say(centre, f"i{written}")
        assert "磁盘已满" in refusal_text(refused.value)
        assert centre.situation.count(Incident) == written == centre.own.seq
        say(street, "s1")
        with pytest.raises(Refused, match="disk_full"):
            exchange(street, centre)
        centre.keep_ends()
        assert centre.situation.count(Incident) == written
        ballast.unlink()
        say(centre, "after")
        exchange(street, centre)
        exchange(centre, street)
        assert centre.situation.count(Incident) == written + 2
        assert centre.digest() == street.digest()
        assert list(centre.verify()) == []
        centre.close()
        street.close()


def test_a_database_that_may_not_grow_gives_up_the_entry_whole(tmp_path: Path, clock: ManualClock) -> None:
    journal = opened(tmp_path, "ZX", clock)
    say(journal, "i0")
    connection = journal.store.connection
    pages = connection.execute("pragma page_count").fetchone()[0]
    connection.execute(f"pragma max_page_count = {pages + 20}")
    written = 1
    with pytest.raises(Refused, match="disk_full"):
        for written in range(1, 1000):
            say(journal, f"i{written}")
    assert 1 < written == journal.situation.count(Incident) == journal.own.seq
    connection.execute("pragma max_page_count = 1000000")
    say(journal, "after")
    assert journal.situation.count(Incident) == written + 1
    assert list(journal.verify()) == []
    journal.close()
