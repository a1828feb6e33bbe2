"""Whatever is altered in the file of a journal, the proof finds it, names it, and is never brought down by it."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import orjson
import pytest

from tests.journals import PHONE, SEALER, enrolled, exchange, identity, opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.journal import Fault, Journal
from workstation.journal.audit import audit
from workstation.journal.ends import read_ends

FLIPS = 300
CAME = {"batch": 0, "entry": 12}
"""The places of columns that say only when something came here."""


def write(journal: Journal, number: int) -> None:
    values = {"text": f"第{number}个电话，积水", "reporter_phone": PHONE, "place": "人民路下穿"}
    journal.append([Draft("op1", "report.receive", set_fields("report", f"r{number}", **values))])


@pytest.fixture
def file(tmp_path: Path, clock: ManualClock) -> Path:
    """A closed journal of six entries."""
    journal = opened(tmp_path, "ZX", clock)
    for number in range(1, 7):
        write(journal, number)
    journal.close()
    return tmp_path / "ZX" / "journal.sqlite"


@pytest.fixture
def incarnation(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        return str(connection.execute("select incarnation from stream").fetchone()[0])


def faults(file: Path, clock: ManualClock) -> list[Fault]:
    return audit(file, identity("ZX"), SEALER, clock)


def alter(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


ALTERED = {
    "a quote in the content": "update entry set content = replace(content, '\"', '') where seq = 3",
    "text that is no text": "update entry set content = cast(x'ff' || cast(content as blob) as text) where seq = 3",
    "content gone": "update entry set content = '' where seq = 3",
    "content as bytes": "update entry set content = cast(content as blob) || x'00' where seq = 3",
    "another region": "update entry set scope = '990101' where seq = 3",
    "another data class": "update entry set data_class = 4 where seq = 3",
    "a time that is no number": "update entry set clock = 'noon' where seq = 3",
    "a hash": "update entry set hash = zeroblob(32) where seq = 3",
    "a digest": "update entry set digest = x'00' where seq = 3",
    "a signature": "update batch set signature = zeroblob(64) where last = 3",
    "a signature as text": "update batch set signature = 'yes' where last = 3",
    "a signature dropped": "delete from batch where last = 3",
    "a key of a sealed value": "update subject_key set wrapped = 'AAAA' || substr(wrapped, 5) where seq = 3",
    "a key of another subject": "update subject_key set subject = 'r4' where seq = 3",
}


@pytest.mark.parametrize("what", ALTERED)
def test_whatever_is_altered_the_entry_is_named(file: Path, clock: ManualClock, incarnation: str, what: str) -> None:
    assert faults(file, clock) == []
    alter(file, ALTERED[what])
    assert faults(file, clock)[0].where == f"ZX/{incarnation}/3"


def test_entries_that_changed_their_order_of_arrival_are_named(
    file: Path, clock: ManualClock, incarnation: str
) -> None:
    alter(file, "update entry set number=-1 where seq=3", "update entry set number=3 where seq=4")
    alter(file, "update entry set number=4 where seq=3")
    assert [fault.where for fault in faults(file, clock)] == [f"ZX/{incarnation}/4"]


def test_an_entry_moved_to_the_end_is_named_at_both_places(file: Path, clock: ManualClock, incarnation: str) -> None:
    alter(file, "update entry set seq=7 where seq=3", "update stream set seq=7")
    assert {f"ZX/{incarnation}/3", f"ZX/{incarnation}/7"} <= {fault.where for fault in faults(file, clock)}


def test_an_entry_without_its_stream_is_named(file: Path, clock: ManualClock) -> None:
    alter(file, "update entry set stream=9 where seq=3")
    assert "entry number 3" in {fault.where for fault in faults(file, clock)}


def test_a_key_without_its_stream_is_named(file: Path, clock: ManualClock, incarnation: str) -> None:
    alter(file, "update subject_key set stream=9 where seq=3")
    assert f"subject_key key ZX-{incarnation}-3-r3" in {fault.where for fault in faults(file, clock)}


def test_a_tail_cut_off_with_all_its_traces_is_missed_by_the_file_beside(
    file: Path, clock: ManualClock, incarnation: str
) -> None:
    hash_of_4 = "(select hash from entry where seq=4)"
    alter(
        file, "delete from entry where seq>4", "delete from batch where last>4", "delete from subject_key where seq>4"
    )
    alter(file, f"update stream set seq=4, hash={hash_of_4}")
    assert faults(file, clock)[0] == Fault(f"ZX/{incarnation}/5", "cut off: entries up to 6 were written")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"ZX/1": "many"}', '{"ZX/1": null}'])
def test_a_spoiled_file_of_ends_is_a_fault_and_no_error(file: Path, clock: ManualClock, text: str) -> None:
    ends = file.with_suffix(".heads")
    ends.write_text(text)
    assert [fault.where for fault in faults(file, clock)] == ["journal.heads"]
    assert isinstance(read_ends(ends), Fault)


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("update report set text='干' where id='r3'", "report r3"),
        ("delete from report where id='r3'", "report r3"),
        ("insert into report (id, text) values ('r9', '无')", "report r9"),
        ("update report set text = cast(x'ff' as text) where id='r3'", "report r3"),
        ("update heads set fields = replace(fields, '积', '干') where id='r3'", "heads report r3"),
        ("update heads set fields = x'00' where id='r3'", "heads report r3"),
        ("delete from history where id='r3'", "history report r3"),
    ],
)
def test_a_table_that_says_what_no_entry_says_is_named_by_its_row(
    file: Path, clock: ManualClock, statement: str, where: str
) -> None:
    alter(file, statement)
    assert [fault.where for fault in faults(file, clock)] == [where]


def test_a_destroyed_key_is_no_fault(file: Path, clock: ManualClock) -> None:
    alter(file, "update subject_key set wrapped=null where seq=3")
    assert faults(file, clock) == []


def test_a_journal_of_several_stations_is_proved_whole(tmp_path: Path, clock: ManualClock) -> None:
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    for journal in (centre, street):
        for number in range(3):
            journal.append([Draft("op1", "x", set_fields("incident", f"i{number}", title=journal.identity.station))])
    exchange(centre, street)
    exchange(centre, street)
    centre.append([Draft("op1", "x", set_fields("incident", "i1", title="两路", level="II"))])
    for journal in (centre, street):
        assert list(journal.verify()) == []
        journal.close()


def test_a_forged_key_of_another_station_is_found_by_its_signatures(tmp_path: Path, clock: ManualClock) -> None:
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    street.append([Draft("op1", "x", set_fields("incident", "i1", title="积水"))])
    exchange(centre, street)
    centre.store.connection.execute("update station set public_key='not hex' where id='JD03'")
    (fault, *_) = list(centre.verify())
    assert fault == Fault(f"JD03/{street.own.incarnation}/1", "no key is known for this station")
    centre.store.connection.close()
    street.close()


def test_a_station_that_writes_meanwhile_is_not_accused(tmp_path: Path, clock: ManualClock) -> None:
    journal = opened(tmp_path, "ZX", clock)
    write(journal, 0)
    writer = Thread(target=lambda: [write(journal, number) for number in range(1, 150)])
    writer.start()
    found = [fault for _ in range(5) for fault in faults(tmp_path / "ZX" / "journal.sqlite", clock)]
    writer.join()
    journal.close()
    assert found == []


def told(file: Path) -> dict[str, list[str]] | None:
    """Everything the tables hold, as text; None for a file that cannot be read."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            connection.text_factory = bytes
            made = connection.execute("select tbl_name from sqlite_master where sql like 'create table%'").fetchall()
            names = [name.decode().lower() for (name,) in made]
            return {name: sorted(rows_of(connection, name)) for name in names}
    except (sqlite3.DatabaseError, ValueError):
        return None


