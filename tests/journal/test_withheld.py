"""Contents that a station may not read: what it holds of them is the header, which it hands on as one whose content may
come by another way, and which takes its content in from wherever that comes."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.journals import enrolled, opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Grant, Incident
from workstation.journal import Batch, Journal, Stamp, Want

STREET, OTHER = "990101003", "990101007"


def not_this_street(number: int, stamp: Stamp) -> bool:
    """The sight of the street beside."""
    return stamp.scope != STREET


class House:
    """A hub and three offices; the author's entry lies in his own street."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.author, self.centre, self.beside = enrolled(folder, clock, "JD03", "ZX", "JD07")
        self.hub = opened(folder, "HUB", clock)
        self.say("flood", "积水")
        self.stream = ("JD03", self.author.own.incarnation)

    def say(self, record: str, title: str, scope: str = STREET) -> None:
        self.author.append([Draft("op", "incident.open", set_fields("incident", record, title=title), scope=scope)])

    def give(self, giver: Journal, taker: Journal, want: Want | None = None) -> list[Batch]:
        found = giver.exchange.missing(taker.exchange.heads(), want or Want())
        for batch in found:
            taker.accept(batch)
        return found


def title(journal: Journal, record: str = "flood") -> str | None:
    known = journal.situation.get(Incident, record)
    return known.title if known else None


@pytest.fixture
def house(tmp_path: Path, clock: ManualClock):
    made = House(tmp_path, clock)
    yield made
    for journal in (made.author, made.centre, made.beside, made.hub):
        journal.close()


@pytest.fixture
def beside(house: House) -> Journal:
    """The street beside has the header, and was told that it may not read what stands behind it."""
    house.give(house.author, house.beside, Want(sight=not_this_street))
    assert title(house.beside) is None
    assert house.beside.exchange.wanted() == {}
    return house.beside


def test_who_may_read_it_asks_for_what_the_bearer_of_the_header_could_not_give(house: House, beside: Journal) -> None:
    house.give(beside, house.centre)
    wanted = house.centre.exchange.wanted()
    assert wanted == {house.stream: [(1, 1)]}
    for filling in house.author.exchange.contents(wanted, Want()):
        house.centre.fill(filling)
    assert title(house.centre) == "积水"


def test_contents_that_follow_in_whatever_order_supersede_each_other_as_they_were_written(
    house: House, beside: Journal
) -> None:
    for level in ("IV", None, "I"):
        house.author.append([Draft("op", "level", set_fields("incident", "flood", level=level), scope=STREET)])
    house.give(house.author, beside, Want(sight=not_this_street))
    beside.exchange.may_read("990100")
    [filling] = house.author.exchange.contents(beside.exchange.wanted(), Want())
    beside.fill(replace(filling, contents=filling.contents[::-1]))
    assert beside.situation.conflicts() == []
    assert beside.digest() == house.author.digest()


@pytest.mark.parametrize("goes_on", [False, True], ids=["the same batch", "a batch that goes on"])
def test_a_header_that_reached_the_hub_first_takes_its_content_from_the_author_s_batch(
    house: House, beside: Journal, goes_on: bool
) -> None:
    house.give(beside, house.hub)
    if goes_on:
        house.say("fire", "起火")
    accepted = house.hub.accept(house.author.exchange.run(*house.stream, 0))
    assert [entry.seq for entry in accepted.entries] == [1, 2][: 1 + goes_on]
    assert title(house.hub) == "积水"
    assert house.hub.digest() == house.author.digest()
    assert house.hub.exchange.wanted() == {}
    assert list(house.hub.verify()) == []


def test_a_batch_that_brings_another_content_than_its_header_names_brings_nothing(
    house: House, beside: Journal
) -> None:
    house.give(beside, house.hub)
    batch = house.author.exchange.run(*house.stream, 0)
    [entry] = batch.entries
    forged = entry.content.replace("积水".encode(), "起火".encode())
    with pytest.raises(ValueError, match="chain"):
        house.hub.accept(replace(batch, entries=(entry._replace(content=forged),)))
    assert title(house.hub) is None
    house.hub.accept(batch)
    assert title(house.hub) == "积水"


def test_asking_again_helps_while_the_hub_itself_has_not_even_the_header(house: House) -> None:
    asked = {house.stream: [(1, 1)]}
    assert house.hub.exchange.awaited(asked) == asked
    house.give(house.author, house.hub)
    assert house.hub.exchange.awaited(asked) == {}


def test_a_question_about_streams_nobody_wrote_leaves_nothing_behind(house: House) -> None:
    unknown = {("JD09", "a"): [(1, 5)]}
    before = len(house.hub.store.streams())
    assert house.hub.exchange.awaited(unknown) == unknown
    assert house.hub.exchange.contents(unknown, Want()) == []
    assert len(house.hub.store.streams()) == before


def test_what_the_hub_itself_writes_of_a_street_is_read_there_alone_and_its_word_as_the_root_everywhere(
    house: House,
) -> None:
    order = set_fields("incident", "fire", title="起火")
    house.hub.append([Draft("op", "incident.open", order, scope=STREET)])
    grant = set_fields("grant", "g1", account="li", role="ST", region=STREET)
    house.hub.append([Draft("sec", "grant.give", grant, scope=STREET)])
    house.give(house.hub, house.beside, Want(sight=not_this_street))
    assert title(house.beside, "fire") is None
    assert house.beside.situation.get(Grant, "g1") is not None
    house.beside.exchange.may_read("")
    wanted = house.beside.exchange.wanted()
    assert house.hub.exchange.contents(wanted, Want(sight=not_this_street)) == []


def test_an_office_waits_again_for_what_was_withheld_when_it_is_told_another_sight(
    house: House, beside: Journal
) -> None:
    for told, waits in (("990101007", True), ("990101007", False), ("990100", True)):
        beside.exchange.may_read(told)
        assert beside.exchange.wanted() == ({house.stream: [(1, 1)]} if waits else {})
        beside.exchange.give_up(beside.exchange.wanted(), {})
        assert beside.exchange.withheld() == 1
