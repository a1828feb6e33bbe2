"""A hub with two stations: as they are enrolled, and with an incident that all know of, for files to belong to."""

import pytest

from tests.hub.offices import exchanged
from tests.hubs import running_trio, write_incident


@pytest.fixture
def trio(tmp_path, clock):
    """A hub and its URL, the centre and one street office, both enrolled."""
    with running_trio(tmp_path, clock) as trio:
        yield trio


@pytest.fixture
def informed(trio):
    """The three, after the centre told of one incident."""
    _, _, centre, street = trio
    write_incident(centre, "i1", title="积水", state="responding")
    exchanged(centre, street)
    return trio
