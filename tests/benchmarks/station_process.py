"""One of our stations in a process of its own, obeying one JSON line at a time on its standard input.

Run: python -m tests.benchmarks.station_process FOLDER NAME URL CODE

Orders, each answered by one JSON line: `write` and `edit` (locally: how many are trapped), `touch` (one edit, and when
it was begun), `saw` (when that edit stood in the tables here), `push`, `pull`, `take_up` (pull, but for contents that
follow), `pull_whole` (pull, everything in its order), `follow` (stay in touch with the hub), `held` (how many entries
there are, how many of them count for nothing, and the digest of the tables).
"""

import gc
import json
import sys
import threading
import time
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.benchmarks import governed
from tests.hubs import digest, entries
from workstation.cli import COLLECT
from workstation.domain.clock import WallClock
from workstation.domain.records import Incident
from workstation.station import Parts, Space, Station
from workstation.sync.enrolling import enrol
from workstation.sync.hub_address import HubAddress
from workstation.sync.link import Link
from workstation.sync.peer import Peer
from workstation.sync.rounds import pull_all, pull_new, push_all

PAGE = 5000
TOUCHED = "i0"
LONGEST_S = 30
LIVE = ("reported", "verified", "responding")
Order = dict[str, Any]


def joined(folder: Path, name: str, url: str, code: str) -> Station:
    """A started station, let in by the hub."""
    space = Space.found(folder / name, name)
    address, key = enrol(url, code, space.identity())
    space.replace_space_key(key)
    address.write(space.hub_file)
    station = Station(space, WallClock(), Parts())
    station.start()
    return station


class Orders:
    """What the process does when told."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.situation = station.situation()
        self.seen: dict[int | None, float] = {}
        self.news = threading.Condition()
        self.link = Link(station, self.dial)
        station.subscribe(self.changed)

    def changed(self, kinds: frozenset[str]) -> None:
        incident = self.situation.get(Incident, TOUCHED) if "incident" in kinds else None
        if incident:
            with self.news:
                self.seen.setdefault(incident.trapped, time.time())
                self.news.notify_all()

    def stop(self) -> None:
        self.link.stop()
        self.situation.close()
        self.station.stop()

    def dial(self) -> Peer:
        return Peer(HubAddress.read(self.station.space.hub_file), self.station.space.identity(), self.station.clock)

    @cached_property
    def own(self) -> str:
        """How the names begin that are given here, once the root's word has come and the operator sits down."""
        self.pull({})
        return governed.sits_down(self.station)

    def write(self, order: Order) -> Order:
        own, first, end = self.own, order["first"], order["first"] + order["count"]
        for page in range(first, end, PAGE):
            self.station.write(list(governed.evening(own, min(PAGE, end - page), page))).result()
        return {}

    def edit(self, order: Order) -> Order:
        """How many are trapped in each of `count` incidents that were written before."""
        assert self.own
        self.station.write(governed.counted(order["first"], order["count"], order["trapped"])).result()
        return {}

    def touch(self, order: Order) -> Order:
        at = time.time()
        self.edit({"first": 0, "count": 1, **order})
        return {"at": at}

    def saw(self, order: Order) -> Order:
        """When so many were trapped here in the incident that is touched."""
        with self.news:
            found = self.news.wait_for(lambda: order["trapped"] in self.seen, LONGEST_S)
        return {"at": self.seen[order["trapped"]] if found else None}

    def push(self, order: Order) -> Order:
        peer = self.dial()
        push_all(self.station, peer, lambda: False)
        self.station.ask(lambda journal: None).result()
        peer.close()
        return {}

    def pull(self, order: Order) -> Order:
        peer = self.dial()
        pull_all(self.station, peer, lambda: False)
        peer.close()
        return {}

    def take_up(self, order: Order) -> Order:
        peer = self.dial()
        pull_new(self.station, peer, lambda: False)
        peer.close()
        following = self.station.ask(lambda journal: journal.exchange.deferred()).result()
        return {"following": following, "open": len(self.situation.find(Incident, state=LIVE))}

    def pull_whole(self, order: Order) -> Order:
        peer = self.dial()
        more = True
        while more:
            heads = self.station.ask(lambda journal: journal.exchange.heads()).result()
            parcel = peer.pull(heads, PAGE)
            for merged in [self.station.merge(batch) for batch in parcel.batches]:
                merged.result()
            more = parcel.more
        peer.close()
        return {}

    def follow(self, order: Order) -> Order:
        self.link.start()
        return {}

    def held(self, order: Order) -> Order:
        sql = "select count(*) from entry where refused <> ''"
        refused = self.station.ask(lambda journal: journal.store.connection.execute(sql).fetchone()[0]).result()
        return {"held": entries(self.station), "refused": refused, "digest": digest(self.station)}


def main() -> None:
    gc.set_threshold(*COLLECT)
    folder, name, url, code = sys.argv[1:]
    orders = Orders(joined(Path(folder), name, url, code))
    print("{}", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(getattr(orders, order["do"])(order)), flush=True)
    orders.stop()


if __name__ == "__main__":
    main()
