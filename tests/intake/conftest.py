"""The centre's intake; and a law: what is written here keeps to the remits of its acts."""

from pathlib import Path

import pytest

from tests.intake.city import reception
from tests.keeping import every_act_keeps_to_its_remit
from workstation.intake.intake import Intake

__all__ = ["every_act_keeps_to_its_remit"]


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    return Intake(reception(tmp_path), "ZX")
