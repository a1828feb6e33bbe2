"""What the desk asks again and again is looked up, also after years of service: no read walks through a whole table."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.journals import opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.journal import Journal
from workstation.mapping.picture import PictureReader
from workstation.views.snapshot import read_dossier, read_snapshot

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FEW = ("source", "conflict", "s", "unit", "sensor", "camera", "facility", "alert")
"""What a city has no more of after ten years than after one."""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = opened(tmp_path, "ZX", ManualClock(NOW))
    fields = set_fields("incident", "i1", title="人民路下穿积水", state="reported", opened_at=NOW)
    journal.append([Draft("wang", "incident.open", fields)])
    yield journal
    journal.close()


def walks(journal: Journal, statement: str) -> list[str]:
    """The steps of a statement that read a table from end to end without an index, the newest entries aside."""
    plan = journal.store.connection.execute(f"explain query plan {statement}")
    steps = [str(row[3]) for row in plan]
    return [step for step in steps if step.startswith("SCAN ") and " USING " not in step and step.split()[1] != "e"]


def test_no_read_of_the_desk_walks_through_a_table_that_grows(journal: Journal) -> None:
    statements: list[str] = []
    journal.store.connection.set_trace_callback(statements.append)
    read_snapshot(journal.situation)
    read_dossier(journal.situation, "i1")
    PictureReader().read(journal.situation, {}, NOW)
    journal.store.connection.set_trace_callback(None)
    walked = {(statement, step) for statement in statements for step in walks(journal, statement)}
    assert not {(statement, step) for statement, step in walked if step.split()[1] not in FEW}


def test_a_timeline_is_read_from_the_records_of_its_incident(journal: Journal) -> None:
    statements: list[str] = []
    journal.store.connection.set_trace_callback(statements.append)
    journal.situation.timeline("i1")
    journal.store.connection.set_trace_callback(None)
    plan = [str(row[3]) for row in journal.store.connection.execute(f"explain query plan {statements[0]}")]
    assert not [step for step in plan if step.endswith("PRIMARY KEY (kind=?)")]
