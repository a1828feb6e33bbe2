"""Journals that one root enrolled: a pair without authority, and a house in which it can be granted."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.houses import House
from tests.journals import enrolled
from workstation.domain.clock import ManualClock
from workstation.journal import Journal


@pytest.fixture
def pair(tmp_path: Path, clock: ManualClock) -> Iterator[tuple[Journal, Journal]]:
    """The centre and a street office."""
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    with closing(centre), closing(street):
        yield centre, street


@pytest.fixture
def house(tmp_path: Path, clock: ManualClock) -> Iterator[House]:
    with closing(House(tmp_path, clock)) as house:
        yield house
