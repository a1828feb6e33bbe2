"""An evening with gauges; and a law: what is written here keeps to the remits of its acts."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.keeping import every_act_keeps_to_its_remit
from tests.reactions.evening import Scene, gauge
from workstation.domain.records import Sensor

__all__ = ["every_act_keeps_to_its_remit"]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Callable[..., Scene]]:
    """Makes the evening of these sensors, or of the one gauge in the underpass."""
    with ExitStack() as stack:

        def make(*sensors: Sensor) -> Scene:
            made = Scene(tmp_path, sensors or (gauge(),))
            stack.enter_context(closing(made.journal))
            return made

        yield make
