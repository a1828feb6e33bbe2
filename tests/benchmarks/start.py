"""The desk's start with years of service in the store: from the process's beginning to a map that is painted and a desk
that answers.

Run: python -m tests.benchmarks.start [INCIDENTS] [--quick]

Each round is a process of its own, timed by the wall from before it begins. `painted`: every ground tile of the view
and the incidents on it; `usable`: the queue is filled, a key has moved its cursor, and that incident's page is shown.
`stall_ms` is the longest time the GUI thread was away after the window was shown, and during a burst of a thousand
entries.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from tests.benchmarks.rig import is_quick, memory_mb, print_result, size

ROUND = "--round"
TARGET_S = 2.0


def main() -> None:
    long_service = import_module("tests.benchmarks.long_service")
    incidents, rounds = size(100_000, 1_000), 1 if is_quick() else 5
    with tempfile.TemporaryDirectory() as folder:
        space = long_service.space_of(Path(folder) / "ZX", incidents, incidents // 50)
        found = [_timed(space.folder, incidents) for _ in range(rounds)]
    figures = {name: round(statistics.median(one[name] for one in found), 3) for name in found[0]}
    figures |= {"incidents": incidents, "rounds": rounds, "target_s": TARGET_S}
    print_result("start", figures | {"usable_of_target": round(figures["usable_s"] / TARGET_S, 2)})


def _timed(space: Path, incidents: int) -> dict[str, float]:
    """One start in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.start", ROUND, str(space), str(incidents), repr(time.time())]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=env)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__" and ROUND not in sys.argv:
    main()
elif __name__ == "__main__":
    one_round = import_module("tests.benchmarks.opened_desk").one_round
    space_, incidents_, began_ = sys.argv[sys.argv.index(ROUND) + 1 :][:3]
    print(json.dumps(one_round(Path(space_), int(incidents_), float(began_)) | {"memory_mb": memory_mb()}))
