"""Stations and two hubs in a chain that do anything in any order: edit, decide, lose answers, repeat, crash, meet.

When it is quiet again and every line is up, all hold the same: every acknowledged entry once, the same tables, and an
inbox that lists exactly the fields on which values made apart still stand. A new way for stations to meet or to fail is
one more rule. `LONG_RUN=1` plays ten thousand evenings instead of a handful.
"""

import os
from datetime import timedelta
from random import Random
from sqlite3 import OperationalError

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.journals import opened
from tests.laws.apart import EVENING, STATIONS, disagreements, enrolled_copy, inbox, passing_folder, refs
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Change, Draft
from workstation.domain.entry import Entry
from workstation.journal import Batch, BatchRefused, Journal, Sight, Stamp, Want, everything, urgent

HUB = "HUB"
LONG = bool(os.environ.get("LONG_RUN"))
APART, DISTRICT = STATIONS[:3], STATIONS[3]
stations = st.sampled_from(APART)
records = st.sampled_from(["flood", "flood", "fire"])
sayings = st.sampled_from(
    [
        *(("level", level) for level in ("I", "II", "IV", None)),
        *(("title", title) for title in ("a", "b")),
        *(("trapped", count) for count in (0, 3)),
        *(("deleted", gone) for gone in (True, False)),
        ("evacuation", True),
    ]
)
pages = st.integers(1, 5)


def every_other(number: int, stamp: Stamp) -> bool:
    """Sends first what has little to do with what matters."""
    return stamp.clock % 2 == 0


sights = st.sampled_from([everything, urgent, every_other])


