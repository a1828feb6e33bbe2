"""The parties to the contract: a centre and a street in whatever database, enrolled by one hub."""

from collections.abc import Callable, Iterator

import pytest

from tests.journals import SEALER, exchange, identity
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.journal import Batch, Journal
from workstation.journal.places import Place

Open = Callable[[str], Journal]


def edit(record: str = "flood", kind: str = "incident", **fields: object) -> Draft:
    return Draft("op1", "test", set_fields(kind, record, **fields))


def sent(journal: Journal, after: int = 0) -> Batch:
    batch = journal.exchange.run(journal.identity.station, journal.own.incarnation, after)
    assert batch is not None
    return batch


def close(*journals: Journal) -> None:
    for journal in journals:
        journal.close()


class Parties:
    """The journals on which a promise is tried. Each database's tests give `new_place`."""

    @pytest.fixture
    def new_place(self) -> Callable[[str], Place]:
        """Gives the place of a station's journal, always the same for the same station."""
        raise NotImplementedError

    @pytest.fixture
    def open_(self, new_place: Callable[[str], Place], clock: ManualClock) -> Open:
        """Opens a station's journal, as often as it is asked."""
        return lambda station: Journal.open(new_place(station), identity(station), clock, SEALER)

    @pytest.fixture
    def centre(self, open_: Open) -> Iterator[Journal]:
        journal = open_("ZX")
        yield journal
        journal.close()

    @pytest.fixture
    def pair(self, open_: Open) -> Iterator[tuple[Journal, Journal]]:
        """Centre and street, enrolled by one hub."""
        hub, centre, street = (open_(station) for station in ("HUB", "ZX", "JD03"))
        for one in (centre, street):
            hub.append([edit(one.identity.station, "station", public_key=one.identity.public.hex(), role="station")])
            one.pin_root(hub.identity.public)
        exchange(hub, centre, street)
        hub.close()
        yield centre, street
        close(centre, street)
