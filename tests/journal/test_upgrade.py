"""A journal of the first format is brought forward when it is opened: nothing of it is lost, and it goes on."""

from pathlib import Path
from sqlite3 import connect

import orjson
from sqlite_utils import Database

from tests.journals import enrolled, exchange, identity, opened
from workstation.domain.clock import ManualClock, millis
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident
from workstation.journal.codec import GENESIS, Header, Stamp, canonical, digest_of, signed_words
from workstation.journal.schema import migrations
from workstation.journal.sqlite import make_tables

TITLES = ("积水", "积水加深")


def write_first_format(path: Path, clock: ManualClock) -> None:
    """A journal as the first format left it: two titles of one incident by ZX."""
    path.parent.mkdir(parents=True)
    connection = connect(path, isolation_level=None)
    migrations.apply(Database(connection), stop_before="format_two")
    make_tables(Database(connection))
    connection.execute("insert into meta values ('incarnation', 'aaaa1111')")
    connection.execute(
        "insert into stream (number, station, incarnation, seq, hash) values (1, 'ZX', 'aaaa1111', 0, '')"
    )
    previous, base = GENESIS[1], []
    for seq, title in enumerate(TITLES, 1):
        content = canonical(["wang", "test", "", "", [["incident", "flood", "title", title, base]]])
        stamp = Stamp((millis(clock.now()) << 16) + seq, 0, 0, 3, "990100", 2)
        previous = Header("ZX", "aaaa1111", seq, stamp, digest_of(content)).hash(previous, 1)
        row = [seq, seq, stamp.clock, "990100", 2, digest_of(content), previous, content.decode()]
        connection.execute("insert into entry values (?, 1, ?, ?, ?, ?, ?, ?, ?, 0)", row)
        base = [f"ZX/aaaa1111/{seq}"]
    signature = identity("ZX").sign(signed_words("ZX", "aaaa1111", 2, previous, 1))
    connection.execute(
        "insert into batch (stream, first, last, hash, signature) values (1, 1, 2, ?, ?)", [previous, signature]
    )
    connection.execute("update stream set seq=2, hash=?", [previous])
    connection.close()


def test_a_journal_of_the_first_format_is_whole_and_goes_on_in_a_new_incarnation(tmp_path: Path, clock) -> None:
    write_first_format(tmp_path / "ZX" / "journal.sqlite", clock)
    journal = opened(tmp_path, "ZX", clock)
    journal.rebuild()
    assert journal.situation.get(Incident, "flood").title == TITLES[-1]
    clock.advance(1)
    [entry] = journal.append([Draft("wang", "test", set_fields("incident", "flood", title="退水"))])
    assert entry.incarnation != "aaaa1111"
    assert entry.changes[0].base == ("ZX/aaaa1111/2",)
    assert list(journal.verify()) == []
    journal.close()
    again = opened(tmp_path, "ZX", clock)
    assert again.own.incarnation == entry.incarnation
    again.close()


def test_what_the_first_format_wrote_still_travels(tmp_path: Path, clock: ManualClock) -> None:
    write_first_format(tmp_path / "ZX" / "journal.sqlite", clock)
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    centre.rebuild()
    exchange(centre, street)
    assert street.situation.get(Incident, "flood").title == TITLES[-1]
    assert street.digest() == centre.digest()
    centre.close()
    street.close()


def test_heads_that_an_earlier_version_wrote_are_folded_again(tmp_path: Path, clock) -> None:
    """Up to step `standing` a row of heads held, field by field, [reference, clock, value]."""
    (journal,) = enrolled(tmp_path, clock, "ZX")
    journal.append([Draft("wang", "test", set_fields("incident", "flood", title="积水"))])
    place, digest = tmp_path / "ZX" / "journal.sqlite", journal.digest()
    journal.close()
    connection = connect(place, isolation_level=None)
    earlier = orjson.dumps([{"title": [["ZX/aaaa1111/1", 1, "积水"]]}, {}])
    connection.execute("update heads set fields = ?", [earlier])
    connection.execute("delete from _sqlite_migrations where name = 'standing'")
    connection.execute("drop index entry_flash")
    connection.close()
    journal = opened(tmp_path, "ZX", clock)
    assert journal.digest() == digest
    assert list(journal.verify()) == []
    [entry] = journal.append([Draft("wang", "test", set_fields("incident", "flood", title="退水"))])
    assert entry.changes[0].base == (f"ZX/{entry.incarnation}/1",)
    journal.close()
