"""What a stranger, a recording or a broken machine may send: refused with a reason that is told and counted."""

import json
import re
import socket
from contextlib import suppress
from dataclasses import replace

import orjson
import pytest

from tests.hubs import digest, enrolled_station, entries, running_hub, until, write_incident
from workstation.domain.clock import millis
from workstation.hub.api import Setting
from workstation.hub.limits import Buckets, Limits, Rate, Turned
from workstation.security.enrolment import proof_of
from workstation.security.keys import Identity
from workstation.sync.hub_address import HubAddress
from workstation.sync.outage import HubRefused
from workstation.sync.parcel import Parcel, pack
from workstation.sync.peer import Peer
from workstation.sync.signing import SIGNATURE, signed_headers
from workstation.wire import Wire


@pytest.fixture
def pair(tmp_path, clock):
    """A hub and one enrolled station with three entries of its own that the hub does not have."""
    with running_hub(tmp_path, clock) as (hub, url):
        office = enrolled_station(tmp_path, "JD03", hub, url, clock)
        for name in ("i1", "i2", "i3"):
            write_incident(office, name)
        yield hub, url, office
        office.stop()


def ask(url, method, path, body=b"", headers=None):
    with Wire() as wire:
        answer = wire.send(method, url + path, body, headers or {})
    reason = None if answer.is_good else json.loads(answer.body)["reason"]
    return answer.status, reason, answer.headers


def refusals(url) -> dict[str, float]:
    with Wire() as wire:
        text = wire.get(f"{url}/metrics").body.decode()
    return {one[0]: float(one[1]) for one in re.findall(r'hub_refusals_total\{reason="(\w+)"\} (\S+)', text)}


def push(url, office, clock, body):
    headers = signed_headers(office.space.identity(), ("POST", "/v1/push"), millis(clock.now()), body)
    return ask(url, "POST", "/v1/push", body, headers)


def own(office):
    heads = office.ask(lambda journal: journal.exchange.heads()).result()
    (incarnation,) = {inc for station, inc in heads if station == "JD03"}
    return office.ask(lambda journal: journal.exchange.run("JD03", incarnation, 0)).result()


def test_a_request_without_signature_is_refused_and_counted(pair):
    _, url, _ = pair
    for method, path in (("POST", "/v1/push"), ("POST", "/v1/pull"), ("GET", "/v1/events")):
        assert ask(url, method, path)[:2] == (401, "unsigned")
    assert refusals(url) == {"unsigned": 3}


def test_a_forged_signature_and_one_for_another_request_are_refused(pair, clock):
    _, url, office = pair
    good = signed_headers(office.space.identity(), ("GET", "/v1/heads?limit=1"), millis(clock.now()))
    assert ask(url, "GET", "/v1/heads?limit=1", headers=good)[0] == 200
    assert ask(url, "GET", "/v1/heads?limit=9", headers=good)[:2] == (401, "signature")
    assert ask(url, "GET", "/v1/events", headers=good)[:2] == (401, "signature")
    for forged in ("00" * 64, "zz", "", good[SIGNATURE][:-2]):
        assert ask(url, "GET", "/v1/heads?limit=1", headers={**good, SIGNATURE: forged})[:2] == (
            401,
            "signature",
        )
    assert refusals(url)["signature"] == 6


def test_a_recorded_request_is_refused_after_a_day_and_changes_nothing_before(pair, clock):
    hub, url, office = pair
    body = pack(Parcel((own(office),)))
    headers = signed_headers(office.space.identity(), ("POST", "/v1/push"), millis(clock.now()), body)
    assert ask(url, "POST", "/v1/push", body, headers)[0] == 200
    before = digest(hub.station), entries(hub.station)
    assert ask(url, "POST", "/v1/push", body, headers)[0] == 200
    assert (digest(hub.station), entries(hub.station)) == before
    clock.advance(25 * 3600)
    assert ask(url, "POST", "/v1/push", body, headers)[:2] == (401, "clock")


def test_an_enrolment_that_comes_again_is_a_replay_and_spends_no_try(pair, clock):
    hub, url, _ = pair
    code, street = hub.invitations.invite("JD04", "990101004", clock.now()), Identity.create("JD04")
    proof = proof_of(code, "JD04", street.public)
    body = orjson.dumps({"station": "JD04", "public": street.public.hex(), "proof": proof})
    json_body = {"Content-Type": "application/json"}
    assert ask(url, "POST", "/v1/enrol", body, json_body)[0] == 200
    held = entries(hub.station)
    for _ in range(6):
        assert ask(url, "POST", "/v1/enrol", body, json_body)[:2] == (409, "replayed")
    assert (refusals(url), entries(hub.station)) == ({"replayed": 6}, held)
    clock.advance(25 * 3600)
    assert ask(url, "POST", "/v1/enrol", body, json_body)[:2] == (403, "invitation")


