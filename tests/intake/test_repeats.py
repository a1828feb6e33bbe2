"""What is told again: the same adds nothing, more adds the difference."""

from dataclasses import replace

from tests.intake.calling import bring, call
from tests.journals import PHONE
from tests.samples import shared
from workstation.domain.clock import ManualClock
from workstation.domain.records import Incident, Report
from workstation.feeds.calls import parse_calls
from workstation.feeds.cap import parse_cap
from workstation.feeds.parsed import Parsed, Reject
from workstation.intake.intake import Intake
from workstation.journal import Journal


def test_reading_a_file_again_adds_nothing(intake: Intake, journal: Journal, clock: ManualClock) -> None:
    calls = [call(number, clock) for number in range(5)]
    rejected = Parsed(records=tuple(calls), rejects=(Reject("calls", "row 9", "lat", "no position", b"x;y"),))
    journal.append(intake.take(rejected, journal.situation, clock.now()))
    clock.advance(60)
    assert intake.take(rejected, journal.situation, clock.now()) == []
    rewrapped = replace(calls[0], raw_digest="other bytes, same words", reporter_name="张三")
    assert intake.take(Parsed(records=(rewrapped,)), journal.situation, clock.now()) == []
    unsigned = replace(calls[0], id="calls:77", raw_digest=None)
    bring(intake, journal, clock, unsigned)
    assert intake.take(Parsed(records=(unsigned,)), journal.situation, clock.now()) == []


def test_a_report_that_says_more_gives_only_the_difference(
    intake: Intake, journal: Journal, clock: ManualClock
) -> None:
    first = call(1, clock)
    bring(intake, journal, clock, first)
    drafts = bring(intake, journal, clock, replace(first, status="closed", raw_digest="new"))
    assert [(change.field, change.value) for change in drafts[0].changes] == [
        ("status", "closed"),
        ("raw_digest", "new"),
    ]
    assert journal.situation.count(Incident) == 1


def test_real_files_are_taken_once(intake: Intake, journal: Journal, clock: ManualClock) -> None:
    folder = shared("calls")
    files = [path for path in sorted(folder.iterdir()) if path.suffix in (".csv", ".xlsx")]
    alerts = sorted(shared("cap").glob("*.cap"))
    parsed = [parse_calls(path.read_bytes(), "calls") for path in files]
    parsed += [parse_cap(path.read_bytes(), "cap") for path in alerts]
    written = 0
    for one in parsed:
        written += len(journal.append(intake.take(one, journal.situation, clock.now())))
    assert written > 1000
    assert [draft for one in parsed for draft in intake.take(one, journal.situation, clock.now())] == []


def test_a_call_told_again_with_other_words_is_updated_and_its_sealed_number_stays(
    journal: Journal, intake: Intake, clock: ManualClock
) -> None:
    first = call(1, clock, reporter_phone=PHONE, reporter_name="王女士", plate="临A6K27P")
    later = replace(first, text="人民路下穿积水，水已经过膝", raw_digest="another row")
    added = [
        len(journal.append(intake.take(Parsed(records=(one,)), journal.situation, clock.now())))
        for one in (first, first, later, later)
    ]
    assert added[1:] == [0, 1, 0]
    kept = journal.situation.get(Report, first.id)
    assert kept is not None and kept.text == later.text
    assert kept.reporter_phone is not None and not isinstance(kept.reporter_phone, str)
    assert journal.reveal(kept.reporter_phone) == PHONE
