"""A real hub on loopback and stations enrolled with it, for tests."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from workstation.attachments import Shelf
from workstation.domain.clock import Clock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.hub.api import Setting
from workstation.hub.exchange import Hub
from workstation.hub.server import HubServer, TlsFiles
from workstation.station import Parts, Space, Station
from workstation.sync.enrolling import enrol
from workstation.sync.hub_address import HubAddress
from workstation.sync.link import Link
from workstation.sync.media import MediaCourier
from workstation.sync.peer import Peer
from workstation.sync.rounds import pull_all, push_all


@contextmanager
def running_hub(
    folder: Path, clock: Clock, port: int = 0, setting: Setting | None = None, tls: bool = False
) -> Iterator[tuple[Hub, str]]:
    """A hub and its URL; stopped at the end. The same folder opens the same hub again."""
    space = Space(folder / "HUB")
    station = Station(space if space.exists else Space.found(folder / "HUB", "HUB"), clock, Parts())
    station.start()
    hub = Hub(station)
    files = TlsFiles.own(station, ["127.0.0.1"]) if tls else None
    server = HubServer(hub, "127.0.0.1", port, setting, files)
    url = server.start()
    try:
        yield hub, url
    finally:
        server.stop()
        station.stop()


def enrolled_station(folder: Path, code: str, hub: Hub, url: str, clock: Clock) -> Station:
    """A started station, let in by the hub with a one-time code."""
    space = Space.found(folder / code, code)
    address, space_key = enrol(url, hub.invitations.invite(code, "990100", clock.now()), space.identity())
    space.replace_space_key(space_key)
    address.write(space.hub_file)
    station = Station(space, clock, Parts())
    station.start()
    return station


@contextmanager
def running_trio(folder: Path, clock: Clock) -> Iterator[tuple[Hub, str, Station, Station]]:
    """A hub and its URL, the centre and one street office, both enrolled."""
    with running_hub(folder, clock) as (hub, url):
        centre, street = (enrolled_station(folder, code, hub, url, clock) for code in ("ZX", "JD03"))
        yield hub, url, centre, street
        for station in (centre, street):
            station.stop()


def dialled(station: Station, url: str = "") -> Peer:
    """The station's own line to its hub, or to another place."""
    address = HubAddress.read(station.space.hub_file)
    return Peer(replace(address, url=url or address.url), station.space.identity(), station.clock)


def take_turns(*stations: Station) -> None:
    """Each in turn gives its hub what it has and takes what there is."""
    for station in stations:
        peer = dialled(station)
        push_all(station, peer, lambda: False)
        pull_all(station, peer, lambda: False)
        peer.close()


@contextmanager
def linked(station: Station, url: str = "") -> Iterator[Link]:
    """The station's link to its hub, running."""
    link = Link(station, lambda: dialled(station, url))
    link.start()
    try:
        yield link
    finally:
        link.stop()


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for another thread or process to get there; fails the test when it does not."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.01)


def write_incident(station: Station, name: str, **fields: object) -> None:
    values = fields or {"title": name, "state": "open"}
    station.write([Draft("wang", "incident.open", set_fields("incident", name, **values))]).result()


def digest(station: Station) -> str:
    return station.ask(lambda journal: journal.digest()).result()


def entries(station: Station) -> int:
    return station.ask(lambda journal: sum(journal.exchange.heads().values())).result()


@contextmanager
def couriered(
    station: Station, shelf: Shelf, url: str = "", dial: Callable[[Peer], Peer] = lambda peer: peer
) -> Iterator[MediaCourier]:
    """The station's courier of media, running; `dial` may put a bad line between."""
    courier = MediaCourier(station, lambda: dial(dialled(station, url)), shelf)
    courier.start()
    try:
        yield courier
    finally:
        courier.stop()
