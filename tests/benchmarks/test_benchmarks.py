"""Every benchmark can still be run: at a tiny size, from the checkout, as anybody would."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TINY = {
    "journal": (("2000",), {"append_1_per_s", "append_1000_per_s", "fold_per_s", "rebuild_s"}),
    "sync": (("2000",), {"push_s", "pull_s", "two_times_10k_s", "push_of_limit", "pull_of_limit"}),
    "intake": (("500",), {"reports_per_s", "with_append_per_s", "ratio"}),
    "start": (("--quick",), {"map_s", "usable_s", "memory_mb", "usable_of_target"}),
}


@pytest.mark.parametrize("name", TINY)
def test_a_benchmark_prints_its_figures_as_one_json_line_at_the_end(name: str) -> None:
    words, figures = TINY[name]
    command = [sys.executable, str(ROOT / "tests" / "benchmarks" / f"{name}.py"), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["benchmark"] == name
    assert figures <= found.keys()
