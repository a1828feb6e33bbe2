"""A station in a process of its own that obeys one JSON line at a time and answers each by one.

Run as `python -m tests.stories.station_told FOLDER NAME URL CODE`. It stays in touch with the hub by itself; its clock
goes on by as many seconds as each edit says, so that hours pass while a line is down.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.hubs import digest
from workstation.domain.clock import ManualClock, WallClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident
from workstation.journal import Journal
from workstation.station import Parts, Space, Station
from workstation.sync.enrolling import enrol
from workstation.sync.link import Link
from workstation.sync.peer import Peer

HOURS = 6
Order = dict[str, Any]


class Told:
    """What the station does when told."""

    def __init__(self, folder: Path, name: str, url: str, code: str) -> None:
        space = Space.found(folder / name, name)
        address, key = enrol(url, code, space.identity())
        space.replace_space_key(key)
        address.write(space.hub_file)
        self.clock = ManualClock(WallClock().now() - timedelta(hours=HOURS))
        self.station = Station(space, self.clock, Parts())
        self.station.start()
        self.link = Link(self.station, lambda: Peer(address, space.identity(), self.clock))
        self.link.start()
        self.situation = self.station.situation()

    def edit(self, order: Order) -> Order:
        """One entry an edit, one after the other, as people make them; how many became entries."""
        made = 0
        for record, fields in order["edits"]:
            self.clock.advance(order["seconds"])
            draft = Draft(self.station.name, "incident.edit", set_fields("incident", record, **fields))
            made += len(self.station.write([draft]).result())
        return {"made": made}

    def hurry(self, order: Order) -> Order:
        self.link.hurry()
        return self.state(order)

    def state(self, order: Order) -> Order:
        state = self.link.state
        return {"state": state.state, "unsent": state.unsent}

    def show(self, order: Order) -> Order:
        found = self.situation.get(Incident, order["record"])
        return {name: getattr(found, name, None) for name in order["fields"]}

    def held(self, order: Order) -> Order:
        """Every entry of a station, the tables' digest, the inbox, and what a proof of the journal finds."""
        told = self.station.ask(_held).result()
        return told | {"digest": digest(self.station)}

    def stop(self) -> None:
        self.link.stop()
        self.situation.close()
        self.station.stop()


def _held(journal: Journal) -> Order:
    rows = journal.store.connection.execute("select station, incarnation, seq from journal where station <> 'HUB'")
    listed = journal.situation.conflicts()
    return {
        "entries": ["/".join(map(str, row)) for row in rows],
        "listed": sorted([one.id, one.field, one.state] for one in listed if one.state != "decided"),
        "faults": [str(fault) for fault in journal.verify()],
    }


def main() -> None:
    folder, name, url, code = sys.argv[1:]
    told = Told(Path(folder), name, url, code)
    sys.stdout.write("{}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        order = json.loads(line)
        sys.stdout.write(json.dumps(getattr(told, order["do"])(order)) + "\n")
        sys.stdout.flush()
    told.stop()


if __name__ == "__main__":
    main()
