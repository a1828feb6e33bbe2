"""The chain's rows are looked up, however many there are."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import OperationalError

import pytest

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


def test_a_reading_of_the_ends_that_broke_off_is_begun_again(tmp_path: Path) -> None:
    journal = opened(tmp_path, "ZX", ManualClock(datetime(2026, 11, 24, 12, tzinfo=UTC)))
    store, known = journal.store, journal.store.streams()
    store.connection.set_progress_handler(lambda: True, 1)
    store.version = -1  # as if another process had written
    with pytest.raises(OperationalError):
        store.streams()
    store.connection.set_progress_handler(None, 0)
    assert store.streams() == known
    journal.close()


def test_a_stream_of_which_the_making_broke_off_is_made_in_the_end(tmp_path: Path) -> None:
    journal = opened(tmp_path, "ZX", ManualClock(datetime(2026, 11, 24, 12, tzinfo=UTC)))
    store, steps = journal.store, 100
    for step in range(steps):
        left = iter([False] * step)
        store.connection.set_progress_handler(lambda left=left: next(left, True), 1)  # type: ignore[misc]
        with suppress(OperationalError):
            store.stream("JD03", str(step))
        store.connection.set_progress_handler(None, 0)
        assert store.stream("JD03", str(step)).seq == 0
    assert [one.station for one in store.streams()].count("JD03") == steps
    journal.close()
