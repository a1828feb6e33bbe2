"""The demo's rain and the broker it comes through."""

import asyncio
import contextlib
import json
import threading
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from amqtt.client import MQTTClient

from workstation.content import folder, read_geojson
from workstation.demo.broker import Broker
from workstation.demo.instruments import Instruments
from workstation.demo.loop import Loop
from workstation.demo.rainstorm import DARK, DARK_STREET, SPIKE_CM, SPIKING, STUCK, UNDERPASS, value
from workstation.domain.clock import ManualClock
from workstation.domain.observation import Observation
from workstation.domain.records import Sensor
from workstation.reactions.limits import rules
from workstation.reactions.thresholds import Thresholds

START = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)
RM07 = Sensor(id=UNDERPASS, type="underpass_ponding", street="990101001", period_s=60.0)


def sensors(count: int = 60) -> list[Sensor]:
    types = ("rain_1h", "road_ponding", "river_level", "underpass_ponding", "smoke", "o2", "hydrant_pressure", "tilt")
    return [
        Sensor(id=f"S-{n:03d}", type=types[n % 8], street="990101001", period_s=60.0, warn=4.0, guarantee=5.0)
        for n in range(count)
    ]


def test_the_underpass_passes_its_limits_at_the_minutes_the_story_names() -> None:
    assert value(RM07, 0) < 1
    assert value(RM07, 28) < 15 <= value(RM07, 31)
    assert value(RM07, 46) > 27
    assert 40 < value(RM07, 66) < 45
    assert value(RM07, 119) < 3


def test_a_street_falls_silent_and_comes_back_and_the_underpass_does_not() -> None:
    dark = Sensor(id="X", type="rain_1h", street=DARK_STREET)
    assert [value(dark, minute) is None for minute in (DARK[0] - 1, DARK[0], DARK[1] - 1, DARK[1])] == [
        False,
        True,
        True,
        False,
    ]
    assert value(Sensor(id=UNDERPASS, street=DARK_STREET), 70) is not None


def test_every_indicator_has_a_value_all_evening_long() -> None:
    for kind in rules():
        sensor = Sensor(id=f"any-{kind}", type=kind, warn=4.0, guarantee=5.0)
        assert all(value(sensor, minute) is not None for minute in range(121)), kind


def test_what_has_nothing_to_do_with_rain_stays_calm() -> None:
    for kind in ("gas_lel", "h2s", "co", "cl2", "nh3", "so2", "o2", "smoke", "heat", "hydrant_pressure", "tilt"):
        watched = [Sensor(id=f"{kind}-{n}", type=kind, period_s=60.0) for n in range(30)]
        watch = Thresholds(rules(), watched)
        seen = [Observation(s.id, START + timedelta(minutes=m), value(s, m)) for m in range(0, 120, 5) for s in watched]
        assert watch.observe(seen, START + timedelta(hours=2)) == []


def test_one_gauge_sticks_and_one_spikes() -> None:
    stuck, spiking = (Sensor(id=name, type="road_ponding") for name in (STUCK, SPIKING))
    assert len({value(stuck, minute) for minute in range(120)}) == 1
    assert sum(value(spiking, tenth / 6) == SPIKE_CM for tenth in range(720)) == 5


def city_sensors() -> list[Sensor]:
    known = {field.name for field in fields(Sensor)}
    found = read_geojson(folder("maps") / "linjiang" / "sensors.geojson")
    return [Sensor(**{name: told for name, told in one.properties.items() if name in known}) for one in found]


