"""The limits of each indicator as the table `thresholds.yaml` gives them, and what they mean for one sensor."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from workstation.content import folder, read_yaml
from workstation.domain.errors import ContentError
from workstation.domain.levels import COLOUR_OF, SEVERITY_OF, Severity
from workstation.domain.records import Sensor

SILENCE = "source_silence"
FILE = "thresholds.yaml"


@dataclass(frozen=True, slots=True)
class LimitRule:
    """One limit of a rule: a number, or weights on the station's own warning and guarantee levels."""

    severity: Severity
    low: bool
    plus: float
    warn: float = 0.0
    guarantee: float = 0.0

    def value_for(self, sensor: Sensor) -> float | None:
        """The limit for one station; None where it has not the level the rule asks for."""
        total = self.plus
        for weight, level in ((self.warn, sensor.warn), (self.guarantee, sensor.guarantee)):
            if weight and level is None:
                return None
            total += weight * (level or 0.0)
        return total


@dataclass(frozen=True, slots=True)
class Rule:
    """An indicator's limits with its delays in seconds and its deadband in the indicator's unit."""

    id: str
    unit: str
    limits: tuple[LimitRule, ...]
    deadband: float = 0.0
    on_s: float = 0.0
    off_s: float = 0.0
    latch: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as it stands for one sensor."""

    severity: Severity
    value: float
    low: bool
    deadband: float

    def reached(self, value: float) -> bool:
        return value <= self.value if self.low else value >= self.value

    def left(self, value: float) -> bool:
        """Back on the safe side, and by the deadband."""
        return not self.reached(value) and self._clear_by_deadband(value)

    def _clear_by_deadband(self, value: float) -> bool:
        return value >= self.value + self.deadband if self.low else value <= self.value - self.deadband


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits of one sensor, the least severe first."""

    rule: Rule
    steps: tuple[Limit, ...]

    @classmethod
    def of(cls, rule: Rule, sensor: Sensor) -> "Limits":
        known = [(limit, limit.value_for(sensor)) for limit in rule.limits]
        steps = [Limit(one.severity, value, one.low, rule.deadband) for one, value in known if value is not None]
        return cls(rule, tuple(sorted(steps, key=lambda step: step.severity.rank)))

    @property
    def ladder(self) -> list[Severity]:
        return list(dict.fromkeys(step.severity for step in self.steps))

    def reached(self, severity: Severity, value: float) -> bool:
        return any(step.reached(value) for step in self.steps if step.severity.rank >= severity.rank)

    def left(self, severity: Severity, value: float) -> bool:
        return all(step.left(value) for step in self.steps if step.severity.rank >= severity.rank)

    def below(self, severity: Severity) -> Severity | None:
        """The next less severe step, None below the last."""
        lower = [step for step in self.ladder if step.rank < severity.rank]
        return lower[-1] if lower else None

    def limit_at(self, severity: Severity, value: float) -> Limit:
        """The limit of a severity that a value is at, or nearest to."""
        at = [step for step in self.steps if step.severity is severity]
        return min(at, key=lambda step: (not step.reached(value), abs(step.value - value)))


@cache
def rules() -> dict[str, Rule]:
    """The rules of `resources/tables/thresholds.yaml` by indicator. Raises ContentError naming rule and field."""
    found = {}
    for number, row in enumerate(read_yaml(folder("resources") / "tables" / FILE) or [], 1):
        rule = read_rule(row, f"rule {number}")
        if rule.id in found:
            raise ContentError(FILE, rule.id, "defined twice")
        found[rule.id] = rule
    return found


def read_rule(row: Any, place: str) -> Rule:
    """One row of the table. Raises ContentError."""
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise ContentError(FILE, place, "a rule is a mapping with an id")
    name = row["id"]
    high = row.get("high", {letter: row[letter] for letter in SEVERITY_OF if letter in row})
    limits = (*_limits(high, False, f"{name}.high"), *_limits(row.get("low", {}), True, f"{name}.low"))
    if not limits:
        raise ContentError(FILE, name, "no limit B, Y, O or R")
    numbers = {key: _number(row.get(key, 0), f"{name}.{key}") for key in ("db", "on_s", "off_s")}
    if min(numbers.values()) < 0:
        raise ContentError(FILE, name, "db, on_s and off_s are never negative")
    return Rule(
        id=name,
        unit=str(row.get("unit", "")),
        limits=limits,
        deadband=numbers["db"],
        on_s=numbers["on_s"],
        off_s=numbers["off_s"],
        latch=row.get("latch") is True,
    )


def _limits(steps: Any, low: bool, place: str) -> tuple[LimitRule, ...]:
    if not isinstance(steps, dict) or not set(steps) <= set(SEVERITY_OF):
        raise ContentError(FILE, place, f"limits are named {', '.join(COLOUR_OF.values())}")
    return tuple(_limit(SEVERITY_OF[letter], low, value, f"{place}.{letter}") for letter, value in steps.items())


def _limit(severity: Severity, low: bool, value: Any, place: str) -> LimitRule:
    if not isinstance(value, dict):
        return LimitRule(severity, low, _number(value, place))
    if not value or not set(value) <= {"warn", "guarantee", "plus"}:
        raise ContentError(FILE, place, "weights are named warn, guarantee and plus")
    weights = {key: _number(weight, f"{place}.{key}") for key, weight in value.items()}
    return LimitRule(severity, low, weights.get("plus", 0.0), weights.get("warn", 0.0), weights.get("guarantee", 0.0))


def _number(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ContentError(FILE, place, f"not a number: {value!r}")
    return float(value)
