"""Stations and their hub over real HTTP: letting in, both directions, outages, strangers."""

import logging
from dataclasses import replace

import pytest

from tests.hubs import digest, enrolled_station, entries, linked, running_hub, until, write_incident
from workstation.domain.clock import millis
from workstation.domain.records import Incident
from workstation.journal import Want
from workstation.security.keys import Identity
from workstation.station import Space
from workstation.sync.enrolling import enrol
from workstation.sync.hub_address import HubAddress
from workstation.sync.parcel import Parcel, pack
from workstation.sync.peer import HubRefused, Peer
from workstation.sync.signing import signed_headers
from workstation.wire import Wire


def test_what_the_centre_writes_reaches_the_street_and_back(trio):
    hub, _, centre, street = trio
    with linked(centre) as here, linked(street) as there:
        write_incident(centre, "i1")
        write_incident(street, "i2")
        until(lambda: entries(centre) == entries(street) == entries(hub.station) == 4)
        until(lambda: here.state.unsent == there.state.unsent == 0)
        until(lambda: here.state.state == "online")
    assert digest(centre) == digest(street) == digest(hub.station)


def test_a_change_is_announced_without_waiting_for_the_next_round(trio):
    _, _, centre, street = trio
    with linked(centre), linked(street) as there:
        until(lambda: there.state.state == "online")
        write_incident(centre, "i1")
        until(lambda: entries(street) == 3, seconds=5)


def test_a_street_cut_off_for_hours_catches_up_and_the_conflict_is_kept(trio, clock):
    hub, _, centre, street = trio
    with linked(centre), linked(street):
        write_incident(centre, "i1")
        until(lambda: entries(street) == 3)
    with linked(street, "http://127.0.0.1:9") as cut:
        until(lambda: cut.state.state == "offline")
        for level, station in (("II", centre), ("III", street)):
            write_incident(station, "i1", level=level)
        until(lambda: cut.state.unsent == 1)
        clock.advance(6 * 3600)
    with linked(centre), linked(street):
        until(lambda: entries(centre) == entries(street) == entries(hub.station) == 5)
    situation = street.situation()
    assert situation.get(Incident, "i1").level == "II"
    assert [conflict.field for conflict in situation.conflicts() if conflict.state == "open"] == ["level"]
    situation.close()
    assert digest(centre) == digest(street) == digest(hub.station)


def test_an_outage_is_said_once(trio, caplog):
    _, _, centre, _ = trio
    with caplog.at_level(logging.INFO, logger="workstation.sync.link"), linked(centre, "http://127.0.0.1:9") as cut:
        cut.hurry()
        write_incident(centre, "i1")
        until(lambda: cut.state.state == "offline" and cut.state.unsent == 1 and "reached" in cut.state.last_error)
        cut.hurry()
        until(lambda: len(caplog.records) >= 1)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_hub_restored_from_an_older_copy_gets_everything_again(tmp_path, clock):
    with running_hub(tmp_path, clock) as (hub, url):
        centre = enrolled_station(tmp_path, "ZX", hub, url, clock)
        port = int(url.rsplit(":", 1)[1])
    copy = {name: (tmp_path / "HUB" / name).read_bytes() for name in ("journal.sqlite", "journal.heads")}
    with running_hub(tmp_path, clock, port) as (hub, _), linked(centre):
        write_incident(centre, "i1")
        until(lambda: entries(hub.station) == 2)
    for name, content in copy.items():
        (tmp_path / "HUB" / name).write_bytes(content)
    for leftover in ("journal.sqlite-wal", "journal.sqlite-shm"):
        (tmp_path / "HUB" / leftover).unlink(missing_ok=True)
    with running_hub(tmp_path, clock, port) as (hub, _), linked(centre):
        write_incident(centre, "i2")
        until(lambda: entries(hub.station) == 3)
        assert digest(hub.station) == digest(centre)
    centre.stop()


