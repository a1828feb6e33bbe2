"""Stations and two hubs in a chain that do anything in any order: edit, decide, lose answers, repeat, crash, meet, are
copied, cloned and set back, are given authority and lose it, carry sticks.

When it is quiet again and every line is up, all hold the same: every acknowledged entry once, but for what nobody else
held when a disk was lost; the same tables, as far as each may see them; and an inbox that lists exactly the fields on
which values made apart still stand. A new way for stations to meet or to fail is one more rule. `LONG_RUN=1` plays ten
thousand evenings instead of a handful, `SCHEDULES=5000` beside it so many in each of two processes: all draw their own.
"""

import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from sqlite3 import OperationalError
from time import process_time

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.laws.apart import passing_folder
from tests.laws.quiet import check
from tests.laws.sticks import Sticks
from tests.laws.town import DISTRICT, HUB, OUTSIDE, Terms, Town, station_of
from workstation.domain.draft import Change
from workstation.domain.records import Account
from workstation.journal import Sight, Stamp, everything, urgent

LONG = bool(os.environ.get("LONG_RUN"))
SCHEDULES = int(os.environ.get("SCHEDULES", 10_000 if LONG else 30))
offices = st.integers(0, 11)
"""One of the offices, of which there may be more by and by."""
anybody = st.integers(0, 59)
people = st.sampled_from(["liqiang", "liqiang", "wangfang", "zhaomin"])
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
Saying = tuple[str, object]


