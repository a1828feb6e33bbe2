"""Who sits at a desk; and a law: what is written here keeps to the remits of its acts."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.administrators import KEY, Hub
from tests.commands.centre import Centre
from tests.intake.city import reception
from tests.journals import opened
from tests.keeping import every_act_keeps_to_its_remit
from workstation.commands.administration import create_account
from workstation.domain.clock import ManualClock
from workstation.intake.reception import Reception

__all__ = ["every_act_keeps_to_its_remit"]


@pytest.fixture
def desk(tmp_path: Path) -> Reception:
    return reception(tmp_path)


@pytest.fixture
def centre(tmp_path: Path, clock: ManualClock) -> Iterator[Centre]:
    """At the root itself, so that it may say what was granted."""
    with closing(opened(tmp_path, "HUB", clock)) as journal:
        yield Centre(journal, clock)


@pytest.fixture
def hub(tmp_path: Path, clock: ManualClock) -> Iterator[Hub]:
    """The hub with four accounts, none of which may do anything yet."""
    with closing(opened(tmp_path, "HUB", clock)) as journal:
        hub = Hub(journal, clock)
        for login in ("chenjie", "liqiang", "wangfang", "zhaomin"):
            hub.does("zhaomin", "SYS", create_account(login, "陈洁", KEY))
        yield hub
