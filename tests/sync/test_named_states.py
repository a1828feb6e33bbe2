"""Whatever stands between a station and its hub has a name and words, is said once, and is tried again."""

import logging
from contextlib import contextmanager
from datetime import timedelta

import pytest

from tests.hubs import enrolled_station, entries, running_hub, until, write_incident
from tests.servers import free_port
from tests.sync.faults import Authority, http, saying, silent, standing
from workstation.domain.clock import ManualClock
from workstation.station import Parts, Space, Station
from workstation.sync.hub_address import HubAddress
from workstation.sync.link import Link
from workstation.sync.outage import REASONS
from workstation.sync.peer import Peer
from workstation.wire import Patience
from workstation.words import catalogue

HASTE = Patience(connect=1, read=0.3, whole=1)
PAGE = b"<!DOCTYPE html><title>Welcome to the library's network</title>"
HTML = "Content-Type: text/html"


@pytest.fixture
def office(tmp_path, clock):
    """A street office that works whether or not there is a hub."""
    station = Station(Space.found(tmp_path / "JD03", "JD03"), clock, Parts())
    station.start()
    yield station
    station.stop()


@contextmanager
def dialling(station, url, certificate=""):
    """The station's link to whatever answers at `url`."""
    address = HubAddress(url, b"", certificate)
    link = Link(station, lambda: Peer(address, station.space.identity(), station.clock, HASTE))
    link.start()
    try:
        yield link
    finally:
        link.stop()


