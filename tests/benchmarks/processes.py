"""Hubs and stations as processes, ours and PouchDB's, behind one face: a scenario is written once and run on both.

A station is told what to do by one JSON line at a time and answers by one. PouchDB is installed by npm into the user's
cache folder, never into the repository.
"""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

from tests.benchmarks import governed
from tests.servers import postgresql
from workstation.domain.clock import WallClock
from workstation.hub.invitations import Invitations

POUCHDB = Path(__file__).parent / "pouchdb"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "workstation" / "pouchdb-benchmark"


class Told:
    """A process that obeys JSON lines."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.answer()

    @property
    def pid(self) -> int:
        return self._process.pid

    def tell(self, do: str, **order: object) -> None:
        """Give an order and do not wait."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Wait for what the oldest order brought."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._process.args!r} ended before its answer")
        found: dict[str, Any] = json.loads(line)
        return found

    def do(self, do: str, **order: object) -> dict[str, Any]:
        self.tell(do, **order)
        return self.answer()


class Hub(Protocol):
    """A running hub: stations join it by name, through `url` where it is not their own way there."""

    url: str
    pid: int

    def station(self, name: str, url: str = "") -> AbstractContextManager[Told]: ...


@contextmanager
def running(command: Sequence[str], cwd: Path | None = None) -> Iterator["subprocess.Popen[str]"]:
    """A process with pipes; told to end, and waited for, when done with."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=cwd) as process:
        try:
            yield process
        finally:
            process.terminate()


class OurHub:
    """The hub's own command over a space in `folder`, in one process or in several side by side."""

    def __init__(self, folder: Path, processes: "Sequence[subprocess.Popen[str]]") -> None:
        self.folder = folder
        self.pids = [process.pid for process in processes]
        self.pid = self.pids[0]
        self.urls = [str(json.loads((process.stdout or io.StringIO()).readline())["url"]) for process in processes]
        self.url = self.urls[0]

    def beside(self, others: "OurHub") -> "OurHub":
        """The same hub with these processes too."""
        self.pids += others.pids
        self.urls += others.urls
        return self

    def code(self, name: str) -> str:
        """An invitation for a station."""
        invitations = Invitations(self.folder / "HUB" / "keys" / "invitations.json")
        return invitations.invite(name, "990100", WallClock().now())

    @contextmanager
    def station(self, name: str, url: str = "") -> Iterator[Told]:
        words = [str(self.folder), name, url or self.url, self.code(name)]
        with running([sys.executable, "-m", "tests.benchmarks.station_process", *words]) as process:
            yield Told(process)


@contextmanager
def our_hub(folder: Path) -> Iterator[OurHub]:
    with running(hub_command(folder)) as process:
        yield OurHub(folder, [process])


@contextmanager
def governed_hub(folder: Path) -> Iterator[OurHub]:
    """A hub of a house in which authority was granted."""
    governed.found(folder)
    with our_hub(folder) as hub:
        yield hub


def hub_command(folder: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "workstation", "hub", "--space", str(folder / "HUB"), "--port", "0", *options]


@contextmanager
def our_hubs_on_postgres(folder: Path, count: int) -> Iterator[OurHub]:
    """So many processes over one database of a real server; the first founds the space, the others join it."""
    with postgresql("shared_buffers=512MB", "max_wal_size=4GB") as server, ExitStack() as stack:
        first = stack.enter_context(running(hub_command(folder, "--database", server)))
        founded = OurHub(folder, [first])
        others = [stack.enter_context(running(hub_command(folder))) for _ in range(count - 1)]
        yield founded.beside(OurHub(folder, others)) if others else founded


class PouchHub:
    """express-pouchdb over a folder. `batch` is its stations' size of a batch, 0 PouchDB's own."""

    def __init__(self, folder: Path, process: "subprocess.Popen[str]", batch: int) -> None:
        self.folder = folder
        self.pid = process.pid
        self.batch = batch
        assert process.stdout
        self.url = str(json.loads(process.stdout.readline())["url"])

    @contextmanager
    def station(self, name: str, url: str = "") -> Iterator[Told]:
        words = [str(self.folder / "stations"), name, url or self.url, str(self.batch)]
        with running(["node", "station.js", *words], CACHE) as process:
            yield Told(process)


@contextmanager
def pouch_hub(folder: Path, batch: int) -> Iterator[PouchHub]:
    (folder / "hub").mkdir()
    (folder / "stations").mkdir()
    with running(["node", "hub.js", str(folder / "hub")], CACHE) as process:
        yield PouchHub(folder, process, batch)


def why_no_pouchdb(may_install: bool) -> str:
    """Empty once PouchDB lies ready in the cache; otherwise what is missing."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "install Node.js 18 or later with npm to measure PouchDB beside us"
    if not may_install and not (CACHE / "node_modules").is_dir():
        return f"not in the cache ({CACHE}); a run without --quick installs it"
    CACHE.mkdir(parents=True, exist_ok=True)
    for file in POUCHDB.iterdir():
        shutil.copy(file, CACHE)
    if (CACHE / "node_modules").is_dir():
        return ""
    command = ["npm", "install", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(command, cwd=CACHE, capture_output=True, text=True, check=False)
    return f"npm could not install it: {done.stderr[-500:]}" if done.returncode else ""
