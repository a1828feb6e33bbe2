"""The desk's start with years of service in the store: from the process's beginning to a map that is painted and a desk
that answers.

Run: python tests/benchmarks/start.py [INCIDENTS] [--quick]

Each round is a process of its own (`opened_desk`), timed by the wall from before it begins; the figures are medians.
One round that does not count goes before: Python keeps what it compiled, as it does when a program is installed.
`map_s`: the ground and the situation are painted; `usable_s`: the queue is filled and a key has turned to the next
incident; `key_ms`: from a key to the next incident's page, later on. `after_show`, `keys` and `burst` tell how long the
GUI thread was away: until the desk was usable, while keys were pressed, and while a thousand entries poured in; by the
wall, and by its own work, which other programs cannot lengthen.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.long_service import space_of
from tests.benchmarks.rig import is_quick, print_result, size

TARGET_S = 2.0
ROUNDS = 5
LONGEST_S = 300


def main() -> None:
    incidents = size(100_000, 1_000)
    live = max(1, incidents // 50)
    with tempfile.TemporaryDirectory() as folder:
        space = space_of(Path(folder) / "ZX", incidents, live)
        rounds = 1 if is_quick() else ROUNDS + 1
        found = [one_round(space.folder, incidents, live) for _ in range(rounds)][-ROUNDS:]
    figures = medians(found)
    ratio = round(figures["usable_s"] / TARGET_S, 2)
    print_result("start", {"incidents": incidents, **figures, "target_s": TARGET_S, "usable_of_target": ratio})


def one_round(space: Path, incidents: int, live: int) -> dict[str, Any]:
    """One start, in a process of its own."""
    told = (str(space), repr(time.time()), str(incidents), str(live))
    command = [sys.executable, "-m", "tests.benchmarks.opened_desk", *told]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
        env={**env, "QT_QPA_PLATFORM": "offscreen"},
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def medians(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Of each figure the median of all rounds; figures within figures stay where they are."""
    first = found[0]
    return {
        name: medians([one[name] for one in found])
        if isinstance(first[name], dict)
        else round(statistics.median(one[name] for one in found), 3)
        for name in first
    }


if __name__ == "__main__":
    main()
