"""What joins a station to the outside world: the link to its hub, the courier of its media, its feeds and brokers.

Loaded for stations that have any of these: a desk without them need not wait for HTTP and MQTT at its start.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from workstation.app.sources import Sources
from workstation.attachments import Shelf
from workstation.config import Settings
from workstation.station import Station
from workstation.sync.hub_address import HubAddress
from workstation.sync.link import Link
from workstation.sync.media import MediaCourier
from workstation.sync.peer import Peer


class Outside:
    """Begins with `start`, behind the station's; ends with `stop`, before it. `link` is None where there is no hub."""

    def __init__(self, station: Station, settings: Settings) -> None:
        self.link = link_of(station)
        parts = (self.link, _courier_of(station), Sources(station, settings))
        self._parts = [part for part in parts if part is not None]
        self._ending = ExitStack()

    def start(self) -> None:
        """Raises what the start of a part raises; `stop` then ends those that began."""
        for part in self._parts:
            part.start()
            self._ending.callback(part.stop)

    def stop(self) -> None:
        self._ending.close()


def link_of(station: Station, url: str = "") -> Link | None:
    """The station's link to the hub it is enrolled with, by its own address or another; None where it has none."""
    dial = _dial(station, url)
    return None if dial is None else Link(station, dial)


def _courier_of(station: Station) -> MediaCourier | None:
    """What carries the station's media to and from its hub; None where it has none."""
    dial = _dial(station)
    return None if dial is None else MediaCourier(station, dial, Shelf(station.space.attachments))


def _dial(station: Station, url: str = "") -> Callable[[], Peer] | None:
    if not station.space.hub_file.is_file():
        return None
    known = HubAddress.read(station.space.hub_file)
    address = replace(known, url=url or known.url)
    return lambda: Peer(address, station.space.identity(), station.clock)
