"""A station in service: started on the wall clock, linked to its hub if it has one, its sources heard."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

from workstation.app.assembly import City, assembled, city, teach
from workstation.attachments import Shelf
from workstation.config import Settings
from workstation.domain.clock import WallClock
from workstation.station import Space, Station

if TYPE_CHECKING:
    from workstation.app.outside import Outside
    from workstation.sync.link import Link


@contextmanager
def serving(space: Space, settings: Settings) -> "Iterator[tuple[Station, City, Link | None]]":
    """The station of a space while the block lasts.

    The centre holds the duty and brings the city's content in; a street office has it by sync, and teaches itself only
    where there is no hub to hear it from.
    """
    town = city(settings.city)
    is_centre = space.station == town.centre
    Shelf(space.attachments).discard_unfinished()  # as long as nobody puts any
    station = assembled(space, WallClock(), town, on_duty=is_centre)
    with ExitStack() as ending:
        station.start()
        ending.callback(station.stop)
        outside = _outside_of(station, settings)
        if is_centre or outside is None or outside.link is None:
            teach(station, town)
        if outside is not None:
            ending.callback(outside.stop)
            outside.start()
        yield station, town, outside.link if outside is not None else None


def _outside_of(station: Station, settings: Settings) -> "Outside | None":
    """What joins a station to the outside world, loaded where there is something."""
    if not (station.space.hub_file.is_file() or settings.feeds or settings.mqtt):
        return None
    made: Outside = import_module("workstation.app.outside").Outside(station, settings)
    return made
