"""An evening of calls: what becomes one incident, what stays two, what founds none, and how each is numbered."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.intake.calling import METRE, bring, call
from tests.intake.city import UNDERPASS, reception
from tests.journals import PHONE, SEALER
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident, Quarantine, Report
from workstation.feeds.parsed import Parsed, Reject
from workstation.intake.intake import Intake
from workstation.journal import Journal


def test_twenty_calls_about_one_flood_are_one_incident(intake: Intake, journal: Journal, clock: ManualClock) -> None:
    for number in range(20):
        clock.advance(30)
        bring(intake, journal, clock, call(number, clock))
    (incident,) = journal.situation.find(Incident)
    assert journal.situation.count(Report, incident=incident.id) == 20
    assert incident.number == "SJ20261124-0001"
    assert (incident.street, incident.office, incident.state) == ("990101001", "JD01", "reported")
    assert incident.nearest is not None and "hospital" in incident.nearest
    assert incident.level is None


def test_twenty_calls_in_one_file_are_one_incident(intake: Intake, journal: Journal, clock: ManualClock) -> None:
    bring(intake, journal, clock, *(call(number, clock) for number in range(20)))
    assert journal.situation.count(Incident) == 1


def test_callers_who_only_name_the_place_meet_in_one_incident(
    intake: Intake, journal: Journal, clock: ManualClock
) -> None:
    said = ("人民路下穿积水", "人民路下穿水很深，车泡了", "人民路下穿进水")
    for number, text in enumerate(said):
        bring(intake, journal, clock, call(number, clock, text=text, lat=None, lon=None, located=None, type=None))
    (incident,) = journal.situation.find(Incident)
    assert incident.title == "人民路下穿城市内涝"
    assert {report.located for report in journal.situation.find(Report)} == {"gazetteer"}


def test_two_fires_three_kilometres_apart_stay_two(intake: Intake, journal: Journal, clock: ManualClock) -> None:
    fire = call(1, clock, type="A02", text="居民楼起火", lat=29.585, lon=124.185)
    bring(intake, journal, clock, fire, replace(fire, id="calls:2", lat=29.585 + 3000 * METRE))
    assert journal.situation.count(Incident) == 2


def test_a_merge_shows_its_score_and_its_parts(intake: Intake, journal: Journal, clock: ManualClock) -> None:
    bring(intake, journal, clock, call(0, clock), call(1, clock))
    joined = journal.situation.get(Report, "calls:1")
    assert joined is not None and joined.score is not None and joined.score_parts is not None
    assert joined.merge == "automatic"
    shares = [share for share in joined.score_parts.values() if isinstance(share, float)]
    assert sum(shares) == pytest.approx(joined.score, abs=0.01)
    assert set(joined.score_parts) >= {"distance", "time", "kind", "words"}


def test_what_is_only_likely_founds_its_own_and_is_proposed(
    intake: Intake, journal: Journal, clock: ManualClock
) -> None:
    fire = call(1, clock, type="A02", text="居民楼起火")
    bring(intake, journal, clock, fire)
    smoke = replace(fire, id="calls:2", text="有烟", lat=UNDERPASS[0] + 240 * METRE)
    bring(intake, journal, clock, smoke)
    report = journal.situation.get(Report, "calls:2")
    assert report is not None
    assert (report.merge, report.proposed, report.incident) == ("proposed", "incident:calls:1", "incident:calls:2")


def test_of_a_restricted_kind_it_says_first_and_apart_only_that_there_is_one(
    intake: Intake, journal: Journal, clock: ManualClock
) -> None:
    drafts = bring(intake, journal, clock, call(1, clock, type="S04", text="持刀伤人"))
    assert [one.act for one in drafts] == ["incident.announce", "incident.open"]
    assert {change.field for change in drafts[0].changes} == {"number", "state", "opened_at", "restricted"}
    (incident,) = journal.situation.find(Incident)
    assert incident.restricted and incident.owner is None and incident.type == "S04"
    assert bring(intake, journal, clock, call(1, clock, type="S04", text="持刀伤人")) == []


def test_numbers_in_a_call_are_sealed_and_its_text_is_scrubbed(
    intake: Intake, journal: Journal, clock: ManualClock
) -> None:
    bring(intake, journal, clock, call(1, clock, text=f"请回拨{PHONE}，车牌沪A12345"))
    report = journal.situation.get(Report, "calls:1")
    assert report is not None and report.text is not None
    assert PHONE not in report.text and "A12345" not in report.text
    assert report.phone_digest == SEALER.digest(PHONE)
    dump = "\n".join(journal.store.connection.iterdump())
    assert PHONE not in dump
    assert "A12345" not in dump


def test_the_same_phone_brings_two_calls_together(intake: Intake, journal: Journal, clock: ManualClock) -> None:
    first = call(1, clock, type="A02", text="起火", reporter_phone="+86 138-0013-8000")
    bring(intake, journal, clock, first)
    again = replace(first, id="calls:2", text="还没来", lat=UNDERPASS[0] + 100 * METRE, reporter_phone=PHONE)
    bring(intake, journal, clock, again)
    report = journal.situation.get(Report, "calls:2")
    assert report is not None and report.score_parts is not None
    assert report.merge == "automatic"
    assert report.score_parts["number"] == pytest.approx(0.15)


def test_a_finished_incident_takes_no_further_reports(intake: Intake, journal: Journal, clock: ManualClock) -> None:
    bring(intake, journal, clock, call(1, clock))
    (incident,) = journal.situation.find(Incident)
    journal.append(
        [Draft("张三", "incident.state.false_report", set_fields("incident", incident.id, state="false_report"))]
    )
    bring(intake, journal, clock, call(2, clock))
    assert journal.situation.count(Incident) == 2


def test_what_another_wrote_is_seen_before_the_next_report(
    intake: Intake, journal: Journal, clock: ManualClock, tmp_path: Path
) -> None:
    bring(intake, journal, clock, call(1, clock, type="A02", lat=29.585, lon=124.185))
    other = Intake(reception(tmp_path), "ZX")
    bring(other, journal, clock, call(2, clock))
    bring(intake, journal, clock, call(3, clock))
    assert journal.situation.count(Incident) == 2


def test_drafts_that_were_never_written_found_nothing(intake: Intake, journal: Journal, clock: ManualClock) -> None:
    bring(intake, journal, clock, call(1, clock, type="A02", lat=29.585, lon=124.185))
    intake.take(Parsed(records=(call(2, clock),)), journal.situation, clock.now())
    bring(intake, journal, clock, call(3, clock))
    report = journal.situation.get(Report, "calls:3")
    assert report is not None
    assert report.incident == "incident:calls:3"


def test_a_word_from_far_away_is_kept_without_an_incident(intake: Intake, journal: Journal, clock: ManualClock) -> None:
    bring(intake, journal, clock, call(1, clock, lat=40.1, lon=-75.3))
    assert journal.situation.count(Incident) == 0
    assert journal.situation.count(Report) == 1


def test_a_complaint_of_no_known_kind_or_place_is_no_incident(
    intake: Intake, journal: Journal, clock: ManualClock
) -> None:
    bring(intake, journal, clock, call(1, clock, channel="hotline", type=None, text="物业收费不合理"))
    nowhere = call(2, clock, channel="hotline", text="小区污水异味", lat=None, lon=None, located=None)
    bring(intake, journal, clock, nowhere)
    assert journal.situation.count(Incident) == 0
    bring(intake, journal, clock, call(3, clock, channel="hotline", text="路面积水"))
    assert journal.situation.count(Incident) == 1


def test_a_call_from_nowhere_is_not_lost(intake: Intake, journal: Journal, clock: ManualClock) -> None:
    bring(intake, journal, clock, call(1, clock, lat=None, lon=None, located=None, text="救命", type=None))
    (incident,) = journal.situation.find(Incident)
    assert (incident.lat, incident.street, incident.title) == (None, None, "救命")


def test_a_street_station_numbers_its_incidents_by_its_name(
    journal: Journal, clock: ManualClock, tmp_path: Path
) -> None:
    street = Intake(reception(tmp_path), "JD03")
    bring(street, journal, clock, call(1, clock), call(2, clock, lat=29.61))
    numbers = {incident.number for incident in journal.situation.find(Incident)}
    assert numbers == {"SJ20261124-JD03-0001", "SJ20261124-JD03-0002"}


def test_numbers_begin_anew_at_midnight_of_the_city(intake: Intake, journal: Journal, clock: ManualClock) -> None:
    bring(intake, journal, clock, call(1, clock))
    clock.advance(timedelta(hours=5).total_seconds())
    bring(intake, journal, clock, call(2, clock, lat=29.61))
    assert {incident.number for incident in journal.situation.find(Incident)} == {
        "SJ20261124-0001",
        "SJ20261125-0001",
    }


def test_broken_records_are_kept_with_their_bytes_and_no_clear_number(
    intake: Intake, journal: Journal, clock: ManualClock
) -> None:
    reject = Reject("calls", "row 3", "lat", f"not a number: {PHONE}", f"x;{PHONE}".encode())
    journal.append(intake.take(Parsed(rejects=(reject, reject)), journal.situation, clock.now()))
    (kept,) = journal.situation.find(Quarantine)
    assert (kept.source, kept.record, kept.field, kept.state) == ("calls", "row 3", "lat", "open")
    assert PHONE not in "\n".join(journal.store.connection.iterdump())
