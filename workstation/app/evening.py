"""The demo evening, joined: hub, centre and one street over real wires, the city's instruments and feeds around them.

Everything goes the way it would in a city: measurements through a broker, reports through polled feeds, entries through
the hub on loopback; the street's line is a relay that is cut like a cable.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from workstation.app.assembly import assembled, city, link_of, reception_of, teach
from workstation.app.sources import Sources
from workstation.config import FeedSettings, MqttSettings, Settings
from workstation.demo.centre_script import CentreScript
from workstation.demo.latency import Latency
from workstation.demo.relay import Relay
from workstation.demo.shift import Shift
from workstation.demo.street_script import StreetScript
from workstation.demo.surroundings import Surroundings
from workstation.domain.clock import ScenarioClock
from workstation.domain.records import Sensor
from workstation.hub.exchange import Hub
from workstation.hub.server import HubServer
from workstation.station import Parts, Space, Station
from workstation.sync import Link
from workstation.sync.enrolling import enrol

BEGIN = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
CITY, CENTRE, STREET = "linjiang", "ZX", "JD03"
WALL = "文庙社区"
CUT_MINUTE, BACK_MINUTE, LAST_MINUTE = 36.0, 66.0, 116.0
POLL_SECONDS = 0.5


@dataclass(slots=True)
class Node:
    """One station of the evening with its link to the hub."""

    station: Station
    link: Link

    @classmethod
    def begun(cls, station: Station, url: str) -> "Node":
        link = link_of(station, url)
        if link is None:
            raise RuntimeError(f"{station.name} was not enrolled")
        link.start()
        return cls(station, link)

    def stop(self) -> None:
        self.link.stop()
        self.station.stop()


class DemoEvening:
    """Running once made, on the scenario's clock at `speed`; `close` ends everything and leaves the spaces."""

    def __init__(self, folder: Path, speed: float) -> None:
        self.town = city(CITY)
        self.clock = ScenarioClock(BEGIN, 0)
        self.latency = Latency()
        self._ended = self._was_cut = False
        heart = Station(Space.found(folder / "hub", "HUB"), self.clock, Parts())
        heart.start()
        self.hub = heart
        host = Hub(heart)
        self._server = HubServer(host, "127.0.0.1", 0)
        url = self._server.start()
        self.relay = Relay(int(url.rsplit(":", 1)[1]))
        self.centre = self._node(folder, host, CENTRE, url)
        self.street = self._node(folder, host, STREET, self.relay.url)
        teach(self.centre.station, self.town)
        self._surround()
        self._begin_shifts()
        self.clock.run_at(speed)

    def _node(self, folder: Path, host: Hub, code: str, url: str) -> Node:
        """A station let in by the hub with a one-time code, as any other would be."""
        space = Space.found(folder / code.lower(), code)
        invitation = host.invitations.invite(code, self.town.regions[self.town.centre], self.clock.now())
        address, key = enrol(url, invitation, space.identity())
        space.replace_space_key(key)
        address.write(space.hub_file)
        station = assembled(space, self.clock, self.town, on_duty=code == CENTRE)
        if code == CENTRE:
            station.parts.reactions = (*station.parts.reactions, self.latency)
        station.start()
        return Node.begun(station, url)

    def _surround(self) -> None:
        situation = self.centre.station.situation()
        sensors = situation.find(Sensor)
        situation.close()
        self.world = Surroundings(sensors, self.clock, BEGIN, self.latency.sent)
        feeds = tuple(
            FeedSettings(name=name, url=url, seconds=POLL_SECONDS) for name, url in self.world.feed_urls.items()
        )
        broker = MqttSettings(url=self.world.broker.url)
        self._sources = Sources(self.centre.station, Settings(feeds=feeds, mqtt=(broker,)))
        self._sources.start()
        self.world.start()

    def _begin_shifts(self) -> None:
        centre, street = self.centre.station, self.street.station
        self.centre_shift = Shift(centre, CentreScript(BEGIN))
        self.street_shift = Shift(street, StreetScript(BEGIN, reception_of(street.space, self.town), WALL))
        for shift in (self.centre_shift, self.street_shift):
            shift.start()

    @property
    def minute(self) -> float:
        return self.world.minutes()

    @property
    def is_over(self) -> bool:
        return self.minute >= LAST_MINUTE

    @property
    def is_cut(self) -> bool:
        """Whether the street's line is down at this minute."""
        return CUT_MINUTE <= self.minute < BACK_MINUTE

    @property
    def is_equal(self) -> bool:
        """Whether hub, centre and street hold the same entries and fold them to the same tables."""
        stations = (self.hub, self.centre.station, self.street.station)
        return len({station.ask(lambda journal: journal.digest()).result() for station in stations}) == 1

    def keep_the_cable(self) -> None:
        """Cut and restore the street's line by the scenario's clock; to be called now and then."""
        if self.is_cut == self._was_cut:
            return
        self._was_cut = self.is_cut
        if self.is_cut:
            self.relay.cut()
        else:
            self.relay.restore()
            self.street.link.hurry()  # as the office's machine does when its network comes back

    def end_the_script(self) -> None:
        """The people go home and the feeds fall silent; stations and hub go on, to bring everything to everybody."""
        if self._ended:
            return
        self._ended = True
        for shift in (self.centre_shift, self.street_shift):
            shift.stop()
        self._sources.stop()
        self.world.close()

    def close(self) -> None:
        self.end_the_script()
        self.centre.stop()
        self.street.stop()
        self._server.stop()
        self.relay.close()
        self.hub.stop()
