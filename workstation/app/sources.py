"""The outside world joined to a station: every feed and broker of the settings, and their state as the desk shows it.

A source that falls silent is a record of its own (kind `source`) with since when and why: one entry when it goes, one
when it is back. What it brought before stays.
"""

from collections.abc import Iterator
from contextlib import ExitStack

from workstation.commands.seat import Seat
from workstation.config import FeedSettings, MqttSettings, Settings
from workstation.domain.draft import Draft
from workstation.domain.encoding import differences
from workstation.domain.records import Source
from workstation.feeds.mqtt import MqttFeed
from workstation.feeds.mqtt_messages import topic_mappings
from workstation.feeds.poller import Feed, FeedHealth, Poller
from workstation.feeds.web import fetcher, reader
from workstation.station import Station
from workstation.wire import Wire

AUTHOR = "rule:feeds"


class Sources:
    """Begins with `start`, after the station's; ends with `stop`, before it."""

    def __init__(self, station: Station, settings: Settings) -> None:
        self._station = station
        self._wires: list[Wire] = []
        self._pollers = list(self._polled(settings.feeds))
        self._brokers = list(self._heard(settings.mqtt))
        self._feeds: list[Poller | MqttFeed] = [*self._pollers, *self._brokers]
        self._ending = ExitStack()

    def start(self) -> None:
        """Raises what the start of a feed raises; none has begun then."""
        with ExitStack() as ending:
            for wire in self._wires:
                ending.callback(wire.close)
            for feed in self._feeds:
                feed.start()
                ending.callback(feed.stop)
            self._ending = ending.pop_all()

    def stop(self) -> None:
        self._ending.close()

    @property
    def are_reached(self) -> bool:
        """Whether every feed answers and every broker sends us what it has."""
        return all(feed.health.state == "ok" for feed in self._feeds)

    @property
    def handed_on(self) -> int:
        """How many of the brokers' messages have been given to the station."""
        return sum(broker.handed_on for broker in self._brokers)

    def poll(self) -> None:
        """Ask every feed now, one after another, and give the station what is new."""
        for poller in self._pollers:
            poller.hurry().result()

    def _polled(self, feeds: tuple[FeedSettings, ...]) -> Iterator[Poller]:
        for one in feeds:
            wire = Wire()
            self._wires.append(wire)
            feed = Feed(one.name, fetcher(one.url, wire), reader(wire), one.seconds)
            yield Poller(feed, self._station.clock, self._station.take, self._note)

    def _heard(self, brokers: tuple[MqttSettings, ...]) -> Iterator[MqttFeed]:
        for one in brokers:
            station = self._station
            feed = MqttFeed(one.url, topic_mappings(), station.clock, station.observe, station.take)
            feed.on_health = self._note
            yield feed

    def _note(self, health: FeedHealth) -> None:
        """One entry a change of state. The time of the last success is the feed's own and not journalled."""
        name = f"{self._station.name}:{health.source}"
        source = Source(id=name, name=health.source, state=health.state, since=health.since, reason=health.reason)

        def note(seat: Seat) -> Draft:
            return Draft(
                AUTHOR, "source.state", differences(seat.situation.get(Source, name), source), scope=seat.scope
            )

        self._station.submit(note, AUTHOR, "")
