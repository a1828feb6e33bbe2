"""A command at a station: appended as it is, or under the glass its author broke, and counted so by everybody."""

from pathlib import Path

import pytest

from tests.commands.centre import CITY, STREET
from tests.houses import House
from workstation.commands.glass import break_glass
from workstation.commands.incident import change_level, close
from workstation.commands.seat import Command, Seat
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.entry import Entry
from workstation.domain.records import Incident
from workstation.journal import NotAllowed
from workstation.security.authority import GLASS
from workstation.station.carrying import carry_out

LEVEL = change_level("flood", "I", "水位每分钟上涨五厘米")
BREAK = break_glass("rescue", "两人被困车内,值班长联系不上")


@pytest.fixture
def house(tmp_path: Path, clock: ManualClock):
    """Wang is an operator of the city, who proposes levels and sets none alone."""
    made = House(tmp_path, clock)
    made.account("wang")
    made.grant("wang", "OP", CITY)
    made.hear()
    clock.advance(1)
    flood = Incident(id="flood", state="reported", street=STREET)
    made.centre.append([Draft("wang", "incident.open", changes_of(flood), scope=STREET)])
    yield made
    made.close()


def does(house: House, command: Command) -> Entry | None:
    journal = house.centre
    seat = Seat("wang", "OP", "ZX", CITY, house.clock.now(), journal.situation, journal.new_id)
    return carry_out(command, seat, journal.append)


def test_what_was_refused_is_done_under_broken_glass_and_counts_at_every_station(house: House) -> None:
    with pytest.raises(NotAllowed, match="approval"):
        does(house, LEVEL)
    broken = does(house, BREAK)
    assert broken.cause == ""
    set_under_glass = does(house, LEVEL)
    assert set_under_glass.cause == f"{GLASS}{broken.changes[0].id}"
    assert house.tell(house.centre, house.street).refused == ()
    assert house.street.situation.get(Incident, "flood").level == "I"


def test_once_its_time_is_over_it_is_refused_as_before(house: House) -> None:
    does(house, BREAK)
    house.clock.advance(15 * 60)
    with pytest.raises(NotAllowed, match="approval"):
        does(house, LEVEL)


def test_it_opens_nothing_that_does_not_lie_behind_it(house: House) -> None:
    does(house, BREAK)
    ended, unhurt = Incident(id="flood", state="ended"), Incident(id="flood", deaths=0, missing=0, injured=0)
    for act, said in (("incident.state.ended", ended), ("incident.casualties.set", unhurt)):
        house.centre.append([Draft("wang", act, changes_of(said), scope=STREET)])
    with pytest.raises(NotAllowed, match="approval"):
        does(house, close("flood", "处置完毕"))
