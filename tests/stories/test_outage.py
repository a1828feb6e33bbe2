"""Six hours without a line between the centre and a street: both work on, and nothing is lost, doubled or hidden.

Hub, centre and street are processes; between each station and the hub is a line that can be cut. `LONG_RUN=1` keeps the
line down for a whole minute, by when a station tries again as rarely as it ever does.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.processes import OurHub, Told, our_hub, running
from tests.fault_proxy import FaultProxy, fault_proxy
from tests.faults import Clear, Refuse, flaps
from tests.hubs import until
from workstation.domain.records import Incident
from workstation.situation import Situation
from workstation.station import Space

EDITS, APART, HOURS = 500, 50, 6
SECONDS = HOURS * 3600 // EDITS
LONG = bool(os.environ.get("LONG_RUN"))
OUTAGE_S = 60.0 if LONG else 0.0
SOON_S = 10.0 if LONG else 60.0  # on a machine that does nothing else; in a common run it shares the processors
FLAPS = 20
Edit = tuple[str, dict[str, object]]
STATION = [sys.executable, "-m", "tests.stories.station_told"]


@dataclass(frozen=True, slots=True)
class Sides:
    """The centre, the street, and the line of each to the hub."""

    hub: OurHub
    stations: tuple[Told, Told]
    lines: tuple[FaultProxy, FaultProxy]

    def edit(self, centre: list[Edit], street: list[Edit]) -> int:
        """Both at once; how many entries they made together."""
        for station, edits in zip(self.stations, (centre, street), strict=True):
            station.tell("edit", edits=edits, seconds=SECONDS)
        return sum(int(station.answer()["made"]) for station in self.stations)

    def weather(self, fault: Clear | Refuse) -> None:
        for line in self.lines:
            line.weather(fault)

    def equal(self, entries: int) -> bool:
        """Whether both hold so many entries, once hurried."""
        states = [station.do("hurry") for station in self.stations]
        return all(state["unsent"] == 0 for state in states) and all(
            len(station.do("held")["entries"]) == entries for station in self.stations
        )


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[Sides]:
    with ExitStack() as stack:
        hub = stack.enter_context(our_hub(tmp_path))
        lines = tuple(stack.enter_context(fault_proxy(hub.url)) for _ in range(2))
        stations = tuple(
            Told(stack.enter_context(running([*STATION, str(tmp_path), name, line.url, hub.code(name)])))
            for name, line in zip(("ZX", "JD03"), lines, strict=True)
        )
        yield Sides(hub, stations, lines)  # type: ignore[arg-type]


def outage_edits(side: str) -> list[Edit]:
    """What one side does in six hours: half of what both say of the shared incidents guarded, and much of its own."""
    level, title = ("II", "积水") if side == "ZX" else ("III", "内涝")
    both = [(f"i{n}", {"level": level} if n % 2 else {"title": title}) for n in range(APART)]
    own: list[Edit] = [(f"{side}-{n}", {"title": f"{side} {n}", "state": "reported"}) for n in range(EDITS - APART - 1)]
    order = ("i100", {"level": "I"}) if side == "ZX" else ("i101", {"evacuation": True})
    return [*both, *own, order]


def held(sides: Sides) -> list[dict[str, Any]]:
    return [station.do("held") for station in sides.stations]


def check_exact(sides: Sides, entries: int) -> None:
    """All is at both once, the tables are the same, 50 disagreements are listed, and both journals prove themselves."""
    centre, street = held(sides)
    for one in (centre, street):
        assert len(one["entries"]) == len(set(one["entries"])) == entries
        assert len(one["listed"]) == APART
        assert sum(state == "open" for _, _, state in one["listed"]) == APART // 2
        assert one["faults"] == []
    assert sorted(centre["entries"]) == sorted(street["entries"])
    assert (centre["digest"], centre["listed"]) == (street["digest"], street["listed"])
    told = [_told(Space(sides.hub.folder / name)) for name in ("HUB", "ZX", "JD03")]
    assert told[0] == told[1] == told[2]
    assert len(told[0][0]) > EDITS


def _told(space: Space) -> tuple[list[Incident], list[object]]:
    """What a node's tables and inbox say."""
    situation = Situation.open(space.journal)
    found: tuple[list[Incident], list[object]] = (situation.find(Incident), [*situation.conflicts()])
    situation.close()
    return found


def test_six_hours_apart_then_a_flapping_line_and_every_edit_is_there_once(sides: Sides) -> None:
    total = sides.edit([(f"i{n}", {"title": f"{n}", "level": "IV"}) for n in range(102)], [])
    until(lambda: sides.equal(total))

    sides.weather(Refuse())
    began = time.monotonic()
    total += sides.edit(outage_edits("ZX"), outage_edits("JD03"))
    assert total == 102 + 2 * EDITS
    until(lambda: all(station.do("state")["state"] == "offline" for station in sides.stations))
    until(lambda: time.monotonic() - began >= OUTAGE_S, OUTAGE_S + 1)
    until(lambda: [station.do("state")["unsent"] for station in sides.stations] == [EDITS, EDITS])

    centre, street = sides.stations
    sides.weather(Clear())
    back = time.monotonic()
    until(lambda: street.do("show", record="i100", fields=["level"]) == {"level": "I"}, SOON_S)
    until(lambda: centre.do("show", record="i101", fields=["evacuation"]) == {"evacuation": True}, SOON_S)
    assert time.monotonic() - back <= SOON_S
    until(lambda: sides.equal(total))
    check_exact(sides, total)

    for line, seed in zip(sides.lines, (1, 2), strict=True):
        line.next(*flaps(seed, FLAPS // 2))
    for turn in range(FLAPS):
        total += sides.edit([(f"late-{turn}", {"title": "甲"})], [(f"late-{turn}", {"trapped": turn})])
        for station in sides.stations:
            station.do("hurry")
    until(lambda: sides.equal(total) and not any(line.pending for line in sides.lines))
    check_exact(sides, total)