def test_a_code_lets_in_once(tmp_path, clock):
    with running_hub(tmp_path, clock) as (hub, url):
        code = hub.invitations.invite("JD03", "990101003", clock.now())
        enrol(url, code, Identity.create("JD03"))
        with pytest.raises(HubRefused, match="invitation"):
            enrol(url, code, Identity.create("JD03"))


def test_a_wrong_or_old_code_lets_nobody_in(tmp_path, clock):
    with running_hub(tmp_path, clock) as (hub, url):
        code = hub.invitations.invite("JD03", "990101003", clock.now())
        with pytest.raises(HubRefused, match="invitation"):
            enrol(url, "AAAA-AAAA-AAAA-AAAA", Identity.create("JD03"))
        clock.advance(25 * 3600)
        with pytest.raises(HubRefused, match="invitation"):
            enrol(url, code, Identity.create("JD03"))


def test_five_wrong_tries_end_an_invitation(tmp_path, clock):
    with running_hub(tmp_path, clock) as (hub, url):
        code = hub.invitations.invite("JD03", "990101003", clock.now())
        for _ in range(5):
            with pytest.raises(HubRefused):
                enrol(url, "AAAA-AAAA-AAAA-AAAA", Identity.create("JD03"))
        with pytest.raises(HubRefused):
            enrol(url, code, Identity.create("JD03"))


def test_an_unknown_station_is_refused(trio, clock):
    _, url, _, _ = trio
    stranger = Peer(HubAddress(url, b""), Identity.create("JD09"), clock)
    with pytest.raises(HubRefused, match="unknown_station"):
        stranger.pull({}, 10)
    stranger.close()


def test_a_stranger_under_a_known_name_is_refused(trio, clock):
    _, url, _, _ = trio
    stranger = Peer(HubAddress(url, b""), Identity.create("ZX"), clock)
    with pytest.raises(HubRefused, match="signature"):
        stranger.pull({}, 10)
    stranger.close()


def test_a_station_may_carry_what_another_signed(trio, clock):
    hub, url, centre, street = trio
    write_incident(centre, "i1")
    batches = centre.ask(lambda journal: journal.exchange.missing({}, Want())).result()
    peer = Peer(HubAddress(url, b""), street.space.identity(), clock)
    heads, _ = peer.push(pack(Parcel(tuple(batches))))
    peer.close()
    assert [seq for (station, _), seq in heads.items() if station == "ZX"] == [1]
    assert hub.station.situation().get(Incident, "i1").title == "i1"


def test_nobody_may_write_in_the_name_of_another(trio, clock):
    hub, url, centre, street = trio
    write_incident(centre, "i1")
    [batch] = centre.ask(lambda journal: journal.exchange.missing({}, Want())).result()[-1:]
    forged = batch.entries[0]._replace(content=batch.entries[0].content.replace(b"i1", b"i2"))
    peer = Peer(HubAddress(url, b""), street.space.identity(), clock)
    with pytest.raises(HubRefused, match="chain"):
        peer.push(pack(Parcel((replace(batch, entries=(forged,)),))))
    peer.close()
    assert hub.station.situation().get(Incident, "i2") is None


@pytest.mark.parametrize("body", [b"", b"no parcel", b"\x28\xb5\x2f\xfd\x00\x00\x01\x00\x00"])
def test_a_body_that_is_no_parcel_is_named_malformed(trio, clock, body):
    _, url, centre, _ = trio
    headers = signed_headers(centre.space.identity(), ("POST", "/v1/push"), millis(clock.now()), body)
    with Wire() as wire:
        answer = wire.send("POST", url + "/v1/push", body, headers)
    assert (answer.status, b"malformed" in answer.body) == (400, True)


def test_a_space_takes_the_hubs_key_only_while_it_is_empty(trio, tmp_path):
    _, _, centre, _ = trio
    with pytest.raises(Exception, match="enrol an empty space"):
        centre.space.replace_space_key(bytes(32))
    assert Space(centre.space.folder).sealer().space_key == centre.space.sealer().space_key
