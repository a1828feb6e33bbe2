"""What the benchmarks share: how much to measure, incidents as people write them, and the one JSON line at the end."""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields

START = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)
QUICK = "--quick"


def is_quick() -> bool:
    """Whether only little is to be measured, to see that it can be."""
    return QUICK in sys.argv


def size(whole: int, quick: int) -> int:
    """How many: the number on the command line, else `whole`, or `quick` with --quick."""
    given = next((int(argument) for argument in sys.argv[1:] if argument.isdecimal()), 0)
    return given or (quick if is_quick() else whole)


def drafts(count: int, first: int = 0, title: str = "人民路下穿积水") -> Iterator[Draft]:
    """Entries as an evening brings them: half found incidents, half log lines beside them."""
    for number in range(first, first + count):
        if number % 2:
            fields = set_fields("log", f"log:{number}", incident=f"i{number - 1}", text="到场")
            yield Draft("wang", "log.add", fields)
        else:
            at = START + timedelta(seconds=number)
            fields = set_fields("incident", f"i{number}", title=title, state="open", level="III", occurred_at=at)
            yield Draft("wang", "incident.open", fields)


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def median_ms(work: Callable[[], object], times: int) -> float:
    return round(statistics.median(seconds(work) for _ in range(times)) * 1000, 2)


def memory_mb() -> int:
    """Resident memory of this process; on systems without /proc, 0."""
    path = Path("/proc/self/statm")
    return round(int(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6) if path.exists() else 0


def peak_mb(pid: int) -> int:
    """The most memory a process ever had resident; on systems without /proc, 0."""
    return _status_mb(pid, "VmHWM")


def resident_mb(pid: int) -> int:
    """The memory a process has resident; on systems without /proc, 0."""
    return _status_mb(pid, "VmRSS")


def _status_mb(pid: int, name: str) -> int:
    path = Path(f"/proc/{pid}/status")
    lines = path.read_text().splitlines() if path.exists() else []
    return round(next((int(line.split()[1]) / 1000 for line in lines if line.startswith(name)), 0))


def cpu_s(pid: int) -> float:
    """Processor time of a process so far, in seconds; on systems without /proc, 0."""
    path = Path(f"/proc/{pid}/stat")
    if not path.exists():
        return 0.0
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def print_result(name: str, figures: dict[str, object]) -> None:
    """The last line of a benchmark. `load` is how many others wanted the cores meanwhile: above their number, times are
    longer than the machine's own."""
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "load": load}
    print(json.dumps({"benchmark": name, **machine, **figures}, ensure_ascii=False))
