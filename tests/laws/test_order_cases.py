"""Create and update of one record made apart, told in every order in which the entries can arrive.

The cases are those that offline forms (ODK entities) and the rebase of map databases (geodiff) know to go wrong. For
each, every station and one that saw nothing before hears all entries in every order that keeps each author's own: all
must end with the same tables and the same inbox, and whatever was said still stands, is listed, or was replaced by
somebody who had read it.
"""

from tests.laws.apart import (
    EVENING,
    batches,
    enrolled_copy,
    passing_folder,
    say,
)
from tests.laws.field import known_to_both
from workstation.domain.clock import ManualClock


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
