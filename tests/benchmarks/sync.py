"""Sync over real HTTP: 100,000 signed entries pushed and pulled, and two stations pushing 10,000 each at once.

The hub runs in a process of its own, as it does in a city. Run: python -m tests.benchmarks.sync [ENTRIES]
"""

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.benchmarks.rig import drafts, print_result, seconds
from tests.hubs import digest
from workstation.domain.clock import WallClock
from workstation.hub.invitations import Invitations
from workstation.station import Parts, Space, Station
from workstation.sync.enrolling import enrol
from workstation.sync.hub_address import HubAddress
from workstation.sync.peer import Peer
from workstation.sync.rounds import pull_all, push_all

LIMIT_S = 5.0
SERVE = """
import sys
from pathlib import Path
from workstation.domain.clock import WallClock
from workstation.hub.exchange import Hub
from workstation.hub.server import HubServer
from workstation.station import Parts, Space, Station
station = Station(Space(Path(sys.argv[1])), WallClock(), Parts())
station.start()
print(HubServer(Hub(station), "127.0.0.1", 0).start(), flush=True)
sys.stdin.read()
"""


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


def main(entries: int = 100_000) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Space.found(folder / "HUB", "HUB")
        command = [sys.executable, "-c", SERVE, str(folder / "HUB")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as hub:
            url = hub.stdout.readline().strip() if hub.stdout else ""
            centre, street, third = (joined(folder, station, url) for station in ("ZX", "JD01", "JD02"))
            for first in range(0, entries, 5000):
                centre.write(list(drafts(5000, first))).result()
            pushed = seconds(lambda: push(centre))
            pulled = seconds(lambda: pull(street))
            pull(centre)
            same = digest(centre) == digest(street)
            for station, offset in ((street, 1_000_000), (third, 2_000_000)):
                station.write(list(drafts(10_000, offset))).result()
            threads = [threading.Thread(target=push, args=[station]) for station in (street, third)]
            started = time.perf_counter()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            both = time.perf_counter() - started
            for station in (centre, street, third):
                station.stop()
            hub.communicate()
    print_result(
        "sync",
        {
            "entries": entries,
            "push_s": round(pushed, 2),
            "pull_s": round(pulled, 2),
            "limit_s": LIMIT_S,
            "push_of_limit": round(pushed / LIMIT_S, 2),
            "pull_of_limit": round(pulled / LIMIT_S, 2),
            "two_times_10k_s": round(both, 2),
            "tables_equal": same,
        },
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
