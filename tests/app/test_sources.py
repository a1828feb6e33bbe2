"""Feeds and brokers joined to a station: real Mosquitto, a real web server, and both going away and coming back."""

import json
import threading
from contextlib import closing

import paho.mqtt.client as paho
import pytest

from tests.hubs import until
from tests.servers import free_port, mosquitto, web
from workstation.app.assembly import assembled, city, teach
from workstation.app.serving import serving
from workstation.app.sources import Sources
from workstation.config import FeedSettings, MqttSettings, Settings
from workstation.domain.clock import iso
from workstation.domain.records import Alarm, Quarantine, Report, Source
from workstation.feeds.poller import Poller
from workstation.station import Space
from workstation.telemetry import Telemetry

GOOD = "A1,2026-11-24 19:30:00,人民路下穿积水,人民路下穿,13800000101"
CALLS = f"编号,时间,内容,地点,电话\n{GOOD}\nA2,never,井盖响,文庙社区,\n"


@pytest.fixture
def station(tmp_path, clock):
    town = city("linjiang")
    running = assembled(Space.found(tmp_path / "ZX", "ZX"), clock, town)
    running.start()
    teach(running, town)
    yield running
    running.stop()


@pytest.fixture
def seen(station):
    with closing(station.situation()) as situation:
        yield situation


def test_a_polled_table_becomes_reports_once_and_keeps_what_is_broken(station, seen):
    with web(lambda path: (200, CALLS.encode())) as url:
        sources = Sources(station, Settings(feeds=(FeedSettings(name="calls", url=f"{url}/calls", seconds=0.05),)))
        sources.start()
        until(lambda: seen.count(Report) == 1 and seen.count(Quarantine) == 1)
        until(lambda: [one.state for one in seen.find(Source)] == ["ok"])
        sources.stop()
    (kept,) = seen.find(Quarantine)
    assert (kept.source, kept.field) == ("calls", "时间")


def test_a_source_that_goes_and_comes_back_is_one_line_each_and_takes_nothing_away(station, seen):
    answers = [(200, CALLS.encode())]
    with web(lambda path: answers[0]) as url:
        sources = Sources(station, Settings(feeds=(FeedSettings(name="calls", url=f"{url}/calls", seconds=0.02),)))
        sources.start()
        until(lambda: seen.count(Report) == 1)
        answers[0] = (503, b"")
        until(lambda: [one.state for one in seen.find(Source)] == ["outage"])
        assert seen.count(Report) == 1
        answers[0] = (200, CALLS.encode())
        until(lambda: [one.state for one in seen.find(Source)] == ["ok"])
        sources.stop()
    lines = [line for line in seen.recent(5000) if line.act == "source.state"]
    assert len(lines) == 3  # reached, lost, back


def newest(station) -> float | None:
    """The newest value of the gauge under the railway, as the station stored it."""
    reader = Telemetry.open(station.space.telemetry, writable=False)
    heard = reader.latest().get("RM-07")
    reader.close()
    return heard.value if heard else None


def test_instruments_are_heard_through_a_broker_and_raise_an_alarm(station, seen, clock, tmp_path):
    with mosquitto(tmp_path, free_port()) as url:
        sources = Sources(station, Settings(mqtt=(MqttSettings(url=url),)))
        sources.start()
        until(lambda: [one.state for one in seen.find(Source)] == ["ok"])
        instrument = paho.Client(paho.CallbackAPIVersion.VERSION2)
        instrument.connect("127.0.0.1", int(url.rsplit(":", 1)[1]))
        instrument.loop_start()
        for value in (26.0, 26.5, 27.0):
            clock.advance(61)
            told = json.dumps({"v": value, "t": iso(clock.now()), "q": "good"})
            instrument.publish("linjiang/RM-07", told, qos=1).wait_for_publish(5)
            until(lambda value=value: newest(station) == value)
        until(lambda: seen.count(Alarm, sensor="RM-07") == 1)
        instrument.loop_stop()
        instrument.disconnect()
        sources.stop()
    (alarm,) = seen.find(Alarm, sensor="RM-07")
    assert (alarm.level, alarm.state) == ("I", "raised")


def test_a_start_that_breaks_off_ends_what_had_begun_and_nothing_else(tmp_path, monkeypatch):
    stopped, begin, end = [], Poller.start, Poller.stop

    def start(poller: Poller) -> None:
        if poller.health.source == "second":
            raise OSError("no room for another thread")
        begin(poller)

    def stop(poller: Poller) -> None:
        stopped.append(poller.health.source)
        end(poller)

    monkeypatch.setattr(Poller, "start", start)
    monkeypatch.setattr(Poller, "stop", stop)
    names = ("first", "second", "third")
    feeds = tuple(FeedSettings(name=name, url=f"http://127.0.0.1:{free_port()}") for name in names)
    space = Space.found(tmp_path / "ZX", "ZX")
    with pytest.raises(OSError, match="another thread"), serving(space, Settings(feeds=feeds)):
        pass
    assert stopped == ["first"]
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith(("feed", "station"))] == []
