"""A feed that fails: last known records stay, one line when it goes, one when it comes back, longer waits between."""

import logging

import pytest

from tests.servers import web
from workstation.domain.errors import KnownError
from workstation.feeds.parsed import Parsed
from workstation.feeds.poller import Feed, Poller
from workstation.feeds.web import fetcher, reader
from workstation.wire import Wire, WireError


class Source:
    """Answers what it is told to; None is an outage."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.parsed: list[bytes] = []

    def fetch(self):
        answer = self.answers.pop(0)
        if answer is None:
            raise KnownError("cannot be reached")
        return answer

    def parse(self, raw, source):
        self.parsed.append(raw)
        return Parsed()


def polled(source, clock):
    return Poller(Feed("311", source.fetch, source.parse, 60), clock, lambda parsed: None)


def test_an_outage_and_its_end_are_each_said_once(clock, caplog):
    source = Source(b"a", None, None, None, b"b", b"c")
    poller = polled(source, clock)
    with caplog.at_level(logging.INFO):
        for _ in range(6):
            poller.poll_once()
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_the_state_tells_since_when_and_the_last_success(clock):
    poller = polled(Source(b"a", None, None), clock)
    good = clock.now()
    poller.poll_once()
    gone = clock.advance(60)
    poller.poll_once()
    clock.advance(120)
    poller.poll_once()
    assert (poller.health.state, poller.health.since, poller.health.last_good) == ("outage", gone, good)
    assert "reached" in poller.health.reason


def test_waits_grow_while_it_fails_and_shrink_when_it_is_back(clock):
    poller = polled(Source(None, None, None, None, None, None, b"a"), clock)
    waits = [poller.poll_once() for _ in range(7)]
    assert waits[1] > waits[0] * 1.2
    assert max(waits) <= 300
    assert waits[-1] == 60


def test_what_has_not_changed_is_not_parsed_again(clock):
    source = Source(b"a", b"a", b"b", b"b", b"a")
    poller = polled(source, clock)
    for _ in range(5):
        poller.poll_once()
    assert source.parsed == [b"a", b"b", b"a"]


def test_a_web_feed_is_fetched_and_an_error_named():
    answers = {"/good": (200, b'{"type":"FeatureCollection","features":[]}'), "/bad": (503, b"")}
    with web(lambda path: answers[path]) as url, Wire() as wire:
        assert reader(wire)(fetcher(f"{url}/good", wire)(), "usgs").form == "usgs"
        with pytest.raises(WireError, match="503"):
            fetcher(f"{url}/bad", wire)()


def test_an_address_nobody_answers_at_is_named():
    with Wire() as wire, pytest.raises(WireError, match="cannot be reached") as error:
        wire.get("http://127.0.0.1:9/")
    assert error.value.kind == "closed"


def test_a_feed_asked_to_hurry_makes_its_round_now(clock):
    source = Source(*(b"%d" % number for number in range(100)))
    poller = polled(source, clock)
    poller.start()
    for number in range(1, 20):
        poller.hurry().result(20)
        assert len(source.parsed) >= number  # a round that was under way when we asked is not counted for ours
    poller.stop()


def test_a_round_that_fails_is_a_round_all_the_same(clock):
    poller = polled(Source(b"a", None, None, None), clock)
    poller.start()
    poller.hurry().result(20)
    poller.hurry().result(20)
    poller.stop()
    assert poller.health.state == "outage"


def test_a_feed_in_its_thread_stops_when_told(clock):
    with web(lambda path: (200, b"x")) as url, Wire() as wire:
        poller = Poller(Feed("311", fetcher(url, wire), lambda raw, source: Parsed(), 0.01), clock, lambda parsed: None)
        poller.start()
        poller.stop()
    assert poller.health.state in ("ok", "never")