@pytest.fixture(autouse=True)
def no_proxy_of_the_machine(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


STRANGERS = [
    ("silent", silent),
    ("silent", saying(http("200 OK", b"half", length=4000), hold=True)),
    ("cut_off", saying(http("200 OK", b"half", length=4000))),
    ("cut_off", saying(b"")),
    ("cut_off", saying(b"220 mail.example ESMTP\r\n")),
    ("portal", saying(http("200 OK", PAGE, HTML))),
    ("portal", saying(http("302 Found", b"", "Location: http://login.example/"))),
    ("portal", saying(http("511 Network Authentication Required", PAGE, HTML))),
    ("gateway", saying(http("502 Bad Gateway", PAGE, HTML))),
    ("gateway", saying(http("503 Service Unavailable"))),
    ("proxy", saying(http("407 Proxy Authentication Required", PAGE, HTML))),
    ("foreign", saying(http("200 OK", b'{"have": 7}', "Content-Type: application/json"))),
    ("hub_error", saying(http("500 Internal Server Error", b"oops", "x-hub-time: 1795606800000"))),
    ("foreign", saying(http("200 OK", b"[]", "x-hub-time: 1795606800000"))),
    ("revoked", saying(http("403 Forbidden", b'{"reason": "revoked", "have": null}', "x-hub-time: 1795606800000"))),
]


@pytest.mark.parametrize(("reason", "act"), STRANGERS, ids=lambda part: part if isinstance(part, str) else "")
def test_what_answers_in_the_hubs_place_is_named_once_and_tried_again(office, caplog, reason, act):
    with (
        caplog.at_level(logging.INFO, "workstation.sync.link"),
        standing(act) as stand,
        dialling(office, stand.url) as link,
    ):
        until(lambda: link.state.reason == reason)
        calls = len(stand.calls)
        for _ in range(3):
            link.hurry()
        until(lambda: len(stand.calls) > calls + 2)
        assert link.state.state == ("refused" if reason == "revoked" else "offline")
        assert link.state.last_error
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert reason in caplog.text


def test_a_port_nobody_listens_at_and_a_name_nobody_knows_are_two_things(office):
    with dialling(office, f"http://127.0.0.1:{free_port()}") as link:
        until(lambda: link.state.reason == "closed")
    with dialling(office, "http://hub.invalid:8710") as link:
        until(lambda: link.state.reason == "dns")


def test_a_proxy_on_the_way_that_asks_for_a_login_is_named(office, monkeypatch):
    with standing(saying(http("407 Proxy Authentication Required", PAGE, HTML))) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        for url in ("http://hub.example:8710", "https://hub.example:8710"):
            with dialling(office, url) as link:
                until(lambda: link.state.reason == "proxy")


@pytest.mark.parametrize(
    ("reason", "host", "days"),
    [
        ("certificate_expired", "127.0.0.1", (-5, -1)),
        ("certificate_not_yet", "127.0.0.1", (1, 5)),
        ("certificate_host", "10.9.8.7", (-1, 1)),
        ("certificate_host", "other.example", (-1, 1)),
    ],
)
def test_a_certificate_that_is_not_good_is_named(office, tmp_path, monkeypatch, reason, host, days):
    authority = Authority.create()
    bundle = tmp_path / "city.pem"
    bundle.write_text(authority.pem())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with standing(silent, authority.server(tmp_path, host, *days)) as stand, dialling(office, stand.url) as link:
        until(lambda: link.state.reason == reason)
        assert link.state.state == "offline"


def test_a_certificate_of_another_authority_and_a_self_made_one_are_not_trusted(office, tmp_path):
    context = Authority.create().server(tmp_path, "127.0.0.1")
    with standing(silent, context) as stand:
        with dialling(office, stand.url) as link:
            until(lambda: link.state.reason == "certificate_untrusted")
        with dialling(office, stand.url, Authority.create("Other").pem()) as link:
            until(lambda: link.state.reason == "certificate_untrusted")


def test_a_server_that_speaks_no_tls_is_named(office):
    greeting = saying(b"220 mail.example ESMTP\r\n")
    with standing(greeting) as stand, dialling(office, stand.url.replace("http:", "https:")) as link:
        until(lambda: link.state.reason == "tls")


def test_a_line_that_comes_back_is_said_once_and_nothing_is_lost(tmp_path, clock, caplog):
    with running_hub(tmp_path, clock) as (hub, url):
        office = enrolled_station(tmp_path, "JD03", hub, url, clock)
    with caplog.at_level(logging.INFO, "workstation.sync.link"), dialling(office, url) as link:
        write_incident(office, "i1")
        until(lambda: link.state.reason == "closed" and link.state.unsent == 1)
        with running_hub(tmp_path, clock, int(url.rsplit(":", 1)[1])) as (hub, _):
            link.hurry()
            until(lambda: entries(hub.station) == 2 and link.state.state == "online")
            assert (link.state.reason, link.state.last_error) == ("", "")
            assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    office.stop()


@pytest.mark.parametrize("ahead", [-20 * 60, 7 * 60])
def test_a_wrong_clock_is_measured_by_the_hubs_answers(tmp_path, clock, ahead):
    with running_hub(tmp_path, clock) as (hub, url):
        wrong = ManualClock(clock.now() + timedelta(seconds=ahead))
        office = enrolled_station(tmp_path, "JD03", hub, url, wrong)
        with dialling(office, url) as link:
            until(lambda: link.state.state == "online")
            assert link.state.offset_ms == -ahead * 1000
            assert (link.state.reason, f"{-ahead:+d} s" in link.state.last_error) == ("clock", True)
        office.stop()


def test_a_clock_too_wrong_for_the_hub_is_a_refusal_that_tells_the_seconds(tmp_path, clock):
    with running_hub(tmp_path, clock) as (hub, url):
        office = enrolled_station(tmp_path, "JD03", hub, url, clock)
        clock_of_office = ManualClock(clock.now() + timedelta(days=3))
        address = HubAddress(url, b"")
        link = Link(office, lambda: Peer(address, office.space.identity(), clock_of_office, HASTE))
        link.start()
        until(lambda: link.state.reason == "clock")
        assert (link.state.state, link.state.offset_ms) == ("refused", -3 * 86_400_000)
        assert "-259200 s" in link.state.last_error
        link.stop()
        office.stop()


def test_a_full_disk_at_the_hub_is_named_and_passes(tmp_path, clock):
    with running_hub(tmp_path, clock) as (hub, url):
        office = enrolled_station(tmp_path, "JD03", hub, url, clock)

        def granted(pages):
            sql = f"pragma max_page_count = {pages}"
            return lambda journal: journal.store.connection.execute(sql).fetchone()[0]

        hub.station.ask(granted(1)).result()
        write_incident(office, "i1", title="水" * 200_000)
        with dialling(office, url) as link:
            until(lambda: link.state.reason == "disk_full")
            assert link.state.unsent == 1
            hub.station.ask(granted(10**6)).result()
            link.hurry()
            until(lambda: link.state.state == "online" and entries(hub.station) == 2)
        office.stop()


def test_every_reason_has_words():
    assert [one for one in REASONS if f"link.reason.{one}" not in catalogue()] == []
