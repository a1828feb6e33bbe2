"""A connection to an MQTT broker: messages in, batches of observations out, reconnecting for as long as it runs.

Messages are gathered for a moment and handed on together, so that two hundred instruments that speak at once cost the
station one job and not two hundred.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from workstation.domain.clock import Clock
from workstation.domain.errors import KnownError
from workstation.domain.observation import Observation
from workstation.feeds.mqtt_messages import TopicMapping, read_message
from workstation.feeds.parsed import Parsed, Reject
from workstation.feeds.poller import FeedHealth

GATHER_SECONDS = 0.1
MOST_AT_ONCE = 500
MOST_REJECTS = 100
log = logging.getLogger(__name__)


class MqttFeed:
    """Observations of one broker. `on_observations` and `on_rejects` are called from the feed's thread; `on_health`,
    which may be set before the start, is told of every change of state; `handed_on` counts the messages that were."""

    def __init__(
        self,
        url: str,
        mappings: Sequence[TopicMapping],
        clock: Clock,
        on_observations: Callable[[list[Observation]], object],
        on_rejects: Callable[[Parsed], object],
    ) -> None:
        """`url` is mqtt://[user:password@]host[:port]. Raises KnownError for anything else."""
        parts = urlsplit(url)
        if parts.scheme != "mqtt" or not parts.hostname:
            raise KnownError(f"{url}: not an MQTT address (mqtt://host:port)")
        self._address = (parts.hostname, parts.port or 1883)
        self._mappings = tuple(mappings)
        self._clock = clock
        self._on_observations = on_observations
        self._on_rejects = on_rejects
        self.handed_on = 0
        self._gathered: list[Observation] = []
        self._rejected: list[Reject] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self.health = FeedHealth("mqtt")
        self.on_health: Callable[[FeedHealth], object] = lambda health: None
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        if parts.username:
            self._client.username_pw_set(parts.username, parts.password)
        self._client.reconnect_delay_set(min_delay=1, max_delay=30)
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._subscribed
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._heard
        self._thread = threading.Thread(target=self._hand_on, name="feed-mqtt", daemon=True)

    def start(self) -> None:
        """Begin; a broker that is not there yet is tried again until it is."""
        self._client.connect_async(*self._address)
        self._client.loop_start()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._client.disconnect()
        self._client.loop_stop()
        self._thread.join()

    def _connected(
        self, client: paho.Client, data: object, flags: object, reason: ReasonCode, properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._enter("outage", str(reason))
            return
        client.subscribe([(mapping.filter, 0) for mapping in self._mappings])

    def _subscribed(
        self,
        client: paho.Client,
        data: object,
        number: int,
        reasons: list[ReasonCode],
        properties: Properties | None,
    ) -> None:
        """From here on nothing that is published is missed."""
        refused = [str(reason) for reason in reasons if reason.is_failure]
        self._enter("outage" if refused else "ok", ", ".join(refused))

    def _disconnected(
        self, client: paho.Client, data: object, flags: object, reason: ReasonCode, properties: Properties | None
    ) -> None:
        if not self._stopping.is_set():
            self._enter("outage", str(reason))

    def _heard(self, client: paho.Client, data: object, message: paho.MQTTMessage) -> None:
        found = read_message(message.topic, bytes(message.payload), self._mappings, self._clock.now())
        with self._lock:
            if isinstance(found, Observation):
                self._gathered.append(found)
            elif len(self._rejected) < MOST_REJECTS:
                self._rejected.append(found)

    def _hand_on(self) -> None:
        while not self._stopping.wait(GATHER_SECONDS):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        with self._lock:
            gathered, self._gathered = self._gathered, []
            rejected, self._rejected = self._rejected, []
        for first in range(0, len(gathered), MOST_AT_ONCE):
            self._on_observations(gathered[first : first + MOST_AT_ONCE])
        if rejected:
            self._on_rejects(Parsed(rejects=tuple(rejected), form="mqtt"))
        self.handed_on += len(gathered) + len(rejected)

    def _enter(self, state: str, reason: str) -> None:
        if state != self.health.state:
            level = logging.INFO if state == "ok" else logging.WARNING
            log.log(level, "mqtt %s:%d: %s %s", *self._address, state, reason)
            now = self._clock.now()
            self.health = FeedHealth("mqtt", state, now, now if state == "ok" else self.health.last_good, reason)
            self.on_health(self.health)
