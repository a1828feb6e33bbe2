"""A hub and its offices that never had a line between them: what is enrolled is told by records alone."""

from pathlib import Path

from workstation.domain.clock import Clock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.station import Parts, Space, Station


def house(folder: Path, clock: Clock) -> Station:
    """The hub's own station, started."""
    hub = Station(Space.found(folder / "HUB", "HUB"), clock, Parts())
    hub.start()
    return hub


def office_of(hub: Station, folder: Path, code: str) -> Station:
    """A started station that the hub has named, and that knows the hub's key and the space's."""
    space = Space.found(folder / code, code, hub.space.sealer().space_key)
    key = space.identity().public.hex()
    terms = set_fields("station", code, public_key=key, role="station", region="990100", enrolled_at=hub.clock.now())
    hub.write([Draft("HUB", "station.enrol", terms)]).result()
    office = Station(space, hub.clock, Parts())
    office.start()
    office.ask(lambda journal: journal.pin_root(hub.space.identity().public)).result()
    return office
