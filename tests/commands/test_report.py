"""Reports that are about the same: merged, un-merged, proposed, and what the rules refuse."""

from tests.commands.calls import give, only, rule, typed
from tests.intake.calling import two_fires
from tests.intake.city import UNDERPASS
from workstation.commands.incident import (
    add_report,
    open_incident,
    verify,
)
from workstation.commands.report import accept_proposal, merge_reports, reject_proposal, unmerge, unmerge_incident
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.records import Incident, Report, Task
from workstation.feeds.parsed import Parsed
from workstation.intake.intake import Intake
from workstation.intake.reception import Reception
from workstation.journal import Journal


def shown(journal: Journal) -> list[object]:
    return [*journal.situation.find(Incident), *journal.situation.find(Report)]


def test_un_merging_two_incidents_gives_back_exactly_what_was_there(
    journal: Journal, desk: Reception, clock: ManualClock
) -> None:
    give(journal, open_incident(typed(), desk))
    give(journal, add_report(typed(text="水更深了"), only(journal).id, desk))
    first = only(journal)
    clock.advance(60)
    give(journal, open_incident(typed(text="另一处"), desk))
    second = next(one for one in journal.situation.find(Incident) if one.id != first.id)
    give(journal, verify(second.id, "电话核实"))
    before = shown(journal)
    clock.advance(60)
    give(journal, merge_reports(second.id, first.id, "同一处积水"))
    assert journal.situation.count(Report, incident=first.id) == 3
    merged = journal.situation.get(Incident, second.id)
    assert merged is not None
    assert (merged.state, merged.merged_into) == ("merged", first.id)
    clock.advance(60)
    report = second.id.removeprefix("incident:")
    give(journal, unmerge(report, "两处不同", desk))
    assert shown(journal) == before
    assert rule(journal, unmerge(report, "再来一次", desk)) == "report.not_merged"


def test_un_merging_leaves_alone_what_was_changed_since(journal: Journal, desk: Reception) -> None:
    for text in ("一", "二"):
        give(journal, open_incident(typed(text=text), desk))
    first, second = journal.situation.find(Incident, order="number")
    give(journal, merge_reports(second.id, first.id, "同一处"))
    moved = Draft("李四", "incident.state.set", set_fields("incident", second.id, state="handed_over"))
    journal.append([moved])
    give(journal, unmerge(second.id.removeprefix("incident:"), "误合并", desk))
    after = journal.situation.get(Incident, second.id)
    assert after is not None
    assert (after.state, after.merged_into) == ("handed_over", None)


def test_a_call_that_joined_on_arrival_gets_its_own_incident_and_its_own_clock(
    journal: Journal, desk: Reception, clock: ManualClock
) -> None:
    intake = Intake(desk, "ZX")
    arrived = []
    for number in (1, 2):
        lat, lon = UNDERPASS
        clock.advance(120)
        report = Report(
            id=f"calls:{number}", channel="call", type="N02", text="下穿积水", lat=lat, lon=lon, located="source",
            occurred_at=clock.now(),
        )  # fmt: skip
        arrived.append(clock.now())
        journal.append(intake.take(Parsed(records=(report,)), journal.situation, clock.now()))
    assert only(journal).id == "incident:calls:1"
    clock.advance(600)
    give(journal, unmerge("calls:2", "两处不同的火", desk))
    apart = journal.situation.get(Incident, "incident:calls:2")
    assert apart is not None
    assert (apart.occurred_at, apart.opened_at, apart.number) == (arrived[1], clock.now(), "SJ20261124-0002")
    report_now = journal.situation.get(Report, "calls:2")
    assert report_now is not None
    assert (report_now.incident, report_now.merge, report_now.score) == (apart.id, "apart", None)
    assert rule(journal, unmerge("calls:1", "?", desk)) == "report.founding"


def proposed(journal: Journal, desk: Reception, clock: ManualClock) -> None:
    journal.append(Intake(desk, "ZX").take(two_fires(UNDERPASS, clock.now()), journal.situation, clock.now()))


def test_an_accepted_proposal_takes_its_own_incident_along_and_can_be_taken_back(
    journal: Journal, desk: Reception, clock: ManualClock
) -> None:
    proposed(journal, desk, clock)
    before = shown(journal)
    give(journal, accept_proposal("calls:2", "同一起火"))
    report, own = journal.situation.get(Report, "calls:2"), journal.situation.get(Incident, "incident:calls:2")
    assert report is not None and own is not None
    assert (report.incident, report.merge) == ("incident:calls:1", "accepted")
    assert (own.state, own.merged_into) == ("merged", "incident:calls:1")
    give(journal, unmerge("calls:2", "看错了", desk))
    assert shown(journal) == before


def test_a_rejected_proposal_keeps_its_own_incident(journal: Journal, desk: Reception, clock: ManualClock) -> None:
    proposed(journal, desk, clock)
    give(journal, reject_proposal("calls:2", "两栋楼"))
    assert rule(journal, accept_proposal("calls:2")) == "report.no_proposal"
    assert rule(journal, accept_proposal("calls:none")) == "report.unknown"
    assert journal.situation.count(Incident, state="reported") == 2


def test_merging_refuses_what_would_hide_something(journal: Journal, desk: Reception) -> None:
    give(journal, open_incident(typed(), desk))
    give(journal, open_incident(typed(type="S04", text="刑案"), desk))
    give(journal, open_incident(typed(text="第三"), desk))
    flood, crime, third = journal.situation.find(Incident, order="number")
    assert rule(journal, merge_reports(flood.id, flood.id, "?")) == "merge.itself"
    assert rule(journal, merge_reports(flood.id, third.id, "")) == "incident.reason"
    assert rule(journal, merge_reports(crime.id, flood.id, "同一处")) == "merge.restricted"
    journal.append([Draft("张三", "test", set_fields("task", "task:1", incident=flood.id, state="sent"))])
    assert journal.situation.count(Task) == 1
    assert rule(journal, merge_reports(flood.id, third.id, "同一处")) == "merge.tasks_open"


def test_a_merge_of_an_incident_without_reports_is_taken_apart_exactly_while_the_other_is_open(
    journal: Journal, desk: Reception
) -> None:
    give(journal, open_incident(typed(), desk))
    known = only(journal)
    raised = Incident(id="raised", number="SJ-9", title="水位报警", state="verified", level="II")
    journal.append([Draft("rule:thresholds", "incident.raise", changes_of(raised))])
    before = shown(journal)
    give(journal, merge_reports("raised", known.id, "同一处"))
    assert rule(journal, unmerge_incident("raised", " ")) == "incident.reason"
    assert rule(journal, unmerge_incident(known.id, "误合并")) == "merge.not_merged"
    give(journal, unmerge_incident("raised", "误合并"))
    assert shown(journal) == before
    give(journal, merge_reports("raised", known.id, "同一处"))
    journal.append([Draft("li", "incident.state.closed", set_fields("incident", known.id, state="closed"))])
    assert rule(journal, unmerge_incident("raised", "误合并")) == "incident.finished"
    report = known.id.removeprefix("incident:")
    assert rule(journal, unmerge(report, "误合并", desk)) == "incident.finished"
