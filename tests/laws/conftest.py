"""A field in which stations speak of one incident."""

from collections.abc import Iterator

import pytest

from tests.laws.apart import passing_folder
from tests.laws.field import Field


@pytest.fixture
def field() -> Iterator[Field]:
    with passing_folder() as folder:
        yield Field(folder)
