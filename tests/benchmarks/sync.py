"""Sync over real HTTP: 100,000 signed entries pushed and pulled, and two stations pushing 10,000 each at once.

The hub runs in a process of its own by its own command, as it does in a city; the stations in this one.

Run: python tests/benchmarks/sync.py [ENTRIES] [--quick]
"""

import gc
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.rig import drafts, is_quick, print_result, seconds, size
from tests.hubs import digest
from workstation.cli import COLLECT
from workstation.domain.clock import WallClock
from workstation.hub.invitations import Invitations
from workstation.station import Parts, Space, Station
from workstation.sync.enrolling import enrol
from workstation.sync.hub_address import HubAddress
from workstation.sync.peer import Peer
from workstation.sync.rounds import pull_all, push_all

LIMIT_S = 5.0
PAGE = 5000


def joined(folder: Path, name: str, url: str) -> Station:
    space = Space.found(folder / name, name)
    code = Invitations(folder / "HUB" / "keys" / "invitations.json").invite(name, "990100", WallClock().now())
    address, key = enrol(url, code, space.identity())
    space.replace_space_key(key)
    address.write(space.hub_file)
    station = Station(space, WallClock(), Parts())
    station.start()
    return station


def dial(station: Station) -> Peer:
    return Peer(HubAddress.read(station.space.hub_file), station.space.identity(), station.clock)


def push(station: Station) -> None:
    peer = dial(station)
    push_all(station, peer, lambda: False)
    station.ask(lambda journal: None).result()
    peer.close()


def pull(station: Station) -> None:
    peer = dial(station)
    pull_all(station, peer, lambda: False)
    peer.close()


def both_push(stations: tuple[Station, Station]) -> None:
    threads = [threading.Thread(target=push, args=[station]) for station in stations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def running_hub(folder: Path) -> Iterator[str]:
    """The hub's command over a space in `folder`; its URL."""
    command = [sys.executable, "-m", "workstation", "hub", "--space", str(folder / "HUB"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as hub:
        try:
            yield json.loads(hub.stdout.readline() if hub.stdout else "")["url"]
        finally:
            hub.terminate()


def main() -> None:
    gc.set_threshold(*COLLECT)
    entries, apart = size(100_000, 2_000), 500 if is_quick() else 10_000
    with tempfile.TemporaryDirectory() as name, running_hub(Path(name)) as url:
        centre, street, third = (joined(Path(name), station, url) for station in ("ZX", "JD01", "JD02"))
        for first in range(0, entries, PAGE):
            centre.write(list(drafts(min(PAGE, entries - first), first))).result()
        pushed = seconds(lambda: push(centre))
        pulled = seconds(lambda: pull(street))
        pull(centre)
        same = digest(centre) == digest(street)
        for station, offset in ((street, 1_000_000), (third, 2_000_000)):
            station.write(list(drafts(apart, offset))).result()
        both = seconds(lambda: both_push((street, third)))
        for station in (centre, street, third):
            station.stop()
    figures = {"push_s": round(pushed, 2), "pull_s": round(pulled, 2), "limit_s": LIMIT_S, "apart": apart}
    ratios = {"push_of_limit": round(pushed / LIMIT_S, 2), "pull_of_limit": round(pulled / LIMIT_S, 2)}
    outcome = {"two_at_once_s": round(both, 2), "tables_equal": same}
    print_result("sync", {"entries": entries, **figures, **ratios, **outcome})


if __name__ == "__main__":
    main()
