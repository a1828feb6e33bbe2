"""The station's writer thread: commands, reactions, observations and feeds, one after the other."""

from collections.abc import Sequence
from datetime import UTC, datetime
from sqlite3 import ProgrammingError

import pytest

from tests.hubs import until
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import Refused
from workstation.domain.observation import Observation
from workstation.domain.records import Incident, Log
from workstation.station import Parts, Space, Station
from workstation.station.space import SpaceError
from workstation.station.station import LONGEST_CHAIN


def opening(name):
    return lambda seat: Draft(seat.author, "incident.open", set_fields("incident", name, state="open", title=name))


class Echo:
    """A reaction that answers an opened incident with a log line, and every tick with another."""

    def after(self, entry, situation, now):
        if entry.act != "incident.open":
            return []
        return [Draft("rule", "log.add", set_fields("log", f"log:{entry.ref}", text="opened"), cause=entry.ref)]

    def tick(self, situation, now):
        return [Draft("rule", "log.add", set_fields("log", "log:tick", text="time passed"))]


class Watch:
    """Opens an incident for every observation over 40, and remembers what it was told."""

    def __init__(self):
        self.heard: list[str] = []

    def observe(self, observations: Sequence[Observation], now: datetime):
        return [opening(f"wet:{one.sensor}")(_Seat) for one in observations if one.value and one.value > 40]

    def tick(self, now):
        return []

    def after(self, entry):
        self.heard.append(entry.act)


class _Seat:
    author = "rule"


class Quarrel(Echo):
    """A reaction that answers its own answers."""

    def after(self, entry, situation, now):
        return [Draft("rule", "log.add", set_fields("log", f"log:{entry.ref}", text="and you"), cause=entry.ref)]


def test_rules_that_answer_each_other_without_end_are_stopped_and_all_they_wrote_is_told(tmp_path, clock, caplog):
    parts = Parts(reactions=[Quarrel()], watch=Watch(), ticks=False)
    station = Station(Space.found(tmp_path / "ZX", "ZX"), clock, parts)
    station.start()
    station.write([opening("flood")(_Seat)]).result()
    written = station.ask(lambda journal: journal.situation.count(Log)).result()
    station.stop()
    assert parts.watch.heard == ["incident.open", *["log.add"] * written] and written == LONGEST_CHAIN
    assert "rules went on answering each other" in caplog.text


@pytest.fixture
def station(tmp_path, clock):
    running = Station(Space.found(tmp_path / "ZX", "ZX"), clock, Parts(reactions=[Echo()], watch=Watch()))
    running.start()
    yield running
    running.stop()


def test_a_command_answers_with_its_entry_and_can_be_read(station):
    entry = station.submit(opening("i1"), "wang", "operator").result()
    situation = station.situation()
    assert (entry.author, situation.get(Incident, "i1").title) == ("wang", "i1")
    situation.close()


def test_a_rule_answers_the_entry_and_names_its_cause(station):
    entry = station.submit(opening("i1"), "wang", "operator").result()
    situation = station.situation()
    assert situation.get(Log, f"log:{entry.ref}").text == "opened"
    situation.close()


def test_a_refusal_reaches_the_one_who_asked_and_nobody_else(station):
    def refused(seat):
        raise Refused("closed", number="SJ1")

    with pytest.raises(Refused, match="closed"):
        station.submit(refused, "wang", "operator").result()
    assert station.submit(opening("i2"), "wang", "operator").result() is not None


def test_a_command_that_changes_nothing_makes_no_entry(station):
    station.submit(opening("i1"), "wang", "operator").result()
    assert station.submit(opening("i1"), "wang", "operator").result() is None


def test_watchers_are_told_once_which_kinds_changed(station):
    told: list[frozenset[str]] = []
    station.subscribe(told.append)
    station.submit(opening("i1"), "wang", "operator").result()
    until(lambda: bool(told))
    assert told[0] == {"incident", "log"}


def test_a_high_water_level_opens_an_incident_and_the_watch_hears_of_it(station, clock):
    wet = Observation("RM-07", clock.now(), 41.0)
    assert station.observe([wet]).result() == 1
    assert "incident.open" in station.parts.watch.heard


def test_time_that_passes_is_answered_once(station):
    station.tick().result()
    station.tick().result()
    situation = station.situation()
    assert situation.count(Log) == 1
    situation.close()


def test_work_given_before_the_stop_is_done(tmp_path, clock):
    station = Station(Space.found(tmp_path / "JD03", "JD03"), clock, Parts())
    station.start()
    futures = [station.submit(opening(f"i{n}"), "li", "officer") for n in range(50)]
    station.stop()
    assert all(future.result() is not None for future in futures)


def test_a_folder_that_is_no_space_says_so(tmp_path):
    with pytest.raises(SpaceError, match="not a space"):
        Space(tmp_path).identity()


def test_a_space_is_founded_once(tmp_path):
    Space.found(tmp_path, "ZX")
    with pytest.raises(SpaceError, match="already"):
        Space.found(tmp_path, "JD01")


def test_moments_are_utc(station):
    entry = station.submit(opening("i9"), "wang", "operator").result()
    assert entry.at == datetime(2026, 11, 24, 11, 40, tzinfo=UTC)


def test_on_a_scenarios_clock_time_passes_when_the_scenario_says_so(tmp_path, clock, monkeypatch):
    monkeypatch.setattr("workstation.station.station.TICK_SECONDS", 0.0)
    station = Station(Space.found(tmp_path / "ZX", "ZX"), clock, Parts(reactions=[Echo()], ticks=False))
    station.start()
    for number in range(5):
        station.submit(opening(f"i{number}"), "wang", "operator").result()
    situation = station.situation()
    assert situation.get(Log, "log:tick") is None
    station.tick().result()
    assert situation.get(Log, "log:tick").text == "time passed"
    situation.close()
    station.stop()


def test_a_journal_opened_for_a_station_that_never_starts_is_closed_by_its_stop(tmp_path, clock) -> None:
    station = Station(Space.found(tmp_path / "ZX", "ZX"), clock, Parts())
    journal = station.open()
    assert station.open() is journal
    station.stop()
    with pytest.raises(ProgrammingError):
        journal.store.connection.execute("select 1")