class Evening(RuleBasedStateMachine):
    """The hub is the root of trust and passes entries on; stations also hand each other sticks."""

    @initialize()
    def begin(self) -> None:
        self.place = passing_folder()
        self.folder = self.place.__enter__()
        self.clocks = {name: ManualClock(EVENING) for name in (HUB, DISTRICT, *APART)}
        self.journals = {name: enrolled_copy(self.folder, name, clock) for name, clock in self.clocks.items()}
        self.acknowledged: list[Entry] = []
        self.travelled: list[Batch] = []

    @rule(station=stations, record=records, said=st.lists(sayings, min_size=1, max_size=3))
    def edit(self, station: str, record: str, said: list[tuple[str, object]]) -> None:
        for saying in said:
            self._write(station, Change("incident", record, *saying))  # type: ignore[arg-type]

    @rule(station=stations, which=st.integers(0, 9), value=st.integers(0, 9))
    def decide(self, station: str, which: int, value: int) -> None:
        """Somebody reads the inbox and settles one field for one of the values."""
        listed = [one for one in self.journals[station].situation.conflicts() if one.state != "decided"]
        if listed:
            one = listed[which % len(listed)]
            claim = one.heads[value % len(one.heads)]
            base = tuple(sorted(head.ref for head in one.heads))
            self._write(station, Change(one.kind, one.id, one.field, claim.value, base))

    @rule(station=stations, count=pages, answered=st.booleans())
    def push(self, station: str, count: int, answered: bool) -> None:
        """The hub gets some of what it has not confirmed; its answer may be lost."""
        self._push(station, count, answered)

    @rule(station=stations, count=pages)
    def pull(self, station: str, count: int) -> None:
        """A station takes some of what the hub has for it; how far it came may be forgotten."""
        self._pull(station, count)

    @rule(station=stations, count=pages, first=sights, follows=pages)
    def meet_the_district(self, station: str, count: int, first: Sight, follows: int) -> None:
        """A station and the hub of its district exchange; in haste headers come first, contents later, some of them."""
        self._meet(station, DISTRICT, Want(count, first=first), follows)

    @rule(count=pages, first=sights, follows=pages)
    def pass_on_to_the_city(self, count: int, first: Sight, follows: int) -> None:
        self._meet(DISTRICT, HUB, Want(count, first=first), follows)

    @rule(giver=stations, taker=stations, seed=st.integers(0, 99), count=pages)
    def hand_over_a_stick(self, giver: str, taker: str, seed: int, count: int) -> None:
        """Streams of all authors, in any order, each some way on."""
        streams = sorted(self.journals[giver].exchange.heads())
        Random(seed).shuffle(streams)
        for author, incarnation in streams:
            self._carry(giver, taker, (author, incarnation), count)

    @rule(giver=stations, taker=stations, saying=sayings, answer=sayings)
    def answer_what_was_handed_over(
        self, giver: str, taker: str, saying: tuple[str, object], answer: tuple[str, object]
    ) -> None:
        """One says something, another reads it off a stick and says more: the hub may well hear the second first."""
        self.edit(giver, "flood", [saying])
        self.hand_over_a_stick(giver, taker, 0, 9)
        self.edit(taker, "flood", [(saying[0], None), answer])

    @precondition(lambda self: self.travelled)
    @rule(taker=stations, which=st.integers(0, 999))
    def say_again(self, taker: str, which: int) -> None:
        """A batch that travelled before arrives once more, or first, or far too early."""
        self._deliver(taker, self.travelled[which % len(self.travelled)])

    @rule(station=stations, step=st.integers(1, 400), record=records, saying=sayings)
    def crash_while_writing(self, station: str, step: int, record: str, saying: tuple[str, object]) -> None:
        """The power goes at some step of a transaction; what was acknowledged before is there when it is back."""
        journal, steps = self.journals[station], iter([False] * step + [True])
        journal.store.connection.set_progress_handler(lambda: next(steps, False), 10)
        try:
            self._write(station, Change("incident", record, *saying))  # type: ignore[arg-type]
        except OperationalError as error:
            assert "interrupt" in str(error)
        journal.store.connection.close()
        self.journals[station] = opened(self.folder, station, self.clocks[station])

    @rule(station=stations, hours=st.integers(-30, 30))
    def misjudge_the_time(self, station: str, hours: int) -> None:
        self.clocks[station].set(self.clocks[station].now() + timedelta(hours=hours))

    def teardown(self) -> None:
        if not hasattr(self, "journals"):
            return
        try:
            self._come_to_rest()
            self._check()
        finally:
            for journal in self.journals.values():
                journal.close()
            self.place.__exit__(None, None, None)

    def _write(self, station: str, change: Change) -> None:
        self.clocks[station].advance(1)
        self.acknowledged += self.journals[station].append([Draft("op", "incident.edit", (change,))])

    def _push(self, station: str, count: int, answered: bool = True) -> bool:
        """Whether anything was left to send."""
        journal = self.journals[station]
        incarnation = journal.own.incarnation
        confirmed = journal.exchange.receipted(HUB, station, incarnation)
        batch = journal.exchange.run(station, incarnation, confirmed, count)
        if batch is not None:
            self._deliver(HUB, batch)
            if answered:
                journal.exchange.receipt(HUB, {(station, incarnation): batch.last})
        return batch is not None

    def _pull(self, station: str, count: int) -> bool:
        """Whether anything was left to take."""
        journal = self.journals[station]
        found = self.journals[HUB].exchange.missing(journal.exchange.heads(), Want(count))
        for batch in found:
            self._deliver(station, batch)
        return bool(found)

    def _meet(self, one: str, other: str, want: Want, follows: int) -> None:
        for giver, taker in ((one, other), (other, one)):
            for batch in self.journals[giver].exchange.missing(self.journals[taker].exchange.heads(), want):
                self._deliver(taker, batch)
            wanted = self.journals[taker].exchange.wanted(follows)
            for filling in self.journals[giver].exchange.contents(wanted, Want(follows)):
                self.journals[taker].fill(filling)

    def _carry(self, giver: str, taker: str, stream: tuple[str, str], count: int) -> None:
        for _ in range(count):
            held = self.journals[taker].store.head(*stream)
            batch = self.journals[giver].exchange.run(*stream, held, 1)
            if batch is not None:
                self._deliver(taker, batch)

    def _deliver(self, taker: str, batch: Batch) -> None:
        """Give a batch; one that is out of its turn is refused whole and changes nothing."""
        self.travelled.append(batch)
        journal: Journal = self.journals[taker]
        before = journal.digest()
        try:
            journal.accept(batch)
        except BatchRefused as refused:
            assert refused.reason == "gap"
            assert batch.first > journal.store.head(batch.station, batch.incarnation) + 1
            assert journal.digest() == before

    def _come_to_rest(self) -> None:
        for station in APART:
            while self._push(station, 5000):
                pass
        for pair in (*((station, DISTRICT) for station in APART), (DISTRICT, HUB), *((HUB, one) for one in APART)):
            self._meet(*pair, Want(5000), follows=5000)
        assert not any(journal.exchange.wanted() for journal in self.journals.values())

    def _check(self) -> None:
        acknowledged = {entry.ref for entry in self.acknowledged}
        roots = {ref for ref in refs(self.journals[HUB]) if ref.startswith(f"{HUB}/")}
        for name, journal in self.journals.items():
            held = refs(journal)
            assert set(held) - roots == acknowledged, f"lost or invented at {name}"
            assert len(held) == len(set(held)), f"doubled at {name}"
            assert inbox(journal) == disagreements(self.acknowledged), name
            assert list(journal.verify()) == [], name
        assert len({journal.digest() for journal in self.journals.values()}) == 1


Evening.TestCase.settings = settings(
    max_examples=10_000 if LONG else 30,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


class TestEvening(Evening.TestCase):  # type: ignore[misc, valid-type]
    """Run by pytest under a name that tells what it is."""
