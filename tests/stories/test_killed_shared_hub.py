"""Two hub processes over one PostgreSQL database, killed in turn under load: what was acknowledged is in the database,
once, and the stations go on with whichever hub is there."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import psycopg
import pytest

from tests.hub.test_shared_hub import hub_over
from tests.hubs import enrolled_station, until
from tests.servers import free_port
from tests.stories.births import Nursery, nursery
from workstation.domain.clock import WallClock
from workstation.journal.audit import audit
from workstation.station import Space
from workstation.sync.hub_address import HubAddress

KILLS, LONGEST_S = 8, 0.5
STATIONS = ("ZX", "JD03")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes with SIGKILL")


class TwoHubs:
    """Two hubs over the space in a folder, and a station at each."""

    def __init__(self, folder: Path, url: str, mother: Nursery) -> None:
        self.folder = folder
        self.url = url
        self.mother = mother
        self.alive: dict[str, int] = {}
        self.ports = dict(zip(STATIONS, (free_port(), free_port()), strict=True))
        space = Space.found(folder / "HUB", "HUB")
        space.share(url)
        with hub_over(space, WallClock()) as hub:
            for name in STATIONS:
                enrolled_station(folder, name, *hub, WallClock()).stop()
        for name, port in self.ports.items():
            file = Space(folder / name).hub_file
            replace(HubAddress.read(file), url=f"http://127.0.0.1:{port}").write(file)

    def start(self, role: str, name: str, seed: int = 1) -> None:
        folder = self.folder / ("HUB" if role == "hub" else name)
        out = self.folder / f"{role}-{name}.out"
        self.alive[f"{role}-{name}"] = self.mother.bear(role, folder, out, self.ports[name], seed)

    def kill(self, role: str, name: str) -> None:
        self.mother.kill(self.alive.pop(f"{role}-{name}"))

    def held_by_hub(self) -> set[str]:
        with psycopg.connect(self.url) as connection:
            rows = connection.execute("select station || '/' || incarnation || '/' || seq from journal").fetchall()
        assert len(rows) == len(set(rows))
        return {row[0] for row in rows}

    def rows(self, name: str, sql: str) -> set[str]:
        path = Space(self.folder / name).journal.resolve()
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=60)) as connection:
            return {row[0] for row in connection.execute(sql)}

    def confirmed(self, name: str) -> set[str]:
        """The last entries that a hub has confirmed to a station."""
        return self.rows(name, "select station || '/' || incarnation || '/' || seq from receipt where seq > 0")

    def held(self, name: str) -> set[str]:
        return self.rows(name, "select station || '/' || incarnation || '/' || seq from journal")


def test_what_a_hub_confirmed_before_it_was_killed_is_in_the_database_once(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    chance = Random(1)
    with nursery() as mother:
        town = TwoHubs(tmp_path, new_database(), mother)
        for name in STATIONS:
            town.start("hub", name)
            town.start("station", name)
        before = len(town.held_by_hub())
        until(lambda: len(town.held_by_hub()) > before + 20)
        for kill in range(KILLS):
            time.sleep(chance.uniform(0, LONGEST_S))
            name = STATIONS[kill % 2]
            town.kill("hub", name)
            for station in STATIONS:
                assert town.confirmed(station) <= town.held_by_hub()
            town.start("hub", name)
        for name in STATIONS:
            town.kill("station", name)
            town.start("station", name, 0)
        until(lambda: town.held_by_hub() == town.held("ZX") == town.held("JD03"))
        for name in STATIONS:
            town.kill("hub", name)
        space = Space(tmp_path / "HUB")
        assert audit(space.place, space.identity(), space.sealer(), WallClock()) == []
