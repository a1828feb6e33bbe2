"""What only a database that several processes share must keep: the same tables, lost connections, copies, news."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from queue import Queue

import psycopg
import pytest

from tests.journals import SEALER, enrolled, identity
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident
from workstation.journal import Journal
from workstation.journal.database import DatabaseFault
from workstation.journal.moving import MoveError, move
from workstation.journal.opening import COPIED
from workstation.journal.places import Place, Shared, open_database, open_reading


def edit(record: str = "flood", **fields: object) -> Draft:
    return Draft("op1", "test", set_fields("incident", record, **fields))


def opened(place: Place, clock: ManualClock, station: str = "ZX") -> Journal:
    return Journal.open(place, identity(station), clock, SEALER)


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def place(tmp_path: Path, url: str) -> Shared:
    return Shared(url, tmp_path / "ZX" / "journal.sqlite")


@pytest.fixture
def shared(place: Shared, clock: ManualClock) -> Iterator[Journal]:
    with closing(opened(place, clock)) as journal:
        yield journal


def test_the_same_batches_make_the_same_tables_as_in_a_file(tmp_path: Path, url: str, clock: ManualClock) -> None:
    centre, street, reader = enrolled(tmp_path, clock, "ZX", "JD03", "JD04")
    place = Shared(url, tmp_path / "pg" / "journal.sqlite")
    with closing(opened(place, clock, "JD04")) as shared:
        shared.pin_root(identity("HUB").public)
        for number in range(400):
            centre.append(
                [edit(f"i{number % 90}", title=f"第{number}报", level="III", deaths=number % 3, lat=0.1 * number)]
            )
            street.append([edit(f"i{number % 90}", level="II", occurred_at=clock.now())])
        ends = list(street.exchange.heads().items())
        batches = [centre.exchange.run(*name, 0) for name, _ in ends if name[0] == "HUB"]
        for one in (centre, street):
            after = 0
            while batch := one.exchange.run(one.identity.station, one.own.incarnation, after, 150):
                batches.append(batch)
                after = batch.last
        for batch in batches:
            reader.accept(batch)
            shared.accept(batch)
        assert shared.digest() == reader.digest()
        assert len(shared.situation.conflicts(state="open")) == 90 == len(reader.situation.conflicts(state="open"))
        assert shared.situation.timeline("i1") == reader.situation.timeline("i1")
    for journal in (centre, street, reader):
        journal.close()


def test_a_journal_moved_to_postgresql_and_back_is_the_same_and_goes_on(
    tmp_path: Path, place: Shared, clock: ManualClock
) -> None:
    file, back = tmp_path / "journal.sqlite", tmp_path / "back" / "journal.sqlite"
    journal = opened(file, clock)
    journal.append([edit(f"i{number}", title="积水", deaths=number) for number in range(6000)])
    digest, incarnation = journal.digest(), journal.own.incarnation
    journal.close()
    there = move(file, place)
    assert (there.entries, there.digest) == (6000, digest)
    with closing(opened(place, clock)) as journal:
        assert journal.opened.is_quiet
        assert list(journal.verify()) == []
        (entry,) = journal.append([edit("i1", title="加深")])
        assert entry.ref == f"ZX/{incarnation}/6001"
        digest = journal.digest()
    assert move(place, back).digest == digest
    with closing(opened(back, clock)) as journal:
        assert list(journal.verify()) == []
        assert journal.append([edit("i1", title="退")])[0].seq == 6002


def test_what_was_left_behind_is_not_written_again_even_by_who_had_it_open(
    tmp_path: Path, place: Shared, clock: ManualClock
) -> None:
    file = tmp_path / "journal.sqlite"
    journal = opened(file, clock)
    journal.append([edit(title="积水")])
    move(file, place)
    with pytest.raises(DatabaseFault, match="moved to PostgreSQL"):
        journal.append([edit(title="加深")])
    journal.store.connection.close()
    with pytest.raises(DatabaseFault, match="moved to PostgreSQL"):
        opened(file, clock)


def test_nothing_is_moved_to_where_a_journal_is(tmp_path: Path, shared: Journal, place: Shared, clock) -> None:
    shared.append([edit(title="积水")])
    file = tmp_path / "journal.sqlite"
    with closing(opened(file, clock)) as journal:
        journal.append([edit(title="别处")])
        with pytest.raises(MoveError):
            move(file, place)
        assert journal.append([edit(title="加深")])[0].seq == 2
    assert shared.situation.get(Incident, "flood").title == "积水"


def cut(server: str, journal: Journal) -> None:
    """End the server's side of a journal's connection, as a restart does."""
    with psycopg.connect(server, autocommit=True) as connection:
        name = journal.store.connection.name
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = %s", [name])


def test_a_lost_connection_is_named_once_and_made_again(shared: Journal, postgres_server: str) -> None:
    shared.append([edit(title="积水")])
    cut(postgres_server, shared)
    with pytest.raises(DatabaseFault):
        shared.append([edit(title="加深")])
    assert shared.append([edit(title="加深")])[0].seq == 2
    assert list(shared.verify()) == []


def test_a_connection_lost_in_the_middle_of_a_transaction_leaves_nothing_of_it(
    shared: Journal, postgres_server
) -> None:
    with pytest.raises(DatabaseFault), shared.store.transaction():
        shared.store.set_meta("half", "done")
        cut(postgres_server, shared)
        shared.store.set_meta("half", "more")
    assert shared.store.meta("half") is None
    assert shared.append([edit(title="积水")])[0].seq == 1


def test_a_copied_database_begins_an_incarnation_of_its_own(
    place: Shared, new_database: Callable[[str], str], clock: ManualClock
) -> None:
    with closing(opened(place, clock)) as journal:
        journal.append([edit(title="积水")])
        before = journal.own.incarnation
    name = place.url.split("/")[3].partition("?")[0]
    with closing(opened(Shared(new_database(name), place.file), clock)) as copied:
        assert copied.opened.happened == COPIED
        assert copied.own.incarnation != before
    with closing(opened(place, clock)) as journal:
        assert journal.own.incarnation == before


def test_news_of_another_process_are_heard_and_ones_own_are_not(shared: Journal, place: Shared, clock) -> None:
    heard: Queue[str] = Queue()
    ear = shared.store.connection.listen(lambda: heard.put("news"))
    assert heard.get(timeout=60)  # it listens now
    with closing(opened(place, clock)) as other:
        while not heard.empty():
            heard.get()
        for title in ("a", "b", "c"):
            shared.append([edit(title=title)])
        other.append([edit(title="加深")])
        assert heard.get(timeout=60)
    ear.close()
    assert heard.empty()


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseFault, match="connection"):
        open_database(Shared("postgresql://hub@127.0.0.1:9/hub?connect_timeout=2", tmp_path / "journal.sqlite"))


def test_who_reads_a_shared_database_cannot_write(shared: Journal, place: Shared) -> None:
    with closing(open_reading(place)) as reading, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        reading.execute("update meta set value = ''")
