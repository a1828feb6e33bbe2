"""Deletes of one record beside creates and updates made apart, told in every order in which the entries can arrive."""

import pytest

from tests.laws.field import known_to_both


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


def test_delete_arriving_before_the_create_it_answers_keeps_the_record_gone(field):
    field.say("JD03", title="积水")
    field.tell("JD03", "ZX")
    field.say("ZX", deleted=True)
    record, listed = field.settled()
    assert (record.deleted, record.title, listed) == (True, "积水", ())


@pytest.mark.parametrize(("first", "second"), [("ZX", "JD03"), ("JD03", "ZX")], ids=["update-delete", "delete-update"])
def test_update_and_delete_made_apart_keep_the_new_words_and_wait_for_somebody_to_decide(field, first, second):
    known_to_both(field)
    for station in (first, second):
        field.say(station, **({"title": "内涝"} if station == "ZX" else {"deleted": True}))
    record, listed = field.settled()
    assert (record.title, record.deleted) == ("内涝", False)
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
