"""From the call to the closure: what an operator may do to an incident, and what the rules refuse."""

from pathlib import Path

import pytest

from tests.commands.calls import give, only, rule, typed
from tests.journals import PHONE, enrolled, exchange
from workstation.commands.incident import (
    add_report,
    change_level,
    close,
    count_casualties,
    open_incident,
    set_state,
    verify,
)
from workstation.domain.call import CallNotes
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident, Member, Report
from workstation.intake.reception import Reception
from workstation.intake.similar import Likeness, Similar
from workstation.journal import Journal


def test_a_typed_call_becomes_an_incident_with_number_place_and_office(journal: Journal, desk: Reception) -> None:
    give(journal, open_incident(typed(trapped=2, level="III"), desk))
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
        give(journal, open_incident(typed(), desk))
    assert sorted(str(one.number) for one in journal.situation.find(Incident)) == [
        f"SJ20261124-000{number}" for number in (1, 2, 3)
    ]


def test_a_number_a_caller_tells_is_sealed_from_the_first_entry(journal: Journal, desk: Reception) -> None:
    give(journal, open_incident(typed(text=f"请回拨{PHONE}"), desk))
    assert PHONE not in "\n".join(journal.store.connection.iterdump())
    (report,) = journal.situation.find(Report)
    assert report.phone_digest is not None


def test_a_call_without_a_place_or_a_word_is_refused(journal: Journal, desk: Reception) -> None:
    assert rule(journal, open_incident(typed(place=" "), desk)) == "incident.place"
    assert rule(journal, open_incident(typed(type="", text=" "), desk)) == "incident.text"


def test_a_further_call_adds_what_nobody_knew_and_overwrites_nothing(journal: Journal, desk: Reception) -> None:
    give(journal, open_incident(typed(trapped=2), desk))
    give(journal, add_report(typed(trapped=5, injured=1, text="又有人受伤"), only(journal).id, desk))
    incident = only(journal)
    assert (incident.trapped, incident.injured) == (2, 1)
    assert journal.situation.count(Report, incident=incident.id) == 2
    assert rule(journal, add_report(typed(), "incident:none", desk)) == "incident.unknown"


def test_a_half_typed_call_finds_the_incident_it_is_about(journal: Journal, desk: Reception) -> None:
    similar = Similar(desk)

    def found(notes: CallNotes) -> list[Likeness]:
        similar.follow(journal.situation, notes.at)
        return similar.of(notes)

    assert found(typed()) == []
    give(journal, open_incident(typed(), desk))
    (likely,) = found(typed(text="下穿积水", type=""))
    assert likely.incident == only(journal).id
    assert likely.score == pytest.approx(sum(likely.parts.values()), abs=0.01)
    assert found(typed(place="花园小区", text="")) == []
    give(journal, set_state(only(journal).id, "false_report", "监控未见"))
    assert found(typed()) == []


def test_a_level_needs_a_reason_and_lowering_it_a_supervisor(journal: Journal, desk: Reception) -> None:
    give(journal, open_incident(typed(), desk))
    incident = only(journal).id
    assert rule(journal, change_level(incident, "V", "?")) == "incident.level"
    assert rule(journal, change_level(incident, "II", " ")) == "incident.reason"
    give(journal, change_level(incident, "II", "水深超过半米"))
    assert rule(journal, change_level(incident, "IV", "水退")) == "incident.lowering"
    give(journal, change_level(incident, "IV", "水退"), role="SUP")
    assert only(journal).level == "IV"


def test_an_incident_is_led_from_the_call_to_the_closure(journal: Journal, desk: Reception, clock: ManualClock) -> None:
    give(journal, open_incident(typed(), desk))
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
    give(journal, open_incident(typed(), desk))
    incident = only(journal).id
    task = set_fields("task", "task:1", incident=incident, state="sent")
    journal.append([Draft("张三", "test", task + set_fields("incident", incident, state="ended"))])
    assert rule(journal, close(incident, "完")) == "incident.tasks_open"


def test_two_stations_that_set_the_level_apart_block_the_closure(
    tmp_path: Path, clock: ManualClock, desk: Reception
) -> None:
    centre, street = enrolled(tmp_path, clock, "ZX", "JD01")
    give(centre, open_incident(typed(level="IV", deaths=0, injured=0), desk))
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


def test_whoever_opens_an_incident_of_a_restricted_kind_is_its_first_member(journal: Journal, desk: Reception) -> None:
    give(journal, open_incident(typed(type="S04", text="刑案"), desk))
    opened = only(journal)
    [member] = journal.situation.find(Member)
    assert opened.restricted and (member.incident, member.account) == (opened.id, opened.owner)
    assert journal.situation.entries_closed_to("JD07") and journal.situation.closed_to(opened.owner) == frozenset()


def test_an_incident_of_any_other_kind_has_no_members(journal: Journal, desk: Reception) -> None:
    give(journal, open_incident(typed(), desk))
    assert journal.situation.count(Member) == 0
