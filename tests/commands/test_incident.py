"""From the call to the closure: what an operator may do to an incident, and what the rules refuse."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.intake.city import UNDERPASS, reception
from tests.journals import PHONE, exchange, opened
from tests.journals import enrolled as enrolled_stations
from workstation.commands.incident import (
    add_report,
    change_level,
    close,
    count_casualties,
    open_incident,
    set_state,
    verify,
)
from workstation.commands.report import accept_proposal, merge_reports, reject_proposal, unmerge
from workstation.commands.seat import Command, Seat
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import Incident, Member, Report, Task
from workstation.feeds.parsed import Parsed
from workstation.intake.intake import Intake
from workstation.intake.reception import Reception
from workstation.intake.similar import Likeness, Similar
from workstation.journal import Journal
from workstation.words import catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A call form as a desk fills it."""

    at: datetime = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)
    place: str = "人民路下穿"
    lat: float | None = None
    lon: float | None = None
    street: str = ""
    type: str = "N02"
    channel: str = "phone"
    text: str = "积水半米，两人被困"
    level: str | None = None
    trapped: int | None = None
    injured: int | None = None
    deaths: int | None = None


@pytest.fixture
def journal(tmp_path: Path, clock: ManualClock) -> Iterator[Journal]:
    made = opened(tmp_path, "ZX", clock)
    yield made
    made.close()


@pytest.fixture
def desk(tmp_path: Path) -> Reception:
    return reception(tmp_path)


def seat(journal: Journal, role: str = "OP") -> Seat:
    return Seat("张三", role, journal.identity.station, "", journal.clock.now(), journal.situation, journal.new_id)


def give(journal: Journal, command: Command, role: str = "OP") -> Draft:
    draft = command(seat(journal, role))
    journal.append([draft])
    return draft


def only(journal: Journal) -> Incident:
    (incident,) = journal.situation.find(Incident)
    return incident


def shown(journal: Journal) -> list[object]:
    return [*journal.situation.find(Incident), *journal.situation.find(Report)]


def rule(journal: Journal, command: Command, role: str = "OP") -> str:
    with pytest.raises(Refused) as refused:
        command(seat(journal, role))
    assert f"refused.{refused.value.rule}" in catalogue()
    catalogue()[f"refused.{refused.value.rule}"]["zh"].format(**refused.value.details)
    return refused.value.rule


def test_a_typed_call_becomes_an_incident_with_number_place_and_office(journal: Journal, desk: Reception) -> None:
    give(journal, open_incident(Typed(trapped=2, level="III"), desk))
    incident = only(journal)
    assert incident.number == "SJ20261124-0001"
    assert incident.title == "人民路下穿城市内涝"
    assert (incident.street, incident.office, incident.trapped, incident.level) == ("990101001", "JD01", 2, "III")
    assert (incident.deaths, incident.owner, incident.state) == (None, "张三", "reported")
    (report,) = journal.situation.find(Report, incident=incident.id)
    assert incident.id == f"incident:{report.id}"
    assert (report.source, report.merge, report.located) == ("desk:ZX", "founding", "gazetteer")


def test_the_next_call_of_the_day_bears_the_next_number(journal: Journal, desk: Reception) -> None:
    for _ in range(3):
        give(journal, open_incident(Typed(), desk))
    assert sorted(str(one.number) for one in journal.situation.find(Incident)) == [
        f"SJ20261124-000{number}" for number in (1, 2, 3)
    ]


def test_a_number_a_caller_tells_is_sealed_from_the_first_entry(journal: Journal, desk: Reception) -> None:
    give(journal, open_incident(Typed(text=f"请回拨{PHONE}"), desk))
    assert PHONE not in "\n".join(journal.store.connection.iterdump())
    (report,) = journal.situation.find(Report)
    assert report.phone_digest is not None


def test_a_call_without_a_place_or_a_word_is_refused(journal: Journal, desk: Reception) -> None:
    assert rule(journal, open_incident(Typed(place=" "), desk)) == "incident.place"
    assert rule(journal, open_incident(Typed(type="", text=" "), desk)) == "incident.text"


def test_a_further_call_adds_what_nobody_knew_and_overwrites_nothing(journal: Journal, desk: Reception) -> None:
    give(journal, open_incident(Typed(trapped=2), desk))
    give(journal, add_report(Typed(trapped=5, injured=1, text="又有人受伤"), only(journal).id, desk))
    incident = only(journal)
    assert (incident.trapped, incident.injured) == (2, 1)
    assert journal.situation.count(Report, incident=incident.id) == 2
    assert rule(journal, add_report(Typed(), "incident:none", desk)) == "incident.unknown"


def test_a_half_typed_call_finds_the_incident_it_is_about(journal: Journal, desk: Reception) -> None:
    similar = Similar(desk)

    def found(notes: Typed) -> list[Likeness]:
        similar.follow(journal.situation, notes.at)
        return similar.of(notes)

    assert found(Typed()) == []
    give(journal, open_incident(Typed(), desk))
    (likely,) = found(Typed(text="下穿积水", type=""))
    assert likely.incident == only(journal).id
    assert likely.score == pytest.approx(sum(likely.parts.values()), abs=0.01)
    assert found(Typed(place="花园小区", text="")) == []
    give(journal, set_state(only(journal).id, "false_report", "监控未见"))
    assert found(Typed()) == []


