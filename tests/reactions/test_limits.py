"""The limits of every indicator: where it raises, where it returns, and a wrong rule that is named."""

import pytest

from tests.reactions.evening import gauge
from workstation.domain.errors import ContentError
from workstation.reactions.limits import Limits, read_rule, rules


@pytest.mark.parametrize("indicator", sorted(set(rules()) - {"source_silence"}))
def test_every_indicator_raises_at_its_limit_and_returns_past_its_deadband(indicator: str) -> None:
    sensor = gauge("S", indicator, warn=4.0, guarantee=5.0)
    limits = Limits.of(rules()[indicator], sensor)
    for step in limits.steps:
        beyond = step.deadband or 0.01
        assert limits.reached(step.severity, step.value)
        assert not limits.left(step.severity, step.value)
        safe = step.value + beyond if step.low else step.value - beyond
        assert step.left(safe)
        assert not step.reached(safe)


def test_less_severe_limits_are_met_before_more_severe_ones() -> None:
    for rule in rules().values():
        for low in (False, True):
            steps = [one for one in Limits.of(rule, gauge(warn=4.0, guarantee=5.0)).steps if one.low is low]
            values = [one.value for one in steps]
            assert values == sorted(values, reverse=low), rule.id


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"id": "x"}, "x"),
        ({"B": 1}, "rule 1"),
        ({"id": "x", "B": "warn - 1"}, "x.high.B"),
        ({"id": "x", "low": {"P": 1}}, "x.low"),
        ({"id": "x", "B": {"wran": 1}}, "x.high.B"),
        ({"id": "x", "B": 1, "on_s": -1}, "x"),
    ],
)
def test_a_wrong_rule_is_named_by_its_place(row: dict, place: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_rule(row, "rule 1")
    assert f" {place}:" in f" {caught.value}"
