"""A law over the tests of a folder: what is written under an act of ours keeps to that act's remit, whether authority
was founded or not. A fixture for their `conftest.py`; what a test prepares by hand bears an act that is not ours."""

from collections.abc import Iterator

import pytest

from workstation.domain.entry import Entry
from workstation.domain.records import ROOT_KINDS
from workstation.journal.fold import ROOT_STATION
from workstation.journal.taking import Taking
from workstation.security.permission import remits
from workstation.security.remit import overstep


def strangers(entry: Entry) -> list[str]:
    """The changes of an entry that its act may not make, named."""
    remit, found = remits()[entry.act], []
    for change in entry.changes:
        if entry.station == ROOT_STATION and change.kind in ROOT_KINDS:
            is_kept = (change.kind, change.field) in remit
        else:
            is_kept = not overstep(entry._replace(changes=(change,)), remits(), lambda act: "")
        found += [] if is_kept else [f"{entry.act} may not set {change.kind}.{change.field} so: {change}"]
    return found


@pytest.fixture(autouse=True)
def every_act_keeps_to_its_remit(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    own, found = Taking.own, []

    def watched(self: Taking, entry: Entry) -> str:
        found.extend(strangers(entry) if entry.act in remits() else ())
        return own(self, entry)

    monkeypatch.setattr(Taking, "own", watched)
    yield
    assert found == []
