"""The journal in PostgreSQL, every commit synced: append one entry and a thousand, fold what another sent, hear of it,
and what an entry takes on disk.

Run: python tests/benchmarks/postgres.py [ENTRIES] [--quick]
"""

import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path
from queue import Queue

import psycopg

from tests.benchmarks.rig import drafts, print_result, seconds, size
from tests.journals import SEALER, enrolled, identity
from tests.servers import postgresql
from workstation.domain.clock import WallClock
from workstation.journal import Journal
from workstation.journal.places import Shared


def main() -> None:
    entries = size(100_000, 2_000)
    with tempfile.TemporaryDirectory() as folder, postgresql("shared_buffers=512MB", "max_wal_size=4GB") as server:
        (writer,) = enrolled(Path(folder), WallClock(), "ZX")
        for first in range(0, entries, 5000):
            writer.append(list(drafts(min(5000, entries - first), first)))
        with closing(_opened(_new(server, "hub"), folder, "JD03")) as reader:
            reader.pin_root(identity("HUB").public)
            batches, after = [_run(writer, "HUB", 0)], 0
            while batch := _run(writer, "ZX", after):
                batches.append(batch)
                after = batch.last
            before = _bytes(server, "hub")
            fold = seconds(lambda: [reader.accept(batch) for batch in batches])
            taken = _bytes(server, "hub") - before
            rebuild = seconds(reader.rebuild)
            same = writer.digest() == reader.digest()
        writer.close()
        with closing(_opened(_new(server, "station"), folder, "ZX2")) as journal:
            one = seconds(lambda: [journal.append([draft]) for draft in drafts(500)])
            thousand = seconds(lambda: journal.append(list(drafts(1000, 1000))))
            heard = _heard_ms(journal, server, folder)
    print_result(
        "postgres",
        {
            "append_1_per_s": round(500 / one),
            "append_1000_per_s": round(1000 / thousand),
            "entries": entries,
            "fold_per_s": round(entries / fold),
            "rebuild_s": round(rebuild, 2),
            "bytes_per_entry": round(taken / entries),
            "heard_by_another_ms": heard,
            "tables_equal": same,
        },
    )


def _new(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return server.replace("/postgres?", f"/{name}?")


def _opened(url: str, folder: str, station: str) -> Journal:
    return Journal.open(Shared(url, Path(folder) / station / "x.sqlite"), identity(station), WallClock(), SEALER)


def _run(journal: Journal, station: str, after: int):
    names = [name for name in journal.exchange.heads() if name[0] == station]
    return journal.exchange.run(*names[0], after, 5000)


def _bytes(server: str, name: str) -> int:
    with psycopg.connect(server, autocommit=True) as connection:
        return connection.execute("select pg_database_size(%s)", [name]).fetchone()[0]


def _heard_ms(writer: Journal, server: str, folder: str) -> float:
    """From before an append until another connection's listener was called: the commit and its sync are in it."""
    heard: Queue[float] = Queue()
    times = []
    with closing(_opened(server.replace("/postgres?", "/station?"), folder, "ZX2")) as other:
        ear = other.store.connection.listen(lambda: heard.put(time.perf_counter()))
        heard.get()
        for draft in drafts(100, 5000):
            begun = time.perf_counter()
            writer.append([draft])
            times.append(heard.get() - begun)
        ear.close()
    return round(statistics.median(times) * 1000, 2)


if __name__ == "__main__":
    main()
