"""Restricting an incident: who does it, who sees it then, how it is lifted, and who takes charge where nobody works."""

from pathlib import Path

import pytest

from tests.commands.centre import Centre
from tests.commands.test_members import WHY, does, refusal, seen
from tests.journals import opened
from workstation.commands.incident import verify
from workstation.commands.members import add_member, remove_member
from workstation.commands.restriction import lift, restrict, take_charge
from workstation.commands.task import send_task
from workstation.domain.clock import ManualClock
from workstation.domain.happenings import ClosedIncident
from workstation.domain.records import Incident, Member, Report, Station
from workstation.situation import AuditFilter

PERSONS = [("wang", "JD03"), ("chen", "ZX")]


@pytest.fixture
def centre(tmp_path: Path, clock: ManualClock):
    """i1 is everybody's and zhao's own; a feed brought i2, which is restricted and nobody's."""
    journal = opened(tmp_path, "HUB", clock)
    made = Centre(journal, clock)
    made.write(
        Incident(id="i1", number="SJ-1", title="人群聚集", state="reported"),
        Incident(id="i2", number="SJ-2", title="斗殴", type="S04", state="reported", restricted=True),
        Report(id="r2", incident="i2", text="斗殴"),
        Station(id="JD03", role="station"),
    )
    yield made
    journal.close()


def sees(centre: Centre, author: str, incident: str = "i1") -> bool:
    known = seen(centre, author).get(Incident, incident)
    return known is not None and not isinstance(known, ClosedIncident)


def members(centre: Centre, incident: str = "i1") -> set[tuple[str | None, str | None]]:
    return {(one.account, one.station) for one in centre.journal.situation.find(Member, incident=incident)}


def test_it_is_closed_to_all_but_its_owner_who_restricts_it_and_those_he_names(centre: Centre) -> None:
    assert sees(centre, "li") and sees(centre, "wang")
    does(centre, "liu", "SUP", restrict("i1", WHY, PERSONS))
    assert members(centre) == {("liu", "ZX"), *PERSONS}
    assert [one for one in ("zhao", "liu", "wang", "chen", "li") if sees(centre, one)] == [
        "zhao",
        "liu",
        "wang",
        "chen",
    ]
    assert seen(centre, "li").get(Report, "r1") is None
    assert refusal(centre, "li", "OP", verify("i1", "视频核实")) == "authority.membership"
    [told] = centre.journal.situation.audit(AuditFilter(act="incident.restrict"))
    assert (told.author, told.reason) == ("liu", WHY)


def test_lifted_by_a_member_it_is_everybody_s_again_and_has_members_no_more(centre: Centre) -> None:
    does(centre, "liu", "SUP", restrict("i1", WHY, PERSONS))
    assert refusal(centre, "he", "SUP", lift("i1", "已公开")) == "authority.membership"
    does(centre, "liu", "SUP", lift("i1", "已公开"))
    assert sees(centre, "li") and members(centre) == set()
    does(centre, "he", "SUP", restrict("i1", WHY))
    assert members(centre) == {("he", "ZX")} and not sees(centre, "wang")


@pytest.mark.parametrize(
    ("role", "command", "rule"),
    [
        ("OP", restrict("i1", WHY), "restriction.role"),
        ("SUP", restrict("i1", " "), "restriction.reason"),
        ("SUP", restrict("i2", WHY), "restriction.already"),
        ("SUP", restrict("i9", WHY), "incident.unknown"),
        ("SUP", restrict("i1", WHY, [("", "ZX")]), "member.account"),
        ("SUP", restrict("i1", WHY, [("wang", "JD99")]), "member.station"),
        ("SUP", lift("i1", WHY), "member.incident"),
        ("OP", lift("i2", WHY), "restriction.role"),
        ("SUP", lift("i2", ""), "restriction.reason"),
        ("SUP", take_charge("i1", WHY), "member.incident"),
        ("OP", take_charge("i2", WHY), "restriction.role"),
        ("SUP", take_charge("i2", ""), "restriction.reason"),
    ],
)
def test_who_may_not_and_what_makes_no_sense_is_refused(centre: Centre, role, command, rule) -> None:
    assert refusal(centre, "liu", role, command) == rule


def test_an_office_with_an_open_task_is_not_left_without_sight_of_it(centre: Centre) -> None:
    does(centre, "zhao", "OP", send_task("i1", "JD03", "疏导"))
    assert refusal(centre, "liu", "SUP", restrict("i1", WHY, [("chen", "ZX")])) == "restriction.task"
    does(centre, "liu", "SUP", restrict("i1", WHY, PERSONS))


def test_of_one_that_nobody_works_on_a_supervisor_takes_charge_and_no_second_one(centre: Centre) -> None:
    found = seen(centre, "liu").get(Incident, "i2")
    assert isinstance(found, ClosedIncident) and found.is_vacant and found.number == "SJ-2"
    assert refusal(centre, "li", "OP", verify("i2", "视频核实")) == "authority.membership"
    does(centre, "liu", "SUP", take_charge("i2", WHY))
    assert sees(centre, "liu", "i2") and seen(centre, "liu").get(Report, "r2") is not None
    assert centre.journal.situation.get(Incident, "i2").owner == "liu" and members(centre, "i2") == {("liu", "ZX")}
    assert not seen(centre, "he").get(Incident, "i2").is_vacant
    assert refusal(centre, "he", "SUP", take_charge("i2", WHY)) == "restriction.taken"


def test_who_was_removed_before_may_be_named_again(centre: Centre) -> None:
    does(centre, "liu", "SUP", take_charge("i2", WHY))
    does(centre, "liu", "SUP", add_member("i2", "wang", "JD03", WHY))
    does(centre, "liu", "SUP", remove_member("i2", "wang", WHY))
    does(centre, "liu", "SUP", lift("i2", WHY))
    does(centre, "liu", "SUP", restrict("i2", WHY, [("wang", "JD03")]))
    assert sees(centre, "wang", "i2")
