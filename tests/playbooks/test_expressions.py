"""Conditions in three-valued logic: unknown is never false and never zero."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.playbooks.facts import IncidentFacts
from workstation.playbooks.parsing import ExpressionError, parse

FACTS = IncidentFacts(
    {"trapped": 2, "deaths": None, "rainstorm_signal": "O", "station.warn_m": "none", "verified": True},
    {"underpass_ponding_cm": [4.0, 27.0], "road_ponding_over_25cm": []},
)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("trapped >= 1", True),
        ("trapped == 0", False),
        ("deaths >= 1", None),
        ("deaths >= 1 or trapped >= 1", True),
        ("deaths >= 1 and trapped == 0", False),
        ("deaths >= 1 and trapped >= 1", None),
        ("not deaths >= 1", None),
        ("not trapped == 0", True),
        ("max(underpass_ponding_cm) >= 25", True),
        ("underpass_ponding_cm >= 25", True),
        ("count(underpass_ponding_cm) == 2", True),
        ("count(road_ponding_over_25cm) >= 3", False),
        ("max(road_ponding_over_25cm) >= 3", None),
        ("exists(underpass_ponding_cm)", True),
        ("rainstorm_signal in [Y, O, R]", True),
        ("rainstorm_signal == R", False),
        ("station.warn_m == none", True),
        ("trapped < station.warn_m - 0.2", None),
        ("trapped + 1 * 3 == 5", True),
        ("verified == true", True),
        ("trapped >= 1 or deaths >= 1 and trapped == 0", True),
        ("(trapped >= 1 or deaths >= 1) and trapped == 0", False),
    ],
)
def test_a_condition_says_true_false_or_that_it_does_not_know(text, truth):
    assert parse(text).judge(FACTS) is truth


def test_what_is_missing_is_named():
    assert parse("deaths >= 1 and trapped >= 1").missing(FACTS) == ["deaths"]


@pytest.mark.parametrize(
    "text",
    ["", "trapped >=", "trapped >= 1)", "(trapped >= 1", "eval(trapped)", "trapped in Y", "trapped = 1", "a ; b"],
)
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(ExpressionError):
        parse(text)


@given(st.text(max_size=60))
def test_no_text_does_more_than_be_refused(text):
    with contextlib.suppress(ExpressionError):
        assert parse(text).judge(FACTS) in (True, False, None)


@given(st.booleans() | st.none(), st.booleans() | st.none())
def test_and_and_or_mirror_each_other(left, right):
    facts = IncidentFacts({"fire": left, "fire_out": right})
    both = parse("fire == true and fire_out == true").judge(facts)
    mirrored = parse("not (not fire == true or not fire_out == true)").judge(facts)
    assert both is mirrored
