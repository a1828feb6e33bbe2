"""The journal appends, says nothing twice, merges what was made apart, and proves that it was not altered."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.journals import PHONE, SEALER, enrolled, exchange, opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Change, Draft, Sealed
from workstation.domain.encoding import set_fields
from workstation.domain.records import Access, Incident, Report
from workstation.journal import BatchRefused, Journal


def draft(*changes: Change, act: str = "test") -> Draft:
    return Draft("op1", act, changes)


def flood(**values: object) -> Draft:
    return draft(*set_fields("incident", "flood", **values))


@pytest.fixture
def centre(tmp_path: Path, clock: ManualClock) -> Iterator[Journal]:
    journal = opened(tmp_path, "ZX", clock)
    yield journal
    journal.close()


def test_an_entry_becomes_a_row_any_sqlite_tool_can_read(centre: Journal) -> None:
    centre.append([flood(title="人民路下穿积水", deaths=0, lat=29.6)])
    assert centre.situation.get(Incident, "flood") == Incident(id="flood", title="人民路下穿积水", deaths=0, lat=29.6)
    row = centre.store.connection.execute("select station, seq, author, act from journal").fetchone()
    assert row == ("ZX", 1, "op1", "test")


def test_what_changes_nothing_is_not_written(centre: Journal) -> None:
    centre.append([flood(title="积水")])
    assert centre.append([flood(title="积水", summary=None)]) == []
    assert len(centre.append([flood(title="积水"), flood(title="积水加深")])) == 1


def test_an_entry_names_only_the_fields_it_changed(centre: Journal) -> None:
    centre.append([flood(title="积水", type="N02")])
    (entry,) = centre.append([flood(title="积水加深", type="N02")])
    assert [change.field for change in entry.changes] == ["title"]


def test_a_record_is_named_by_station_incarnation_and_seq(centre: Journal) -> None:
    name = centre.new_id()
    (entry,) = centre.append([draft(*set_fields("log", name, text="已到场"))])
    assert name == f"ZX-{entry.incarnation}-{entry.seq}"


def test_an_unknown_field_writes_nothing_of_the_call(centre: Journal) -> None:
    with pytest.raises(KeyError, match="colour"):
        centre.append([flood(title="积水"), draft(Change("incident", "flood", "colour", "red"))])
    assert centre.situation.count(Incident) == 0
    assert centre.own.seq == 0
    assert len(centre.append([flood(title="积水")])) == 1
    assert list(centre.verify()) == []


def test_a_tombstone_takes_a_record_out_of_every_list_and_can_be_taken_back(centre: Journal) -> None:
    centre.append([flood(title="积水")])
    centre.append([flood(deleted=True)])
    assert centre.situation.find(Incident) == []
    centre.append([flood(deleted=False)])
    assert centre.situation.count(Incident) == 1


def test_time_never_runs_backwards_in_a_stream(centre: Journal, clock: ManualClock) -> None:
    (first,) = centre.append([flood(title="a")])
    clock.advance(-600)
    (second,) = centre.append([flood(title="b")])
    assert second.clock > first.clock


def test_an_access_is_recorded_though_it_changes_nothing_else(centre: Journal) -> None:
    centre.append([draft(*set_fields("access", centre.new_id(), act="export", user="sup1"))])
    assert centre.situation.count(Access, act="export") == 1


def test_a_personal_value_is_nowhere_in_the_files(tmp_path: Path, clock: ManualClock) -> None:
    journal = opened(tmp_path, "ZX", clock)
    journal.append([draft(*set_fields("report", "r1", reporter_phone=PHONE, text="积水"))])
    report = journal.situation.get(Report, "r1")
    assert report is not None and isinstance(report.reporter_phone, Sealed)
    raw = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    journal.close()
    assert PHONE.encode() not in raw
    assert PHONE not in repr(report)


def test_the_same_personal_value_again_is_silence_and_opens_with_its_key(centre: Journal) -> None:
    centre.append([draft(*set_fields("report", "r1", reporter_phone=PHONE))])
    assert centre.append([draft(*set_fields("report", "r1", reporter_phone=PHONE))]) == []
    report = centre.situation.get(Report, "r1")
    assert report is not None and isinstance(report.reporter_phone, Sealed)
    assert centre.reveal(report.reporter_phone) == PHONE


def test_destroying_a_subjects_key_erases_the_value_and_leaves_the_chain_whole(centre: Journal) -> None:
    centre.append([draft(*set_fields("report", "r1", reporter_phone=PHONE))])
    report = centre.situation.get(Report, "r1")
    assert report is not None and isinstance(report.reporter_phone, Sealed)
    centre.store.connection.execute("update subject_key set wrapped=null where subject='r1'")
    assert centre.reveal(report.reporter_phone) is None
    assert list(centre.verify()) == []


def test_two_stations_edit_apart_and_the_guarded_field_stays_open(tmp_path: Path, clock: ManualClock) -> None:
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    centre.append([flood(title="积水", level="IV")])
    exchange(centre, street)
    centre.append([flood(level="II")])
    clock.advance(5)
    street.append([flood(level="III", title="积水加深")])
    exchange(centre, street)
    for journal in (centre, street):
        found = journal.situation.get(Incident, "flood")
        assert found is not None and (found.level, found.title) == ("II", "积水加深")
        (conflict,) = journal.situation.conflicts(state="open")
        assert {(claim.station, claim.value) for claim in conflict.heads} == {("ZX", "II"), ("JD03", "III")}
    assert centre.digest() == street.digest()
    decided = centre.append([flood(level="III")])
    assert len(decided[0].changes[0].base or ()) == 2
    exchange(centre, street)
    assert [c.state for c in street.situation.conflicts()] == ["decided"]
    assert centre.digest() == street.digest()
    centre.close()
    street.close()


def test_the_same_value_said_apart_is_agreement(tmp_path: Path, clock: ManualClock) -> None:
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    centre.append([flood(level="II")])
    street.append([flood(level="II")])
    exchange(centre, street)
    assert centre.situation.conflicts() == [] == street.situation.conflicts()
    centre.close()
    street.close()


def test_a_batch_may_come_any_number_of_times(tmp_path: Path, clock: ManualClock) -> None:
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    centre.append([flood(title="积水")])
    batch = centre.exchange.run("ZX", centre.own.incarnation, 0)
    assert batch is not None
    assert len(street.accept(batch).entries) == 1
    assert street.accept(batch).entries == ()
    centre.close()
    street.close()


@pytest.mark.parametrize("what", ["content", "signature", "gap", "stranger"])
def test_a_batch_that_proves_nothing_is_refused(tmp_path: Path, clock: ManualClock, what: str) -> None:
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    centre.append([flood(title="积水")])
    centre.append([flood(title="积水加深")])
    batch = centre.exchange.run("ZX", centre.own.incarnation, 1 if what == "gap" else 0)
    assert batch is not None
    forged = {
        "content": replace(
            batch, entries=(batch.entries[0]._replace(content=b'["x","y","","",[]]'), *batch.entries[1:])
        ),
        "signature": replace(batch, signature=bytes(64)),
        "gap": batch,
        "stranger": replace(batch, station="JD09"),
    }[what]
    with pytest.raises(BatchRefused) as refused:
        street.accept(forged)
    reasons = {"content": "chain", "signature": "signature", "gap": "gap", "stranger": "unknown_station"}
    assert refused.value.reason == reasons[what]
    assert street.situation.count(Incident) == 0
    centre.close()
    street.close()


def test_only_the_hub_may_enrol_a_station(tmp_path: Path, clock: ManualClock) -> None:
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    street.append([draft(*set_fields("station", "JD09", public_key="00" * 32))])
    exchange(centre, street)
    assert centre.public_key("JD09") is None
    assert street.public_key("JD09") is None
    centre.close()
    street.close()


TAMPERINGS = {
    "content": "update entry set content = replace(content, '积水', '积火') where seq = 2",
    "clock": "update entry set clock = clock + 1 where seq = 2",
    "dropped": "delete from entry where seq = 2",
    "cut": "delete from entry where seq = 4",
    "inserted": "insert into entry select 99, stream, 5, clock, raw, seen, precedence, scope, data_class, digest, hash,"
    " content, 0, 0, '' from entry where seq=4",
    "table": "update incident set level = 'IV'",
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_named_by_entry(tmp_path: Path, clock: ManualClock, name: str) -> None:
    journal = opened(tmp_path, "ZX", clock)
    for level in ("IV", "III", "II", "I"):
        journal.append([draft(*set_fields("incident", "flood", level=level, summary=f"积水 {level}"))])
    assert list(journal.verify()) == []
    incarnation = journal.own.incarnation
    journal.close()
    connection = sqlite3.connect(tmp_path / "ZX" / "journal.sqlite")
    connection.execute(TAMPERINGS[name])
    connection.commit()
    connection.close()
    journal = opened(tmp_path, "ZX", clock)
    named = [fault.where for fault in journal.verify()]
    expected = {"cut": 4, "inserted": 5}.get(name, 2)
    assert "incident flood" in named if name == "table" else f"ZX/{incarnation}/{expected}" in named
    journal.store.connection.close()


def test_moved_entries_are_both_named(tmp_path: Path, clock: ManualClock) -> None:
    journal = opened(tmp_path, "ZX", clock)
    for level in ("IV", "III", "II", "I"):
        journal.append([draft(*set_fields("incident", "flood", level=level))])
    for statement in (
        "update entry set seq=-2 where seq=2",
        "update entry set seq=2 where seq=3",
        "update entry set seq=3 where seq=-2",
    ):
        journal.store.connection.execute(statement)
    named = {fault.where.rsplit("/", 1)[-1] for fault in journal.verify()}
    assert {"2", "3"} <= named
    journal.close()


def test_tables_rebuilt_from_the_chain_are_the_same(centre: Journal) -> None:
    for level in ("IV", "III"):
        centre.append([flood(level=level, title="积水", deaths=1)])
    before = centre.digest()
    centre.rebuild()
    assert centre.digest() == before
    assert centre.situation.timeline("flood")[0].author == "op1"


def test_the_timeline_tells_what_belongs_to_an_incident(centre: Journal) -> None:
    centre.append([flood(title="积水")])
    centre.append([draft(*set_fields("task", "t1", incident="flood", title="封闭下穿"), act="task.send")])
    centre.append([draft(*set_fields("task", "t2", incident="other"), act="task.send")])
    assert [line.act for line in centre.situation.timeline("flood")] == ["test", "task.send"]


def test_many_small_batches_travel_as_one(tmp_path: Path, clock: ManualClock) -> None:
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    for number in range(30):
        centre.append([flood(summary=f"第{number}报")])
    batch = centre.exchange.run("ZX", centre.own.incarnation, 0)
    assert batch is not None and (batch.first, batch.last) == (1, 30)
    assert len(street.accept(batch).entries) == 30
    centre.close()
    street.close()


def test_a_lost_sealer_cannot_open_what_another_sealed() -> None:
    wrapped = SEALER.new_key("r1")
    token = SEALER.seal("r1", wrapped, PHONE)
    with pytest.raises(ValueError, match="does not belong"):
        SEALER.open("r2", wrapped, token)
