"""The chain's rows are looked up, however many there are."""

from datetime import UTC, datetime
from pathlib import Path

from tests.journals import opened
from workstation.domain.clock import ManualClock


def test_the_latest_clock_is_read_from_the_ends_of_the_streams(tmp_path: Path) -> None:
    journal = opened(tmp_path, "ZX", ManualClock(datetime(2026, 11, 24, 12, tzinfo=UTC)))
    connection, statements = journal.store.connection, []
    connection.set_trace_callback(statements.append)
    journal.store.reload()
    connection.set_trace_callback(None)
    plan = [str(row[3]) for row in connection.execute(f"explain query plan {statements[0]}")]
    journal.close()
    assert [step for step in plan if step.startswith("SEARCH e USING INDEX")]
