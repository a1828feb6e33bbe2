"""Nodes that are born fast: one process that has loaded everything forks a hub or a station for each line it is told.

Run as `python -m tests.stories.nursery`. A line is `[role, folder, port, out, seed]` as JSON and is answered by the
child's process id; a child lives until it is killed. The nursery has one thread, so that forking it is safe. The role
is `hub`, `station`, or `evening` for a station alone under load.
"""

import gc
import json
import os
import signal
import sys
import time
from itertools import count
from pathlib import Path
from random import Random

from tests.stories import station_under_load
from workstation.domain.clock import WallClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.hub.exchange import Hub
from workstation.hub.server import HubServer
from workstation.journal.codec import digest_of, encode_content
from workstation.station import Parts, Space, Station
from workstation.sync.hub_address import HubAddress
from workstation.sync.link import Link
from workstation.sync.peer import Peer

PAUSE_S = 0.004
"""Between two edits, so that an evening of kills stays short enough to be proved after each."""


def hub(space: Space, port: int) -> None:
    station = Station(space, WallClock(), Parts())
    station.start()
    HubServer(Hub(station), "127.0.0.1", port).start()
    while True:
        time.sleep(60)


def station(space: Space, out: Path, seed: int) -> None:
    """Edit without an end, also what others edit, and say of each entry that it was acknowledged. Seed 0: only sync."""
    heart, chance = Station(space, WallClock(), Parts()), Random(seed)
    address = HubAddress.read(space.hub_file)
    heart.start()
    link = Link(heart, lambda: Peer(address, space.identity(), heart.clock))
    link.start()
    with out.open("ab") as said:
        for number in count(1):
            time.sleep(PAUSE_S if seed else 0.1)
            link.hurry()
            if not seed:
                continue
            own = set_fields("incident", f"{space.station}-{seed}-{number}", title=f"{number}")
            shared = set_fields("incident", f"shared-{number % 20}", trapped=chance.randrange(99))
            for entry in heart.write([Draft("wang", "incident.edit", own + shared)]).result():
                line = {"ref": entry.ref, "digest": digest_of(encode_content(entry)).hex()}
                os.write(said.fileno(), json.dumps(line).encode() + b"\n")


def live(role: str, folder: str, port: int, out: str, seed: int) -> None:
    """In the child: until it is killed, or fails, which its `err` file tells."""
    os.dup2(os.open(f"{out}.err", os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    sys.stdin.close()
    match role:
        case "hub":
            hub(Space(Path(folder)), port)
        case "station":
            station(Space(Path(folder)), Path(out), seed)
        case "evening":
            os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT), 1)
            station_under_load.play(Path(folder), seed)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            live(*order)
            os._exit(1)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