def test_a_level_needs_a_reason_and_lowering_it_a_supervisor(journal: Journal, desk: Reception) -> None:
    give(journal, open_incident(Typed(), desk))
    incident = only(journal).id
    assert rule(journal, change_level(incident, "V", "?")) == "incident.level"
    assert rule(journal, change_level(incident, "II", " ")) == "incident.reason"
    give(journal, change_level(incident, "II", "水深超过半米"))
    assert rule(journal, change_level(incident, "IV", "水退")) == "incident.lowering"
    give(journal, change_level(incident, "IV", "水退"), role="SUP")
    assert only(journal).level == "IV"


def test_an_incident_is_led_from_the_call_to_the_closure(journal: Journal, desk: Reception, clock: ManualClock) -> None:
    give(journal, open_incident(Typed(), desk))
    incident = only(journal).id
    give(journal, verify(incident, "视频确认"))
    assert rule(journal, set_state(incident, "responding", "启动")) == "incident.level_needed"
    give(journal, change_level(incident, "III", "积水"))
    give(journal, set_state(incident, "responding", "启动"))
    assert only(journal).activated_at == clock.now()
    assert rule(journal, close(incident, "处置完毕")) == "incident.transition"
    give(journal, set_state(incident, "ended", "水退"))
    assert rule(journal, close(incident, "处置完毕")) == "incident.casualties_unknown"
    give(journal, count_casualties(incident, "现场核实", deaths=0, missing=0, injured=1))
    give(journal, close(incident, "处置完毕"))
    assert (only(journal).state, only(journal).closed_at) == ("closed", clock.now())
    assert rule(journal, change_level(incident, "II", "?")) == "incident.finished"
    assert rule(journal, set_state(incident, "responding", "复发")) == "incident.finished"
    give(journal, set_state(incident, "responding", "复发"), role="SUP")
    assert only(journal).closed_at is None


def test_an_incident_with_an_open_task_is_not_closed(journal: Journal, desk: Reception) -> None:
    give(journal, open_incident(Typed(), desk))
    incident = only(journal).id
    task = set_fields("task", "task:1", incident=incident, state="sent")
    journal.append([Draft("张三", "test", task + set_fields("incident", incident, state="ended"))])
    assert rule(journal, close(incident, "完")) == "incident.tasks_open"


def test_two_stations_that_set_the_level_apart_block_the_closure(
    tmp_path: Path, clock: ManualClock, desk: Reception
) -> None:
    centre, street = enrolled_stations(tmp_path, clock, "ZX", "JD01")
    give(centre, open_incident(Typed(level="IV", deaths=0, injured=0), desk))
    incident = only(centre).id
    give(centre, count_casualties(incident, missing=0))
    exchange(centre, street)
    give(centre, change_level(incident, "III", "雨势加强"))
    give(street, change_level(incident, "II", "现场有人被困"))
    exchange(centre, street)
    assert only(centre).level == only(street).level == "II"
    centre.append([Draft("张三", "incident.state.ended", set_fields("incident", incident, state="ended"))])
    assert rule(centre, close(incident, "完")) == "incident.disputed"
    give(centre, change_level(incident, "III", "会商决定"), role="SUP")
    give(centre, close(incident, "完"))
    centre.close()
    street.close()


def test_un_merging_two_incidents_gives_back_exactly_what_was_there(
    journal: Journal, desk: Reception, clock: ManualClock
) -> None:
    give(journal, open_incident(Typed(), desk))
    give(journal, add_report(Typed(text="水更深了"), only(journal).id, desk))
    first = only(journal)
    clock.advance(60)
    give(journal, open_incident(Typed(text="另一处"), desk))
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
        give(journal, open_incident(Typed(text=text), desk))
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
    lat, lon = UNDERPASS
    calls = tuple(
        Report(
            id=f"calls:{number}",
            channel="call",
            type="A02",
            text=text,
            lat=lat + north,
            lon=lon,
            located="source",
            occurred_at=clock.now(),
        )
        for number, text, north in ((1, "居民楼起火", 0.0), (2, "有烟", 240 / 111_195))
    )
    journal.append(Intake(desk, "ZX").take(Parsed(records=calls), journal.situation, clock.now()))


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
    give(journal, open_incident(Typed(), desk))
    give(journal, open_incident(Typed(type="S04", text="刑案"), desk))
    give(journal, open_incident(Typed(text="第三"), desk))
    flood, crime, third = journal.situation.find(Incident, order="number")
    assert rule(journal, merge_reports(flood.id, flood.id, "?")) == "merge.itself"
    assert rule(journal, merge_reports(flood.id, third.id, "")) == "incident.reason"
    assert rule(journal, merge_reports(crime.id, flood.id, "同一处")) == "merge.restricted"
    journal.append([Draft("张三", "test", set_fields("task", "task:1", incident=flood.id, state="sent"))])
    assert journal.situation.count(Task) == 1
    assert rule(journal, merge_reports(flood.id, third.id, "同一处")) == "merge.tasks_open"


def test_whoever_opens_an_incident_of_a_restricted_kind_is_its_first_member(journal: Journal, desk: Reception) -> None:
    give(journal, open_incident(Typed(type="S04", text="刑案"), desk))
    opened = only(journal)
    [member] = journal.situation.find(Member)
    assert opened.restricted and (member.incident, member.account) == (opened.id, opened.owner)
    assert journal.situation.entries_closed_to("JD07") and journal.situation.closed_to(opened.owner) == frozenset()


def test_an_incident_of_any_other_kind_has_no_members(journal: Journal, desk: Reception) -> None:
    give(journal, open_incident(Typed(), desk))
    assert journal.situation.count(Member) == 0
