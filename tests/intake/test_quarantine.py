"""A record that was put aside says why in the language of who reads it, whichever the station spoke that read it."""

import pytest

from tests.journals import opened
from workstation.domain.records import Quarantine
from workstation.feeds.importing import parse_any
from workstation.feeds.parsed import Parsed
from workstation.intake.quarantine import quarantine_drafts
from workstation.views.columns import quarantine_columns
from workstation.words import use

MANY = {
    "a page instead of a feed": (b"<!doctype html><title>Log in</title>", "网页", "web page"),
    "a table that nobody knows": ("甲,乙\n一,二\n".encode(), "表头", "header"),
}


@pytest.fixture
def chinese():
    use("zh")
    yield
    use("zh")


@pytest.mark.parametrize("case", MANY)
def test_why_a_record_was_put_aside_is_told_in_both_languages(case: str, tmp_path, clock, chinese) -> None:
    raw, said_zh, said_en = MANY[case]
    journal = opened(tmp_path, "ZX", clock)
    parsed: Parsed = parse_any(raw, "calls")
    journal.append(quarantine_drafts(parsed.rejects, journal.situation, clock.now(), "rule:intake"))
    (kept, *_) = journal.situation.find(Quarantine)
    journal.close()
    why = quarantine_columns()[-1]
    assert said_zh in why.show(kept).text
    use("en")
    assert said_en in why.show(kept).text.lower()
