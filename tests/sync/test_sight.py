"""What a station may read of the hub's journal, and by what it hears that it may read more than before."""

from pathlib import Path

import pytest

from tests.hands import Hand, Line, play_round
from tests.journals import enrolled, opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Approval, Incident, Member, Report
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

    def write(self, kind: str, name: str, scope: str = OTHER, act: str = "", **fields: object) -> None:
        self.centre.append([Draft("op", act or f"{kind}.set", set_fields(kind, name, **fields), scope=scope)])

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


def test_a_report_that_an_office_itself_draws_into_what_it_works_on_shows_it_nothing(house: House) -> None:
    house.write("task", "t1", scope=CITY, incident="fire", office="JD03")
    house.rounds()
    drawn = [Draft("rule:x", "report.merge", set_fields("report", "r1", incident="fire"), scope=STREET)]
    house.street.append(drawn)
    house.rounds()
    house.rounds()
    assert known(house.hub) == (True, True) and known(house.street) == (True, False)
    own = set_fields("report", "report:JD03-a-1", place="南街2号", incident="fire")
    house.street.append([Draft("rule:x", "report.receive", own, scope=STREET)])
    house.rounds()
    house.write("report", "report:JD03-a-1", text="又一处")
    house.rounds()
    assert house.street.situation.get(Report, "report:JD03-a-1").text == "又一处"


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


def restricted(house: House, *members: str) -> None:
    """The fire becomes a matter for its members, each of a station."""
    house.write("incident", "riot", scope=STREET, title="聚集", restricted=True)
    house.write("report", "r9", scope=STREET, incident="riot", place="桥头")
    for station in members:
        house.write("member", f"m-{station}", scope=STREET, incident="riot", account="li", station=station)
    house.rounds()


def sees_riot(journal: Journal) -> tuple[bool, bool]:
    return journal.situation.get(Incident, "riot") is not None, journal.situation.get(Report, "r9") is not None


def test_a_restricted_incident_in_its_own_street_reaches_no_station_without_a_member(house: House) -> None:
    restricted(house, "ZX")
    assert sees_riot(house.hub) == (True, True) and sees_riot(house.street) == (False, False)
    assert house.street.situation.count(Member) == 0
    assert list(house.street.verify()) == []


def test_what_is_asked_for_about_a_restricted_incident_stays_with_its_members_and_what_is_reviewed_does_not(
    house: House,
) -> None:
    restricted(house, "ZX")
    house.write("approval", "a1", STREET, "approval.ask", incident="riot", reason="桥头二百人", state="asked")
    house.write("approval", "a1", STREET, "approval.answer", state="refused")
    house.write("approval", "a2", STREET, "approval.ask", incident="fire", reason="火势变大", state="asked")
    for number, act in enumerate(("approval.use_at_once", "approval.break_glass")):
        house.write("approval", f"b{number}", STREET, act, incident="riot", state="approved")
    house.rounds()
    assert sorted(one.id for one in house.street.situation.find(Approval)) == ["a2", "b0", "b1"]
    house.write("member", "m-JD03", scope=STREET, incident="riot", account="zhao", station="JD03")
    house.rounds()
    assert house.street.situation.get(Approval, "a1").state == "refused"


def test_a_station_whose_officer_becomes_a_member_reads_it_from_its_beginning(house: House) -> None:
    restricted(house, "ZX")
    before = house.told()
    house.write("member", "m-JD03", scope=STREET, incident="riot", account="zhao", station="JD03")
    house.rounds()
    assert sees_riot(house.street) == (True, True) and house.told() != before
    assert list(house.street.verify()) == []


def test_a_station_whose_last_member_is_removed_hears_no_more_of_it(house: House) -> None:
    restricted(house, "ZX", "JD03")
    assert sees_riot(house.street) == (True, True)
    house.write("member", "m-JD03", scope=STREET, deleted=True)
    house.write("incident", "riot", scope=STREET, title="二百人聚集")
    house.rounds()
    assert house.street.situation.get(Incident, "riot").title == "聚集"


def test_a_task_on_a_restricted_incident_makes_no_member(house: House) -> None:
    restricted(house, "ZX")
    house.write("task", "t1", scope=STREET, incident="riot", office="JD03")
    house.rounds()
    assert sees_riot(house.street) == (False, False)


