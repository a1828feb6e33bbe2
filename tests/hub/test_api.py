"""The hub's API as it describes itself, and what it tells of its own health and work."""

import json
import logging
import re
from datetime import UTC, datetime

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests import Request

from tests.hubs import enrolled_station, linked, running_hub, until, write_incident
from workstation.domain.clock import ManualClock, millis
from workstation.hub.api import Setting
from workstation.hub.limits import Limits
from workstation.hub.logs import JsonLines
from workstation.sync.signing import signed_headers
from workstation.wire import Wire

schemathesis.openapi.media_type("application/zstd", st.binary(max_size=200))
schemathesis.serializer("application/zstd")(lambda ctx, value: value)
KEPT = ("method", "url", "headers", "params", "data", "json", "cookies")
MEDIA = "/v1/media/{sha256}"
OPERATIONS = [
    *(("/v1/enrol", "POST"), ("/v1/push", "POST"), ("/v1/heads", "GET"), ("/v1/events", "GET"), ("/v1/health", "GET")),
    *(("/v1/pull", "POST"), ("/v1/contents", "POST")),
    *((path, method) for path in (MEDIA, MEDIA + "/{index}") for method in ("GET", "PUT")),
]
WIDE = Setting(Limits(free_disk=0))


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A hub in one place for all requests that are made up, and a station it knows."""
    folder, clock = tmp_path_factory.mktemp("hub"), ManualClock(datetime(2026, 11, 24, 11, 40, tzinfo=UTC))
    with running_hub(folder, clock, setting=WIDE) as (hub, url):
        office = enrolled_station(folder, "JD03", hub, url, clock)
        yield url, office, clock
        office.stop()


def described(url):
    return schemathesis.openapi.from_url(f"{url}/openapi.json")


def test_every_route_is_described_with_its_answers_its_refusals_and_what_proves_a_sender(known):
    url, _, _ = known
    with Wire() as wire:
        told = json.loads(wire.get(f"{url}/openapi.json").body)
    described = {(path, method.upper()) for path, methods in told["paths"].items() for method in methods}
    assert described == set(OPERATIONS)
    assert set(told["components"]["securitySchemes"]) == {"station", "moment", "signature"}
    for path, methods in told["paths"].items():
        for one in methods.values():
            assert {"200", "4XX", "5XX"} <= set(one["responses"])
            assert ("security" in one) == (path not in ("/v1/enrol", "/v1/health"))
    assert set(told["components"]["schemas"]["Refusal"]["properties"]) == {"reason", "have"}


def made_up(url, path, method):
    return described(url)[path][method].as_strategy()


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_no_made_up_request_breaks_the_hub_or_is_answered_without_authority(known, path, method, signed):
    url, office, clock = known
    if signed and path == "/v1/events":
        return  # a stream that does not end; what is signed for it is asked in other tests

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=made_up(url, path, method))
    def ask(case):
        request = case.as_transport_kwargs(base_url=url)
        with Wire() as wire:
            ready = Request(**{name: value for name, value in request.items() if name in KEPT}).prepare()
            body = ready.body.encode() if isinstance(ready.body, str) else ready.body or b""
            headers = {name: value for name, value in ready.headers.items() if not name.lower().startswith("x-")}
            if signed:
                target = ready.url.removeprefix(url)
                headers |= signed_headers(office.space.identity(), (method, target), millis(clock.now()), body)
            answer = wire.send(method, ready.url, body, headers)
        assert answer.status < 500
        if path != "/v1/health":
            assert signed or not answer.is_good
        if not answer.is_good:
            assert set(json.loads(answer.body)) == {"reason", "have"}

    ask()


def test_health_is_ready_then_degraded_without_room_and_without_a_writer(tmp_path, clock):
    with running_hub(tmp_path, clock, setting=WIDE) as (_, url):
        assert health(url) == (200, {"status": "ready", "reasons": [], "station": "HUB", "entries": 0})
    full = Setting(Limits(free_disk=10**18, writer_seconds=0.2))
    with running_hub(tmp_path, clock, setting=full) as (hub, url):
        assert health(url) == (200, {"status": "degraded", "reasons": ["disk"], "station": "HUB", "entries": 0})
        hub.station.stop()
        status, told = health(url)
        assert (status, told["reasons"], told["entries"]) == (503, ["disk", "writer"], None)


def health(url):
    with Wire() as wire:
        answer = wire.send("GET", f"{url}/v1/health")
    return answer.status, json.loads(answer.body)


def test_metrics_tell_entries_pushes_listeners_queue_size_and_time(tmp_path, clock):
    with running_hub(tmp_path, clock) as (hub, url):
        office = enrolled_station(tmp_path, "JD03", hub, url, clock)
        write_incident(office, "i1")
        with linked(office) as link:
            until(lambda: link.state.state == "online" and metrics(url)["listeners"] == 1)
            until(lambda: metrics(url)["writer_queue"] == 0)
            told = metrics(url)
        office.stop()
    assert told["entries"] == 2
    assert told["pushes_total"] >= 1
    assert told["database_bytes"] > 10_000
    assert told['exchange_seconds_count{kind="push"}'] == told["pushes_total"]


def metrics(url):
    with Wire() as wire:
        text = wire.get(f"{url}/metrics").body.decode()
    return {name: float(value) for name, value in re.findall(r"^workstation_hub_(\S+) (\S+)$", text, re.MULTILINE)}


def test_metrics_are_for_this_machine_unless_a_network_is_named(tmp_path, clock):
    with running_hub(tmp_path, clock, setting=Setting(metrics_for=())) as (_, url), Wire() as wire:
        answer = wire.send("GET", f"{url}/metrics")
    assert (answer.status, json.loads(answer.body)["reason"]) == (403, "not_for_you")


def test_a_refusal_is_a_line_of_json_without_the_words_of_an_error(tmp_path, clock, caplog):
    with caplog.at_level(logging.INFO, "workstation.hub.api"), running_hub(tmp_path, clock) as (_, url), Wire() as wire:
        wire.send("GET", f"{url}/v1/heads")
    (record,) = caplog.records
    line = json.loads(JsonLines().format(record))
    assert (line["level"], line["told"]["reason"], line["told"]["status"]) == ("INFO", "unsigned", 401)
    try:
        raise ValueError("王建国 13800000101")
    except ValueError as error:
        whole = logging.makeLogRecord({"msg": "a job failed", "exc_info": (type(error), error, error.__traceback__)})
    told = JsonLines().format(whole)
    assert "ValueError" in told
    assert "13800000101" not in told
