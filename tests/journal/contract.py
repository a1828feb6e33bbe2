"""What a journal promises in whatever database it lies. Each database's tests inherit it and give `new_place`."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.journals import PHONE, SEALER, exchange, identity
from tests.long_past import OPEN, Shown, drawn_in, long_over, not_over
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import set_fields
from workstation.domain.entry import Entry
from workstation.domain.records import Access, Incident, Report
from workstation.journal import Batch, BatchRefused, Filling, Journal, Want, everything, urgent
from workstation.journal.codec import digest_of
from workstation.journal.places import Place
from workstation.journal.taking import A_FEW
from workstation.situation import AuditFilter, SeenSituation

Open = Callable[[str], Journal]


def edit(record: str = "flood", kind: str = "incident", **fields: object) -> Draft:
    return Draft("op1", "test", set_fields(kind, record, **fields))


def sent(journal: Journal, after: int = 0) -> Batch:
    batch = journal.exchange.run(journal.identity.station, journal.own.incarnation, after)
    assert batch is not None
    return batch


def close(*journals: Journal) -> None:
    for journal in journals:
        journal.close()


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


class KnownStations:
    """A bench on which only what the root named counts."""

    def __init__(self) -> None:
        self.known: set[str] = set()

    def learn(self, entry: Entry) -> None:
        self.known |= {change.id for change in entry.changes}

    def verdict(self, entry: Entry) -> str:
        return "" if entry.station in self.known else "authority.unknown"


class JournalContract:
    """Inherited by the tests of each database."""

    @pytest.fixture
    def new_place(self) -> Callable[[str], Place]:
        """Gives the place of a station's journal, always the same for the same station."""
        raise NotImplementedError

    @pytest.fixture
    def open_(self, new_place: Callable[[str], Place], clock: ManualClock) -> Open:
        """Opens a station's journal, as often as it is asked."""
        return lambda station: Journal.open(new_place(station), identity(station), clock, SEALER)

    @pytest.fixture
    def centre(self, open_: Open) -> Iterator[Journal]:
        journal = open_("ZX")
        yield journal
        journal.close()

    @pytest.fixture
    def pair(self, open_: Open) -> Iterator[tuple[Journal, Journal]]:
        """Centre and street, enrolled by one hub."""
        hub, centre, street = (open_(station) for station in ("HUB", "ZX", "JD03"))
        for one in (centre, street):
            hub.append([edit(one.identity.station, "station", public_key=one.identity.public.hex(), role="station")])
            one.pin_root(hub.identity.public)
        exchange(hub, centre, street)
        hub.close()
        yield centre, street
        close(centre, street)

    def test_an_entry_becomes_a_row_any_tool_can_read(self, centre: Journal) -> None:
        flood = Incident(id="flood", title="人民路下穿积水", deaths=0, lat=29.6, lon=0.0)
        centre.append([edit(title=flood.title, deaths=0, lat=29.6, lon=-0.0)])
        assert centre.situation.get(Incident, "flood") == flood
        row = centre.store.connection.execute("select station, seq, at, author, act from journal").fetchone()
        assert tuple(row) == ("ZX", 1, "2026-11-24T11:40:00Z", "op1", "test")

    def test_what_changes_nothing_is_not_written(self, centre: Journal) -> None:
        centre.append([edit(title="积水")])
        assert centre.append([edit(title="积水", summary=None)]) == []

    def test_a_call_that_fails_writes_nothing_and_takes_no_number(self, centre: Journal) -> None:
        centre.append([edit(title="积水")])
        with pytest.raises(KeyError, match="colour"):
            centre.append([edit(title="加深"), Draft("op1", "x", (Change("incident", "flood", "colour", "red"),))])
        assert centre.own.seq == 1
        centre.append([edit(title="加深")])
        for table in ("entry", "batch"):
            rows = centre.store.connection.execute(f"select number from {table} order by number").fetchall()
            assert [row[0] for row in rows] == [1, 2]
        assert list(centre.verify()) == []

    def test_records_are_found_by_their_fields_and_in_order(self, centre: Journal) -> None:
        for name, level, street in [("a", "II", None), ("b", None, "990101"), ("c", "I", "990101"), ("d", "I", "b")]:
            centre.append([edit(name, level=level, street=street, title=name)])
        centre.append([edit("d", deleted=True)])

        def names(**asked: object) -> list[str]:
            return [one.id for one in centre.situation.find(Incident, **asked)]

        assert names(street="990101") == ["b", "c"]
        assert names(level=None) == ["b"]
        assert names(level=("I", "II"), order="-title") == ["c", "a"]
        assert names(level=()) == []
        assert names(order="level") == ["b", "c", "a"]
        assert names(order="-level") == ["a", "c", "b"]
        assert names(limit=2) == ["a", "b"]
        assert [one.id for one in centre.situation.since(Incident, "title", "b")] == ["b", "c"]
        assert centre.situation.count(Incident) == 3

    def test_text_is_sorted_by_its_bytes(self, centre: Journal) -> None:
        for name in ("b", "A", "水", "a", "_", "é"):
            centre.append([edit(name, title=name)])
        assert [one.id for one in centre.situation.find(Incident)] == ["A", "_", "a", "b", "é", "水"]

    def test_many_entries_at_once_are_the_same_as_one_by_one(self, pair: tuple[Journal, Journal]) -> None:
        centre, street = pair
        centre.append([edit(f"i{number % 250}", title=f"第{number}报", deaths=number) for number in range(700)])
        for number in range(0, 300, 3):
            centre.append([edit(f"i{number % 250}", summary=f"{number}")])
        for after in range(0, centre.own.seq, 400):
            batch = centre.exchange.run("ZX", centre.own.incarnation, after, 400)
            while batch and batch.first <= after + 400:
                street.accept(batch)
                batch = centre.exchange.run("ZX", centre.own.incarnation, batch.last, 400)
        assert street.digest() == centre.digest()
        assert street.situation.count(Incident) == 250
        assert list(street.verify()) == []

    def test_a_long_batch_is_folded_in_parts_as_if_each_entry_came_alone(self, pair, open_: Open) -> None:
        centre, street = pair
        some = A_FEW * 2 + 1
        centre.append([edit(f"i{number}", title="积水") for number in range(some)])
        street.append([edit("i1", title="道路积水")])
        centre.append([edit(f"i{number}", title=f"加深{number}") for number in range(0, some, 3)])
        exchange(street, centre)
        centre.append([edit("i1", title="已排除")])
        street.accept(sent(centre))
        exchange(centre, street)
        assert street.digest() == centre.digest()
        assert [list(one.verify()) for one in pair] == [[], []]

    def test_a_batch_may_come_any_number_of_times(self, pair: tuple[Journal, Journal]) -> None:
        centre, street = pair
        centre.append([edit(title="积水")])
        assert len(street.accept(sent(centre)).entries) == 1
        assert street.accept(sent(centre)).entries == ()

    @pytest.mark.parametrize("what", ["chain", "signature", "gap", "unknown_station"])
    def test_a_batch_that_proves_nothing_is_refused(self, pair: tuple[Journal, Journal], what: str) -> None:
        centre, street = pair
        centre.append([edit(title="积水")])
        centre.append([edit(title="积水加深")])
        batch = sent(centre, 1 if what == "gap" else 0)
        forged = {
            "chain": replace(
                batch, entries=(batch.entries[0]._replace(content=b'["x","y","","",[]]'), *batch.entries[1:])
            ),
            "signature": replace(batch, signature=bytes(64)),
            "gap": batch,
            "unknown_station": replace(batch, station="JD09"),
        }[what]
        with pytest.raises(BatchRefused, match=what):
            street.accept(forged)
        assert street.situation.count(Incident) == 0
        assert len(street.accept(sent(centre)).entries) == 2

    def test_content_that_follows_its_header_is_folded_as_if_it_had_come_at_once(self, pair) -> None:
        centre, street = pair
        centre.append([edit(title="积水")])
        centre.append([edit(title="积水加深")])
        batch = sent(centre)
        headers = tuple(one._replace(content=b"", digest=digest_of(one.content)) for one in batch.entries)
        street.accept(replace(batch, entries=headers))
        assert street.situation.count(Incident) == 0
        assert list(street.verify()) == []
        for seq in (2, 1):
            street.fill(Filling("ZX", batch.incarnation, ((seq, batch.entries[seq - 1].content),)))
        assert street.digest() == centre.digest()
        assert list(street.verify()) == []

    def test_contents_may_follow_in_any_order_also_a_later_one_before_what_it_supersedes(self, pair) -> None:
        centre, street = pair
        for number in range(1, 5):
            centre.append([edit(title=f"第{number}报", level=("IV", "III")[number % 2])])
        batch = sent(centre)
        headers = tuple(one._replace(content=b"", digest=digest_of(one.content)) for one in batch.entries)
        street.accept(replace(batch, entries=headers))
        for seqs in ((3, 2), (4, 1)):
            contents = tuple((seq, batch.entries[seq - 1].content) for seq in seqs)
            street.fill(Filling("ZX", batch.incarnation, contents))
        assert street.situation.conflicts() == []
        assert street.digest() == centre.digest()
        assert list(street.verify()) == []

    def test_what_was_said_apart_stays_open_until_it_is_decided(self, pair, clock: ManualClock) -> None:
        centre, street = pair
        centre.append([edit(title="积水", level="IV")])
        exchange(centre, street)
        centre.append([edit(level="II")])
        clock.advance(5)
        street.append([edit(level="III", title="积水加深")])
        exchange(centre, street)
        for journal in pair:
            (conflict,) = journal.situation.conflicts(state="open")
            assert {(claim.station, claim.value) for claim in conflict.heads} == {("ZX", "II"), ("JD03", "III")}
            assert journal.situation.get(Incident, "flood").level == "II"
        centre.append([edit(level="III")])
        exchange(centre, street)
        assert [one.state for one in street.situation.conflicts()] == ["decided"]
        assert centre.digest() == street.digest()
        assert list(street.verify()) == []

    def test_tables_rebuilt_from_the_chain_are_the_same(self, centre: Journal) -> None:
        centre.append([edit(f"i{number}", level="IV", title="积水", deaths=number) for number in range(300)])
        centre.append([edit("i7", level="III")])
        before = centre.digest()
        centre.rebuild()
        assert centre.digest() == before
        assert [line.act for line in centre.situation.timeline("i7")] == ["test", "test"]

    @pytest.mark.parametrize("name", ["'); drop table incident; --", '"; delete from entry; --', "%_\\' or 1=1"])
    def test_a_place_named_like_a_statement_is_a_name(self, centre: Journal, name: str) -> None:
        centre.append([edit(title="积水", place=name), edit("other", place="人民路")])
        assert centre.situation.get(Incident, "flood").place == name
        assert [one.id for one in centre.situation.find(Incident, place=name)] == ["flood"]
        assert centre.situation.get(Incident, "other").place == "人民路"
        assert list(centre.verify()) == []

    def test_the_timeline_tells_what_belongs_to_an_incident(self, centre: Journal) -> None:
        centre.append([edit(title="积水")])
        centre.append([edit("t1", "task", incident="flood", title="封闭下穿")])
        centre.append([edit("t2", "task", incident="other")])
        assert [line.text for line in centre.situation.timeline("flood")] == [
            "title=积水",
            "incident=flood; title=封闭下穿",
        ]
        assert [line.text for line in centre.situation.recent(1)] == ["incident=other"]

    def test_every_question_a_page_asks_is_answered(self, pair, clock: ManualClock) -> None:
        centre, street = pair
        centre.append(
            [edit(number="SJ-1", title="积水", level="IV"), edit("t1", "task", incident="flood", state="sent")]
        )
        exchange(centre, street)
        centre.append([edit(level="II"), edit(state="closed")])
        street.append([edit(level="III"), edit("t1", "task", title="封闭"), edit("r1", "report", incident="gone")])
        for unit in ("flood", "fire"):
            street.append([edit(f"a-{unit}", "assignment", unit="u1", incident=unit)])
        exchange(centre, street)
        asked = centre.situation
        (conflict,) = asked.conflicts_about("flood")
        assert asked.base(conflict).claim.value == "IV"
        assert asked.undecided() == 1 + len(asked.breaches())
        assert asked.disputed("incident", "flood") == ["level"]
        assert {one.rule for one in asked.breaches()} == {"task_on_finished", "unit_twice"}
        assert [(one.kind, one.incident) for one in asked.awaited()] == [("report", "gone"), ("assignment", "fire")]
        assert asked.extent().stations == 3
        found = asked.audit(AuditFilter(incident="SJ-1", author="op1", act="te", since=clock.now()))
        assert len(found) == len(asked.audit(AuditFilter(record="flood"))) + 3
        assert [one.ref for one in asked.audit(AuditFilter(), limit=1)] == [line.ref for line in asked.recent(1)]
        assert asked.before(found[-1]) is not None
        assert len(asked.ends()) == 3

    def test_who_may_see_a_restricted_incident_and_which_entries_name_a_file_is_answered(self, centre: Journal) -> None:
        centre.append(
            [
                edit("riot", restricted=True, owner="zhao", title="聚集"),
                edit("r1", "report", incident="riot", place="桥头"),
                edit("m1", "member", incident="riot", account="wang", station="JD03"),
                edit("film", "attachment", incident="riot", digest="ab" * 32),
                edit("film", "attachment", name="桥头"),
            ]
        )
        situation = centre.situation
        assert (
            situation.closed_to("li") == {"riot"}
            and situation.closed_to("wang") == situation.closed_to("zhao") == set()
        )
        assert situation.entries_closed_to("JD07") == {1, 2, 3, 4, 5}
        assert situation.entries_closed_to("JD03") == situation.entries_closed_to("ZX") == set()
        assert (situation.opened_to("JD03"), situation.opened_to("JD07")) == (["riot"], [])
        [named] = situation.naming("ab" * 32)
        assert (named.number, named.station, situation.naming("cd" * 32)) == (4, "ZX", [])
        seen = SeenSituation(situation, "li", centre.clock.now)
        assert (seen.find(Report), seen.count(Report), seen.get(Incident, "riot").title) == ([], 0, None)
        assert [one.changes for one in seen.audit(AuditFilter())] == [()] * 5

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

    def test_what_a_column_cannot_hold_is_unknown_there_and_kept_in_the_journal(self, centre: Journal) -> None:
        odd = {"title": "积\0水", "deaths": 2**63, "injured": "many", "lat": "north", "summary": ["a"], "missing": True}
        changes = tuple(Change("incident", "odd", name, value) for name, value in odd.items())
        centre.append([Draft("op1", "x", (*changes, Change("incident", "no\0name", "title", "x")))])
        held = centre.situation.get(Incident, "odd")
        assert (held.title, held.deaths, held.injured, held.lat) == ("积\ufffd水", None, None, None)
        assert (held.summary, held.missing) == ('["a"]', 1)
        assert centre.situation.count(Incident) == 1
        assert list(centre.verify()) == []

    def test_a_journal_goes_on_where_it_was_left(self, centre: Journal, open_: Open) -> None:
        centre.append([edit(title="积水")])
        again = open_("ZX")
        assert again.opened.is_quiet
        assert [entry.ref for entry in again.append([edit(title="加深")])] == [f"ZX/{centre.own.incarnation}/2"]
        again.close()

    def test_writers_in_turn_make_one_chain(self, centre: Journal, open_: Open) -> None:
        other = open_("ZX")
        turns = [centre, other, other, centre, other, centre]
        refs = [journal.append([edit(f"i{turn}", title="x")])[0].ref for turn, journal in enumerate(turns)]
        assert [int(ref.rsplit("/", 1)[1]) for ref in refs] == [1, 2, 3, 4, 5, 6]
        assert centre.new_id() == other.new_id()
        assert list(centre.verify()) == []
        other.close()

    def test_writers_at_the_same_time_lose_and_double_nothing(self, centre: Journal, open_: Open) -> None:
        journals = [centre, open_("ZX"), open_("ZX")]

        def write(place: int) -> list[str]:
            return [journals[place].append([edit(f"{place}-{turn}", title="x")])[0].ref for turn in range(20)]

        with ThreadPoolExecutor(3) as pool:
            refs = [ref for done in pool.map(write, range(3)) for ref in done]
        assert len(set(refs)) == 60 == centre.store.head("ZX", centre.own.incarnation)
        assert centre.situation.count(Incident) == 60
        assert list(centre.verify()) == []
        close(*journals[1:])

    def test_one_batch_brought_to_two_processes_at_once_is_taken_once(self, pair, open_: Open) -> None:
        centre, street = pair
        other = open_("JD03")
        centre.append([edit(f"i{number}", title="x") for number in range(200)])
        batch = sent(centre)
        with ThreadPoolExecutor(2) as pool:
            taken = [done.entries for done in pool.map(lambda journal: journal.accept(batch), (street, other))]
        assert sorted(map(len, taken)) == [0, 200]
        assert other.digest() == street.digest() == centre.digest()
        other.close()

    def test_an_access_is_recorded_though_it_changes_nothing_else(self, centre: Journal) -> None:
        centre.append([edit(centre.new_id(), "access", act="export", user="sup1")])
        assert centre.situation.count(Access, act="export") == 1

    def test_what_the_root_said_by_another_process_is_law_here_too(self, open_: Open) -> None:
        hub, other = open_("HUB"), open_("HUB")
        other.judge_by(KnownStations)
        hub.append([edit("JD03", "station", public_key=identity("JD03").public.hex())])
        street = open_("JD03")
        street.pin_root(hub.identity.public)
        exchange(hub, street)
        street.append([edit(title="积水")])
        assert other.accept(sent(street)).refused == ()
        close(hub, other, street)

    def test_contents_that_follow_are_asked_for_and_found_by_their_urgency(self, pair) -> None:
        centre, street = pair
        centre.append([edit("slow", title="积水"), edit("flood", title="被困", level="I", deaths=1)])
        lacking = centre.exchange.missing(street.exchange.heads(), Want(first=urgent))
        for batch in lacking:
            street.accept(batch)
        wanted = street.exchange.wanted()
        assert wanted == {("ZX", centre.own.incarnation): [(1, 1)]}
        assert street.exchange.awaited(wanted) == wanted
        for filling in centre.exchange.contents(wanted, Want()):
            street.fill(filling)
        assert (street.exchange.wanted(), street.digest()) == ({}, centre.digest())
        assert centre.exchange.backlog(street.exchange.heads()) == 0

    def test_what_is_current_comes_first_and_the_history_behind_it_changes_nothing_of_it(
        self, pair, open_: Open, clock: ManualClock
    ) -> None:
        centre, street = pair
        centre.append([*long_over(0, 100), *not_over()])
        exchange(centre, street)
        for journal, level in ((centre, "II"), (street, "III")):
            journal.append([edit(level=level, summary=level), edit("old3", level=level, title=level)])
        exchange(centre, street)
        centre.append([edit("old3", level="III")])
        clock.advance(90 * 86_400)
        centre.append([drawn_in("old7"), edit("old8", kind="unit", state="away")])
        exchange(centre, street)
        newcomer, in_order, there = open_("JD07"), open_("JD08"), Shown.of(centre)
        for one in (newcomer, in_order):
            one.pin_root(identity("HUB").public)
        while page := centre.exchange.missing(
            newcomer.exchange.heads(), Want(200, first=centre.exchange.first(newcomer.exchange.heads()))
        ):
            for batch in page:
                newcomer.accept(batch)
        here = Shown.of(newcomer)
        assert here.otherwise(there) == []
        assert here.inbox == there.inbox != []
        assert here.names("incident") == {*OPEN, "old7", "old97", "old98", "old99"}  # the units' last ones
        assert newcomer.exchange.deferred() > 500
        while wanted := newcomer.exchange.wanted(70):
            for filling in centre.exchange.contents(wanted, Want(70)):
                newcomer.fill(filling)
            assert Shown.of(newcomer).untrue(there) == []
        exchange(centre, in_order)
        assert newcomer.digest() == in_order.digest() == centre.digest()
        assert list(newcomer.verify()) == []
        close(newcomer, in_order)

    def test_what_is_mostly_current_travels_whole_unless_something_in_it_is_urgent(self, centre: Journal) -> None:
        centre.append([edit(f"l{number}", "log", text="到场") for number in range(600)])
        assert centre.exchange.first({}) is everything
        centre.append([edit(evacuation=True)])
        [batch] = centre.exchange.missing({}, Want(first=centre.exchange.first({})))
        assert [seq for seq, one in enumerate(batch.entries, 1) if one.content] == [601]

    def test_the_number_of_news_grows_also_with_contents_another_process_took(self, pair, open_: Open) -> None:
        centre, street = pair
        centre.append([edit(title="积水")])
        batch = sent(centre)
        header = batch.entries[0]._replace(content=b"", digest=digest_of(batch.entries[0].content))
        street.accept(replace(batch, entries=(header,)))
        other, before = open_("JD03"), street.exchange.end()
        other.fill(Filling("ZX", batch.incarnation, ((1, batch.entries[0].content),)))
        assert street.exchange.end() > before
        other.close()

    def test_what_another_confirmed_is_remembered_and_forgotten_when_it_lost_it(self, centre: Journal) -> None:
        centre.append([edit(title="积水")])
        name = ("ZX", centre.own.incarnation)
        centre.exchange.receipt("HUB", {name: 1, ("JD03", "a"): 7})
        centre.exchange.receipt("HUB", {name: 1, ("JD03", "a"): 9})
        assert centre.exchange.confirmed("HUB") == {name: 1, ("JD03", "a"): 9}
        assert centre.exchange.receipted("HUB", *name) == 1
        centre.exchange.summarised("HUB", {name: 1, ("JD03", "a"): 8})
        assert centre.exchange.confirmed("HUB") == {name: 1, ("JD03", "a"): 8}
        centre.exchange.summarised("HUB", {name: 1})
        assert centre.exchange.confirmed("HUB") == {name: 1}

    def test_a_round_that_confirms_nothing_new_writes_nothing(self, centre: Journal) -> None:
        centre.append([edit(title="积水")])
        heads = centre.exchange.heads()
        centre.exchange.summarised("HUB", heads)
        centre.clock.advance(60)
        centre.exchange.summarised("HUB", heads)
        rows = centre.store.connection.execute("select seq, at from receipt").fetchall()
        assert [tuple(row) for row in rows] == [(1, "2026-11-24T11:40:00.000Z")]

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
