"""The laws of the journal as properties: whatever is written where, and however it travels, all agree in the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.journals import PHONE, enrolled, exchange
from tests.laws.apart import passing_folder
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Change, Draft
from workstation.journal import BatchRefused, Journal

STATIONS = ("ZX", "JD03", "JD07")
LAW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])

edits = st.tuples(
    st.sampled_from(STATIONS),
    st.sampled_from(["flood", "fire"]),
    st.sampled_from(
        [
            ("level", "I"),
            ("level", "III"),
            ("title", "a"),
            ("title", "b"),
            ("deaths", 1),
            ("deaths", 0),
            ("deleted", True),
        ]
    ),
)
cuts = st.tuples(st.just("sync"), st.sampled_from(STATIONS), st.sampled_from(STATIONS))
schedules = st.lists(st.one_of(edits, cuts), max_size=25)


@contextmanager
def evening() -> Iterator[tuple[dict[str, Journal], ManualClock]]:
    """Three enrolled stations in a folder that is gone afterwards."""
    with passing_folder() as folder:
        clock = ManualClock(datetime(2026, 11, 24, 11, 40, tzinfo=UTC))
        journals = enrolled(folder, clock, *STATIONS)
        try:
            yield dict(zip(STATIONS, journals, strict=True)), clock
        finally:
            for journal in journals:
                journal.close()


def play(journals: dict[str, Journal], clock: ManualClock, schedule: list[tuple[object, ...]]) -> int:
    """Edits apart and exchanges in between; returns the number of entries written."""
    written = 0
    for act in schedule:
        clock.advance(1)
        if act[0] == "sync":
            exchange(journals[str(act[1])], journals[str(act[2])])
            continue
        station, record, (field, value) = act  # type: ignore[misc]
        written += len(
            journals[str(station)].append([Draft("op", "edit", (Change("incident", str(record), field, value),))])
        )
    return written


@LAW
@given(schedules)
def test_stations_that_have_the_same_entries_have_the_same_tables_and_inbox(schedule: list[tuple[object, ...]]) -> None:
    with evening() as (journals, clock):
        play(journals, clock, schedule)
        exchange(*journals.values())
        assert len({journal.digest() for journal in journals.values()}) == 1


@LAW
@given(schedules, st.permutations(STATIONS))
def test_the_order_of_arrival_does_not_matter(schedule: list[tuple[object, ...]], order: list[str]) -> None:
    with evening() as (journals, clock):
        play(journals, clock, schedule)
        reader = journals["JD07"]
        giver = journals["ZX"]
        exchange(giver, journals["JD03"])
        streams = sorted(giver.exchange.heads(), key=lambda name: order.index(name[0]) if name[0] in order else -1)
        for station, incarnation in streams:
            while batch := giver.exchange.run(station, incarnation, reader.store.head(station, incarnation), limit=2):
                reader.accept(batch)
        exchange(giver, reader)
        assert reader.digest() == giver.digest()


@LAW
@given(schedules)
def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(schedule: list[tuple[object, ...]]) -> None:
    with evening() as (journals, clock):
        written = play(journals, clock, schedule)
        exchange(*journals.values())
        exchange(*journals.values())
        enrolments = len(STATIONS)
        for journal in journals.values():
            total = journal.store.connection.execute("select count(*) from entry").fetchone()[0]
            assert total == written + enrolments


@LAW
@given(schedules)
def test_tables_dropped_and_refolded_are_identical(schedule: list[tuple[object, ...]]) -> None:
    with evening() as (journals, clock):
        play(journals, clock, schedule)
        for journal in journals.values():
            before = journal.digest()
            journal.rebuild()
            assert journal.digest() == before
            assert list(journal.verify()) == []


@LAW
@given(schedules)
def test_a_guarded_disagreement_stays_open_until_someone_decides(schedule: list[tuple[object, ...]]) -> None:
    with evening() as (journals, clock):
        play(journals, clock, schedule)
        exchange(*journals.values())
        centre = journals["ZX"]
        before = centre.situation.conflicts(state="open")
        for conflict in before:
            assert len({repr(claim.value) for claim in conflict.heads}) > 1
            value, base = conflict.heads[0].value, tuple(claim.ref for claim in conflict.heads)
            change = Change(conflict.kind, conflict.id, conflict.field, value, base)
            centre.append([Draft("sup1", "conflict.decide", (change,))])
        exchange(*journals.values())
        assert all(journal.situation.conflicts(state="open") == [] for journal in journals.values())
        assert len({journal.digest() for journal in journals.values()}) == 1


@LAW
@given(schedules, st.integers(0, 10_000), st.sampled_from(["content", "hash", "clock", "drop"]))
def test_any_changed_entry_is_named(schedule: list[tuple[object, ...]], place: int, how: str) -> None:
    with evening() as (journals, clock):
        play(journals, clock, schedule)
        journal = journals["ZX"]
        connection = journal.store.connection
        numbers = [row[0] for row in connection.execute("select number from entry")]
        number = numbers[place % len(numbers)]
        statements = {
            "content": "update entry set content = content || ' ' where number = ?",
            "hash": "update entry set hash = zeroblob(32) where number = ?",
            "clock": "update entry set clock = clock + 65536 where number = ?",
            "drop": "delete from entry where number = ?",
        }
        station, incarnation, seq = connection.execute(
            "select s.station, s.incarnation, e.seq from entry e join stream s on s.number=e.stream where e.number=?",
            [number],
        ).fetchone()
        connection.execute(statements[how], [number])
        assert f"{station}/{incarnation}/{seq}" in {fault.where for fault in journal.verify()}


@LAW
@given(st.lists(st.sampled_from([PHONE, "张三", "990000199001010017"]), min_size=1, max_size=4), st.integers(0, 3))
def test_no_clear_personal_value_is_in_any_file(values: list[str], seq: int) -> None:
    with passing_folder() as folder:
        clock = ManualClock(datetime(2026, 11, 24, 11, 40, tzinfo=UTC))
        (journal,) = enrolled(folder, clock, "ZX")
        for number, value in enumerate(values):
            field = ("reporter_name", "reporter_phone", "text_full", "plate")[(number + seq) % 4]
            journal.append([Draft("op", "report.take", (Change("report", f"r{number}", field, value),))])
        raw = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        journal.close()
        assert not any(value.encode() in raw for value in values)


@LAW
@given(schedules, st.integers(0, 200))
def test_a_batch_altered_on_the_way_is_refused_whole(schedule: list[tuple[object, ...]], byte: int) -> None:
    with evening() as (journals, clock):
        journals["ZX"].append([Draft("op", "edit", (Change("incident", "flood", "title", "积水"),))])
        play(journals, clock, [act for act in schedule if act[0] == "ZX"])
        giver, taker = journals["ZX"], journals["JD03"]
        batch = giver.exchange.run("ZX", giver.own.incarnation, 0)
        assert batch is not None
        content = bytearray(batch.entries[0].content)
        content[byte % len(content)] ^= 1
        first = batch.entries[0]._replace(content=bytes(content))
        before = taker.digest()
        try:
            taker.accept(type(batch)(*_with_entries(batch, (first, *batch.entries[1:]))))
        except BatchRefused as refused:
            assert refused.reason in ("chain", "malformed")
        else:
            raise AssertionError("an altered batch was taken")
        assert taker.digest() == before


def _with_entries(batch: object, entries: tuple[object, ...]) -> list[object]:
    names = ("station", "incarnation", "first", "last", "hash", "signature")
    return [getattr(batch, name) for name in names] + [entries]