def test_parcels_cut_off_at_any_place_are_refused_whole(pair, clock):
    hub, url, office = pair
    body, held = pack(Parcel((own(office),))), entries(hub.station)
    for end in range(0, len(body), max(1, len(body) // 20)):
        assert push(url, office, clock, body[:end])[:2] == (400, "malformed")
    assert entries(hub.station) == held


def test_entries_in_another_order_or_altered_break_the_chain(pair, clock):
    hub, url, office = pair
    batch, held = own(office), entries(hub.station)
    first, *rest = batch.entries
    altered = first._replace(content=first.content.replace(b"i1", b"i9"))
    for wrong in ((*rest, first), (altered, *rest)):
        status, reason, _ = push(url, office, clock, pack(Parcel((replace(batch, entries=wrong),))))
        assert status == 409
        assert reason
    assert push(url, office, clock, pack(Parcel((replace(batch, first=5, last=7),))))[:2] == (409, "gap")
    assert entries(hub.station) == held
    assert push(url, office, clock, pack(Parcel((batch,))))[0] == 200


def test_a_body_beyond_the_limit_is_refused(tmp_path, clock):
    limits = Limits(body=100_000, stranger_body=1000)
    with running_hub(tmp_path, clock, setting=Setting(limits)) as (hub, url):
        office = enrolled_station(tmp_path, "JD03", hub, url, clock)
        assert push(url, office, clock, b"x" * 100_001)[:2] == (413, "too_large")
        assert push(url, office, clock, b"x" * 100_000)[:2] == (400, "malformed")
        assert ask(url, "POST", "/v1/push", b"x" * 1001)[:2] == (413, "too_large")
        office.stop()


def test_a_body_that_drips_is_given_up(tmp_path, clock):
    with running_hub(tmp_path, clock, setting=Setting(Limits(body_seconds=0.1))) as (_, url), dialled(url) as line:
        line.sendall(b"POST /v1/push HTTP/1.1\r\nHost: hub\r\nContent-Length: 100\r\n\r\nx")
        assert b'"slow"' in all_of(line)


def test_a_head_that_never_ends_is_let_go_also_behind_a_good_request(tmp_path, clock):
    with running_hub(tmp_path, clock, setting=Setting(Limits(header_seconds=0.2))) as (_, url):
        with dialled(url) as line:
            line.sendall(b"GET /v1/health HTTP/1.1\r\nHost: ")
            assert all_of(line) == b""
        with dialled(url) as line:
            line.sendall(b"GET /v1/health HTTP/1.1\r\nHost: hub\r\n\r\nGET /v1")
            assert all_of(line).count(b"HTTP/1.1 200") == 1


def test_lines_beyond_the_limit_are_let_go_and_the_others_served(tmp_path, clock):
    with running_hub(tmp_path, clock, setting=Setting(Limits(connections=2))) as (_, url):
        with dialled(url) as first, dialled(url) as second:
            for line in (first, second):
                line.sendall(b"GET /v1/health HTTP/1.1\r\nHost: hub\r\n\r\n")
                assert line.recv(12) == b"HTTP/1.1 200"
            with dialled(url) as third:
                assert all_of(third) == b""
        until(lambda: ask(url, "GET", "/v1/health")[0] == 200)


def test_a_station_that_asks_too_often_is_told_when_to_come_back(tmp_path, clock):
    now = [0.0]
    setting = Setting(Limits(station=Rate(0.5, 3)), now=lambda: now[0])
    with running_hub(tmp_path, clock, setting=setting) as (hub, url):
        office = enrolled_station(tmp_path, "JD03", hub, url, clock)
        peer = Peer(HubAddress(url, b""), office.space.identity(), clock)
        for _ in range(3):
            peer.pull({}, 1)
        with pytest.raises(HubRefused, match="busy") as refused:
            peer.pull({}, 1)
        assert (refused.value.status, refused.value.wait) == (429, 2)
        now[0] += 2
        peer.pull({}, 1)
        peer.close()
        office.stop()


def test_an_address_that_asks_too_often_does_not_reach_the_journal(tmp_path, clock):
    setting = Setting(Limits(address=Rate(1, 2)), now=lambda: 0.0)
    with running_hub(tmp_path, clock, setting=setting) as (_, url):
        assert [ask(url, "GET", "/v1/heads")[1] for _ in range(4)] == ["unsigned", "unsigned", "busy", "busy"]


def test_enrolment_is_the_slowest_door(tmp_path, clock):
    setting = Setting(Limits(enrolment=Rate(1, 2)), now=lambda: 0.0)
    body = orjson.dumps({"station": "JD09", "public": "0" * 64, "proof": "0" * 64})
    with running_hub(tmp_path, clock, setting=setting) as (_, url):
        answers = [ask(url, "POST", "/v1/enrol", body, {"Content-Type": "application/json"}) for _ in range(3)]
    assert [reason for _, reason, _ in answers] == ["invitation", "invitation", "busy"]


def test_many_callers_do_not_fill_the_memory():
    buckets = Buckets(Rate(1, 5), lambda: 0.0)
    for number in range(30_000):
        buckets.take(str(number))
    assert len(buckets._left) <= 10_000
    for _ in range(4):
        buckets.take("29999")
    with pytest.raises(Turned):
        buckets.take("29999")


def dialled(url):
    return socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), timeout=60)


def all_of(line) -> bytes:
    """Everything that comes until the other side lets go."""
    heard = b""
    with suppress(ConnectionResetError):
        while piece := line.recv(65536):
            heard += piece
    return heard
