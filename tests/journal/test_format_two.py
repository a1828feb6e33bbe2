"""What a header tells and what may come without its content; how a journal of the first format goes on."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journals import enrolled, exchange, opened
from workstation.domain.clock import ManualClock, millis
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.entry import Entry
from workstation.domain.records import Incident
from workstation.journal import Batch, BatchRefused, Filling, Journal, Want
from workstation.journal.codec import digest_of, vouched_words
from workstation.journal.fold import ROOT_STATION
from workstation.security.keys import Identity, is_signed


def edit(record: str = "flood", author: str = "wang", kind: str = "incident", **fields: object) -> Draft:
    return Draft(author, "test", set_fields(kind, record, **fields))


def sent(journal: Journal, after: int = 0) -> Batch:
    batch = journal.exchange.run(journal.identity.station, journal.own.incarnation, after)
    assert batch is not None
    return batch


def without(batch: Batch, *places: int) -> Batch:
    """The batch as it goes to a station that may not read the entries at these places."""
    entries = tuple(
        one._replace(content=b"", digest=digest_of(one.content)) if place in places else one
        for place, one in enumerate(batch.entries)
    )
    return replace(batch, entries=entries)


def filled(batch: Batch, *places: int) -> Filling:
    contents = tuple((batch.first + place, batch.entries[place].content) for place in places)
    return Filling(batch.station, batch.incarnation, contents, batch.keys)


def test_a_header_without_its_content_holds_the_chain_together(pair) -> None:
    centre, street = pair
    for number in range(4):
        centre.append([edit(f"i{number}", title=f"第{number}起")])
    street.accept(without(sent(centre), 1, 2))
    assert {one.id for one in street.situation.find(Incident)} == {"i0", "i3"}
    assert list(street.verify()) == []


@pytest.mark.parametrize("first", [0, 1])
def test_content_that_follows_is_folded_as_if_it_had_come_at_once(pair, first: int) -> None:
    centre, street = pair
    centre.append([edit(title="积水")])
    centre.append([edit(title="积水加深")])
    batch = sent(centre)
    street.accept(without(batch, 0, 1))
    street.fill(filled(batch, first))
    street.fill(filled(batch, 1 - first))
    assert street.digest() == centre.digest()
    assert street.situation.conflicts() == []
    assert list(street.verify()) == []
    street.rebuild()
    assert street.digest() == centre.digest()


def test_content_that_its_header_does_not_name_is_refused(pair) -> None:
    centre, street = pair
    centre.append([edit(title="积水")])
    batch = sent(centre)
    street.accept(without(batch, 0))
    with pytest.raises(BatchRefused, match="chain"):
        street.fill(Filling("ZX", batch.incarnation, ((1, b'["x","y","","",[]]'),)))
    assert street.situation.count(Incident) == 0


def test_content_may_follow_any_number_of_times(pair) -> None:
    centre, street = pair
    centre.append([edit(title="积水")])
    batch = sent(centre)
    street.accept(without(batch, 0))
    assert len(street.fill(filled(batch, 0)).entries) == 1
    assert street.fill(filled(batch, 0)).entries == ()


def test_a_clock_that_runs_back_within_a_stream_is_refused(pair, clock: ManualClock) -> None:
    centre, street = pair
    centre.append([edit(title="积水")])
    batch = sent(centre)
    street.accept(batch)
    centre.append([edit(title="改写")])
    later = sent(centre, 1)
    early = later.entries[0].stamp._replace(clock=batch.entries[0].stamp.clock - 1)
    with pytest.raises(BatchRefused, match="backdated"):
        street.accept(replace(later, entries=(later.entries[0]._replace(stamp=early),)))


def test_both_times_are_kept_when_a_clock_was_corrected(tmp_path: Path, clock: ManualClock) -> None:
    journal = opened(tmp_path, "JD03", clock)
    journal.set_offset(-20 * 60_000)
    [entry] = journal.append([edit(title="积水")])
    assert entry.raw == millis(clock.now())
    assert entry.at == clock.now() - timedelta(minutes=20)
    journal.close()
    again = opened(tmp_path, "JD03", clock)
    clock.advance(1)
    assert again.append([edit(title="积水加深")])[0].at == clock.now() - timedelta(minutes=20)
    again.close()


def test_a_clock_twenty_minutes_ahead_neither_wins_for_ever_nor_takes_ours_along(tmp_path: Path, clock) -> None:
    fast = ManualClock(clock.now() + timedelta(minutes=20))
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    street.close()
    street = opened(tmp_path, "JD03", fast)
    street.append([edit(title="街道")])
    exchange(centre, street)
    clock.advance(1)
    [entry] = centre.append([edit(title="中心")])
    assert entry.at == clock.now()
    exchange(centre, street)
    assert street.situation.get(Incident, "flood").title == "中心"
    assert street.digest() == centre.digest()
    centre.close()
    street.close()


class Strict:
    """A bench on which nobody but li may close, and what the root has said of him counts."""

    def __init__(self) -> None:
        self.allowed: dict[str, int] = {}

    def learn(self, entry: Entry) -> None:
        self.allowed |= {change.id: entry.clock for change in entry.changes if change.kind == "station"}

    def look_ahead(self, entry: Entry) -> None: ...

    def region(self, entry: Entry) -> str:
        return ""

    def unheard(self, entry: Entry) -> int:
        return 0

    def verdict(self, entry: Entry, past: object) -> str:
        closes = any(change.value == "closed" for change in entry.changes)
        return "authority.role" if closes and entry.author != "li" else ""


def test_what_may_not_be_written_keeps_its_place_and_does_not_count(pair) -> None:
    centre, street = pair
    street.append([edit(state="closed")])
    street.append([edit(title="积水")])
    centre.judge_by(Strict)
    accepted = centre.accept(sent(street))
    assert [(entry.seq, reason) for entry, reason in accepted.refused] == [(1, "authority.role")]
    assert centre.situation.get(Incident, "flood").state is None
    assert centre.situation.get(Incident, "flood").title == "积水"
    assert list(centre.verify()) == []
    before = centre.digest()
    centre.rebuild()
    assert centre.digest() == before


def test_a_verdict_altered_in_the_database_is_found(pair) -> None:
    centre, street = pair
    street.append([edit(state="closed")])
    centre.judge_by(Strict)
    centre.accept(sent(street))
    centre.store.connection.execute("update entry set refused=''")
    assert any("refused for authority.role" in fault.reason for fault in centre.verify())


def test_an_entry_waits_for_the_word_of_the_root_it_was_written_under(tmp_path: Path, clock: ManualClock) -> None:
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    hub = opened(tmp_path, ROOT_STATION, clock)
    hub.append([edit("JD09", kind="station", public_key="00" * 32)])
    for batch in hub.exchange.missing({}, Want()):
        street.accept(batch)
    street.append([edit(title="积水")])
    with pytest.raises(BatchRefused, match="root"):
        centre.accept(sent(street))
    for batch in hub.exchange.missing({}, Want()):
        centre.accept(batch)
    assert len(centre.accept(sent(street)).entries) == 1
    for journal in (hub, centre, street):
        journal.close()


def test_a_guarded_act_carries_its_authors_own_signature(tmp_path: Path, clock: ManualClock) -> None:
    key = Identity.create("li")
    journal = opened(tmp_path, "ZX", clock)
    journal.vouching = {"li": key}.get
    [level, title] = journal.append([edit(level="II", author="li"), edit(title="积水", author="li")])
    assert is_signed(key.public, vouched_words(level), bytes.fromhex(level.voucher))
    assert title.voucher == ""
    journal.close()
