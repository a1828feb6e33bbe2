"""The scenario of the sync benchmark, told once and played by our stations and by PouchDB's.

One station writes and pushes everything, a second pulls it into an empty store; then both edit the same incidents while
apart and meet again; then one edit after the other travels over the hub from one to the other.
"""

import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.counting_proxy import counting
from tests.benchmarks.processes import Hub, Told
from tests.benchmarks.rig import peak_mb, seconds

Opening = Callable[[Path], AbstractContextManager[Hub]]
BETWEEN_EDITS_S = 0.05


@dataclass(frozen=True, slots=True)
class Extent:
    """How much to play: entries pushed and pulled, edits each of two stations makes apart, single edits that travel."""

    entries: int
    apart: int
    seen: int


def played(opening: Opening, extent: Extent) -> dict[str, Any]:
    """The figures of one run, times in seconds unless named otherwise, memory the peak of each process in MB."""
    with (
        TemporaryDirectory() as name,
        opening(Path(name)) as hub,
        hub.station("JD01") as writer,
        hub.station("JD02") as reader,
    ):
        writer.do("write", first=0, count=extent.entries)
        pushed = seconds(lambda: writer.do("push"))
        pulled = seconds(lambda: reader.do("pull"))
        writer.do("pull")
        memory = {"hub_mb": peak_mb(hub.pid), "writer_mb": peak_mb(writer.pid), "reader_mb": peak_mb(reader.pid)}
        found = {"push_s": round(pushed, 2), "pull_s": round(pulled, 2), **memory}
        if extent.apart:
            found["concurrent_s"] = round(met((writer, reader), extent.apart), 2)
            found |= delays_ms((writer, reader), extent.seen)
        found["equal"] = writer.do("held") == reader.do("held")
    return found


def met(stations: tuple[Told, Told], apart: int) -> float:
    """How long two stations and the hub take to become equal, each with `apart` edits of the same incidents."""
    for number, station in enumerate(stations):
        station.do("edit", first=0, count=apart, title=f"积水{number}")

    def meet() -> None:
        for what in ("push", "pull"):
            both(stations, what)

    return seconds(meet)


def both(stations: tuple[Told, Told], what: str) -> None:
    for station in stations:
        station.tell(what)
    for station in stations:
        station.answer()


def delays_ms(stations: tuple[Told, Told], times: int) -> dict[str, float]:
    """From one station's edit to the other's tables, over the hub, in milliseconds."""
    both(stations, "follow")
    time.sleep(1)
    delays = [_delay_s(stations, f"第{number}次") * 1000 for number in range(times)]
    parts = statistics.quantiles(delays, n=20)
    return {"seen_p50_ms": round(parts[9], 1), "seen_p95_ms": round(parts[18], 1)}


def _delay_s(stations: tuple[Told, Told], title: str) -> float:
    writer, reader = stations
    reader.tell("saw", title=title)
    begun, seen = writer.do("touch", title=title)["at"], reader.answer()["at"]
    time.sleep(BETWEEN_EDITS_S)
    return float(seen - begun)


def bytes_on_the_wire(opening: Opening, entries: int) -> dict[str, float]:
    """Bytes an entry takes when it is pushed and when it is pulled, HTTP and answers included; not timed."""
    with (
        TemporaryDirectory() as name,
        opening(Path(name)) as hub,
        counting(hub.url) as way,
        hub.station("JD03", way.url) as writer,
        hub.station("JD04", way.url) as reader,
    ):
        writer.do("write", first=0, count=entries)
        begun = way.count
        writer.do("push")
        pushed = way.count
        reader.do("pull")
        pulled = way.count
    return {"push_bytes": round((pushed - begun) / entries, 1), "pull_bytes": round((pulled - pushed) / entries, 1)}
