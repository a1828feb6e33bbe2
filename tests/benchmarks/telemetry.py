"""Observations stored and read back a second.

Run: python tests/benchmarks/telemetry.py [ROUNDS] [--quick]
"""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.rig import is_quick, median_ms, print_result, seconds, size
from workstation.domain.observation import Observation
from workstation.telemetry import Telemetry

SENSORS = 2000
START = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def main() -> None:
    rounds, long = size(100, 5), 10_000 if is_quick() else 260_000
    batches = [
        [Observation(f"S{n:04d}", START + timedelta(seconds=10 * turn), n + turn / 7) for n in range(SENSORS)]
        for turn in range(rounds)
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = Telemetry.open(Path(folder) / "telemetry.sqlite", writable=True)
        stored = seconds(lambda: [store.store(batch) for batch in batches])
        latest = median_ms(store.latest, 9)
        store.store([Observation("LONG", START + timedelta(seconds=10 * n), n % 97) for n in range(long)])
        series = median_ms(lambda: store.series("LONG", START, START + timedelta(days=60), points=2000), 5)
        store.close()
    figures = {"observations_per_s": round(SENSORS * rounds / stored), "latest_ms": latest, "series_ms": series}
    print_result("telemetry", {"sensors": SENSORS, "rounds": rounds, "in_series": long, **figures})


if __name__ == "__main__":
    main()
