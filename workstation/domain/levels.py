"""Severity: response levels, event grades and warning colours share one ladder of four, and are three fields.

Roman I is the most severe. `Severity` is what a screen shows (colour + shape + numeral + word). A level, a grade and a
colour are never derived from one another.
"""

from enum import StrEnum


class Severity(StrEnum):
    """One step of the ladder. Ordered by `rank`: 4 is the most severe (I, red), 1 the least (IV, blue)."""

    I = "I"  # noqa: E741  the field's own numeral
    II = "II"
    III = "III"
    IV = "IV"

    @property
    def rank(self) -> int:
        return {"I": 4, "II": 3, "III": 2, "IV": 1}[self.value]


LEVELS = (Severity.IV, Severity.III, Severity.II, Severity.I)
COLOUR_OF = {Severity.I: "R", Severity.II: "O", Severity.III: "Y", Severity.IV: "B"}
SEVERITY_OF = {letter: severity for severity, letter in COLOUR_OF.items()}


def severity_rank(value: object) -> int:
    """Rank of a numeral or a colour letter; 0 for unknown, so that unknown never outranks a value."""
    text = str(value)
    if text in SEVERITY_OF:
        return SEVERITY_OF[text].rank
    return Severity(text).rank if text in Severity.__members__ else 0


def grade_of(deaths: int | None, injured: int | None, loss_cny: float | None) -> Severity | None:
    """Event grade of an accident: the highest reached by any known column; None when nothing is known.

    Source: State Council Decree 493 (2007), art. 3. "Above" includes the number itself, "below" does not.
    """
    columns = ((deaths, (30, 10, 3)), (injured, (100, 50, 10)), (loss_cny, (100e6, 50e6, 10e6)))
    known = [(value, limits) for value, limits in columns if value is not None]
    if not known:
        return None
    steps = (Severity.I, Severity.II, Severity.III)
    reached = [
        next((step for step, limit in zip(steps, limits, strict=True) if value >= limit), Severity.IV)
        for value, limits in known
    ]
    return max(reached, key=lambda step: step.rank)
