"""Every benchmark can still be run: at a tiny size, from the checkout, as anybody would."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import postgres_programs

ROOT = Path(__file__).resolve().parents[2]
FIGURES = {
    "journal": {"append_1_per_s", "append_1000_per_s", "fold_per_s", "rebuild_s"},
    "postgres": {
        "append_1_per_s",
        "append_1000_per_s",
        "fold_per_s",
        "rebuild_s",
        "bytes_per_entry",
        "heard_by_another_ms",
    },
    "sync": {"push_s", "pull_s", "concurrent_s", "seen_p50_ms", "seen_p95_ms", "push_bytes", "pull_bytes"},
    "newcomer": {"working_s", "all_s", "working_bytes", "all_bytes", "following", "open", "equal"},
    "hub": {"backend", "listeners_20", "storm", "peak_mb"},
    "audit": {"entries", "good", "altered", "dropped", "inserted", "moved", "good_again"},
    "intake": {"reports_per_s", "with_append_per_s", "ratio"},
    "telemetry": {"observations_per_s", "latest_ms", "series_ms"},
    "accesses": {"record_ms", "person_ms", "newest_ms", "nobody_ms", "record_rows", "person_rows", "nobody_rows"},
    "start": {"map_s", "usable_s", "memory_mb", "after_show", "burst", "usable_of_target"},
    "map_frames": {"live", "leaflet", "seen_p95_ms", "every_p95_ms", "seen_of_target", "every_of_target"},
}
NOT_BENCHMARKS = {
    "__init__",
    "test_benchmarks",
    "rig",
    "long_service",
    "opened_desk",
    "watched_desk",
    "leaflet_page",
    "audience",
    "counting_proxy",
    "exchange",
    "governed",
    "listeners",
    "processes",
    "station_process",
}


def test_every_benchmark_is_run_here() -> None:
    lying_here = {file.stem for file in Path(__file__).parent.glob("*.py")}
    assert lying_here - NOT_BENCHMARKS == set(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_a_benchmark_prints_its_figures_as_one_json_line_at_the_end(name: str) -> None:
    if name == "postgres":
        postgres_programs()
    command = [sys.executable, f"tests/benchmarks/{name}.py", "--quick"]
    words = ["--no-web"] if name == "map_frames" else []
    done = subprocess.run([*command, *words], capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["benchmark"] == name
    assert found.keys() >= FIGURES[name]