def test_the_whole_evening_over_the_city_is_a_story_and_not_a_flood() -> None:
    watched = city_sensors()
    instruments = Instruments("mqtt://127.0.0.1:1", watched, ManualClock(START), value)
    watch = Thresholds(rules(), watched)
    drafts = []
    for second in range(0, 7200, 10):
        now = START + timedelta(seconds=second + 10)
        due = [(one, at, (at - START).total_seconds() / 60) for one, at in instruments.due(now - timedelta(0, 10), now)]
        seen = [Observation(one.id, at, told) for one, at, m in due if (told := value(one, m)) is not None]
        drafts += watch.observe(seen, now) + watch.tick(now)
    raised = [draft for draft in drafts if draft.act in ("alarm.raise", "alarm.silence")]
    sensors_of = [{change.field: change.value for change in draft.changes}.get("sensor") for draft in raised]
    underpass = [draft.act for draft in drafts if draft.changes[0].id.startswith(f"alarm:{UNDERPASS}:")]
    assert 15 <= len(raised) <= 40
    assert sum(draft.act == "alarm.silence" for draft in raised) == 1
    assert not {STUCK, SPIKING} & set(sensors_of)
    assert underpass == ["alarm.raise", *["alarm.escalate"] * 3, *["alarm.ease"] * 3, "alarm.return"]


def test_every_sensor_measures_once_in_its_period() -> None:
    clock = ManualClock(START)
    instruments = Instruments("mqtt://127.0.0.1:1", sensors(), clock, value)
    due = []
    for second in range(0, 600, 7):
        due += instruments.due(START + timedelta(seconds=second), START + timedelta(seconds=second + 7))
    assert len(due) >= 60 * 10
    assert len({(sensor.id, at) for sensor, at in due}) == len(due)


def test_what_the_instruments_measure_comes_out_of_the_broker() -> None:
    clock = ManualClock(START)
    broker = Broker()
    heard: list[tuple[str, dict]] = []
    ready, full = threading.Event(), threading.Event()

    async def listen() -> None:
        client = MQTTClient(config={"auto_reconnect": False, "plugins": {}})
        await client.connect(broker.url)
        await client.subscribe([("linjiang/#", 0)])
        ready.set()
        while len(heard) < 60:
            message = await client.deliver_message(timeout_duration=60)
            heard.append((message.topic, json.loads(message.data)))
        full.set()
        await client.disconnect()

    listener = threading.Thread(target=lambda: asyncio.run(listen()))
    listener.start()
    assert ready.wait(60)
    instruments = Instruments(broker.url, sensors(), clock, value)
    instruments.start()
    clock.advance(60)
    instruments.measure()
    assert full.wait(60)
    assert instruments.published == 60
    instruments.close()
    listener.join()
    broker.close()
    assert {topic for topic, _ in heard} == {f"linjiang/{sensor.id}" for sensor in sensors()}
    assert all(set(message) == {"v", "t", "q"} for _, message in heard)


def test_instruments_outlive_their_broker_and_close_quietly() -> None:
    clock = ManualClock(START)
    broker = Broker()
    instruments = Instruments(broker.url, sensors(), clock, value)
    instruments.start()
    broker.close()
    clock.advance(60)
    instruments.close()
    names = {thread.name for thread in threading.enumerate()}
    assert not names & {"demo-broker", "demo-instruments"}


def test_work_that_fails_on_a_loop_is_told_to_who_asked_and_the_loop_goes_on() -> None:
    async def fail() -> None:
        raise ValueError("the rain gauge fell over")

    async def answer() -> int:
        return 7

    loop = Loop("demo-test")
    with pytest.raises(ValueError, match="the rain gauge fell over"):
        loop.run(fail())
    assert loop.run(answer()) == 7
    loop.close()


def test_a_client_that_takes_a_cancel_for_a_failed_attempt_does_not_hold_the_loop_open() -> None:
    tried = threading.Event()

    async def reconnect() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            tried.set()
            await asyncio.sleep(3600)
        await asyncio.sleep(3600)

    async def begin() -> "asyncio.Task[None]":
        return asyncio.create_task(reconnect())

    loop = Loop("demo-stubborn")
    left = loop.run(begin())
    assert tried.wait(60)
    loop.close()
    assert left.done()
    assert "demo-stubborn" not in {thread.name for thread in threading.enumerate()}
