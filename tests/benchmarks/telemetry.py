"""Observations stored and read back a second; the last line is JSON. `python -m tests.benchmarks.telemetry`."""

import json
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from workstation.domain.observation import Observation
from workstation.telemetry import Telemetry

SENSORS, ROUNDS, BATCH = 2000, 100, 2000
START = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def main() -> None:
    batches = [
        [Observation(f"S{n:04d}", START + timedelta(seconds=10 * turn), n + turn / 7) for n in range(SENSORS)]
        for turn in range(ROUNDS)
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = Telemetry.open(Path(folder) / "telemetry.sqlite", writable=True)
        begun = time.perf_counter()
        for batch in batches:
            store.store(batch)
        stored = SENSORS * ROUNDS / (time.perf_counter() - begun)
        begun = time.perf_counter()
        store.latest()
        latest = time.perf_counter() - begun
        many = [Observation("LONG", START + timedelta(seconds=10 * n), n % 97) for n in range(260_000)]
        store.store(many)
        begun = time.perf_counter()
        store.series("LONG", START, START + timedelta(days=60), points=2000)
        series = time.perf_counter() - begun
        store.close()
    figures = {
        "observations_per_s": round(stored),
        "latest_2000_ms": round(latest * 1000, 2),
        "series_260k_to_2000_points_ms": round(series * 1000, 1),
    }
    print(f"{SENSORS} sensors, batches of {BATCH}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
