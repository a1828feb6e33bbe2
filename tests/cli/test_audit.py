"""`workstation audit verify`: silent over a good journal; over any other it names the entry and ends with 1."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

from tests.cli.command import process, workstation
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.journal import Journal
from workstation.reactions.roots import DailyRoot
from workstation.station import Space

CALLS = "编号,时间,标题,内容,地点,电话\n"
COUNT = 8
AT = 5


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A space of eight calls, taken in by the program itself."""
    folder = tmp_path_factory.mktemp("audit")
    rows = [f"{n},2026-11-24 19:4{n}:00,积水{n},下穿积水第{n}处,人民路{n}号,1380013800{n}\n" for n in range(COUNT)]
    (folder / "calls.csv").write_text(CALLS + "".join(rows), encoding="utf-8")
    assert workstation("import", "--space", folder / "space", folder / "calls.csv").code == 0
    return folder / "space"


@pytest.fixture
def space(good: Path, tmp_path: Path) -> Path:
    return copytree(good, tmp_path / "space")


@contextmanager
def database(space: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(space / "journal.sqlite")) as connection:
        yield connection
        connection.commit()


def ref(space: Path, seq: int) -> str:
    with database(space) as connection:
        station, incarnation = connection.execute("select station, incarnation from stream").fetchone()
    return f"{station}/{incarnation}/{seq}"


def named(space: Path) -> list[str]:
    """What the audit of an altered space names, in order."""
    done = workstation("audit", "verify", space)
    assert done.code == 1
    told = [line.split(": ")[0] for line in done.out.splitlines()]
    assert [line["where"] for line in workstation("audit", "verify", "--json", space).lines] == told
    return told


def test_a_good_journal_is_passed_over_in_silence_and_left_as_it_is(space: Path) -> None:
    before = (space / "journal.sqlite").read_bytes()
    done = process("audit", "verify", space)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert (space / "journal.sqlite").read_bytes() == before


def test_a_proof_tells_how_much_was_proved_and_when(space: Path) -> None:
    (told,) = workstation("audit", "verify", "--extent", "--json", space).lines
    with database(space) as connection:
        count = connection.execute("select count(*) from entry").fetchone()[0]
    assert (told["entries"], told["stations"]) == (count, 1)
    assert told["first"] <= told["last"] <= told["at"]
    done = workstation("audit", "verify", "--extent", space)
    assert done.out.startswith(f"{count} entries, 1 stations, {told['first']}..{told['last']}, verified at ")


@pytest.mark.parametrize("column", ["content", "digest", "hash"])
def test_one_changed_byte_is_named_by_its_entry(space: Path, column: str) -> None:
    """The byte is changed in the file itself, past the database."""
    with database(space) as connection:
        value = connection.execute(f"select cast({column} as blob) from entry where seq=?", [AT]).fetchone()[0]
    raw, middle = bytearray((space / "journal.sqlite").read_bytes()), len(value) // 2
    assert raw.count(value) >= 1
    raw[raw.index(value) + middle] ^= 1
    (space / "journal.sqlite").write_bytes(raw)
    assert named(space)[0] == ref(space, AT)


@pytest.mark.parametrize("column", ["clock", "data_class", "scope"])
def test_one_changed_word_of_a_header_is_named_by_its_entry(space: Path, column: str) -> None:
    with database(space) as connection:
        connection.execute(f"update entry set {column} = {column} || '1' where seq=?", [AT])
    assert named(space)[0] == ref(space, AT)


@pytest.mark.parametrize("seq", [1, AT, COUNT])
def test_a_dropped_entry_is_named(space: Path, seq: int) -> None:
    with database(space) as connection:
        connection.execute("delete from entry where seq=?", [seq])
    assert ref(space, seq) in named(space)


def test_entries_dropped_from_the_end_with_every_trace_are_named(space: Path) -> None:
    with database(space) as connection:
        connection.execute("delete from entry where seq>=?", [AT])
        connection.execute("delete from batch where last>=?", [AT])
        connection.execute("update stream set seq=?, hash=(select hash from entry where seq=?)", [AT - 1, AT - 1])
    assert ref(space, AT) in named(space)


