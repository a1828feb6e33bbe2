"""The journal's contract, kept by a file of SQLite and by a database of PostgreSQL."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journal.contract import JournalContract
from workstation.journal.places import Place, Shared


class TestSqlite(JournalContract):
    @pytest.fixture
    def new_place(self, tmp_path: Path) -> Callable[[str], Place]:
        return lambda station: tmp_path / station / "journal.sqlite"


class TestPostgres(JournalContract):
    @pytest.fixture
    def new_place(self, tmp_path: Path, new_database: Callable[[], str]) -> Callable[[str], Place]:
        places: dict[str, Place] = {}

        def place(station: str) -> Place:
            if station not in places:
                places[station] = Shared(new_database(), tmp_path / station / "journal.sqlite")
            return places[station]

        return place
