"""The hub under a city's listeners: how soon a pushed entry is told to each, and whether a storm is taken whole.

Run: python tests/benchmarks/hub.py [LISTENERS] [--quick] [--backend=sqlite|postgres|postgres-4]

Listeners are real signed HTTP connections to the hub's server-sent events, held by a process of their own; entries are
written and pushed by a station process at a steady pace. A delivery lasts from before the entry is written until a
listener has read that it arrived. Then several stations push at the pace of a storm while the listeners listen.
"""

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from functools import partial
from itertools import cycle
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from tests.benchmarks.audience import Ear, audience, delays_ms
from tests.benchmarks.processes import OurHub, Told, our_hub, our_hubs_on_postgres
from tests.benchmarks.rig import cpu_s, is_quick, peak_mb, print_result, resident_mb, size

PER_SECOND = 5
STORM_PER_MINUTE = 50_000
STORMING = ("JD11", "JD12", "JD13", "JD14")
STORM_FIRST = 10_000_000
"""Where the numbers of a storm's records begin: beyond all others, and for each station anew."""
BACKENDS: dict[str, Callable[[Path], AbstractContextManager[OurHub]]] = {
    "sqlite": our_hub,
    "postgres": partial(our_hubs_on_postgres, count=1),
    "postgres-4": partial(our_hubs_on_postgres, count=4),
}


def backend() -> str:
    """The hub's store, as the command line names it."""
    named = (word.removeprefix("--backend=") for word in sys.argv if word.startswith("--backend="))
    return next(named, "sqlite")


def paced(times: int, seconds: float, work: Callable[[int], None]) -> None:
    """Do the work so many times, each no earlier than so many seconds after the one before was due."""
    start = time.monotonic()
    for number in range(times):
        time.sleep(max(0.0, start + number * seconds - time.monotonic()))
        work(number)


def listened(ear: Ear, writer: Told, listeners: int, entries: int) -> dict[str, Any]:
    """Deliveries of so many entries to so many listeners at a steady pace."""
    pids, begun = ear.hub.pids, []
    alone_mb = sum(map(resident_mb, pids))
    ear.arrived()
    before = ear.held

    def write(number: int) -> None:
        begun.append(time.time())
        writer.do("write", first=listeners * 1000 + number, count=1)
        writer.do("push")

    with audience(ear, listeners) as present:
        memory_mb, cpu, start = sum(map(resident_mb, pids)), sum(map(cpu_s, pids)), time.monotonic()
        paced(entries, 1 / PER_SECOND, write)
        busy = (sum(map(cpu_s, pids)) - cpu) / (time.monotonic() - start)
        time.sleep(1)
        heard = present.heard()
    cursors = range(before + 1, before + 1 + entries)
    ear.arrived()
    delays, missed = delays_ms(heard, list(zip(begun, cursors, strict=True)), listeners)
    p50, p95, p99 = (round(float(part), 1) for part in np.percentile(delays, (50, 95, 99)))
    each = round((memory_mb - alone_mb) * 1000 / listeners)
    load = {"cpu_percent": round(busy * 100), "memory_mb": memory_mb, "kb_each": each}
    return {"p50_ms": p50, "p95_ms": p95, "p99_ms": p99, "missed": missed, **load}


def stormed(ear: Ear, stations: Sequence[Told], seconds: int) -> dict[str, Any]:
    """What became of a storm of pushes, one a second from each station; `late_s` is how far they fell behind."""
    each = ceil(STORM_PER_MINUTE / 60 / len(stations))
    ear.arrived()
    start, cpu = time.monotonic(), sum(map(cpu_s, ear.hub.pids))

    def second(number: int) -> None:
        for place, station in enumerate(stations):
            station.tell("write", first=STORM_FIRST * (place + 1) + number * each, count=each)
            station.tell("push")
        for station in stations:
            station.answer()
            station.answer()

    paced(seconds, 1, second)
    took, busy = time.monotonic() - start, sum(map(cpu_s, ear.hub.pids)) - cpu
    pushed, taken = each * len(stations) * seconds, sum(len(batch.entries) for batch in ear.arrived())
    pace = {"pushed": pushed, "per_minute": round(pushed * 60 / max(took, seconds)), "lost": pushed - taken}
    return {**pace, "late_s": round(max(0.0, took - seconds), 1), "cpu_percent": round(busy * 100 / took)}


def main() -> None:
    quick = is_quick()
    sizes = [size(0, 20)] if quick or size(0, 0) else [500, 2000]
    entries, storm_s = (10, 2) if quick else (150, 60)
    with TemporaryDirectory() as name, ExitStack() as stack:
        hub = stack.enter_context(BACKENDS[backend()](Path(name)))
        ear = stack.enter_context(closing(Ear(hub)))
        writer = stack.enter_context(hub.station("JD01"))
        figures: dict[str, Any] = {f"listeners_{count}": listened(ear, writer, count, entries) for count in sizes}
        doors = cycle(hub.urls)
        storming = [stack.enter_context(hub.station(station, next(doors))) for station in STORMING]
        with audience(ear, sizes[0]):
            figures["storm"] = stormed(ear, storming, storm_s)
        figures["peak_mb"] = sum(map(peak_mb, hub.pids))
    print_result("hub", {"backend": backend(), "entries_per_s": PER_SECOND, **figures})


if __name__ == "__main__":
    main()
