"""Two hub processes over one PostgreSQL database, killed in turn under load: what was acknowledged is in the database,
once, and the stations go on with whichever hub is there."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from random import Random

import psycopg
import pytest

from tests.hub.test_shared_hub import hub_over
from tests.hubs import enrolled_station, until
from tests.servers import free_port
from workstation.domain.clock import WallClock
from workstation.journal.audit import audit
from workstation.station import Space
from workstation.sync.hub_address import HubAddress

KILLS, LONGEST_S = 8, 0.5
STATIONS = ("ZX", "JD03")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes with SIGKILL")


class TwoHubs:
    """Two hubs over the space in a folder, and a station at each."""

    def __init__(self, folder: Path, url: str, nursery: "subprocess.Popen[str]") -> None:
        self.folder = folder
        self.url = url
        self.nursery = nursery
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
        order = [role, str(folder), self.ports[name], str(self.folder / f"{role}-{name}.out"), seed]
        assert self.nursery.stdin
        assert self.nursery.stdout
        self.nursery.stdin.write(json.dumps(order) + "\n")
        self.nursery.stdin.flush()
        self.alive[f"{role}-{name}"] = int(self.nursery.stdout.readline())

    def kill(self, role: str, name: str) -> None:
        os.kill(self.alive.pop(f"{role}-{name}"), signal.SIGKILL)

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
    command = [sys.executable, "-m", "tests.stories.nursery"]
    with ExitStack() as stack:
        nursery = stack.enter_context(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        town = TwoHubs(tmp_path, new_database(), nursery)
        stack.callback(lambda: [os.kill(pid, signal.SIGKILL) for pid in town.alive.values()])
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
