"""The demo evening, joined: hub, centre and one street over real wires, the city's instruments and feeds around them.

Everything goes the way it would in a city: measurements through a broker, reports through polled feeds, entries through
the hub on loopback; the street's line is a relay that is cut like a cable. The clock waits for all of it at every step.
"""

import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from workstation.app.assembly import assembled, city, reception_of, teach
from workstation.app.outside import link_of
from workstation.app.sources import Sources
from workstation.config import FeedSettings, MqttSettings, Settings
from workstation.demo.centre_script import CentreScript, worst_flood
from workstation.demo.latency import Latency
from workstation.demo.pace import LOOK_S, Pace, wait_for
from workstation.demo.relay import Relay
from workstation.demo.shift import Shift
from workstation.demo.street_script import StreetScript
from workstation.demo.surroundings import Surroundings
from workstation.domain.clock import ManualClock
from workstation.domain.errors import KnownError
from workstation.domain.records import Run, Sensor
from workstation.hub.exchange import Hub
from workstation.hub.server import HubServer
from workstation.station import Parts, Space, Station
from workstation.sync.enrolling import enrol
from workstation.sync.link import Link

BEGIN = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
CITY, CENTRE, STREET = "linjiang", "ZX", "JD03"
WALL = "文庙社区"
CUT_MINUTE, BACK_MINUTE, LAST_MINUTE = 36.0, 66.0, 116.0
POLL_EVERY, POLL_SECONDS = timedelta(seconds=30), 600.0
"""How often the evening asks the feeds, by its own time; and by the wall's, between two rounds that nobody asks for."""
LOOKS_UNHURRIED = 50
"""How often it is looked whether the stations hold the same before the links, which know by themselves, are woken."""


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
    """Running once made; its time goes on when `pace.run_until` is called. `close` ends everything, the spaces stay."""

    def __init__(self, folder: Path, speed: float) -> None:
        self.town = city(CITY)
        self.clock = ManualClock(BEGIN)
        self.latency = Latency()
        self._polled = BEGIN
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
        self.centre_shift = Shift(self.centre.station, CentreScript(BEGIN))
        reception = reception_of(self.street.station.space, self.town)
        self.street_shift = Shift(self.street.station, StreetScript(BEGIN, reception, WALL))
        self.pace = Pace(self.clock, speed, self._bring)
        self.pace.start()

    def _node(self, folder: Path, host: Hub, code: str, url: str) -> Node:
        """A station let in by the hub with a one-time code, as any other would be."""
        space = Space.found(folder / code.lower(), code)
        invitation = host.invitations.invite(code, self.town.regions[self.town.centre], self.clock.now())
        address, key = enrol(url, invitation, space.identity())
        space.replace_space_key(key)
        address.write(space.hub_file)
        station = assembled(space, self.clock, self.town, on_duty=code == CENTRE)
        station.parts.ticks = False
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
        wait_for(lambda: self._sources.are_reached, "not every feed and broker of the demo answers")

    def _bring(self) -> None:
        """What this moment brings, one after another; what one room does, the others know before they act."""
        self._keep_the_cable()
        self.world.measure()
        wait_for(lambda: self._sources.handed_on >= self.world.published, "measurements that were sent were not heard")
        if self.clock.now() - self._polled >= POLL_EVERY:
            self._polled = self.clock.now()
            self._sources.poll()
        for node in (self.centre, self.street):
            node.station.tick().result()
        self._share()
        for shift in (self.centre_shift, self.street_shift):
            shift.beat()
            self._share()

    def _share(self) -> None:
        """Wait until everybody who has a line to the hub holds the same entries, and what is to follow them."""
        nodes = [self.centre] if self.is_cut else [self.centre, self.street]
        stations = [self.hub, *(node.station for node in nodes)]
        looks = count(1)

        def is_shared() -> bool:
            asked = [
                one.ask(lambda journal: (journal.exchange.heads(), journal.exchange.wanted(1))) for one in stations
            ]
            held = [one.result() for one in asked]
            return all(heads == held[0][0] and not wanted for heads, wanted in held)

        def look_again() -> None:
            time.sleep(LOOK_S)
            if next(looks) % LOOKS_UNHURRIED == 0:
                for node in nodes:
                    node.link.hurry()

        wait_for(is_shared, "the stations do not come to hold the same entries", look_again)

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

    def _keep_the_cable(self) -> None:
        """Cut and restore the street's line by the scenario's clock."""
        if self.is_cut == self._was_cut:
            return
        self._was_cut = self.is_cut
        if self.is_cut:
            self.relay.cut()
        else:
            self.relay.restore()
            self.street.link.hurry()  # as the office's machine does when its network comes back
            self._share()

    def require_end(self) -> None:
        """Raises KnownError where the people of the evening did not bring the flood and its playbook to their end."""
        with closing(self.centre.station.situation()) as situation:
            flood = worst_flood(situation)
            running = situation.count(Run, incident=flood.id, state="running") if flood else 0
        if flood is None or flood.state != "ended" or running:
            state = flood.state if flood else "unknown"
            raise KnownError(f"minute {self.minute:.0f}: the flood is {state}, {running} of its playbooks still run")

    def end_the_script(self) -> None:
        """The people go home and the feeds fall silent; stations and hub go on, to bring everything to everybody."""
        if self._ended:
            return
        self._ended = True
        self.pace.stop()
        for shift in (self.centre_shift, self.street_shift):
            shift.close()
        self._sources.stop()
        self.world.close()

    def close(self) -> None:
        self.end_the_script()
        self.centre.stop()
        self.street.stop()
        self._server.stop()
        self.relay.close()
        self.hub.stop()
