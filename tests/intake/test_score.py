"""How alike two words about the city are, and why."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.intake.rules import read_rules
from workstation.intake.score import Sighting, score, threshold, words_of

RULES = read_rules()
BASE = Sighting(first=0, last=0, lat=29.6, lon=124.2, kind="N02", texts=(words_of("下穿积水半米"),))
METRES_NORTH = 1 / 111_195


def at(metres: float, minutes: float = 0, kind: str | None = "N02", text: str = "车在下穿熄火") -> Sighting:
    texts = (words_of(text),) if text else ()
    return Sighting(minutes * 60, minutes * 60, 29.6 + metres * METRES_NORTH, 124.2, None, kind, texts)


def test_the_same_word_twice_is_the_same_incident() -> None:
    result = score(BASE, BASE, RULES)
    assert result is not None
    assert result.total == pytest.approx(1.0)
    assert result.certain


def test_the_parts_add_up_to_the_score() -> None:
    result = score(at(100, 20), BASE, RULES)
    assert result is not None
    assert sum(result.parts.values()) == pytest.approx(result.total)
    assert result.parts["distance"] == pytest.approx(0.35 * 0.8, abs=1e-3)
    assert result.parts["kind"] == pytest.approx(0.25)


@given(st.floats(0, 480), st.floats(0, 480))
def test_further_away_is_never_more_alike(one: float, other: float) -> None:
    near, far = (score(at(metres, text=""), BASE, RULES) for metres in sorted((one, other)))
    assert near is not None
    assert far is None or far.total <= near.total + 1e-9


def test_the_same_place_on_another_day_is_another_incident() -> None:
    assert score(at(0, minutes=600), BASE, RULES) is None


def test_an_unknown_kind_takes_no_part_instead_of_counting_as_another() -> None:
    unknown, other = score(at(20, kind=None), BASE, RULES), score(at(20, kind="A02"), BASE, RULES)
    assert unknown is not None
    assert "kind" not in unknown.parts
    assert other is None or other.total < unknown.total


def test_a_cry_of_unknown_kind_beside_a_flood_is_for_a_person_to_judge() -> None:
    cry, flood = score(at(20, kind=None, text="救命啊"), BASE, RULES), score(at(20, kind=None), BASE, RULES)
    assert cry is not None and flood is not None
    assert not cry.certain
    assert flood.certain


def test_kinds_that_callers_take_for_one_another_count_in_part() -> None:
    result = score(at(0, kind="N04"), BASE, RULES)
    assert result is not None
    assert result.parts["kind"] == pytest.approx(0.25 * 0.7)


def test_a_call_from_an_unknown_place_is_compared_by_its_number_alone_and_never_certain() -> None:
    lost = replace(at(0), lat=None, lon=None, marks=frozenset({"a"}))
    assert score(lost, BASE, RULES) is None
    result = score(lost, replace(BASE, marks=frozenset({"a"})), RULES)
    assert result is not None
    assert not result.certain


def test_two_callers_on_one_road_share_part_of_the_distance() -> None:
    road = replace(BASE, lat=None, lon=None, area="人民路")
    result = score(replace(road), road, RULES)
    assert result is not None
    assert result.parts["distance"] == pytest.approx(0.35 * 0.6)
    apart = score(replace(road, area="滨江路"), road, RULES)
    assert apart is None or "distance" not in apart.parts


def test_the_same_phone_adds_and_another_phone_takes_nothing_away() -> None:
    known = replace(BASE, marks=frozenset({"a"}))
    same = score(replace(at(150, 30), marks=frozenset({"a"})), known, RULES)
    other = score(replace(at(150, 30), marks=frozenset({"b"})), known, RULES)
    silent = score(at(150, 30), known, RULES)
    assert same is not None and other is not None and silent is not None
    assert same.parts["number"] == pytest.approx(0.15)
    assert other.total == pytest.approx(silent.total)


def test_a_fire_three_kilometres_away_is_another_fire() -> None:
    assert score(at(3000, kind="A02", text=""), replace(BASE, kind="A02", texts=()), RULES) is None


def test_restricted_kinds_never_join_by_themselves() -> None:
    assert threshold(at(0, kind="S03"), replace(BASE, kind="S03"), RULES) > 1
    assert threshold(at(0), replace(BASE, kind="S03"), RULES) > 1


def test_words_are_character_pairs_of_chinese_and_words_of_english() -> None:
    assert words_of("积水深,Road flooded") == {"积水", "水深", "road", "flooded"}
    assert words_of(None) == frozenset()
