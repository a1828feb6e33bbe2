"""What the benchmarks share: incidents as people write them, a wall clock, and the one JSON line at the end."""

import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields

START = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)


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


def print_result(name: str, figures: dict[str, object]) -> None:
    """The last line of a benchmark."""
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    print(json.dumps({"benchmark": name, **machine, **figures}, ensure_ascii=False))
