"""The space a command works on: the one that is there, a new one, or one with its station started."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workstation.app.assembly import City, assembled, city
from workstation.domain.clock import WallClock
from workstation.domain.errors import KnownError
from workstation.station import Space, Station


def known_space(folder: Path) -> Space:
    """The space in a folder; KnownError where there is none."""
    space = Space(folder)
    if not space.exists:
        raise KnownError(f"{folder}: no space here; import something into it, or start a station or a desk on it")
    return space


@contextmanager
def working_station(folder: Path, city_name: str) -> Iterator[tuple[Station, City]]:
    """A station over a space, started for the length of a command."""
    town = city(city_name)
    station = assembled(Space.at(folder, "ZX"), WallClock(), town)
    station.start()
    try:
        yield station, town
    finally:
        station.stop()
