"""What can be proven: an altered chain or table is named, a rebuilt one is the same, an erased value is gone."""

import pytest

from tests.journal.contract.parties import Parties, edit
from tests.journals import PHONE, exchange
from workstation.domain.records import Report
from workstation.journal import Journal

TAMPERINGS = {
    "content": ("update entry set content = replace(content, '积水', '积火') where seq = 2", 2),
    "clock": ("update entry set clock = clock + 1 where seq = 2", 2),
    "scope": ("update entry set scope = '990101' where seq = 2", 2),
    "dropped": ("delete from entry where seq = 2", 2),
    "cut": ("delete from entry where seq = 4", 4),
    "inserted": (
        "insert into entry select 99, stream, 5, clock, raw, seen, precedence, scope, data_class, digest, hash,"
        " content, 0, 0, '' from entry where seq=4",
        5,
    ),
    "signature": ("update batch set signature = (select signature from batch where last = 3) where last = 2", 2),
    "key": ("update subject_key set subject = 'r4' where seq = 2", 2),
}
TABLES = {
    "a field": ("update report set place = 'x' where id = 'r2'", "report r2"),
    "a row less": ("delete from report where id = 'r2'", "report r2"),
    "a row more": ("insert into report (id, place) values ('r9', 'x')", "report r9"),
    "the history": ("delete from history where id = 'r2'", "history report r2"),
    "the memory of merging": (
        "update heads set fields = (select fields from heads where id = 'r1') where id = 'r2'",
        "heads report r2",
    ),
}


class Proven(Parties):
    def test_tables_rebuilt_from_the_chain_are_the_same(self, centre: Journal) -> None:
        centre.append([edit(f"i{number}", level="IV", title="积水", deaths=number) for number in range(300)])
        centre.append([edit("i7", level="III")])
        before = centre.digest()
        centre.rebuild()
        assert centre.digest() == before
        assert [line.act for line in centre.situation.timeline("i7")] == ["test", "test"]

    @pytest.mark.parametrize("what", TAMPERINGS)
    def test_an_altered_chain_is_named_by_its_entry(self, centre: Journal, what: str) -> None:
        for number in range(1, 5):
            centre.append([edit(f"r{number}", "report", text=f"积水 {number}", reporter_phone=PHONE)])
        assert list(centre.verify()) == []
        statement, seq = TAMPERINGS[what]
        centre.store.connection.execute(statement)
        assert f"ZX/{centre.own.incarnation}/{seq}" in [fault.where for fault in centre.verify()]

    @pytest.mark.parametrize("what", TABLES)
    def test_a_table_that_says_what_no_entry_says_is_named_by_its_row(self, centre: Journal, what: str) -> None:
        for number in range(1, 5):
            centre.append([edit(f"r{number}", "report", place="人民路")])
        statement, where = TABLES[what]
        centre.store.connection.execute(statement)
        assert [fault.where for fault in centre.verify()] == [where]

    def test_an_erased_value_is_gone_and_the_chain_is_whole(self, centre: Journal) -> None:
        centre.append([edit("r1", "report", reporter_phone=PHONE)])
        assert centre.append([edit("r1", "report", reporter_phone=PHONE)]) == []
        sealed = centre.situation.get(Report, "r1").reporter_phone
        assert centre.reveal(sealed) == PHONE
        centre.store.connection.execute("update subject_key set wrapped=null where subject='r1'")
        assert centre.reveal(sealed) is None
        assert list(centre.verify()) == []

    def test_an_erased_subject_stays_erased_whoever_brings_its_key_again(self, pair) -> None:
        centre, street = pair
        centre.append([edit("r1", "report", reporter_phone=PHONE)])
        exchange(centre, street)
        sealed = street.situation.get(Report, "r1").reporter_phone
        assert street.reveal(sealed) == PHONE
        centre.append([edit("r1", "erasure", by="op1", at=centre.clock.now())])
        exchange(centre, street)
        for journal in pair:
            journal.keep_ends()
            assert journal.reveal(sealed) is None
            assert list(journal.verify()) == []
