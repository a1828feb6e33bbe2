"""A station and its hub over a line that fails in every way a line can: each fault is named, and nothing is doubled."""

import pytest

from tests.fault_proxy import fault_proxy
from tests.faults import Clear, CutAnswer, CutRequest, Overtaken, Portal, Refuse, Silent, Slow, Twice
from tests.hubs import digest, enrolled_station, entries, linked, running_hub, until, write_incident
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.journal import Want
from workstation.sync.hub_address import HubAddress
from workstation.sync.parcel import Parcel, pack
from workstation.sync.peer import SMALL_BYTES, HubRefused, Peer
from workstation.wire import Patience, Wire, WireError


@pytest.fixture
def line(tmp_path, clock):
    """A hub and a station, a line between them, and a peer that talks over it."""
    with running_hub(tmp_path, clock) as (hub, url), fault_proxy(url) as proxy:
        station = enrolled_station(tmp_path, "ZX", hub, url, clock)
        address = HubAddress(proxy.url, HubAddress.read(station.space.hub_file).public)
        peer = Peer(address, station.space.identity(), clock)
        yield proxy, hub, station, peer
        peer.close()
        station.stop()


FAULTS = [
    Refuse(),
    CutRequest(0),
    CutRequest(1),
    CutRequest(0.5),
    CutRequest(1.0),
    CutAnswer(0),
    CutAnswer(9),
    CutAnswer(0.5),
    CutAnswer(0.99),
    Overtaken(),
    Portal(200),
    Portal(302),
    Portal(403),
    Portal(511),
]


def test_whatever_befalls_a_request_is_named_as_the_worlds_fault(line):
    proxy, _, _, peer = line
    for fault in FAULTS:
        proxy.weather(fault)
        with pytest.raises((WireError, HubRefused)):
            peer.pull({}, 10)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_push_that_met_a_fault_is_made_again_and_counts_once(line, fault):
    proxy, hub, station, _ = line
    proxy.next(fault, fault)
    with linked(station, proxy.url) as link:
        write_incident(station, "i1")
        until(lambda: link.hurry() or (proxy.pending == 0 and link.state.unsent == 0 and entries(hub.station) == 2))
        assert digest(hub.station) == digest(station)


@pytest.mark.parametrize("fault", [Twice(), Slow(0.05), Slow(0, drip=7)], ids=str)
def test_a_line_that_is_only_slow_or_says_things_twice_costs_no_second_try(line, fault):
    proxy, hub, station, _ = line
    proxy.next(fault, fault, fault, fault)
    with linked(station, proxy.url) as link:
        write_incident(station, "i1")
        until(lambda: link.hurry() or (proxy.pending == 0 and link.state.unsent == 0 and entries(hub.station) == 2))
        assert link.state.state == "online"
    assert digest(hub.station) == digest(station)


def test_a_line_that_takes_everything_and_never_answers_ends_in_a_timeout(line):
    proxy, _, _, _ = line
    proxy.weather(Silent())
    with Wire(Patience(read=0.2)) as wire, pytest.raises(WireError) as told:
        wire.send("GET", proxy.url + "/v1/health")
    assert told.value.kind == "silent"
    proxy.weather(Clear())
    with Wire() as wire:
        assert wire.send("GET", proxy.url + "/v1/health").is_good


def test_a_small_question_is_given_up_soon_and_a_slow_hub_heard_out_in_the_end(line):
    proxy, _, station, peer = line
    hasty = Peer(peer.address, station.space.identity(), station.clock, Patience(read=60, brisk=0.05))
    proxy.weather(Silent())
    waits = []
    for _ in range(3):
        waits.append(hasty.seconds_for(0))
        with pytest.raises(WireError) as told:
            hasty.heads()
        assert told.value.kind == "silent"
    assert waits == [0.05, 0.1, 0.2]
    proxy.weather(Clear())
    assert hasty.heads() == peer.heads()
    assert hasty.seconds_for(0) == 0.05
    hasty.close()


def test_what_the_hub_must_take_in_first_is_waited_for_with_all_patience(line):
    proxy, _, station, peer = line
    hasty = Peer(peer.address, station.space.identity(), station.clock, Patience(read=60, brisk=0.05))
    proxy.weather(Slow(0.2))
    with pytest.raises(HubRefused, match="malformed"):
        hasty.send("POST", "/v1/pull", bytes(1024 * 1024))
    hasty.close()


def test_many_entries_are_much_to_take_in_however_small_they_are_packed(line):
    proxy, _, station, peer = line
    hasty = Peer(peer.address, station.space.identity(), station.clock, Patience(read=60, brisk=0.05))
    proxy.weather(Slow(0.2))
    drafts = [Draft("op1", "log.add", set_fields("log", f"l{number}", text="到场")) for number in range(1000)]
    station.write(drafts).result()
    parcel = pack(Parcel(tuple(station.ask(lambda journal: journal.exchange.missing({}, Want())).result())))
    assert len(parcel) < SMALL_BYTES
    hasty.push(parcel)
    hasty.close()


def test_a_station_that_dies_in_mid_body_is_counted_and_raises_no_alarm_at_the_hub(line, caplog):
    proxy, _, _, peer = line
    proxy.weather(CutRequest(0.5))
    with pytest.raises(WireError):
        peer.send("POST", "/v1/push", bytes(1024 * 1024))
    proxy.weather(Clear())
    with Wire() as wire:
        counted = b'workstation_hub_refusals_total{reason="cut_off"} 1.0'
        until(lambda: counted in wire.get(proxy.url + "/metrics").body)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_a_portals_page_is_no_sign_of_life_of_the_hub(line):
    proxy, _, station, _ = line
    proxy.weather(Portal(200))
    with linked(station, proxy.url) as link:
        write_incident(station, "i1")
        until(lambda: link.state.state == "offline" and link.state.unsent == 1)
        proxy.weather(Clear())
        until(lambda: link.hurry() or (link.state.state == "online" and link.state.unsent == 0))


def test_a_hub_whose_entries_do_not_verify_is_refused_until_they_do(line):
    proxy, hub, station, _ = line
    rightful = hub.station.space.identity().public
    station.ask(lambda journal: journal.pin_root(bytes(32))).result()
    with linked(station, proxy.url) as link:
        until(lambda: link.state.state == "refused")
        station.ask(lambda journal: journal.pin_root(rightful)).result()
        until(lambda: link.hurry() or link.state.state == "online")
    assert digest(hub.station) == digest(station)
