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


NUMERAL = {Severity.I: "Ⅰ", Severity.II: "Ⅱ", Severity.III: "Ⅲ", Severity.IV: "Ⅳ"}
LEVELS = (Severity.IV, Severity.III, Severity.II, Severity.I)
COLOUR_OF = {Severity.I: "R", Severity.II: "O", Severity.III: "Y", Severity.IV: "B"}
SEVERITY_OF = {letter: severity for severity, letter in COLOUR_OF.items()}


def severity_rank(value: object) -> int:
    """Rank of a numeral or a colour letter; 0 for unknown, so that unknown never outranks a value."""
    text = str(value)
    if text in SEVERITY_OF:
        return SEVERITY_OF[text].rank
    return Severity(text).rank if text in Severity.__members__ else 0
