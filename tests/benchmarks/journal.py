"""The journal: append one entry and a thousand, fold what another sent, rebuild the tables, verify the chain.

Run: python tests/benchmarks/journal.py [ENTRIES] [--quick]
"""

import tempfile
from pathlib import Path

from tests.benchmarks.rig import drafts, print_result, seconds, size
from tests.journals import enrolled
from workstation.domain.clock import WallClock


def main() -> None:
    entries = size(100_000, 2_000)
    with tempfile.TemporaryDirectory() as folder:
        writer, reader = enrolled(Path(folder), WallClock(), "ZX", "JD03")
        one = seconds(lambda: [writer.append([draft]) for draft in drafts(500)])
        thousand = seconds(lambda: writer.append(list(drafts(1000, 1000))))
        for first in range(10_000, 10_000 + entries, 5000):
            writer.append(list(drafts(min(5000, 10_000 + entries - first), first)))
        batches = []
        own, after = writer.own, 0
        while batch := writer.exchange.run(own.station, own.incarnation, after, 5000):
            batches.append(batch)
            after = batch.last
        fold = seconds(lambda: [reader.accept(batch) for batch in batches])
        rebuild = seconds(reader.rebuild)
        verify = seconds(lambda: list(reader.verify()))
        same = writer.digest() == reader.digest()
        held = sum(reader.exchange.heads().values())
        writer.close()
        reader.close()
    print_result(
        "journal",
        {
            "append_1_per_s": round(500 / one),
            "append_1000_per_s": round(1000 / thousand),
            "entries": held,
            "fold_per_s": round(held / fold),
            "rebuild_s": round(rebuild, 2),
            "verify_s": round(verify, 2),
            "tables_equal": same,
        },
    )


if __name__ == "__main__":
    main()