@pytest.mark.parametrize("seq", [AT, COUNT + 1])
def test_an_inserted_entry_is_named(space: Path, seq: int) -> None:
    with database(space) as connection:
        connection.execute("update entry set seq=-seq-1, number=-number-1 where seq>=?", [seq])
        connection.execute("update entry set seq=-seq, number=-number where seq<0")
        connection.execute(
            "insert into entry select ?, stream, ?, clock, raw, seen, precedence, scope, data_class, digest, hash,"
            " replace(content, '积水', '起火'), late, lacks, refused from entry where seq=?",
            [seq, seq, AT - 1],
        )
    assert ref(space, seq) in named(space)


@pytest.mark.parametrize(("one", "other"), [(2, 3), (2, AT), (1, COUNT)])
def test_entries_that_changed_places_are_both_named(space: Path, one: int, other: int) -> None:
    with database(space) as connection:
        for now, then in ((one, -1), (other, one), (-1, other)):
            connection.execute("update entry set seq=? where seq=?", [then, now])
    assert {ref(space, one), ref(space, other)} <= set(named(space))


def test_an_entry_moved_in_the_order_of_arrival_is_named(space: Path) -> None:
    with database(space) as connection:
        connection.execute("update entry set number=100 where seq=?", [AT])
    done = process("audit", "verify", space)
    assert done.out == f"{ref(space, AT + 1)}: arrived before {ref(space, AT)}, which it follows\n"
    assert done.code == 1


def test_a_report_altered_past_the_journal_is_named(space: Path) -> None:
    with database(space) as connection:
        connection.execute("update report set title='一切正常' where external_id='3'")
    assert named(space) == ["report calls:call_record:3"]


def test_a_file_that_is_no_database_is_one_fault(space: Path) -> None:
    (space / "journal.sqlite").write_bytes(b"no database at all" * 1_000)
    assert named(space) == ["journal.sqlite"]


def test_a_folder_that_is_no_space_is_told(tmp_path: Path) -> None:
    done = process("audit", "verify", tmp_path)
    assert (done.code, done.out) == (1, "")
    assert str(tmp_path) in done.err


def test_a_space_that_was_found_copied_says_so_beside_the_audit(space: Path) -> None:
    (space / "calls.csv").write_text(CALLS + "99,2026-11-24 20:00:00,积水,又积水,人民路9号,\n", encoding="utf-8")
    assert workstation("import", "--space", space, space / "calls.csv").code == 0
    done = process("audit", "verify", space)
    assert (done.code, done.out) == (0, "")
    assert str(space / "journal.sqlite") in done.err


def test_the_root_of_a_day_is_printed_for_paper(tmp_path: Path) -> None:
    hub = Space.found(tmp_path / "hub", "HUB")
    clock = ManualClock(datetime(2026, 11, 24, 11, 40, tzinfo=UTC))
    journal = Journal.open(hub.journal, hub.identity(), clock, hub.sealer())
    journal.append([Draft("HUB", "source.state", set_fields("source", "cap", state="online"))])
    journal.append(DailyRoot("HUB").tick(journal.situation, clock.now()))
    journal.close()
    done = workstation("audit", "verify", hub.folder, "--root", "2026-11-24")
    assert done.code == 0 and done.out.startswith("2026-11-24  ")
    missing = process("audit", "verify", hub.folder, "--root", "2026-11-23")
    assert (missing.code, missing.out) == (1, "") and "2026-11-23" in missing.err


def test_who_saw_a_record_and_who_signed_in_is_listed_by_line_and_for_machines(space: Path) -> None:
    place = Space(space)
    journal = Journal.open(
        place.place, place.identity(), ManualClock(datetime(2026, 11, 24, tzinfo=UTC)), place.sealer()
    )
    for id_, told in (("a1", {"act": "unmask", "object": "r1", "field": "plate"}), ("a2", {"act": "sign_in_refused"})):
        journal.append([Draft("rule:sign_in", "access.sign_in", set_fields("access", id_, user="wang", **told))])
    journal.close()
    [line] = workstation("audit", "accesses", space, "--record", "r1", "--json").lines
    assert (line["user"], line["act"], line["object"], line["field"]) == ("wang", "unmask", "r1", "plate")
    assert [
        one["act"] for one in workstation("audit", "accesses", space, "--act", "sign_in_refused", "--json").lines
    ] == ["sign_in_refused"]
    assert len(workstation("audit", "accesses", space, "--user", "wang").out.splitlines()) == 2
    assert workstation("audit", "accesses", space, "--user", "li").out == ""
