"""Create, update and delete of one record made apart, told in every order in which the entries can arrive.

The cases are those that offline forms (ODK entities) and the rebase of map databases (geodiff) know to go wrong. For
each, every station and one that saw nothing before hears all entries in every order that keeps each author's own: all
must end with the same tables and the same inbox, and whatever was said still stands, is listed, or was replaced by
somebody who had read it.
"""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.journals import opened
from tests.laws.apart import (
    EVENING,
    STATIONS,
    batches,
    disagreements,
    enrolled_copy,
    inbox,
    interleavings,
    passing_folder,
    refs,
    say,
)
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Change, Draft, Value
from workstation.domain.entry import Entry
from workstation.domain.records import Incident
from workstation.journal import Batch, Journal
from workstation.situation import Conflict

NOBODY = STATIONS[-1]
Listed = tuple[tuple[str, str], ...]


class Field:
    """Stations that speak of one incident, and what all of them know in the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = ManualClock(EVENING)
        self.entries: list[Entry] = []
        self.journals: dict[str, Journal] = {}

    def at(self, station: str) -> Journal:
        if station not in self.journals:
            self.journals[station] = enrolled_copy(self.folder, station, self.clock)
        return self.journals[station]

    def say(self, station: str, **values: object) -> None:
        self.clock.advance(60)
        self.entries.append(say(self.at(station), "i1", **values))

    def decide(self, station: str, conflict: Conflict, value: Value) -> None:
        self.clock.advance(60)
        base = tuple(sorted(claim.ref for claim in conflict.heads))
        change = Change(conflict.kind, conflict.id, conflict.field, value, base)
        self.entries += self.at(station).append([Draft("sup", "conflict.decide", (change,), reason="核对")])

    def tell(self, giver: str, taker: str) -> None:
        """One station hands another all it knows, on a stick."""
        for author in STATIONS:
            for batch in batches(self.at(giver), author):
                self.at(taker).accept(batch)

    def settled(self) -> tuple[Incident, Listed]:
        """The record, and the fields listed with their state: the same on every station after every order."""
        orders = list(interleavings([batches(journal, author) for author, journal in self.journals.items()]))
        for journal in self.journals.values():
            journal.close()
        enrolled_copy(self.folder, NOBODY, self.clock).close()
        outcomes = [self._heard(station, order) for station in (*self.journals, NOBODY) for order in orders]
        assert {digest for digest, _, _ in outcomes} == {outcomes[0][0]}
        return outcomes[0][1:]

    def _heard(self, station: str, order: Sequence[Batch]) -> tuple[str, Incident, Listed]:
        """What a station says that hears all entries in that order, behind what it knew already."""
        with passing_folder() as folder:
            shutil.copytree(self.folder / station, folder / station)
            journal = opened(folder, station, self.clock)
            for batch in order:
                journal.accept(batch)
            held, listed = refs(journal), journal.situation.conflicts()
            assert len(held) == len(set(held))
            assert {entry.ref for entry in self.entries} <= set(held)
            assert disagreements(self.entries).items() <= inbox(journal).items()
            found = journal.situation.get(Incident, "i1")
            assert found is not None
            digest = journal.digest()
            journal.close()
            return digest, found, tuple(sorted((one.field, one.state) for one in listed))


@pytest.fixture
def field() -> Iterator[Field]:
    with passing_folder() as folder:
        yield Field(folder)


def known_to_both(field: Field, **values: object) -> None:
    """An incident that the centre opened while the line was up."""
    field.say("ZX", state="reported", title="积水", **values)
    field.tell("ZX", "JD03")
    field.tell("ZX", "JD07")


def test_create_and_create_of_one_id_with_the_same_words_is_agreement(field):
    field.say("ZX", title="积水", level="III")
    field.say("JD03", title="积水", level="III")
    record, listed = field.settled()
    assert (record.title, record.level, listed) == ("积水", "III", ())


def test_create_and_create_of_one_id_with_other_words_lists_each_field_that_differs(field):
    field.say("ZX", title="积水", level="III", place="人民路")
    field.say("JD03", title="内涝", level="II", place="人民路")
    record, listed = field.settled()
    assert (record.title, record.level, record.place) == ("内涝", "II", "人民路")
    assert listed == (("level", "open"), ("title", "rule"))


def test_create_and_create_of_one_id_each_with_fields_of_its_own_joins_them(field):
    field.say("ZX", title="积水")
    field.say("JD03", trapped=2)
    record, listed = field.settled()
    assert (record.title, record.trapped, listed) == ("积水", 2, ())


def test_create_at_three_stations_lists_all_three_words(field):
    field.say("ZX", level="IV")
    field.say("JD03", level="I")
    field.say("JD07", level="III")
    record, listed = field.settled()
    assert (record.level, listed) == ("I", (("level", "open"),))


def test_update_and_update_of_one_field_shows_the_later_and_lists_both(field):
    known_to_both(field)
    field.say("ZX", title="甲")
    field.say("JD03", title="乙")
    record, listed = field.settled()
    assert (record.title, listed) == ("乙", (("title", "rule"),))


def test_update_and_update_of_one_guarded_field_shows_the_more_severe_and_stays_open(field):
    known_to_both(field, level="III")
    field.say("ZX", level="I")
    field.say("JD03", level="IV")
    record, listed = field.settled()
    assert (record.level, listed) == ("I", (("level", "open"),))


def test_update_and_update_of_one_field_to_the_same_value_is_agreement(field):
    known_to_both(field)
    field.say("ZX", level="II")
    field.say("JD03", level="II")
    record, listed = field.settled()
    assert (record.level, listed) == ("II", ())


def test_update_and_update_of_different_fields_keeps_both(field):
    known_to_both(field)
    field.say("ZX", level="II")
    field.say("JD03", trapped=3)
    record, listed = field.settled()
    assert (record.level, record.trapped, listed) == ("II", 3, ())


def test_update_twice_and_update_once_of_one_field_lists_the_last_of_each(field):
    known_to_both(field)
    field.say("ZX", title="甲")
    field.say("ZX", title="甲二")
    field.say("JD03", title="乙")
    record, listed = field.settled()
    assert (record.title, listed) == ("乙", (("title", "rule"),))


def test_update_there_and_back_is_not_taken_for_no_update(field):
    known_to_both(field, level="III")
    field.say("ZX", level="I")
    field.say("ZX", level="III")
    field.say("JD03", level="II")
    record, listed = field.settled()
    assert (record.level, listed) == ("II", (("level", "open"),))


def test_unknown_again_and_update_of_one_field_lists_both(field):
    known_to_both(field, trapped=2)
    field.say("ZX", trapped=None)
    field.say("JD03", trapped=4)
    record, listed = field.settled()
    assert (record.trapped, listed) == (4, (("trapped", "open"),))


def test_delete_and_delete_is_agreement(field):
    known_to_both(field)
    field.say("ZX", deleted=True)
    field.say("JD03", deleted=True)
    record, listed = field.settled()
    assert (record.deleted, listed) == (True, ())


def test_delete_then_recreate_at_one_station_is_there_again_everywhere(field):
    known_to_both(field)
    field.say("ZX", deleted=True)
    field.say("ZX", deleted=False, title="又积水")
    record, listed = field.settled()
    assert (record.deleted, record.title, listed) == (False, "又积水", ())


def test_delete_and_recreate_apart_lists_that_one_wants_it_gone(field):
    known_to_both(field)
    field.say("ZX", deleted=True)
    field.tell("ZX", "JD03")
    field.say("JD03", deleted=False)
    field.say("ZX", deleted=None)
    _, listed = field.settled()
    assert [name for name, _ in listed] == ["deleted"]


def test_delete_read_and_undone_elsewhere_leaves_nothing_to_list(field):
    known_to_both(field)
    field.say("ZX", deleted=True)
    field.tell("ZX", "JD03")
    field.say("JD03", deleted=False)
    record, listed = field.settled()
    assert (record.deleted, listed) == (False, ())


def test_create_offline_then_two_updates_from_there_arrive_behind_others_words(field):
    field.say("JD03", title="积水", state="reported")
    field.say("JD03", title="积水三十厘米")
    field.say("JD03", title="积水四十厘米")
    field.say("ZX", trapped=1)
    record, listed = field.settled()
    assert (record.title, record.trapped, listed) == ("积水四十厘米", 1, ())


def test_update_arriving_before_the_create_it_answers_supersedes_it_all_the_same(field):
    field.say("JD03", title="积水", level="III")
    field.tell("JD03", "ZX")
    field.say("ZX", title="内涝", level="II")
    record, listed = field.settled()
    assert (record.title, record.level, listed) == ("内涝", "II", ())


def test_delete_arriving_before_the_create_it_answers_keeps_the_record_gone(field):
    field.say("JD03", title="积水")
    field.tell("JD03", "ZX")
    field.say("ZX", deleted=True)
    record, listed = field.settled()
    assert (record.deleted, record.title, listed) == (True, "积水", ())


def test_update_of_an_update_of_a_create_from_three_stations_arrives_in_any_order(field):
    field.say("JD03", level="IV")
    field.tell("JD03", "ZX")
    field.say("ZX", level="III")
    field.tell("ZX", "JD07")
    field.say("JD07", level="II")
    record, listed = field.settled()
    assert (record.level, listed) == ("II", ())


def test_one_late_update_to_what_two_have_settled_is_listed_beside_the_settlement(field):
    known_to_both(field, level="IV")
    field.say("JD07", level="III")
    field.say("ZX", level="II")
    field.say("JD03", level="I")
    field.tell("JD03", "ZX")
    field.say("ZX", level="II")
    record, listed = field.settled()
    assert record.level == "II"
    assert listed == (("level", "decided"), ("level", "open"))


def test_two_decisions_about_one_disagreement_made_apart_are_a_disagreement(field):
    known_to_both(field)
    field.say("ZX", level="II")
    field.say("JD03", level="III")
    field.tell("ZX", "JD07")
    field.tell("JD03", "JD07")
    field.tell("JD03", "ZX")
    field.say("ZX", level="II")
    field.say("JD07", level="III")
    record, listed = field.settled()
    assert record.level == "II"
    assert listed == (("level", "decided"), ("level", "decided"), ("level", "open"))


def test_the_same_decision_made_twice_apart_is_agreement(field):
    known_to_both(field)
    field.say("ZX", level="II")
    field.say("JD03", level="III")
    field.tell("ZX", "JD07")
    field.tell("JD03", "JD07")
    field.tell("JD03", "ZX")
    field.say("ZX", level="II")
    field.say("JD07", level="II")
    record, listed = field.settled()
    assert (record.level, listed) == ("II", (("level", "decided"), ("level", "decided")))


@pytest.mark.parametrize(("first", "second"), [("ZX", "JD03"), ("JD03", "ZX")], ids=["update-delete", "delete-update"])
def test_update_and_delete_made_apart_keep_the_new_words_and_wait_for_somebody_to_decide(field, first, second):
    known_to_both(field)
    for station in (first, second):
        field.say(station, **({"title": "内涝"} if station == "ZX" else {"deleted": True}))
    record, listed = field.settled()
    assert (record.title, record.deleted) == ("内涝", True)
    assert listed == (("deleted", "open"),)


def test_update_made_in_the_knowledge_of_a_delete_is_no_disagreement(field):
    known_to_both(field)
    field.say("JD03", deleted=True)
    field.tell("JD03", "ZX")
    field.say("ZX", title="内涝")
    record, listed = field.settled()
    assert (record.title, record.deleted, listed) == ("内涝", True, ())


def test_delete_said_again_by_one_who_read_both_settles_it(field):
    known_to_both(field)
    field.say("ZX", title="内涝")
    field.say("JD03", deleted=True)
    field.tell("ZX", "JD03")
    one = field.at("JD03").situation.conflicts()[0]
    assert {claim.value for claim in one.heads} == {True, False}
    field.decide("JD03", one, value=True)
    record, listed = field.settled()
    assert (record.title, record.deleted) == ("内涝", True)
    assert listed == (("deleted", "decided"),)


def test_update_that_one_of_two_who_deleted_had_read_is_settled_by_that(field):
    known_to_both(field)
    field.say("ZX", title="内涝")
    field.say("JD03", deleted=True)
    field.tell("ZX", "JD07")
    field.say("JD07", deleted=True)
    record, listed = field.settled()
    assert (record.deleted, listed) == (True, ())


def test_an_answer_that_came_first_leaves_nothing_awaited_when_both_of_what_it_answers_come_at_once() -> None:
    clock = ManualClock(EVENING)
    with passing_folder() as folder:
        street, centre, reader = (enrolled_copy(folder, name, clock) for name in ("JD03", "ZX", "JD07"))
        say(street, "i1", title="积水")
        clock.advance(1)
        for batch in batches(street, "JD03"):
            centre.accept(batch)
        say(centre, "i1", title="积水加深")
        clock.advance(1)
        say(street, "i1", title="退水")
        for batch in (*batches(centre, "ZX"), *batches(street, "JD03", limit=99)):
            reader.accept(batch)
        assert list(reader.verify()) == []
        for journal in (street, centre, reader):
            journal.close()