def test_an_incident_restricted_no_more_is_read_like_any_other(house: House) -> None:
    restricted(house, "ZX")
    house.write("incident", "riot", scope=STREET, restricted=False)
    house.rounds()
    assert sees_riot(house.street) == (True, True)


def test_a_station_that_held_it_before_is_told_that_it_is_restricted_and_nothing_that_follows(house: House) -> None:
    house.write("incident", "riot", scope=STREET, title="聚集")
    house.rounds()
    house.write("incident", "riot", scope=STREET, act="incident.restrict", restricted=True)
    house.write("member", "m-ZX", scope=STREET, incident="riot", account="li", station="ZX")
    house.write("incident", "riot", scope=STREET, title="二百人聚集")
    house.rounds()
    held = house.street.situation.get(Incident, "riot")
    assert held is not None and (held.title, held.restricted) == ("聚集", True)
    assert house.street.situation.closed_to("zhao") == {"riot"}
    house.write("incident", "riot", scope=STREET, act="incident.lift_restriction", restricted=False)
    house.rounds()
    assert house.street.situation.get(Incident, "riot").title == "二百人聚集"
    assert house.street.situation.closed_to("zhao") == set()
    assert list(house.street.verify()) == []


def test_of_one_that_nobody_works_on_a_station_is_told_and_whoever_takes_charge_there_is_sent_the_rest(
    house: House,
) -> None:
    house.write("incident", "riot", scope=STREET, act="incident.announce", number="SJ-9", restricted=True)
    house.write("incident", "riot", scope=STREET, act="incident.open", title="聚集")
    house.write("report", "r9", scope=STREET, incident="riot", place="桥头")
    house.rounds()
    held = house.street.situation.get(Incident, "riot")
    assert held is not None and (held.number, held.title) == ("SJ-9", None)
    assert house.street.situation.get(Report, "r9") is None
    changes = (
        *set_fields("incident", "riot", owner="liu"),
        *set_fields("member", "m-JD03", incident="riot", account="liu", station="JD03"),
    )
    house.street.append([Draft("liu", "incident.take_charge", changes, scope=STREET)])
    house.rounds()
    house.rounds()
    assert house.street.situation.get(Incident, "riot").title == "聚集" and sees_riot(house.street) == (True, True)
    assert house.centre.situation.closed_to("liu") == set()


def test_a_desk_is_told_of_a_member_s_removal_also_where_that_was_the_last_of_its_station(house: House) -> None:
    restricted(house, "ZX", "JD03")
    assert house.street.situation.count(Member, station="JD03") == 1
    house.write("member", "m-JD03", scope=STREET, act="member.remove", deleted=True)
    house.rounds()
    assert house.street.situation.count(Member, station="JD03") == 0


def test_what_a_station_wrote_itself_comes_back_to_it(house: House) -> None:
    told = set_fields("incident", "theirs", title="我处上报", restricted=True)
    house.street.append([Draft("zhao", "incident.set", told, scope=STREET)])
    house.rounds()
    rows = house.hub.store.connection.execute("select entry from history where id = 'theirs'")
    numbers = {number for (number,) in rows}
    assert numbers and numbers.isdisjoint(StationSight(house.hub, "JD03")._closed)
    assert numbers <= StationSight(house.hub, "ZX")._closed


def test_no_entry_goes_before_the_root_s_word_is_whole_however_small_the_pages(house: House) -> None:
    for number in range(3):
        house.root("station", "JD07", region=OTHER, revoked_at=None, level=number + 1)
        house.root("station", "JD03", level=number + 1)
    house.rounds()
    house.write("incident", "flood", title="积水")
    reached: dict[tuple[str, str], int] = {}
    order: list[str] = []
    while page := house.centre.exchange.missing(reached, Want(limit=2)):
        order += [one.station for one in page]
        reached |= {(one.station, one.incarnation): one.last for one in page}
    assert order == sorted(order, key=lambda station: station != "HUB") and order.count("HUB") > 2


def test_what_the_root_says_of_authority_is_sent_whole_though_all_else_is_to_follow(house: House) -> None:
    """Whoever has the header of such a word writes as having heard it."""
    house.hub.append([Draft("HUB", "log.write", set_fields("log", "log:1", text="quiet"))])
    batches = house.hub.exchange.missing({}, Want(first=lambda number, stamp: False))
    [words] = [batch.entries for batch in batches if batch.station == "HUB"]
    assert [bool(one.content) for one in words] == [*[True] * (len(words) - 1), False]
