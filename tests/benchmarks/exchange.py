"""The scenario of the sync benchmark, told once and played by our stations and by PouchDB's.

One station writes and pushes everything, a second pulls it into an empty store; then both edit the same incidents while
apart and meet again; then one edit after the other travels over the hub from one to the other.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.counting_proxy import counting
from tests.benchmarks.processes import Hub, Told
from tests.benchmarks.rig import cpu_s, peak_mb, seconds

Opening = Callable[[Path], AbstractContextManager[Hub]]
BETWEEN_EDITS_S = 0.05


@dataclass(frozen=True, slots=True)
class Extent:
    """How much to play: entries pushed and pulled, edits each of two stations makes apart, single edits that travel."""

    entries: int
    apart: int
    seen: int


def played(opening: Opening, extent: Extent) -> dict[str, Any]:
    """The figures of one run: times by the wall and by the processor, the peak of each process's memory in MB."""
    with (
        TemporaryDirectory() as name,
        opening(Path(name)) as hub,
        hub.station("JD01") as writer,
        hub.station("JD02") as reader,
    ):
        writer.do("write", first=0, count=extent.entries)
        found = timed("push", lambda: writer.do("push"), (hub.pid, writer.pid))
        found |= timed("pull", lambda: reader.do("pull"), (hub.pid, reader.pid))
        writer.do("pull")
        found |= {"hub_mb": peak_mb(hub.pid), "writer_mb": peak_mb(writer.pid), "reader_mb": peak_mb(reader.pid)}
        if extent.apart:
            edit_apart((writer, reader), extent.apart)
            found |= timed("concurrent", lambda: meet((writer, reader)), (hub.pid, writer.pid, reader.pid))
            found |= delays_ms((writer, reader), extent.seen)
        held = writer.do("held")
        found |= {"refused": held["refused"], "equal": held == reader.do("held")}
    return found


def timed(name: str, work: Callable[[], object], pids: Sequence[int]) -> dict[str, Any]:
    """How long work takes by the wall, and the processor time of these processes, which others cannot lengthen much."""
    before = sum(map(cpu_s, pids))
    took = seconds(work)
    return {f"{name}_s": round(took, 2), f"{name}_cpu_s": round(sum(map(cpu_s, pids)) - before, 2)}


def edit_apart(stations: tuple[Told, Told], count: int) -> None:
    """Each counts the trapped of the same incidents without knowing of the other's count."""
    for number, station in enumerate(stations):
        station.do("edit", first=0, count=count, trapped=number + 1)


def meet(stations: tuple[Told, Told]) -> None:
    """Until both stations and the hub hold the same."""
    for what in ("push", "pull"):
        both(stations, what)


def both(stations: tuple[Told, Told], what: str) -> None:
    for station in stations:
        station.tell(what)
    for station in stations:
        station.answer()


def delays_ms(stations: tuple[Told, Told], times: int) -> dict[str, float]:
    """From one station's edit to the other's tables, over the hub, in milliseconds."""
    both(stations, "follow")
    time.sleep(1)
    delays = [_delay_s(stations, 10 + number) * 1000 for number in range(times)]
    parts = statistics.quantiles(delays, n=20)
    return {"seen_p50_ms": round(parts[9], 1), "seen_p95_ms": round(parts[18], 1)}


def _delay_s(stations: tuple[Told, Told], trapped: int) -> float:
    writer, reader = stations
    reader.tell("saw", trapped=trapped)
    begun, seen = writer.do("touch", trapped=trapped)["at"], reader.answer()["at"]
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
