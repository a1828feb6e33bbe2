"""Observations by MQTT: read by the mapping, and heard from a real Mosquitto through an outage."""

import json
from datetime import UTC, datetime

import paho.mqtt.client as paho
import pytest

from tests.hubs import until
from tests.servers import free_port, mosquitto
from workstation.domain.errors import KnownError
from workstation.domain.observation import Observation, Quality
from workstation.feeds.mqtt import MqttFeed
from workstation.feeds.mqtt_messages import read_message, topic_mappings
from workstation.feeds.parsed import Reject

AT = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)


def read(payload: bytes, topic: str = "linjiang/RM-07"):
    return read_message(topic, payload, topic_mappings(), AT)


def test_a_message_becomes_an_observation_at_the_instruments_time():
    found = read(b'{"v": 12.5, "t": "2026-11-24T19:39:00+08:00", "q": "good"}')
    assert found == Observation("RM-07", datetime(2026, 11, 24, 11, 39, tzinfo=UTC), 12.5, Quality.GOOD, AT)


def test_a_quality_nobody_mapped_is_suspect():
    assert read(b'{"v": 1, "t": "2026-11-24T11:39:00Z", "q": "weird"}').quality is Quality.SUSPECT


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        (b"{", "json"),
        (b'{"t": "2026-11-24T11:39:00Z", "q": "good"}', "/v"),
        (b'{"v": true, "t": "2026-11-24T11:39:00Z", "q": "good"}', "/v"),
        (b'{"v": "12", "t": "2026-11-24T11:39:00Z", "q": "good"}', "/v"),
        (b'{"v": 1e999, "t": "2026-11-24T11:39:00Z", "q": "good"}', "/v"),
        (b'{"v": 1, "t": "yesterday", "q": "good"}', "/t"),
        (b'{"v": 1, "t": "2026-11-24T11:39:00", "q": "good"}', "/t"),
        (b" " * 70_000, "payload"),
    ],
)
def test_a_message_that_cannot_be_used_names_its_field(payload, field):
    found = read(payload)
    assert isinstance(found, Reject)
    assert (found.record, found.field) == ("linjiang/RM-07", field)


def test_a_topic_of_another_family_is_rejected():
    assert read(b'{"v": 1}', "elsewhere/RM-07").field == "topic"


def test_an_address_that_is_not_mqtt_is_named(clock):
    with pytest.raises(KnownError, match="not an MQTT address"):
        MqttFeed("http://127.0.0.1", topic_mappings(), clock, print, print)


def test_observations_arrive_from_a_real_broker_and_again_after_it_was_gone(tmp_path, clock):
    heard: list[Observation] = []
    rejected: list[Reject] = []
    port = free_port()
    feed = MqttFeed(
        f"mqtt://127.0.0.1:{port}",
        topic_mappings(),
        clock,
        heard.extend,
        lambda parsed: rejected.extend(parsed.rejects),
    )
    feed.start()
    try:
        for turn in (1, 2):
            with mosquitto(tmp_path, port):
                until(lambda: feed.health.state == "ok")
                publish(
                    port, [(f"linjiang/S-{n}", {"v": n, "t": "2026-11-24T11:39:00Z", "q": "good"}) for n in range(200)]
                )
                until(lambda turn=turn: len(heard) == 200 * turn)
            until(lambda: feed.health.state == "outage")
        assert feed.health.last_good is not None
        assert feed.handed_on == 400
    finally:
        feed.stop()
    assert {one.sensor for one in heard} == {f"S-{n}" for n in range(200)}
    assert rejected == []


def publish(port, messages):
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", port)
    client.loop_start()
    sent = [client.publish(topic, json.dumps(payload), qos=1) for topic, payload in messages]
    for one in sent:
        one.wait_for_publish(5)
    client.disconnect()
    client.loop_stop()
