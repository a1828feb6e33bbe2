"""A damaged database is repaired from what is good in it and from others; what was acknowledged is not lost."""

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.journals import PHONE, enrolled, exchange, opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft, Sealed
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident, Report
from workstation.journal import Journal, Want
from workstation.journal.repair import wound

PAGE = 8192
COUNT = 60


def say(journal: Journal, *names: str) -> None:
    for name in names:
        values = {"title": name, "summary": "人民路下穿积水，已有车辆被困。" * 20}
        journal.append([Draft("wang", "incident.open", set_fields("incident", name, **values))])


@pytest.fixture
def street(tmp_path: Path, clock: ManualClock):
    """A street that holds everything the centre wrote; the centre is closed."""
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    say(street, *(f"s{number}" for number in range(10)))
    say(centre, *(f"i{number}" for number in range(COUNT)))
    centre.append([Draft("op1", "report.receive", set_fields("report", "r1", reporter_phone=PHONE, text="积水"))])
    exchange(centre, street)
    centre.close()
    yield street
    street.close()


@pytest.fixture
def file(street: Journal, tmp_path: Path) -> Path:
    return tmp_path / "ZX" / "journal.sqlite"


def page_of(file: Path, table: str) -> int:
    """The number of the leaf page in the middle of a table."""
    with closing(sqlite3.connect(file)) as connection:
        sql = "select pageno from dbstat where name=? and pagetype='leaf' order by path"
        leaves = connection.execute(sql, [table]).fetchall()
    return int(leaves[len(leaves) // 2][0])


def spoil(file: Path, page: int) -> None:
    chance = random.Random(page)
    with file.open("r+b") as raw:
        raw.seek((page - 1) * PAGE)
        raw.write(chance.randbytes(PAGE))


def spoil_entries(file: Path) -> None:
    spoil(file, page_of(file, "entry"))


def spoil_streams(file: Path) -> None:
    spoil(file, page_of(file, "stream"))


def spoil_batches(file: Path) -> None:
    spoil(file, page_of(file, "batch"))


def spoil_incidents(file: Path) -> None:
    spoil(file, page_of(file, "incident"))


def spoil_meta(file: Path) -> None:
    spoil(file, page_of(file, "meta"))


def spoil_keys(file: Path) -> None:
    spoil(file, page_of(file, "subject_key"))


def cut_off_half(file: Path) -> None:
    os.truncate(file, file.stat().st_size // PAGE // 2 * PAGE)


def empty(file: Path) -> None:
    os.truncate(file, 0)


def spoil_header(file: Path) -> None:
    with file.open("r+b") as raw:
        raw.write(random.Random(1).randbytes(100))


def spoil_first_page(file: Path) -> None:
    spoil(file, 1)


def spoil_everything(file: Path) -> None:
    file.write_bytes(random.Random(2).randbytes(file.stat().st_size))


DAMAGES = [
    spoil_entries,
    spoil_streams,
    spoil_batches,
    spoil_incidents,
    spoil_meta,
    spoil_keys,
    cut_off_half,
    empty,
    spoil_header,
    spoil_first_page,
    spoil_everything,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_is_damaged_all_of_it_is_back_after_one_exchange(
    street: Journal, file: Path, clock: ManualClock, damage: Callable[[Path], None]
) -> None:
    damage(file)
    raw = file.read_bytes()
    centre = opened(file.parent.parent, "ZX", clock)
    assert centre.opened.happened == "damaged"
    assert (file.parent / str(centre.opened.details["aside"])).read_bytes() == raw
    assert str(centre.opened.details["aside"]) in centre.opened.text()
    if centre.public_key("HUB") is None:  # as the station does at its start
        centre.pin_root(bytes.fromhex(street.store.meta("root_key") or ""))
    clock.advance(1)
    say(centre, "after")
    for batch in street.exchange.missing({}, Want()):  # as after a repair the hub is asked from the beginning
        centre.accept(batch)
    exchange(centre, street)
    assert centre.situation.count(Incident) == COUNT + 11
    assert centre.digest() == street.digest()
    assert list(centre.verify()) == [] == list(street.verify())
    report = centre.situation.get(Report, "r1")
    assert report is not None and isinstance(report.reporter_phone, Sealed)
    assert centre.reveal(report.reporter_phone) == PHONE
    centre.close()
    again = opened(file.parent.parent, "ZX", clock)
    assert again.opened.happened == "as_left"
    again.close()


@pytest.mark.parametrize("damage", [spoil_entries, spoil_streams, spoil_header])
def test_most_of_a_damaged_file_is_saved_without_anybody(
    file: Path, clock: ManualClock, damage: Callable[[Path], None]
) -> None:
    damage(file)
    centre = opened(file.parent.parent, "ZX", clock)
    assert int(str(centre.opened.details["saved"])) > COUNT // 2
    assert centre.situation.count(Incident) > COUNT // 2
    centre.close()


def test_damaged_tables_are_folded_again_and_the_incarnation_goes_on(file: Path, clock: ManualClock) -> None:
    with closing(sqlite3.connect(file)) as connection:
        incarnation = connection.execute("select value from meta where name='incarnation'").fetchone()[0]
    spoil_incidents(file)
    centre = opened(file.parent.parent, "ZX", clock)
    assert (centre.opened.begun, centre.own.incarnation) == (False, incarnation)
    assert centre.situation.count(Incident) == COUNT + 10
    assert list(centre.verify()) == []
    centre.close()


def test_where_own_entries_may_be_missing_a_new_incarnation_is_begun(file: Path, clock: ManualClock) -> None:
    spoil_entries(file)
    centre = opened(file.parent.parent, "ZX", clock)
    assert centre.opened.begun
    centre.close()


def test_a_good_file_and_no_file_have_no_wound(file: Path, tmp_path: Path) -> None:
    assert wound(file) == wound(tmp_path / "none.sqlite") == ""


def test_a_repair_cut_off_between_the_two_names_is_finished(
    file: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil_incidents(file)
    replace = Path.replace

    def power_cut(self: Path, target: Path) -> Path:
        if self.name.endswith(".mending"):
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", power_cut)
    with pytest.raises(KeyboardInterrupt):
        opened(file.parent.parent, "ZX", clock)
    assert not file.exists()
    monkeypatch.undo()
    centre = opened(file.parent.parent, "ZX", clock)
    assert centre.situation.count(Incident) == COUNT + 10
    assert list(centre.verify()) == []
    centre.close()
