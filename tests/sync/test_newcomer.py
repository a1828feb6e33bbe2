"""A station that begins, or comes back after long, works with what is current while its history still comes in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fault_proxy import fault_proxy
from tests.faults import flaps
from tests.hubs import digest, enrolled_station, running_hub, until, write_incident
from tests.long_past import OPEN, Shown, drawn_in, long_over, not_over
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident
from workstation.journal import Ranges
from workstation.station import Parts, Station
from workstation.sync import rounds
from workstation.sync.hub_address import HubAddress
from workstation.sync.link import Link
from workstation.sync.parcel import Parcel
from workstation.sync.peer import Peer
from workstation.sync.rounds import Following, fetch_contents, pull_all, pull_new, push_all
from workstation.wire import WireError

MEMBERS = ("report", "run", "step", "task", "assignment")


@pytest.fixture
def city(tmp_path, clock):
    """A hub with months of incidents that are over, a few that are not, and what was written yesterday."""
    clock.set(clock.now() - timedelta(days=120))
    with running_hub(tmp_path, clock) as (hub, url):
        centre = enrolled_station(tmp_path, "ZX", hub, url, clock)
        peer = peer_of(centre, url)
        centre.write([*long_over(0, 150), *not_over(), *long_over(150, 200)]).result()
        clock.advance(timedelta(days=119).total_seconds())
        centre.write([drawn_in("old7"), *long_over(200, 203)]).result()
        clock.advance(timedelta(days=1).total_seconds())
        pull_all(centre, peer, lambda: False)
        push_all(centre, peer, lambda: False)
        peer.close()
        clock.advance(600)
        yield hub, url
        centre.stop()


def peer_of(station: Station, url: str) -> Peer:
    return Peer(HubAddress(url, b""), station.space.identity(), station.clock)


def shown(station: Station) -> Shown:
    return station.ask(Shown.of).result()


def following(station: Station) -> int:
    return station.ask(lambda journal: journal.exchange.deferred()).result()


def timelines(station: Station) -> list[list[str]]:
    return station.ask(
        lambda journal: [[line.ref for line in journal.situation.timeline(name)] for name in OPEN]
    ).result()


def test_a_newcomer_works_with_all_that_is_open_before_its_history_is_here(city, tmp_path, clock):
    hub, url = city
    street = enrolled_station(tmp_path, "JD03", hub, url, clock)
    peer = peer_of(street, url)
    pull_new(street, peer, lambda: False)
    here, there = shown(street), shown(hub.station)
    assert here.otherwise(there) == []
    assert here.inbox == there.inbox
    assert here.names("incident") == {*OPEN, "old7", *(f"old{number}" for number in (200, 201, 202))}
    for kind in MEMBERS:
        assert {name for name in there.names(kind) if name.split(":")[-1] in OPEN} <= here.names(kind)
    for kind in ("unit", "alarm", "station"):
        assert here.names(kind) == there.names(kind)
    assert timelines(street) == timelines(hub.station)
    assert following(street) > 900
    assert list(street.ask(lambda journal: list(journal.verify())).result()) == []
    asked = Following()
    while fetch_contents(street, peer, asked):
        assert shown(street).untrue(there) == []
    assert following(street) == 0
    assert digest(street) == digest(hub.station)
    assert list(street.ask(lambda journal: list(journal.verify())).result()) == []
    peer.close()
    street.stop()


def test_history_comes_newest_first(city, tmp_path, clock, monkeypatch):
    hub, url = city
    street = enrolled_station(tmp_path, "JD03", hub, url, clock)
    peer = peer_of(street, url)
    monkeypatch.setattr(rounds, "FOLLOWING", 100)
    pull_new(street, peer, lambda: False)
    before = shown(street).names("incident")
    fetch_contents(street, peer, Following())
    came = {int(name.removeprefix("old")) for name in shown(street).names("incident") - before}
    assert came
    assert min(came) > 150
    peer.close()
    street.stop()


class Waiting(Peer):
    """A hub that waits for some contents itself."""

    awaits: Ranges

    def contents(self, wanted: Ranges, limit: int) -> Parcel:
        held = {name: [run for run in runs if run in self.awaits.get(name, ())] for name, runs in wanted.items()}
        others = {name: [run for run in runs if run not in held[name]] for name, runs in wanted.items()}
        return replace(super().contents(others, limit), awaited=held)


def test_what_the_hub_waits_for_itself_keeps_nobody_from_what_it_has(city, tmp_path, clock, monkeypatch):
    hub, url = city
    street = enrolled_station(tmp_path, "JD03", hub, url, clock)
    monkeypatch.setattr(rounds, "FOLLOWING", 100)
    peer = Waiting(HubAddress(url, b""), street.space.identity(), clock)
    pull_new(street, peer, lambda: False)
    peer.awaits = street.ask(lambda journal: journal.exchange.wanted(100)).result()
    asked = Following()
    assert not fetch_contents(street, peer, asked)
    while fetch_contents(street, peer, asked):
        pass
    assert following(street) == 100
    assert street.ask(lambda journal: journal.exchange.withheld()).result() == 0
    peer.awaits = {}
    while fetch_contents(street, peer, asked):
        pass
    assert digest(street) == digest(hub.station)
    peer.close()
    street.stop()


def test_a_station_that_was_away_for_months_has_first_what_is_open_now(city, tmp_path, clock):
    hub, url = city
    street = enrolled_station(tmp_path, "JD03", hub, url, clock)
    peer = peer_of(street, url)
    pull_all(street, peer, lambda: False)
    hub.station.write(list(long_over(203, 353))).result()
    clock.advance(timedelta(days=60).total_seconds())
    write_incident(hub.station, "tonight")
    pull_new(street, peer, lambda: False)
    here = shown(street)
    assert here.otherwise(shown(hub.station)) == []
    assert "tonight" in here.names("incident")
    assert following(street) > 600
    pull_all(street, peer, lambda: False)
    assert digest(street) == digest(hub.station)
    peer.close()
    street.stop()


@pytest.mark.parametrize("seed", range(3))
def test_a_newcomers_line_may_break_at_any_byte(city, tmp_path, clock, monkeypatch, seed):
    hub, url = city
    street = enrolled_station(tmp_path, "JD03", hub, url, clock)
    monkeypatch.setattr(rounds, "PAGE", 300)
    monkeypatch.setattr(rounds, "FOLLOWING", 150)
    broken = 0
    with fault_proxy(url) as proxy:
        proxy.next(*flaps(seed, 6))
        peer = peer_of(street, proxy.url)
        while broken < 99:
            try:
                pull_new(street, peer, lambda: False)
                is_done = not fetch_contents(street, peer, Following())
                assert shown(street).untrue(shown(hub.station)) == []
                if is_done:
                    break
            except WireError:
                broken += 1
                street.stop()
                street = Station(street.space, clock, Parts())
                street.start()
        peer.close()
    assert broken
    assert digest(street) == digest(hub.station)
    street.stop()


def test_what_a_newcomer_writes_does_not_wait_for_its_history(city, tmp_path, clock, monkeypatch):
    hub, url = city
    street = enrolled_station(tmp_path, "JD03", hub, url, clock)
    monkeypatch.setattr(rounds, "FOLLOWING", 100)
    known = []

    class Writing(Peer):
        """Somebody writes while the first page of history is on the line."""

        def contents(self, wanted, limit):
            situation = hub.station.situation()
            known.append(situation.get(Incident, "new") is not None)
            situation.close()
            if len(known) == 1:
                write_incident(street, "new")
            return super().contents(wanted, limit)

    link = Link(street, lambda: Writing(HubAddress(url, b""), street.space.identity(), clock))
    link.start()
    until(lambda: len(known) > 2 and link.state.following == 0)
    link.stop()
    assert known[:2] == [False, True]
    assert digest(street) == digest(hub.station)
    street.stop()


def test_a_newcomer_of_one_street_waits_for_nothing_that_it_may_not_read(city, tmp_path, clock):
    hub, url = city
    beside = enrolled_station(tmp_path, "JD03", hub, url, clock)
    beside.write([replace(draft, scope="990101003") for draft in long_over(300, 400)]).result()
    clock.advance(timedelta(days=30).total_seconds())
    street = enrolled_station(tmp_path, "JD07", hub, url, clock)
    hub.station.write([Draft("HUB", "station.region", set_fields("station", "JD07", region="990101007"))]).result()
    for scope, name in (("990101003", "theirs"), ("990101007", "ours")):
        told = Draft("wang", "incident.open", set_fields("incident", name, title=name, state="reported"), scope=scope)
        beside.write([told]).result()
    push_all(beside, far := peer_of(beside, url), lambda: False)
    peer = peer_of(street, url)
    pull_new(street, peer, lambda: False)
    assert {*OPEN, "ours"} <= shown(street).names("incident")
    pull_all(street, peer, lambda: False)
    assert following(street) == 0
    assert shown(street).names("incident") == {*OPEN, "ours", *(f"old{number}" for number in range(203))}
    for line in (peer, far):
        line.close()
    for station in (street, beside):
        station.stop()
