"""A subject is erased: its key is gone everywhere and out of the files, and the chain stays whole."""

from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import orjson
import pytest

from tests.journals import PHONE, exchange, opened
from workstation.commands.erasure import erase
from workstation.commands.seat import Seat
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft, Sealed
from workstation.domain.encoding import set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import Erasure, Report
from workstation.journal import Fault, Journal
from workstation.situation import Situation


def receive(journal: Journal, name: str = "r1") -> None:
    journal.append([Draft("op1", "report.receive", set_fields("report", name, reporter_phone=PHONE, text="积水"))])


def seat(journal: Journal, role: str = "SEC") -> Seat:
    return Seat("sec1", role, journal.identity.station, "", journal.clock.now(), journal.situation, journal.new_id)


def order(journal: Journal, subject: str = "r1") -> None:
    journal.append([erase(subject, "本人要求删除")(seat(journal))])


def phone(journal: Journal, name: str = "r1") -> str | None:
    report = journal.situation.get(Report, name)
    assert report is not None and isinstance(report.reporter_phone, Sealed)
    return journal.reveal(report.reporter_phone)


def wrapped(journal: Journal) -> list[str | None]:
    rows = journal.store.connection.execute("select wrapped from subject_key where subject='r1'").fetchall()
    return [row[0] for row in rows]


def raw(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())


def test_an_erased_value_opens_nowhere_and_every_chain_is_whole(pair) -> None:
    centre, street = pair
    receive(centre)
    exchange(centre, street)
    assert phone(street) == PHONE
    order(centre)
    exchange(centre, street)
    for journal in pair:
        assert phone(journal) is None
        assert list(journal.verify()) == []
        journal.rebuild()
        assert phone(journal) is None
        erasure = journal.situation.get(Erasure, "r1")
        assert erasure is not None and (erasure.by, erasure.reason) == ("sec1", "本人要求删除")
    assert centre.digest() == street.digest()


def test_a_key_that_comes_behind_its_erasure_is_not_kept(pair) -> None:
    centre, street = pair
    receive(street)
    order(centre)
    exchange(centre, street)
    for journal in pair:
        assert wrapped(journal) == [None]
        assert phone(journal) is None
        assert list(journal.verify()) == []


def test_of_an_erased_subject_nothing_personal_is_written_again(pair) -> None:
    centre, _ = pair
    receive(centre)
    order(centre)
    assert centre.append([Draft("op1", "x", set_fields("report", "r1", reporter_phone="13900139000"))]) == []
    assert wrapped(centre) == [None]


def test_other_subjects_keep_their_keys(pair) -> None:
    centre, _ = pair
    receive(centre)
    receive(centre, "r2")
    order(centre)
    assert (phone(centre), phone(centre, "r2")) == (None, PHONE)


def test_a_destroyed_key_is_out_of_database_log_and_backup(tmp_path: Path, clock: ManualClock) -> None:
    journal = opened(tmp_path / "space", "ZX", clock)
    receive(journal)
    for number in range(50):
        receive(journal, f"other{number}")
    (key,) = wrapped(journal)
    assert key is not None and key.encode() in raw(tmp_path)
    order(journal)
    journal.keep_ends()
    with closing(connect(tmp_path / "backup.sqlite")) as backup:
        journal.store.connection.backup(backup)
    assert key.encode() not in raw(tmp_path)
    assert PHONE.encode() not in raw(tmp_path)
    journal.close()
    assert key.encode() not in raw(tmp_path)


def test_a_reader_in_the_way_delays_the_scrubbing_and_nothing_else(tmp_path: Path, clock: ManualClock) -> None:
    journal = opened(tmp_path, "ZX", clock)
    receive(journal)
    (key,) = wrapped(journal)
    with closing(connect(tmp_path / "ZX" / "journal.sqlite", isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select * from report").fetchall()
        order(journal)
        journal.keep_ends()
        assert key is not None and key.encode() in raw(tmp_path)
        reader.execute("commit")
    journal.keep_ends()
    assert key.encode() not in raw(tmp_path)
    journal.close()


def test_a_key_put_back_is_named(tmp_path: Path, clock: ManualClock) -> None:
    journal = opened(tmp_path, "ZX", clock)
    receive(journal)
    (key,) = wrapped(journal)
    order(journal)
    journal.store.connection.execute("update subject_key set wrapped=?", [key])
    assert list(journal.verify()) == [Fault("subject r1", "erased, but a key of it is still held")]
    journal.close()


@pytest.mark.parametrize(("role", "reason", "rule"), [("OP", "x", "erasure.role"), ("SEC", " ", "erasure.reason")])
def test_who_may_not_or_says_no_reason_erases_nothing(
    tmp_path: Path, clock: ManualClock, role: str, reason: str, rule: str
) -> None:
    journal = opened(tmp_path, "ZX", clock)
    with pytest.raises(Refused) as refused:
        erase("r1", reason)(seat(journal, role))
    assert refused.value.rule == rule
    journal.close()


def test_an_erasure_is_ordered_once(tmp_path: Path, clock: ManualClock) -> None:
    journal = opened(tmp_path, "ZX", clock)
    order(journal)
    with pytest.raises(Refused, match=r"erasure\.done"):
        order(journal)
    journal.close()


def test_an_erased_value_is_told_from_one_never_known(pair) -> None:
    centre, street = pair
    receive(centre)
    order(centre)
    exchange(centre, street)
    situation = Situation(street.store.connection)
    report = situation.get(Report, "r1")
    assert report is not None and isinstance(report.reporter_phone, Sealed)
    assert situation.sealed_key(orjson.loads(report.reporter_phone.token)["key"]) == ("r1", None)
