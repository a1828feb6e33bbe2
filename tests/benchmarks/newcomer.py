"""A station that begins over a slow line at a hub with a year behind it: when it can work, and when all is there.

Run: python tests/benchmarks/newcomer.py [ENTRIES] [--quick] [--whole]

The hub holds incidents of a whole year, six entries each (call and report, task, unit, log, task done, closure), and a
few hundred that are open, begun at any time of it. Hub and station run in processes of their own; the line between them
lets `MBIT` pass each way. `working_s`: until everything is there that is open or was written in the last 72 hours, and
every entry's header, chained and signed; `all_s`: until the last content is. With --whole a second station then pulls
everything in its order, for comparison. `..._cpu_s` is the processor time of hub and station.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.counting_proxy import CountingProxy, counting
from tests.benchmarks.exchange import timed
from tests.benchmarks.processes import OurHub, Told, our_hub
from tests.benchmarks.rig import is_quick, peak_mb, print_result, size
from tests.hubs import digest
from tests.long_past import long_over, not_over
from tests.sync.offline import house, office_of
from workstation.domain.clock import ManualClock, WallClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.journal import Want
from workstation.station import Parts, Space, Station

MBIT = 4
DAYS, EACH, OPEN_EACH, A_WEEK = 365, 6, 8, 7
IN_ONE = 5000
CHARACTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 600)]
TARGETS = {"working_s": 300}


def year_of(entries: int, still_open: int, clock: ManualClock) -> Iterator[list[Draft]]:
    """What a centre writes week by week while `clock` goes on to now."""
    weeks = DAYS // A_WEEK
    over = (entries - still_open * OPEN_EACH) // EACH
    for week in range(weeks):
        names = [f"open{number}" for number in range(still_open) if number % weeks == week]
        drafts = iter([*not_over(names), *long_over(over * week // weeks, over * (week + 1) // weeks)])
        while part := list(islice(drafts, IN_ONE)):
            yield part
        clock.advance(A_WEEK * 86_400)


def as_told(drafts: Iterable[Draft], chance: Random) -> Iterator[Draft]:
    """A caller's own words, name and number, and the digest of what the hotline sent, as with each real call."""
    for draft in drafts:
        calls = [change.id for change in draft.changes if (change.kind, change.field) == ("report", "incident")]
        said = [
            change
            for call in calls
            for change in set_fields(
                "report",
                call,
                text_full="".join(chance.choices(CHARACTERS, k=40)),
                reporter_name="".join(chance.choices(CHARACTERS, k=3)),
                reporter_phone=f"13{chance.randrange(10**9):09d}",
                raw_digest=chance.randbytes(32).hex(),
            )
        ]
        yield replace(draft, changes=(*draft.changes, *said))


def lived_through(folder: Path, entries: int, still_open: int) -> None:
    """A hub's space with a year in it, the work of its centre."""
    clock = ManualClock(WallClock().now() - timedelta(days=DAYS))
    hub = house(folder, clock)
    centre = office_of(hub, folder, "ZX")
    chance = Random(7)
    for part in year_of(entries, still_open, clock):
        centre.write(list(as_told(part, chance))).result()
        _hand_over(centre, hub)
    centre.stop()
    hub.stop()


def _hand_over(giver: Station, taker: Station) -> None:
    heads = taker.ask(lambda journal: journal.exchange.heads()).result()
    for batch in giver.ask(lambda journal: journal.exchange.missing(heads, Want())).result():
        taker.merge(batch).result()


def begun(hub: OurHub, line: CountingProxy, station: Told) -> dict[str, Any]:
    """The figures of a station's beginning."""
    told: dict[str, Any] = {}
    before, pids = line.count, (hub.pid, station.pid)
    found = timed("working", lambda: told.update(station.do("take_up")), pids)
    found["working_bytes"] = line.count - before
    rest = timed("rest", lambda: station.do("pull"), pids)
    found["all_s"] = round(found["working_s"] + rest["rest_s"], 2)
    found["all_cpu_s"] = round(found["working_cpu_s"] + rest["rest_cpu_s"], 2)
    found["all_bytes"] = line.count - before
    return {**found, **told, "station_mb": peak_mb(station.pid), "hub_mb": peak_mb(hub.pid)}


def whole(hub: OurHub, line: CountingProxy) -> dict[str, Any]:
    """What another station's beginning takes that is given everything in its order."""
    with hub.station("JD04", line.url) as station:
        before = line.count
        found = timed("whole", lambda: station.do("pull_whole"), (hub.pid, station.pid))
    return {**found, "whole_bytes": line.count - before}


def held_by_the_hub(folder: Path) -> str:
    """The digest of the hub's tables, once its process is gone."""
    station = Station(Space(folder / "HUB"), WallClock(), Parts())
    station.start()
    found = digest(station)
    station.stop()
    return found


def main() -> None:
    entries = size(300_000, 3_000)
    figures: dict[str, Any] = {"entries": entries, "mbit": MBIT}
    with TemporaryDirectory() as name:
        folder = Path(name)
        lived_through(folder, entries, still_open=20 if is_quick() else 200)
        with (
            our_hub(folder) as hub,
            counting(hub.url, MBIT * 1_000_000 // 8) as line,
            hub.station("JD03", line.url) as station,
        ):
            figures |= begun(hub, line, station)
            if "--whole" in sys.argv:
                figures |= whole(hub, line)
            station.do("pull")
            held = station.do("held")["digest"]
        figures["equal"] = held == held_by_the_hub(folder)
    print_result("newcomer", {**figures, "targets": TARGETS})


if __name__ == "__main__":
    main()
