"""Words of the root that come behind what is to be judged by them: everybody comes to one verdict all the same."""

import shutil
from pathlib import Path

import pytest

from tests.houses import STREET, House, hacked, write
from tests.journals import opened
from workstation.domain.clock import ManualClock, iso
from workstation.domain.records import KINDS, Incident
from workstation.journal import Journal, Want
from workstation.journal.refold import LAW

FOUR_DAYS = 96 * 3600


def states(*journals: Journal) -> list[str | None]:
    found = (journal.situation.get(Incident, "flood") for journal in journals)
    return [one.state if one else None for one in found]


def refusals(journal: Journal) -> list[str]:
    rows = journal.store.connection.execute("select refused from entry where refused <> '' order by number")
    return [reason for (reason,) in rows]


def test_who_wrote_for_days_without_hearing_of_authority_counts_nowhere_when_all_have_heard(house: House) -> None:
    write(house.street, "zhao", "incident.state.verified", state="verified")
    early = house.clock.now()
    house.clock.advance(FOUR_DAYS)
    write(house.street, "zhao", "incident.state.responding", state="responding")
    house.tell(house.street, house.centre)
    house.clock.set(early)
    house.account("zhao")
    house.tell(house.street, house.hub)
    assert states(house.street, house.centre, house.hub) == ["responding", "responding", "verified"]
    for journal in (house.street, house.centre):
        [accepted] = [journal.accept(batch) for batch in house.hub.exchange.missing(journal.exchange.heads(), Want())]
        assert accepted.kinds == KINDS.keys()
    assert states(house.street, house.centre, house.hub) == ["verified"] * 3
    for journal in (house.street, house.centre, house.hub):
        assert refusals(journal) == ["authority.account"]
        assert journal.digest() == house.hub.digest()
        assert list(journal.verify()) == []


def test_the_root_that_begins_authority_judges_what_it_took_before(house: House) -> None:
    early = house.clock.now()
    house.clock.advance(FOUR_DAYS)
    write(house.street, "zhao", "incident.state.verified", state="verified")
    house.clock.set(early)
    house.tell(house.street, house.hub)
    house.account("zhao")
    house.hear()
    assert states(house.street, house.hub) == [None, None]
    assert list(house.hub.verify()) == []


@pytest.fixture
def set_back(house: House, tmp_path: Path):
    """The street wrote by a grant that the hub, set back to an older copy, no longer knows that it gave."""
    house.account("zhao")
    house.hub.close()
    shutil.copytree(tmp_path / "HUB", tmp_path / "kept")
    house.hub = opened(tmp_path, "HUB", house.clock)
    house.grant("zhao", "ST", STREET)
    house.hear()
    house.clock.advance(1)
    write(house.street, "zhao", "incident.state.verified", state="verified")
    house.hub.close()
    shutil.rmtree(tmp_path / "HUB")
    shutil.copytree(tmp_path / "kept", tmp_path / "HUB")
    house.hub = opened(tmp_path, "HUB", house.clock)
    assert house.hub.opened.begun
    house.root("station", "ZX", role="centre")
    return house


def test_a_hub_that_was_set_back_judges_by_the_grants_that_its_stations_bring_back(set_back: House) -> None:
    hub, street = set_back.hub, set_back.street
    own = street.exchange.run("JD03", street.own.incarnation, 0)
    [(_, reason)] = hub.accept(own).refused
    assert reason == "authority.none"
    for batch in street.exchange.missing(hub.exchange.heads(), Want()):
        hub.accept(batch)
    set_back.hear()
    assert states(hub, street) == ["verified", "verified"]
    assert refusals(hub) == []
    assert hub.digest() == street.digest()
    assert [list(journal.verify()) for journal in (hub, street)] == [[], []]


def test_a_word_that_the_root_could_not_write_is_no_law(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.account("zhao")
    house.grant("zhao", "ST", STREET)
    with monkeypatch.context() as full, pytest.raises(OSError, match="full"):
        full.setattr(house.hub.store, "add_batch", _full)
        house.root("grant", "g-zhao", revoked_at=iso(house.clock.now()))
    house.root("station", "ZX", role="centre")
    house.hear()
    house.clock.advance(1)
    write(house.street, "zhao", "incident.state.verified", state="verified")
    assert house.tell(house.street, house.hub).refused == ()


def _full(*asked: object) -> None:
    raise OSError("disk full")


def test_tables_rebuilt_and_proved_know_all_words_of_the_root_from_the_beginning(set_back: House) -> None:
    hub, street = set_back.hub, set_back.street
    hub.accept(street.exchange.run("JD03", street.own.incarnation, 0))
    for batch in street.exchange.missing(hub.exchange.heads(), Want()):
        hub.accept(batch)
    before = hub.digest()
    hub.rebuild()
    assert hub.digest() == before
    assert list(hub.verify()) == []


@pytest.fixture
def misled(house: House):
    """A centre of an earlier version, that let the street's officer set a level in what he called a line of the log."""
    house.account("zhao")
    house.grant("zhao", "ST", STREET)
    house.hear()
    house.clock.advance(1)
    write(house.street, "zhao", "incident.state.verified", state="verified")
    write(hacked(house.street), "zhao", "log.write", level="I")
    house.tell(house.street, hacked(house.centre))
    assert house.centre.situation.get(Incident, "flood").level == "I"
    return house


def reopened(house: House, tmp_path: Path, clock: ManualClock) -> Journal:
    house.centre.close()
    house.centre = opened(tmp_path, "ZX", clock)
    return house.centre


def test_what_an_earlier_version_let_pass_is_judged_again_when_a_newer_one_opens_it(misled, tmp_path, clock) -> None:
    centre = reopened(misled, tmp_path, clock)
    flood = centre.situation.get(Incident, "flood")
    assert (flood.level, flood.state) == (None, "verified")
    assert refusals(centre) == ["authority.beyond"]
    assert list(centre.verify()) == []
    misled.tell(misled.street, misled.hub)
    assert centre.digest() == misled.hub.digest()


def test_what_was_refused_as_nobody_knew_it_counts_once_somebody_does(misled, tmp_path, clock) -> None:
    """An act of a newer program: refused by the older one, and honest to whoever knows it."""
    centre = reopened(misled, tmp_path, clock)
    centre.store.connection.execute("update entry set refused = 'authority.act' where refused = '' and seen > 0")
    centre.rebuild()
    centre.store.set_meta(LAW, "an older one")
    centre = reopened(misled, tmp_path, clock)
    assert refusals(centre) == ["authority.beyond"]
    assert list(centre.verify()) == []


def test_a_journal_is_judged_again_once_and_not_at_every_opening(misled, tmp_path, clock, monkeypatch) -> None:
    reopened(misled, tmp_path, clock)
    monkeypatch.setattr("workstation.journal.refold._judge_again", _full)
    assert refusals(reopened(misled, tmp_path, clock)) == ["authority.beyond"]


def test_where_nobody_founded_authority_nothing_is_judged_again(house: House, tmp_path: Path, clock) -> None:
    write(house.centre, "anybody", "log.write", level="I")
    centre = reopened(house, tmp_path, clock)
    assert centre.store.meta(LAW) is None
    assert centre.situation.get(Incident, "flood").level == "I"