def rows_of(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    """What the rows of a table say; not when and how they came here."""
    found = connection.execute(f'select * from "{table}"')
    columns = [column[0].lower() for column in found.description]
    for row in found:
        told = [(name, said(value)) for place, (name, value) in enumerate(zip(columns, row, strict=True))
                if value is not None and place != CAME.get(table)]  # fmt: skip
        yield repr(told)


def said(value: object) -> object:
    """What a value says: of JSON that can be read what it means, however it is written."""
    try:
        return orjson.loads(value) if isinstance(value, bytes) and value[:1] in (b"[", b"{") else value
    except ValueError:
        return value


def flipped(raw: bytes) -> Iterator[bytes]:
    """The file with one bit turned somewhere, again and again."""
    chance = random.Random(20261124)
    places = [place for place, byte in enumerate(raw) if byte]
    for place in chance.choices(places, k=FLIPS):
        yield raw[:place] + bytes([raw[place] ^ 1 << chance.randrange(8)]) + raw[place + 1 :]


def test_no_bit_that_alters_what_the_journal_says_stays_unseen(file: Path, clock: ManualClock) -> None:
    raw, before = file.read_bytes(), told(file)
    unseen = []
    for bytes_ in flipped(raw):
        file.write_bytes(bytes_)
        after = told(file)
        found = faults(file, clock)
        for beside in file.parent.glob("journal.sqlite-*"):
            beside.unlink()
        if after is not None and before is not None and after != before and not found:
            unseen += [name for name in before if after.get(name, before[name]) != before[name]]
    assert set(unseen) <= {"_sqlite_migrations", "meta", "receipt"}


def test_what_a_fault_says_can_always_be_printed(file: Path, clock: ManualClock) -> None:
    alter(file, "update stream set station = cast(x'5aff' as text)")
    for fault in faults(file, clock):
        assert f"{fault.where}: {fault.reason}".encode()
