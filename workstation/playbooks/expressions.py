"""The conditions of playbooks: numbers, names and words, compared and joined, in three-valued logic.

Grammar: `or` binds weaker than `and`, that weaker than `not`; comparisons `== != < <= > >=` and `in [word, ...]`;
`+ - *`; `count(name)`, `max(name)`, `exists(name)`. A value that is not known makes a comparison unknown, and unknown
joins as Kleene's logic has it: never false, never zero. A name no dictionary has is a mistake found at loading.
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

Truth = bool | None
Scalar = float | str | bool | None
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


class Facts(Protocol):
    """Values by name; None is unknown, "none" is known to be none. `many` are all values of an indicator."""

    def one(self, name: str) -> Scalar: ...
    def many(self, name: str) -> list[float] | None: ...


@dataclass(frozen=True, slots=True)
class Literal:
    value: Scalar

    def evaluate(self, facts: Facts) -> Scalar:
        return self.value

    def names(self) -> Iterator[str]:
        yield from ()


@dataclass(frozen=True, slots=True)
class Name:
    name: str

    def evaluate(self, facts: Facts) -> Scalar:
        return facts.one(self.name)

    def names(self) -> Iterator[str]:
        yield self.name


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    name: str

    def evaluate(self, facts: Facts) -> Scalar:
        values = facts.many(self.name)
        if self.function == "exists":
            return None if values is None else bool(values)
        if self.function == "max":
            return max(values) if values else None
        return facts.one(self.name) if values is None else float(len(values))

    def names(self) -> Iterator[str]:
        yield self.name


@dataclass(frozen=True, slots=True)
class Arithmetic:
    sign: str
    left: "Node"
    right: "Node"

    def evaluate(self, facts: Facts) -> Scalar:
        left, right = _number(self.left.evaluate(facts)), _number(self.right.evaluate(facts))
        return None if left is None or right is None else _ARITHMETIC[self.sign](left, right)

    def names(self) -> Iterator[str]:
        yield from self.left.names()
        yield from self.right.names()


@dataclass(frozen=True, slots=True)
class Comparison:
    sign: str
    left: "Node"
    right: "Node"

    def evaluate(self, facts: Facts) -> Truth:
        left, right = self.left.evaluate(facts), self.right.evaluate(facts)
        if left is None or right is None:
            return None
        if self.sign in ("==", "!="):
            return (left == right) is (self.sign == "==")
        first, second = _number(left), _number(right)
        return None if first is None or second is None else COMPARE[self.sign](first, second)

    def names(self) -> Iterator[str]:
        yield from self.left.names()
        yield from self.right.names()


@dataclass(frozen=True, slots=True)
class Among:
    left: "Node"
    words: tuple[Scalar, ...]

    def evaluate(self, facts: Facts) -> Truth:
        value = self.left.evaluate(facts)
        return None if value is None else value in self.words

    def names(self) -> Iterator[str]:
        return self.left.names()


@dataclass(frozen=True, slots=True)
class Not:
    inner: "Node"

    def evaluate(self, facts: Facts) -> Truth:
        value = _truth(self.inner.evaluate(facts))
        return None if value is None else not value

    def names(self) -> Iterator[str]:
        return self.inner.names()


@dataclass(frozen=True, slots=True)
class Joined:
    """`and` (settled by a False) or `or` (settled by a True) over its parts."""

    settled_by: bool
    parts: tuple["Node", ...]

    def evaluate(self, facts: Facts) -> Truth:
        values = [_truth(part.evaluate(facts)) for part in self.parts]
        if self.settled_by in values:
            return self.settled_by
        return None if None in values else not self.settled_by

    def names(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.names()


Node = Literal | Name | Call | Arithmetic | Comparison | Among | Not | Joined


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as it was written, and read."""

    text: str
    node: Node

    def judge(self, facts: Facts) -> Truth:
        """True, False, or None where what is known does not decide it."""
        return _truth(self.node.evaluate(facts))

    def missing(self, facts: Facts) -> list[str]:
        """The names in it whose value is not known."""
        return sorted({name for name in self.node.names() if facts.one(name) is None and not facts.many(name)})


def _number(value: Scalar) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _truth(value: Scalar) -> Truth:
    return value if isinstance(value, bool) else None
