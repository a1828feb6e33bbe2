"""A hub and two stations killed at random points of their work, again and again: nothing acknowledged is lost.

An entry is acknowledged to the person by its Future, and to the station by the hub's answer to a push. An evening is 50
kills; `LONG_RUN=1` plays twenty of them.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import pytest

from tests.hubs import enrolled_station, running_hub, until
from tests.servers import free_port
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

    def __init__(self, folder: Path, nursery: "subprocess.Popen[str]") -> None:
        self.folder = folder
        self.nursery = nursery
        self.port = free_port()
        self.alive: dict[str, int] = {}
        with running_hub(folder, WallClock(), self.port) as (hub, url):
            for name in NODES[1:]:
                enrolled_station(folder, name, hub, url, WallClock()).stop()

    def start(self, name: str, seed: int) -> None:
        role = "hub" if name == "HUB" else "station"
        order = [role, str(self.folder / name), self.port, str(self.out(name)), seed]
        assert self.nursery.stdin
        assert self.nursery.stdout
        self.nursery.stdin.write(json.dumps(order) + "\n")
        self.nursery.stdin.flush()
        self.alive[name] = int(self.nursery.stdout.readline())

    def kill(self, name: str) -> None:
        """A node that had died by itself cannot be killed: then this fails, and its last words are in its err file."""
        os.kill(pid := self.alive.pop(name), signal.SIGKILL)
        until(lambda: not _is_there(pid))

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


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def evening_of(folder: Path) -> Iterator[Evening]:
    command = [sys.executable, "-m", "tests.stories.nursery"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:
        evening = Evening(folder, nursery)
        try:
            yield evening
        finally:
            for name in list(evening.alive):
                evening.kill(name)


@pytest.mark.parametrize("seed", range(EVENINGS))
def test_what_was_acknowledged_outlives_fifty_kills_of_hub_and_stations(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    with evening_of(tmp_path) as evening:
        for name in NODES:
            evening.start(name, 1)
        for kill in range(KILLS):
            time.sleep(chance.uniform(0, LONGEST_S))
            victim = chance.choice(NODES)
            evening.kill(victim)
            evening.check(victim)
            evening.check_receipts()
            evening.start(victim, kill + 2)
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
