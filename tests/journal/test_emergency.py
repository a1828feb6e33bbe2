"""Broken glass judged: what is done under it counts where its author broke that glass before, at that station, and it
was open; whoever is not given the declaration takes the author's word until it comes."""

import pytest

from tests.houses import CITY, House, hacked, write
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident
from workstation.journal import Filling, Journal, NotAllowed, Want

LEVEL = ("wang", "incident.level.set")


@pytest.fixture
def governed(house: House) -> House:
    house.employ()
    house.clock.advance(1)
    return house


def breaks(journal: Journal, author: str = "wang", act: str = "approval.break_glass") -> str:
    """The cause of what is done under it."""
    glass = f"approval:{journal.new_id()}"
    told = set_fields("approval", glass, state="approved", asked_by=author, break_glass=True)
    journal.append([Draft(author, act, told, scope=CITY)])
    return f"glass:{glass}"


def shuts(journal: Journal, glass: str, author: str = "wang") -> None:
    told = set_fields("approval", glass.removeprefix("glass:"), state="ended")
    journal.append([Draft(author, "approval.end_glass", told, scope=CITY)])


def level(journal: Journal) -> str | None:
    known = journal.situation.get(Incident, "flood")
    return known.level if known else None


def test_under_glass_of_his_own_an_operator_sets_a_level_that_counts_everywhere(governed: House) -> None:
    glass = breaks(governed.centre)
    governed.clock.advance(14 * 60)
    assert write(governed.centre, *LEVEL, glass, level="II")
    assert governed.tell(governed.centre, governed.street).refused == ()
    assert governed.tell(governed.centre, governed.hub).refused == ()
    assert level(governed.street) == level(governed.hub) == "II"
    assert list(governed.hub.verify()) == []


def never_broken(house: House) -> str:
    return "glass:a1"


def somebody_else_s(house: House) -> str:
    return breaks(house.centre, "li")


def another_station_s(house: House) -> str:
    glass = breaks(house.street)
    house.tell(house.street, house.centre)
    return glass


def shut(house: House) -> str:
    glass = breaks(house.centre)
    shuts(house.centre, glass)
    return glass


def over(house: House) -> str:
    glass = breaks(house.centre)
    house.clock.advance(15 * 60)
    return glass


def another_act(house: House) -> str:
    write(house.centre, "wang", "incident.state.verified", state="verified")
    return f"glass:approval:{house.centre.new_id().rpartition('-')[0]}-{house.centre.own.seq}"


def still_to_come(house: House) -> str:
    name, _, seq = house.centre.new_id().rpartition("-")
    return f"glass:approval:{name}-{int(seq) + 1}"


def refused_itself(house: House) -> str:
    return breaks(house.centre, "nobody")


FALSE = [never_broken, somebody_else_s, another_station_s, shut, over, another_act, still_to_come]


@pytest.mark.parametrize("false", FALSE)
def test_a_cause_that_names_no_open_glass_of_its_author_is_refused_where_it_is_written(governed: House, false) -> None:
    glass = false(governed)
    with pytest.raises(NotAllowed) as refused:
        write(governed.centre, *LEVEL, glass, level="II")
    assert refused.value.rule == "authority.glass"
    assert level(governed.centre) is None


@pytest.mark.parametrize("false", [*FALSE, refused_itself])
def test_written_all_the_same_by_an_altered_station_it_counts_nowhere_else(governed: House, false) -> None:
    hacked(governed.centre)
    write(governed.centre, *LEVEL, false(governed), level="II")
    for journal in (governed.hub, governed.street):
        found = governed.centre.exchange.missing(journal.exchange.heads(), Want())
        [*_, (entry, reason)] = [one for batch in found for one in journal.accept(batch).refused]
        assert (entry.act, reason, level(journal)) == ("incident.level.set", "authority.glass", None)
        assert list(journal.verify()) == []


def withheld(governed: House, glass: str) -> Filling:
    """The street is sent what was done and not the declaration, whose content follows."""
    write(governed.centre, *LEVEL, glass, level="II")
    centre, street = governed.centre, governed.street
    for batch in centre.exchange.missing(street.exchange.heads(), Want(sight=lambda _, stamp: stamp.scope != CITY)):
        assert street.accept(batch).refused == ()
    assert level(street) == "II"
    own, seq = centre.own, int(glass.rpartition("-")[2])
    [sent] = centre.store.entries(own.number, seq, seq)
    return Filling(own.station, own.incarnation, ((seq, sent.content),))


def test_who_does_not_hold_the_declaration_takes_the_author_s_word_until_it_comes(governed: House) -> None:
    filling = withheld(governed, breaks(governed.centre))
    assert governed.street.fill(filling).refused == ()
    assert level(governed.street) == "II" and list(governed.street.verify()) == []


def test_and_judges_again_when_what_comes_is_none(governed: House) -> None:
    hacked(governed.centre)
    filling = withheld(governed, breaks(governed.centre, "li"))
    [(entry, reason)] = governed.street.fill(filling).refused
    assert (entry.act, reason) == ("incident.level.set", "authority.glass")
    assert level(governed.street) is None and list(governed.street.verify()) == []
    governed.tell(governed.centre, governed.hub)
    assert level(governed.hub) is None
