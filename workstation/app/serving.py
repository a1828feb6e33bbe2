"""A station in service: started on the wall clock, linked to its hub if it has one, its sources heard."""

from collections.abc import Iterator
from contextlib import contextmanager

from workstation.app.assembly import City, assembled, city, courier_of, link_of, teach
from workstation.app.sources import Sources
from workstation.config import Settings
from workstation.domain.clock import WallClock
from workstation.station import Space, Station
from workstation.sync import Link


@contextmanager
def serving(space: Space, settings: Settings) -> Iterator[tuple[Station, City, Link | None]]:
    """The station of a space while the block lasts.

    The centre holds the duty and brings the city's content in; a street office has it by sync, and teaches itself only
    where there is no hub to hear it from.
    """
    town = city(settings.city)
    is_centre = space.station == town.centre
    station = assembled(space, WallClock(), town, on_duty=is_centre)
    station.start()
    link, courier, sources = link_of(station), courier_of(station), Sources(station, settings)
    if is_centre or link is None:
        teach(station, town)
    if link is not None:
        link.start()
    if courier is not None:
        courier.start()
    sources.start()
    try:
        yield station, town, link
    finally:
        sources.stop()
        if courier is not None:
            courier.stop()
        if link is not None:
            link.stop()
        station.stop()
