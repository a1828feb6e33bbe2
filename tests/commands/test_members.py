"""Members of a restricted incident: who lets them in, what they may, and what everybody else may not."""

import pytest

from tests.commands.centre import SIGHT, STREET, Centre
from workstation.commands.access import unmask
from workstation.commands.glass import break_glass
from workstation.commands.incident import verify
from workstation.commands.log import write_log
from workstation.commands.members import add_member, look, remove_member
from workstation.commands.seat import Command, Seat
from workstation.commands.task import send_task
from workstation.domain.draft import Draft
from workstation.domain.happenings import ClosedIncident
from workstation.domain.records import Access, Incident, Log, Member, Report, Station
from workstation.security.authority import GLASS
from workstation.situation import AuditFilter, SeenSituation
from workstation.station.carrying import carry_out

WHY = "负责现场谈判"


@pytest.fixture
def centre(centre: Centre) -> Centre:
    """Zhao owns a restricted incident; ZX and JD03 are stations."""
    centre.write(
        Incident(id="i1", number="SJ-1", title="聚集", type="S02", state="reported", restricted=True),
        Incident(id="i2", number="SJ-2", title="积水", state="verified"),
        Station(id="JD03", role="station"),
    )
    return centre


def does(centre: Centre, author: str, role: str, command: Command) -> None:
    """As a station carries it out."""
    carry_out(command, centre.seat(author, role), centre.journal.append)


def refusal(centre: Centre, author: str, role: str, command: Command) -> str:
    return centre.refusal(author, role, lambda seat: _checked(centre, seat, command))


def _checked(centre: Centre, seat: Seat, command: Command) -> Draft:
    carry_out(command, seat, centre.journal.append)
    raise AssertionError("it was carried out")


def seen(centre: Centre, author: str) -> SeenSituation:
    return SeenSituation(centre.journal.situation, author, centre.clock.now, "HUB")


def members(centre: Centre) -> list[tuple[str | None, str | None]]:
    return [(one.account, one.station) for one in centre.journal.situation.find(Member, incident="i1")]


def test_its_owner_lets_somebody_in_who_sees_it_from_then_on_until_removed(centre: Centre) -> None:
    assert isinstance(seen(centre, "wang").get(Incident, "i1"), ClosedIncident)
    does(centre, "zhao", "OP", add_member("i1", "wang", "JD03", WHY))
    assert members(centre) == [("wang", "JD03")]
    assert seen(centre, "wang").get(Incident, "i1").title == "聚集"
    does(centre, "zhao", "OP", remove_member("i1", "wang", "任务结束"))
    assert members(centre) == [] and isinstance(seen(centre, "wang").get(Incident, "i1"), ClosedIncident)
    does(centre, "zhao", "OP", add_member("i1", "wang", "ZX", WHY))
    assert members(centre) == [("wang", "ZX")]
    told = centre.journal.situation.audit(AuditFilter(act="member."))
    assert [(one.author, one.act, one.reason) for one in reversed(told)] == [
        ("zhao", "member.add", WHY),
        ("zhao", "member.remove", "任务结束"),
        ("zhao", "member.add", WHY),
    ]


@pytest.mark.parametrize(
    ("author", "role", "command", "rule"),
    [
        ("wang", "OP", add_member("i1", "li", "ZX", WHY), "member.role"),
        ("zhao", "OP", add_member("i1", "li", "ZX", " "), "member.reason"),
        ("zhao", "OP", add_member("i1", "", "ZX", WHY), "member.account"),
        ("zhao", "OP", add_member("i1", "li", "JD99", WHY), "member.station"),
        ("zhao", "OP", add_member("i2", "li", "ZX", WHY), "member.incident"),
        ("zhao", "OP", add_member("i9", "li", "ZX", WHY), "member.incident"),
        ("zhao", "OP", remove_member("i1", "li", WHY), "member.unknown"),
        ("zhao", "OP", remove_member("i1", "zhao", WHY), "member.owner"),
        ("sec", "SEC", add_member("i1", "li", "ZX", WHY), "member.role"),
    ],
)
def test_who_may_not_and_what_makes_no_sense_is_refused(centre, author, role, command, rule) -> None:
    assert refusal(centre, author, role, command) == rule


def test_a_supervisor_lets_in_others_but_not_themself(centre: Centre) -> None:
    assert refusal(centre, "liu", "SUP", add_member("i1", "liu", "ZX", WHY)) == "member.oneself"
    does(centre, "liu", "SUP", add_member("i1", "wang", "ZX", WHY))
    assert refusal(centre, "he", "SUP", add_member("i1", "wang", "ZX", WHY)) == "member.known"
    does(centre, "he", "SUP", add_member("i1", "liu", "ZX", WHY))
    assert len(members(centre)) == 2


def test_only_members_see_the_person_behind_its_reports(centre: Centre) -> None:
    assert centre.refusal("liu", "SUP", unmask(SIGHT)) == "authority.membership"
    does(centre, "zhao", "SUP", add_member("i1", "liu", "ZX", WHY))
    centre.does("liu", "SUP", unmask(SIGHT))


def test_whoever_is_none_writes_nothing_about_it(centre: Centre) -> None:
    for command in (verify("i1", "视频核实"), write_log("已到场", "i1")):
        assert refusal(centre, "wang", "OP", command) == "authority.membership"
    does(centre, "wang", "OP", write_log("一切正常", "i2"))
    does(centre, "zhao", "OP", write_log("已到场", "i1"))
    assert [one.incident for one in centre.journal.situation.find(Log)] == ["i2", "i1"]


def test_under_broken_glass_it_is_seen_and_what_lies_behind_is_done_and_both_name_it(centre: Centre) -> None:
    does(centre, "wang", "OP", break_glass("rescue", "现场有人受伤", "i1"))
    assert seen(centre, "wang").get(Incident, "i1").title == "聚集"
    does(centre, "wang", "OP", look("i1"))
    does(centre, "wang", "OP", verify("i1", "视频核实"))
    assert refusal(centre, "wang", "OP", write_log("已到场", "i1")) == "authority.membership"
    told = centre.journal.situation.audit(AuditFilter(author="wang"))
    assert {one.act for one in told if one.cause.startswith(GLASS)} == {"access.read", "incident.state.verified"}
    centre.clock.advance(15 * 60)
    assert isinstance(seen(centre, "wang").get(Incident, "i1"), ClosedIncident)


def test_that_somebody_looks_at_it_is_on_record(centre: Centre) -> None:
    does(centre, "zhao", "OP", look("i1"))
    [row] = centre.journal.situation.find(Access)
    assert (row.user, row.act, row.object, row.incident) == ("zhao", "read", "i1", "i1")
    assert refusal(centre, "wang", "OP", look("i1")) == "authority.membership"
    assert refusal(centre, "wang", "OP", look("i2")) == "member.incident"


def test_a_task_for_it_goes_only_where_somebody_may_see_it(centre: Centre) -> None:
    assert refusal(centre, "zhao", "SUP", send_task("i1", "JD03", "疏导")) == "task.no_member"
    does(centre, "zhao", "SUP", add_member("i1", "li", "JD03", WHY))
    does(centre, "zhao", "SUP", send_task("i1", "JD03", "疏导"))


def test_a_report_of_it_lies_in_its_street_all_the_same(centre: Centre) -> None:
    assert centre.journal.situation.get(Report, "r1").street == STREET
    assert seen(centre, "wang").get(Report, "r1") is None
