"""`audit verify` over a long journal, by its own command: time and memory on a good one, and for each of four kinds of
tampering whether the entry is named by its number, and how long that took.

Run: python -m tests.benchmarks.audit [ENTRIES] [--quick]
"""

import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection, connect
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tests.benchmarks.rig import drafts, peak_mb, print_result, size
from workstation.domain.clock import WallClock
from workstation.journal import Journal
from workstation.station import Space

PAGE = 5000


class Tampering(NamedTuple):
    """What is done to the entry `{0}`, and how it is undone. The copy of the row lies in a table of its own."""

    name: str
    done: tuple[str, ...]
    undone: tuple[str, ...]


_KEPT = "create table kept as select * from entry where seq = {0}"
_BACK = ("delete from entry where seq = {0}", "insert into entry select * from kept", "drop table kept")
TAMPERINGS = (
    Tampering("altered", (_KEPT, "update entry set content = replace(content, 'wang', 'zhao') where seq = {0}"), _BACK),
    Tampering("dropped", (_KEPT, "delete from entry where seq = {0}"), _BACK),
    Tampering(
        "inserted",
        (
            "update entry set seq = -seq where seq > {0}",
            "update entry set seq = 1 - seq where seq < 0",
            "create table kept as select * from entry where seq = {0}",
            "update kept set seq = seq + 1, number = -1",
            "insert into entry select * from kept",
            "drop table kept",
        ),
        (
            "delete from entry where number = -1",
            "update entry set seq = -seq where seq > {0}",
            "update entry set seq = -seq - 1 where seq < 0",
        ),
    ),
    Tampering(
        "moved",
        (
            "update entry set seq = -1 where seq = {0}",
            "update entry set seq = {0} where seq = {0} + 1",
            "update entry set seq = {0} + 1 where seq = -1",
        ),
        (
            "update entry set seq = -1 where seq = {0}",
            "update entry set seq = {0} where seq = {0} + 1",
            "update entry set seq = {0} + 1 where seq = -1",
        ),
    ),
)


def written(folder: Path, entries: int) -> Space:
    """A space whose one station wrote that many entries."""
    space = Space.found(folder, "ZX")
    journal = Journal.open(space.place, space.identity(), WallClock(), space.sealer())
    for first in range(0, entries, PAGE):
        journal.append(list(drafts(min(PAGE, entries - first), first)))
    journal.close()
    return space


def verify(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The figures of one `audit verify`, and the faults it printed."""
    command = [sys.executable, "-m", "workstation", "audit", "verify", str(folder)]
    begun, peak, faults = time.perf_counter(), 0, folder.with_suffix(".faults")
    with faults.open("w+", encoding="utf-8") as out, subprocess.Popen(command, stdout=out) as process:
        while process.poll() is None:
            peak = max(peak, peak_mb(process.pid))
            time.sleep(0.05)
        took = time.perf_counter() - begun
    listed = faults.read_text(encoding="utf-8").splitlines()
    return {"s": round(took, 1), "peak_mb": peak, "code": process.returncode, "faults": len(listed)}, listed


def tampered(connection: Connection, statements: tuple[str, ...], seq: int) -> None:
    for statement in statements:
        connection.execute(statement.format(seq))


def main() -> None:
    entries = size(1_000_000, 2_000)
    figures: dict[str, Any] = {"entries": entries}
    with TemporaryDirectory() as name:
        folder, middle = Path(name) / "space", entries // 2
        space = written(folder, entries)
        with closing(connect(space.place, isolation_level=None)) as connection:
            (incarnation,) = connection.execute("select incarnation from stream").fetchone()
            figures["good"], _ = verify(folder)
            for tampering in TAMPERINGS:
                tampered(connection, tampering.done, middle)
                figures[tampering.name], faults = verify(folder)
                near = {f"ZX/{incarnation}/{seq}" for seq in (middle, middle + 1)}
                figures[tampering.name]["named"] = any(fault.partition(": ")[0] in near for fault in faults)
                tampered(connection, tampering.undone, middle)
            figures["good_again"] = not verify(folder)[1]
    print_result("audit", figures)


if __name__ == "__main__":
    main()
