"""The demo's sensors: each publishes by MQTT what the rainstorm makes it measure, in its own period of scenario time.

They take the way real instruments take, through the broker, so that what the demo shows is what a city would see.
"""

import json
import zlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from amqtt.client import MQTTClient

from workstation.demo.loop import Loop
from workstation.domain.clock import Clock, iso
from workstation.domain.records import Sensor

TOPIC = "linjiang/{sensor}"
PERIOD_S = 60.0
CATCH_UP = 3
CLIENT = {"auto_reconnect": True, "reconnect_retries": -1, "keep_alive": 60, "plugins": {}}
Value = Callable[[Sensor, float], float | None]


class Instruments:
    """Connected from `start` to `close`. `value(sensor, minutes since begin)` None: the instrument is silent."""

    def __init__(self, url: str, sensors: Iterable[Sensor], clock: Clock, value: Value) -> None:
        self._url = url
        self._sensors = list(sensors)
        self._clock = clock
        self._value = value
        self.on_sent: Callable[[str, datetime], None] = lambda sensor, at: None
        self._begin = clock.now()
        self._sent = self._begin
        self._loop: Loop | None = None
        self._client: MQTTClient | None = None
        self.published = 0

    def start(self) -> None:
        """Connect. Raises amqtt's ConnectError where no broker answers."""
        loop = Loop("demo-instruments")
        try:
            client = loop.run(_connected(self._url))
        except BaseException:
            loop.close()
            raise
        self._loop, self._client = loop, client

    def measure(self) -> None:
        """Publish what was to be measured since the last time; it is on its way to the broker when this returns."""
        now = self._clock.now()
        if self._loop is not None and self._client is not None:
            self._loop.run(self._publish(self._client, self.due(self._sent, now)))
        self._sent = now

    def close(self) -> None:
        if self._loop is not None and self._client is not None:
            self._loop.run(self._client.disconnect())
            self._loop.close()
            self._loop = self._client = None

    async def _publish(self, client: MQTTClient, due: list[tuple[Sensor, datetime]]) -> None:
        for sensor, at in due:
            await self._send(client, sensor, at)

    async def _send(self, client: MQTTClient, sensor: Sensor, at: datetime) -> None:
        value = self._value(sensor, (at - self._begin).total_seconds() / 60)
        if value is None:
            return
        self.on_sent(sensor.id, at)
        message = json.dumps({"v": round(value, 3), "t": iso(at), "q": "good"})
        await client.publish(TOPIC.format(sensor=sensor.id), message.encode(), qos=0)
        self.published += 1

    def due(self, after: datetime, until: datetime) -> list[tuple[Sensor, datetime]]:
        """Who measures when, after < time <= until, in order of time; of a long span only the last few of each."""
        found = []
        for sensor in self._sensors:
            period = sensor.period_s or PERIOD_S
            first = self._begin + timedelta(seconds=zlib.crc32(sensor.id.encode()) % 1000 / 1000 * period)
            last = int((until - first).total_seconds() // period)
            for turn in range(max(0, last - CATCH_UP + 1), last + 1):
                at = first + timedelta(seconds=turn * period)
                if after < at <= until:
                    found.append((sensor, at))
        return sorted(found, key=lambda each: (each[1], each[0].id))


async def _connected(url: str) -> MQTTClient:
    """A connected client; it must be made on the loop it lives on."""
    client = MQTTClient(client_id="linjiang-instruments", config=CLIENT)
    await client.connect(url)
    return client