class Evening(RuleBasedStateMachine):
    """The hub is the root of trust and passes entries on; stations also hand each other sticks."""

    played = 0

    @initialize(ahead=st.sampled_from([0, 0, 80, -80]), widens_at_last=st.booleans())
    def begin(self, ahead: int, widens_at_last: bool) -> None:
        """One office's clock may be days wrong; what an office may read may grow when all is quiet already."""
        self.place = passing_folder()
        self.town = Town(self.place.__enter__())
        self.sticks = Sticks(self.town)
        self.widens_at_last = widens_at_last
        self.misjudge_the_time(1, ahead)

    def office(self, number: int) -> str:
        return self.town.offices[number % len(self.town.offices)]

    def anyone(self, number: int) -> str:
        names = list(self.town.journals)
        return names[number % len(names)]

    @rule(office=offices, author=people, record=records, said=st.lists(sayings, min_size=1, max_size=3))
    def edit(self, office: int, author: str, record: str, said: list[Saying]) -> None:
        for saying in said:
            self.town.write(self.office(office), author, Change("incident", record, *saying))  # type: ignore[arg-type]

    @rule(record=records, saying=sayings)
    def edit_at_the_hub(self, record: str, saying: Saying) -> None:
        """The root has people too who write of what happens, and not for everybody."""
        self.town.write(HUB, "liqiang", Change("incident", record, *saying))  # type: ignore[arg-type]

    @rule(office=offices, author=people, which=st.integers(0, 9), value=st.integers(0, 9))
    def decide(self, office: int, author: str, which: int, value: int) -> None:
        """Somebody reads the inbox and settles one field for one of the values."""
        who = self.office(office)
        undecided = [one for one in self.town.journals[who].situation.conflicts() if one.state != "decided"]
        listed = [one for one in undecided if one.kind == "incident"]
        if listed:
            one = listed[which % len(listed)]
            claim = one.heads[value % len(one.heads)]
            base = tuple(sorted(head.ref for head in one.heads))
            change = Change(one.kind, one.id, one.field, claim.value, base)
            self.town.write(who, author, change, "conflict.decide")

    @rule(office=offices | st.just(DISTRICT), holds=st.integers(1, 12), page=pages, first=sights)
    def reach_the_hub(self, office: int | str, holds: int, page: int, first: Sight) -> None:
        """A station plays a round with its hub, in small pages, headers before most of the contents; the line may break
        at any request, the answer to which is then lost."""
        who = office if isinstance(office, str) else self.office(office)
        self.town.exchange(who, Terms(holds, page, first))

    @rule(giver=offices, taker=offices, seed=st.integers(0, 99), count=pages)
    def hand_over(self, giver: int, taker: int, seed: int, count: int) -> None:
        """Streams of all authors, in any order, each some way on."""
        source = self.office(giver)
        streams = sorted(self.town.journals[source].exchange.heads())
        Random(seed).shuffle(streams)
        self.town.hand_over(source, self.office(taker), streams, count)

    @rule(giver=offices, taker=offices, saying=sayings, answer=sayings)
    def answer_what_was_handed_over(self, giver: int, taker: int, saying: Saying, answer: Saying) -> None:
        """One says something, another reads it off a stick and says more: the hub may well hear the second first."""
        self.edit(giver, "liqiang", "flood", [saying])
        self.hand_over(giver, taker, 0, 9)
        self.edit(taker, "liqiang", "flood", [(saying[0], None), answer])

    @precondition(lambda self: self.town.travelled)
    @rule(taker=anybody, which=st.integers(0, 999))
    def say_again(self, taker: int, which: int) -> None:
        """A batch that travelled before arrives once more, or first, or far too early."""
        made_for, batch = self.town.travelled[which % len(self.town.travelled)]
        who = self.anyone(taker)
        if made_for == station_of(who) or OUTSIDE not in (made_for, station_of(who)):
            self.town.deliver(who, batch)

    @rule(writer=anybody, takers=st.lists(anybody, min_size=1, max_size=3), whole=st.booleans(), page=pages)
    def write_a_stick(self, writer: int, takers: list[int], whole: bool, page: int) -> None:
        self.sticks.write(self.anyone(writer), [self.anyone(taker) for taker in takers], whole, page)

    @precondition(lambda self: self.sticks.written)
    @rule(which=st.integers(0, 99), taker=st.integers(0, 9), cut=st.none() | st.floats(0, 1))
    def plug_in_a_stick(self, which: int, taker: int, cut: float | None) -> None:
        """A bundle is read by one it was written for, now and then first from a file that was cut off."""
        self.sticks.plug_in(which, taker, cut)

    @rule(
        office=offices | st.just(HUB), step=st.integers(1, 400), record=records, saying=sayings, goes_on=st.booleans()
    )
    def fail_while_writing(self, office: int | str, step: int, record: str, saying: Saying, goes_on: bool) -> None:
        """The power goes, or the disk says no, at some step of a transaction; what was acknowledged before is there
        afterwards, and what the root could not write is no law."""
        who = office if isinstance(office, str) else self.office(office)
        journal, steps = self.town.journals[who], iter([False] * step + [True])
        journal.store.connection.set_progress_handler(lambda: next(steps, False), 10)
        try:
            if who == HUB:
                self.town.grant("wangfang")
            else:
                self.town.write(who, "liqiang", Change("incident", "flood", *saying))  # type: ignore[arg-type]
        except OperationalError as error:
            assert "interrupt" in str(error)
        journal.store.connection.set_progress_handler(None, 0)
        if not goes_on:
            journal.store.connection.close()
            self.town.open(who)

    @rule(office=offices, hours=st.integers(-30, 30))
    def misjudge_the_time(self, office: int, hours: int) -> None:
        clock = self.town.clocks[self.office(office)]
        clock.set(clock.now() + timedelta(hours=hours))

    @rule(who=anybody)
    def copy(self, who: int) -> None:
        self.town.copy(self.anyone(who))

    @precondition(lambda self: self.town.copies)
    @rule(which=st.integers(0, 9), in_place=st.booleans())
    def restore(self, which: int, in_place: bool) -> None:
        self.town.restore(which, in_place)

    @rule(which=st.integers(0, 9))
    def twin(self, which: int) -> None:
        self.town.twin(which)

    @precondition(lambda self: self.town.journals[HUB].situation.get(Account, "liqiang") is None)
    @rule(is_kept=st.booleans())
    def found_authority(self, is_kept: bool) -> None:
        """Before anything is granted again, somebody may keep a copy of the hub."""
        self.town.found_authority()
        if is_kept:
            self.town.copy(HUB)

    @precondition(lambda self: self.town.journals[HUB].situation.get(Account, "liqiang") is not None)
    @rule(login=people, revoked=st.none() | st.integers(0, 9))
    def grant_or_revoke(self, login: str, revoked: int | None) -> None:
        """The root takes a grant away, or gives one (again)."""
        if revoked is None:
            self.town.grant(login)
        else:
            self.town.revoke(revoked)

    @rule()
    def widen(self) -> None:
        """The office that saw its own street alone sees the whole city from now on."""
        self.town.widen(OUTSIDE)

    def teardown(self) -> None:
        if not hasattr(self, "town"):
            return
        Evening.played += 1
        try:
            existed = self.town.held()
            self.town.come_to_rest()
            if self.widens_at_last:
                existed |= self.town.widen(OUTSIDE)
                self.town.come_to_rest()
            check(self.town, existed)
        finally:
            self.town.close()
            self.place.__exit__(None, None, None)


Evening.TestCase.settings = settings(
    max_examples=SCHEDULES,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


class TestEvening(Evening.TestCase):  # type: ignore[misc, valid-type]
    """Run by pytest under a name that tells what it is; a long run says how many schedules it played."""

    @pytest.fixture(autouse=True)
    def told(self, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
        before = process_time()
        yield
        if LONG:
            with capfd.disabled():
                each = (process_time() - before) / max(1, Evening.played)
                sys.stdout.write(f"\n{Evening.played} schedules, {each:.3f} s of processor time each\n")
