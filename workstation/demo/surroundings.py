"""Everything around the demo's stations that a real city would have: instruments, their broker, and the feeds."""

from collections.abc import Callable, Sequence
from datetime import datetime

from workstation.demo.broker import Broker
from workstation.demo.calls import Evening
from workstation.demo.feed_server import SOURCES, FeedServer
from workstation.demo.instruments import Instruments
from workstation.demo.rainstorm import value
from workstation.domain.clock import Clock
from workstation.domain.records import Sensor


class Surroundings:
    """Running once made; `begin` is minute 0 of the evening. `on_sent` hears of every measurement as it leaves."""

    def __init__(
        self, sensors: Sequence[Sensor], clock: Clock, begin: datetime, on_sent: Callable[[str, datetime], None]
    ) -> None:
        self._clock = clock
        self._begin = begin
        self.broker = Broker()
        self.feeds = FeedServer(Evening.load(begin), self.minutes)
        self._instruments = Instruments(self.broker.url, sensors, clock, value)
        self._instruments.on_sent = on_sent

    def start(self) -> None:
        """Join the instruments to their broker."""
        self._instruments.start()

    def measure(self) -> None:
        """Let the instruments send what they measured until now."""
        self._instruments.measure()

    def close(self) -> None:
        self._instruments.close()
        self.feeds.close()
        self.broker.close()

    def minutes(self) -> float:
        """How far the evening is."""
        return (self._clock.now() - self._begin).total_seconds() / 60

    @property
    def feed_urls(self) -> dict[str, str]:
        """Address of each feed by its source."""
        return {source: f"{self.feeds.url}/{source}" for source in SOURCES}

    @property
    def published(self) -> int:
        return self._instruments.published
