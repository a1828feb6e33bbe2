"""A station whose database was set back or damaged gets back from its hub what it had written, and goes on."""

from pathlib import Path

import pytest

from tests.hubs import digest, enrolled_station, entries, linked, running_hub, until, write_incident
from workstation.domain.clock import ManualClock
from workstation.journal.ends import state_folder
from workstation.station import Parts, Space, Station


def started(folder: Path, clock: ManualClock) -> Station:
    station = Station(Space(folder), clock, Parts())
    station.start()
    return station


def incarnation(station: Station) -> str:
    return station.ask(lambda journal: journal.own.incarnation).result()


def set_back(file: Path, before: bytes) -> None:
    file.write_bytes(before)


def set_back_with_everything(file: Path, before: bytes) -> None:
    """As a machine that is set back to a snapshot: nothing there knows of what came later."""
    file.write_bytes(before)
    file.with_suffix(".heads").unlink()
    for ends in (state_folder() / "spaces").iterdir():
        ends.unlink()


def damage(file: Path, before: bytes) -> None:
    file.write_bytes(bytes(len(before)))


@pytest.mark.parametrize("accident", [set_back, set_back_with_everything, damage])
def test_what_the_hub_had_of_a_station_comes_back_to_it(tmp_path, clock: ManualClock, accident) -> None:
    with running_hub(tmp_path, clock) as (hub, url):
        centre = enrolled_station(tmp_path, "ZX", hub, url, clock)
        with linked(centre):
            write_incident(centre, "i1")
            until(lambda: entries(hub.station) == 2)
        centre.stop()
        file = tmp_path / "ZX" / "journal.sqlite"
        before = file.read_bytes()
        centre = started(tmp_path / "ZX", clock)
        with linked(centre):
            for name in ("i2", "i3"):
                write_incident(centre, name)
            until(lambda: entries(hub.station) == 4)
        known = incarnation(centre)
        centre.stop()
        accident(file, before)
        centre = started(tmp_path / "ZX", clock)
        with linked(centre):
            until(lambda: entries(centre) == 4)
            clock.advance(1)
            write_incident(centre, "i4")
            until(lambda: entries(hub.station) == 5)
        assert incarnation(centre) != known
        assert digest(centre) == digest(hub.station)
        for station in (centre, hub.station):
            assert station.ask(lambda journal: list(journal.verify())).result() == []
        centre.stop()
