"""What a station may read of the hub's journal, and by what it hears that it may read more than before."""

from pathlib import Path

import pytest

from tests.hands import Hand, Line, play_round
from tests.journals import enrolled, opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident, Report
from workstation.journal import Journal, Want
from workstation.sync.sight import StationSight

STREET, OTHER, CITY = "990101003", "990101007", "990100"


class House:
    """The hub, the centre of the city, and a street office; the matter lies in another street."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.folder = folder
        self.centre, self.street = enrolled(folder, clock, "ZX", "JD03")
        self.hub = opened(folder, "HUB", clock)
        self.root("station", "JD03", region=STREET)

    def root(self, kind: str, name: str, **fields: object) -> None:
        self.hub.append([Draft("HUB", f"{kind}.set", set_fields(kind, name, **fields))])

    def write(self, kind: str, name: str, scope: str = OTHER, **fields: object) -> None:
        self.centre.append([Draft("op", f"{kind}.set", set_fields(kind, name, **fields), scope=scope)])

    def rounds(self) -> None:
        """Everybody plays one, the street last."""
        for journal in (self.centre, self.street):
            name = journal.identity.station
            play_round(Hand(journal, self.folder / name), Line(Hand(self.hub, self.folder / "HUB"), name), has_met=True)

    def told(self) -> str:
        return StationSight(self.hub, "JD03").told()


@pytest.fixture
def house(tmp_path: Path, clock: ManualClock):
    made = House(tmp_path, clock)
    made.write("incident", "fire", title="起火")
    made.write("report", "r1", place="北街1号")
    made.rounds()
    yield made
    for journal in (made.centre, made.street, made.hub):
        journal.close()


def known(journal: Journal) -> tuple[bool, bool]:
    """Whether the incident and the report are read there."""
    incident, report = journal.situation.get(Incident, "fire"), journal.situation.get(Report, "r1")
    return (incident is not None and incident.title == "起火", report is not None and report.place == "北街1号")


def test_an_office_that_is_given_a_task_elsewhere_reads_all_that_is_told_of_its_incident(house: House) -> None:
    assert known(house.street) == (False, False)
    house.write("task", "t1", scope=CITY, incident="fire", office="JD03")
    house.rounds()
    assert known(house.street) == (True, False)


def test_a_report_that_is_merged_later_into_what_an_office_works_on_is_read_there_from_its_beginning(
    house: House,
) -> None:
    house.write("task", "t1", scope=CITY, incident="fire", office="JD03")
    house.rounds()
    house.write("report", "r1", incident="fire")
    house.rounds()
    assert known(house.street) == (True, True)
    assert list(house.street.verify()) == []


def test_an_office_whose_region_grows_reads_what_was_withheld_whoever_told_it_first(house: House) -> None:
    house.root("station", "JD03", region=CITY)
    for batch in house.hub.exchange.missing(house.street.exchange.heads(), Want()):
        house.street.accept(batch)
    assert known(house.street) == (False, False)
    house.rounds()
    assert known(house.street) == (True, True)


def test_what_goes_on_in_matters_it_reads_anyway_is_no_reason_to_ask_again(house: House) -> None:
    house.write("incident", "flood", scope=STREET, title="积水")
    house.write("task", "t1", scope=STREET, incident="flood", office="JD03")
    house.rounds()
    before = house.told()
    house.write("incident", "flood", scope=STREET, level="II")
    house.write("log", "l1", scope=STREET, incident="flood", text="水位上涨")
    house.rounds()
    assert house.told() == before
    house.write("task", "t2", scope=CITY, incident="fire", office="JD03")
    house.rounds()
    assert house.told() != before
