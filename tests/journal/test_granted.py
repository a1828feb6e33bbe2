"""Authority in the journal: what counts is what the root had granted the author when it was written, and everybody
who holds the entry comes to the same verdict."""

from pathlib import Path
from shutil import copytree

import pytest

from tests.houses import KEYS, House, hacked, write
from tests.journals import SEALER, identity
from workstation.domain.clock import iso
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Fork, Incident
from workstation.journal import BatchRefused, Journal, NotAllowed


@pytest.fixture
def governed(house: House) -> House:
    house.employ()
    house.clock.advance(1)
    return house


def test_before_anybody_is_granted_anything_whoever_holds_the_keys_may_write(house: House) -> None:
    assert write(house.street, "anybody", "incident.level.set", level="II")
    assert house.tell(house.street, house.centre).refused == ()


@pytest.mark.parametrize(
    ("author", "act", "fields", "reason"),
    [
        ("wang", "incident.level.set", {"level": "I"}, "authority.approval"),
        ("wang", "incident.state.closed", {"state": "closed"}, "authority.approval"),
        ("nobody", "incident.state.verified", {"state": "verified"}, "authority.account"),
        ("rule:thresholds", "incident.level.set", {"level": "I"}, "authority.role"),
        ("li", "made.up", {"title": "x"}, "authority.act"),
    ],
)
def test_what_was_not_granted_is_refused_where_it_is_written(governed, author, act, fields, reason) -> None:
    with pytest.raises(NotAllowed) as refused:
        write(governed.centre, author, act, **fields)
    assert refused.value.rule == reason
    assert governed.centre.situation.get(Incident, "flood") is None


@pytest.mark.parametrize(
    ("author", "act", "fields"),
    [
        ("li", "incident.level.set", {"level": "I"}),
        ("wang", "incident.state.verified", {"state": "verified"}),
        ("rule:intake", "report.receive", {"kind": "report", "title": "积水"}),
    ],
)
def test_what_was_granted_counts_everywhere(governed, author, act, fields) -> None:
    assert write(governed.centre, author, act, **fields)
    assert governed.tell(governed.centre, governed.street).refused == ()
    assert governed.street.digest() == governed.centre.digest()


def test_an_officer_writes_in_his_street_and_nowhere_else(governed: House) -> None:
    assert write(governed.street, "zhao", "incident.state.verified", state="verified")
    other = set_fields("incident", "fire", state="verified")
    with pytest.raises(NotAllowed, match="authority"):
        governed.street.append([Draft("zhao", "incident.state.verified", other, scope="990101004")])


def test_a_station_that_lets_everything_pass_gains_nothing(governed: House) -> None:
    write(hacked(governed.street), "zhao", "incident.level.set", level="I")
    accepted = governed.tell(governed.street, governed.centre)
    assert [reason for _, reason in accepted.refused] == ["authority.approval"]
    assert governed.centre.situation.get(Incident, "flood") is None
    assert list(governed.centre.verify()) == []


def test_grants_written_into_the_local_tables_by_hand_gain_nothing(governed: House) -> None:
    governed.street.store.connection.execute("update \"grant\" set role='SUP' where account='zhao'")
    with pytest.raises(NotAllowed):
        write(governed.street, "zhao", "incident.level.set", level="I")
    assert any("grant" in fault.where for fault in governed.street.verify())


def test_a_guarded_act_without_its_authors_own_signature_does_not_count(governed: House) -> None:
    governed.street.vouching = lambda author: None
    write(hacked(governed.street), "li", "incident.level.set", level="I")
    [(_, reason)] = governed.tell(governed.street, governed.centre).refused
    assert reason == "authority.signature"


def test_a_revocation_reaches_an_office_at_its_next_contact_and_undoes_nothing_before(governed: House) -> None:
    governed.root("grant", "g-zhao", revoked_at=iso(governed.clock.now()))
    governed.clock.advance(60)
    write(governed.street, "zhao", "incident.state.verified", state="verified")
    governed.hear()
    assert governed.tell(governed.street, governed.centre).refused == ()
    governed.clock.advance(60)
    with pytest.raises(NotAllowed, match="expired"):
        write(governed.street, "zhao", "incident.state.responding", state="responding")


def test_whoever_hears_nothing_of_the_root_for_three_days_only_reads(governed: House) -> None:
    governed.clock.advance(71 * 3600)
    assert write(governed.street, "zhao", "incident.state.verified", state="verified")
    governed.clock.advance(2 * 3600)
    with pytest.raises(NotAllowed, match="alone"):
        write(governed.street, "zhao", "incident.state.responding", state="responding")
    assert write(governed.street, "rule:intake", "report.receive", kind="report", title="积水")


def test_an_old_word_of_the_root_does_not_let_anybody_write_for_ever(governed: House) -> None:
    fresh = governed.street
    fresh.store.newest = lambda station="": 0 if station == "HUB" else type(fresh.store).newest(fresh.store, station)
    write(hacked(fresh), "anybody", "incident.state.closed", state="closed")
    governed.clock.advance(80 * 3600)
    write(fresh, "anybody", "incident.level.set", level="I")
    [*_, (_, reason)] = governed.tell(fresh, governed.centre).refused
    assert reason == "authority.account"


def test_a_revoked_station_writes_nothing_more_that_counts(governed: House) -> None:
    governed.root("station", "JD03", revoked_at=iso(governed.clock.now()))
    governed.hear()
    governed.clock.advance(1)
    with pytest.raises(NotAllowed, match="revoked"):
        write(governed.street, "zhao", "incident.state.verified", state="verified")


def test_a_fork_is_told_by_who_found_it_whoever_was_granted_anything(governed: House, tmp_path: Path) -> None:
    centre = governed.centre
    write(centre, "wang", "incident.state.verified", state="verified")
    governed.tell(centre, governed.street)
    copytree(tmp_path / "ZX", tmp_path / "twin")
    twin = Journal(tmp_path / "twin" / "journal.sqlite", identity("ZX"), SEALER, governed.clock)
    twin.vouching = KEYS.get
    for one, state in ((centre, "responding"), (twin, "controlled")):
        write(one, "wang", f"incident.state.{state}", state=state)
    governed.tell(centre, governed.street)
    with pytest.raises(BatchRefused, match="fork"):
        governed.street.accept(twin.exchange.run("ZX", twin.own.incarnation, 0))
    [fork] = governed.street.situation.find(Fork)
    assert (fork.station, fork.found_by) == ("ZX", "JD03")
    assert governed.tell(governed.street, governed.centre).refused == ()
    twin.close()


def test_tables_rebuilt_leave_out_the_same_entries(governed: House) -> None:
    write(hacked(governed.street), "zhao", "incident.level.set", level="I")
    write(governed.street, "zhao", "incident.state.verified", state="verified")
    governed.tell(governed.street, governed.centre)
    before = governed.centre.digest()
    governed.centre.rebuild()
    assert governed.centre.digest() == before
    assert list(governed.centre.verify()) == []
