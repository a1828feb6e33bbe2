"""A hub and two stations killed at random points of their work, again and again: nothing acknowledged is lost.

An entry is acknowledged to the person by its Future, and to the station by the hub's answer to a push. An evening is 50
kills; `LONG_RUN=1` plays twenty of them.
"""

import json
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.hubs import enrolled_station, running_hub, until
from tests.servers import free_port
from tests.stories.births import Nursery, nursery
from workstation.domain.clock import WallClock
from workstation.journal.audit import audit
from workstation.station import Space

NODES = ("HUB", "ZX", "JD03")
KILLS, LONGEST_S = 50, 0.4
EVENINGS = 20 if os.environ.get("LONG_RUN") else 1
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes with SIGKILL")
_ENTRIES = (
    "select s.station || '/' || s.incarnation || '/' || e.seq, lower(hex(e.digest))"
    " from entry e join stream s on s.number = e.stream"
)


class Evening:
    """Three nodes in a folder; any may be started and killed at any time."""

    def __init__(self, folder: Path, mother: Nursery) -> None:
        self.folder = folder
        self.mother = mother
        self.port = free_port()
        self.alive: dict[str, int] = {}
        with running_hub(folder, WallClock(), self.port) as (hub, url):
            for name in NODES[1:]:
                enrolled_station(folder, name, hub, url, WallClock()).stop()

    def start(self, name: str, seed: int) -> None:
        role = "hub" if name == "HUB" else "station"
        self.alive[name] = self.mother.bear(role, self.folder / name, self.out(name), self.port, seed)

    def kill(self, name: str) -> None:
        self.mother.kill(self.alive.pop(name))

    def out(self, name: str) -> Path:
        return self.folder / f"{name}.out"

    def acknowledged(self, name: str) -> dict[str, str]:
        """Entries by reference with the digest of their content, of all lives so far; a line cut off was not said."""
        if not self.out(name).is_file():
            return {}
        lines = self.out(name).read_bytes().split(b"\n")
        told = [json.loads(line) for line in lines if line.endswith(b"}")]
        return {one["ref"]: one["digest"] for one in told}

    def held(self, name: str) -> dict[str, str]:
        with closing(_read(self.folder / name)) as connection:
            rows = connection.execute(_ENTRIES).fetchall()
        assert len(rows) == len(dict(rows)), f"doubled at {name}"
        return dict(rows)

    def check(self, name: str) -> None:
        """Of a node that is dead: all it had acknowledged is there as it was, and its journal proves itself."""
        space = Space(self.folder / name)
        assert audit(space.journal, space.identity(), space.sealer(), WallClock()) == [], name
        assert self.acknowledged(name).items() <= self.held(name).items(), f"lost at {name}"

    def check_receipts(self) -> None:
        """What the hub has confirmed to a station it holds. Read at the stations first, as the hub goes on."""
        for name in NODES[1:]:
            with closing(_read(self.folder / name)) as connection:
                told = connection.execute("select station, incarnation, seq from receipt").fetchall()
            held = self.held("HUB")
            assert {"/".join(map(str, row)) for row in told if row[2]} <= set(held), f"lost at the hub, of {name}"


def _read(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{Space(folder).journal.resolve().as_uri()}?mode=ro", uri=True, timeout=60)


@pytest.mark.parametrize("seed", range(EVENINGS))
def test_what_was_acknowledged_outlives_fifty_kills_of_hub_and_stations(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    with nursery() as mother:
        evening = Evening(tmp_path, mother)
        for name in NODES:
            evening.start(name, 1)
        for kill in range(KILLS):
            time.sleep(chance.uniform(0, LONGEST_S))
            victim = chance.choice(NODES)
            evening.kill(victim)
            evening.check(victim)
            evening.check_receipts()
            evening.start(victim, kill + 2)
        until(lambda: len(evening.acknowledged("ZX")) + len(evening.acknowledged("JD03")) > 2 * KILLS)
        for name in NODES:
            evening.kill(name)
            evening.start(name, 0)
        acknowledged = evening.acknowledged("ZX") | evening.acknowledged("JD03")
        until(lambda: evening.held("HUB") == evening.held("ZX") == evening.held("JD03"))
        held = evening.held("HUB")
        assert acknowledged.items() <= held.items()
        assert len(acknowledged) > 2 * KILLS
        for name in NODES:
            evening.kill(name)
            evening.check(name)
        for name in NODES[1:]:
            assert "Traceback" not in Path(f"{evening.out(name)}.err").read_text()
