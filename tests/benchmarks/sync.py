"""Sync over real HTTP, ours and PouchDB's in one run: entries pushed and pulled, two stations' edits made apart, one
edit seen by the other station, and bytes on the wire.

Hub and stations run in processes of their own, the hub by its own command, with signatures, authority and folding on:
each entry is judged by what its author was granted, and what the operator answers for bears his own signature.
PouchDB 9 with express-pouchdb plays the same scenario at its best size of a batch and at its default; it needs Node.js
and, once, the npm registry.

Run: python tests/benchmarks/sync.py [ENTRIES] [--quick] [--million] [--alone]

--alone leaves PouchDB out; --million then pushes and pulls a million entries too, for time and memory.
`..._x_best` and `..._x_default` tell how many times as long PouchDB took; `..._cpu_x_...` compare the processor time of
all processes that took part, where other programs want the cores too.
"""

import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from tests.benchmarks.exchange import Extent, bytes_on_the_wire, played
from tests.benchmarks.processes import Hub, governed_hub, pouch_hub, why_no_pouchdb
from tests.benchmarks.rig import is_quick, print_result, size

BEST_BATCH, DEFAULT_BATCH = 1000, 0
TARGETS = {
    "push_x_best": 8,
    "push_x_default": 12,
    "pull_x_best": 8,
    "pull_x_default": 12,
    "concurrent_x_best": 12,
    "seen_p95_ms": 50,
}
TIMED = ("push", "pull", "concurrent")


def pouch_at_best(folder: Path) -> AbstractContextManager[Hub]:
    return pouch_hub(folder, BEST_BATCH)


def pouch_at_default(folder: Path) -> AbstractContextManager[Hub]:
    return pouch_hub(folder, DEFAULT_BATCH)


def times(theirs: Mapping[str, Any], ours: Mapping[str, Any], name: str) -> float:
    """How many times as much of it theirs took; 0 where ours is not known."""
    return round(theirs[name] / ours[name], 1) if ours[name] else 0.0


def beside_pouchdb(ours: Mapping[str, Any], extent: Extent) -> dict[str, Any]:
    """PouchDB's own figures, and how many times as long as ours it took."""
    found: dict[str, Any] = {}
    for name, opening in (("best", pouch_at_best), ("default", pouch_at_default)):
        theirs = played(opening, extent)
        found[f"pouchdb_{name}"] = theirs
        for what in TIMED:
            found[f"{what}_x_{name}"] = times(theirs, ours, f"{what}_s")
            found[f"{what}_cpu_x_{name}"] = times(theirs, ours, f"{what}_cpu_s")
    found["pouchdb_best"] |= bytes_on_the_wire(pouch_at_best, extent.entries // 10)
    return found


def main() -> None:
    entries = size(100_000, 1_000)
    extent = Extent(entries, apart=min(10_000, entries // 10), seen=20 if is_quick() else 200)
    ours = played(governed_hub, extent) | bytes_on_the_wire(governed_hub, extent.entries // 10)
    figures: dict[str, Any] = {"entries": entries, "apart": extent.apart, **ours}
    missing = "left out" if "--alone" in sys.argv else why_no_pouchdb(may_install=not is_quick())
    figures |= {"pouchdb": missing} if missing else beside_pouchdb(ours, extent)
    if "--million" in sys.argv:
        figures["million"] = played(governed_hub, Extent(1_000_000, apart=0, seen=0))
    print_result("sync", {**figures, "targets": TARGETS})


if __name__ == "__main__":
    main()
