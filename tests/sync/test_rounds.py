"""The exchange itself, over real HTTP: what is urgent first, what was lost back again, through a chain of hubs."""

from concurrent.futures import Future
from contextlib import contextmanager

import pytest

from tests.hubs import digest, enrolled_station, entries, linked, running_hub, running_trio, until, write_incident
from tests.stations import known
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident
from workstation.hub.exchange import Hub
from workstation.hub.server import HubServer
from workstation.journal import Batch, BatchRefused
from workstation.station import Parts, Station
from workstation.sync.hub_address import HubAddress
from workstation.sync.peer import Peer
from workstation.sync.rounds import pull_all, push_all


@pytest.fixture
def trio(tmp_path, clock):
    with running_trio(tmp_path, clock) as trio:
        yield trio


def peer_of(station: Station, url: str) -> Peer:
    return Peer(HubAddress(url, b""), station.space.identity(), station.clock)


def outage(station: Station, count: int = 1200) -> None:
    """What an office wrote while it was alone, with an evacuation at the very end."""
    drafts = [Draft("wang", "incident.open", set_fields("incident", f"i{n}", title=f"第{n}起")) for n in range(count)]
    order = Draft("wang", "incident.evacuate", set_fields("incident", "i7", evacuation=True))
    station.write([*drafts, order]).result()


class Times:
    """Stops an exchange after so many questions whether it should."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_an_evacuation_at_the_end_of_a_long_outage_is_at_the_hub_before_what_was_written_before_it(trio):
    hub, url, _, street = trio
    outage(street)
    peer = peer_of(street, url)
    push_all(street, peer, Times(1))
    assert [(one.id, one.evacuation) for one in known(hub.station, Incident)] == [("i7", True)]
    pull_all(street, peer, lambda: False)
    assert len(known(hub.station, Incident)) == 1200
    assert digest(street) == digest(hub.station)
    peer.close()


def test_an_evacuation_reaches_a_street_that_was_away_before_the_rest_does(trio):
    hub, url, centre, street = trio
    outage(centre)
    push_all(centre, far := peer_of(centre, url), lambda: False)
    far.close()
    peer = peer_of(street, url)
    pull_all(street, peer, Times(0))
    assert [(one.id, one.evacuation) for one in known(street, Incident)] == [("i7", True)]
    pull_all(street, peer, lambda: False)
    assert digest(street) == digest(hub.station)
    peer.close()


def test_a_hub_restored_from_an_old_copy_is_given_again_what_it_lost(tmp_path, clock):
    with running_hub(tmp_path, clock) as (hub, url):
        street = enrolled_station(tmp_path, "JD03", hub, url, clock)
    copy = hub.station.space.journal.read_bytes()
    with running_hub(tmp_path, clock) as (hub, url):
        write_incident(street, "i1")
        push_all(street, peer := peer_of(street, url), lambda: False)
        peer.close()
    hub.station.space.journal.write_bytes(copy)
    with running_hub(tmp_path, clock) as (hub, url):
        peer = peer_of(street, url)
        pull_all(street, peer, lambda: False)
        push_all(street, peer, lambda: False)
        assert [one.id for one in known(hub.station, Incident)] == ["i1"]
        peer.close()
    street.stop()


def test_our_own_lost_tail_comes_back_from_the_hub(trio, tmp_path, clock):
    hub, url, _, street = trio
    write_incident(street, "i1")
    street.stop()
    copy = street.space.journal.read_bytes()
    street = Station(street.space, clock, Parts())
    street.start()
    clock.advance(1)
    write_incident(street, "i2")
    push_all(street, peer := peer_of(street, url), lambda: False)
    peer.close()
    street.stop()
    street.space.journal.write_bytes(copy)
    street = Station(street.space, clock, Parts())
    street.start()
    peer = peer_of(street, url)
    pull_all(street, peer, lambda: False)
    assert {one.id for one in known(street, Incident)} == {"i1", "i2"}
    assert digest(street) == digest(hub.station)
    peer.close()
    street.stop()


@contextmanager
def district(folder, hub, url, clock):
    """A hub between the city's and its streets: a station of the city's that others push to and pull from."""
    station = enrolled_station(folder, "D01", hub, url, clock)
    server = HubServer(Hub(station), "127.0.0.1", 0)
    try:
        yield station, server.start()
    finally:
        server.stop()
        station.stop()


def test_a_street_and_the_centre_are_equal_through_a_chain_of_hubs(trio, tmp_path, clock):
    hub, url, centre, street = trio
    with district(tmp_path, hub, url, clock) as (middle, near), linked(middle), linked(centre):
        until(lambda: entries(middle) == 3)
        with linked(street, near):
            write_incident(street, "i1")
            write_incident(centre, "i2")
            until(lambda: entries(centre) == entries(street) == entries(middle) == entries(hub.station) == 5)
        assert digest(centre) == digest(street) == digest(middle) == digest(hub.station)


def test_the_hub_tells_who_has_seen_an_entry(trio):
    hub, _, centre, street = trio
    with linked(centre), linked(street):
        write_incident(centre, "i1")
        until(lambda: entries(street) == 3)
        [name] = [name for name in centre.ask(lambda journal: journal.exchange.heads()).result() if name[0] == "ZX"]
        until(lambda: hub.station.ask(lambda journal: journal.exchange.seen_by(*name, 1)).result() == ["JD03", "ZX"])


class Doubting:
    """A street office that cannot take what one station wrote."""

    def __init__(self, station: Station, doubted: str) -> None:
        self._station = station
        self._doubted = doubted
        self.ask, self.fill = station.ask, station.fill

    def merge(self, batch: Batch):
        if batch.station != self._doubted:
            return self._station.merge(batch)
        refused = Future()
        refused.set_exception(BatchRefused("chain", batch.station))
        return refused


def test_one_station_whose_words_are_refused_does_not_keep_away_what_the_others_wrote(trio, tmp_path, clock):
    hub, url, centre, street = trio
    third = enrolled_station(tmp_path, "JD04", hub, url, clock)
    for station, name in ((centre, "i1"), (third, "i2")):
        write_incident(station, name)
        push_all(station, peer := peer_of(station, url), lambda: False)
        peer.close()
    peer = peer_of(street, url)
    with pytest.raises(BatchRefused, match="chain"):
        pull_all(Doubting(street, "ZX"), peer, lambda: False)
    assert [one.id for one in known(street, Incident)] == ["i2"]
    peer.close()
    third.stop()
