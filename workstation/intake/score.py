"""How alike a report and an incident are, as a sum whose parts can be shown.

A weighted sum and not a model, so that a person sees why two things were put together. What is not known takes no part:
the other weights share its place, and what rests on too little is proposed and never done. Two numbers that differ say
nothing, since twenty callers about one flood have twenty phones; two that are equal say much.
The start values are the duplicate score of the field: 0.35 space, 0.25 time, 0.25 type, 0.15 text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, hypot, radians

from workstation.domain.geometry import METRES_PER_DEGREE
from workstation.intake.rules import Rules

MAX_TEXT = 400
KEPT_TEXTS = 6
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_ENGLISH = re.compile(r"[a-z]{3,}")


@dataclass(slots=True)
class Sighting:
    """What is compared of a report, or of an incident with all its reports.

    Times are seconds since 1970; `lat` and `lon` are None where only a name is known that spans more than a place (a
    road, a street); `area` is the place as it was called. `texts` are word sets of reports, `marks` keyed digests
    of phones and plates.
    """

    first: float
    last: float
    lat: float | None = None
    lon: float | None = None
    area: str | None = None
    kind: str | None = None
    texts: tuple[frozenset[str], ...] = ()
    marks: frozenset[str] = frozenset()

    def absorb(self, other: "Sighting") -> None:
        """Take in what a further report says; the place stays where it was founded."""
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        fresh = tuple(text for text in other.texts if text not in self.texts)
        self.texts = (self.texts + fresh)[-KEPT_TEXTS:]
        self.marks |= other.marks
        self.kind = self.kind or other.kind
        if self.lat is None and other.lat is not None:
            self.lat, self.lon = other.lat, other.lon


@dataclass(frozen=True, slots=True)
class Score:
    """`total` is 0..1 and `parts` its shares by name, which add up to it; `certain` allows merging without a person."""

    total: float
    parts: dict[str, float]
    certain: bool


def words_of(text: str | None) -> frozenset[str]:
    """Character pairs of Chinese and words of English, of the first MAX_TEXT characters."""
    if not text:
        return frozenset()
    text = text[:MAX_TEXT].lower()
    pairs = {run[i : i + 2] for run in _CHINESE.findall(text) for i in range(len(run) - 1)}
    return frozenset(pairs.union(_ENGLISH.findall(text)))


def score(report: Sighting, incident: Sighting, rules: Rules) -> Score | None:
    """How alike they are; None when they are apart in place or time, or too unlike whatever the words say.

    Where the distance is unknown only a shared number makes two things comparable: one evening sees many floods. Where
    the kind is unknown, a person decides unless some of the words are the same.
    """
    number = rules.number_bonus if report.marks and not report.marks.isdisjoint(incident.marks) else 0.0
    distance = _distance(report, incident, rules)
    if not distance and not number:
        return None
    time = _time(report, incident, rules)
    if time == 0.0 and not number:
        return None
    kind = rules.alike(report.kind, incident.kind) if report.kind and incident.kind else None
    values = {"distance": distance, "time": time, "kind": kind}
    if _total({**values, "words": 1.0}, rules) + number < rules.proposed:
        return None
    values["words"] = _words(report.texts, incident.texts)
    known = sum(rules.weights[part] for part, value in values.items() if value is not None)
    parts = {part: rules.weights[part] * value / known for part, value in values.items() if value is not None}
    if number:
        parts["number"] = min(number, 1.0 - sum(parts.values()))
    about = kind if kind is not None else values["words"]
    certain = bool(distance and time and about) and known >= rules.known - 1e-9
    return Score(sum(parts.values()), parts, certain)


def threshold(report: Sighting, incident: Sighting, rules: Rules) -> float:
    """The score from which this report joins this incident by itself; above 1 for restricted kinds."""
    kind = incident.kind or report.kind
    if {report.kind, incident.kind} & rules.restricted:
        return 2.0
    return rules.of(kind).automatic


def _total(values: dict[str, float | None], rules: Rules) -> float:
    known = sum(rules.weights[part] for part, value in values.items() if value is not None)
    return sum(rules.weights[part] * value for part, value in values.items() if value is not None) / known


def _distance(report: Sighting, incident: Sighting, rules: Rules) -> float | None:
    if report.lat is None or report.lon is None or incident.lat is None or incident.lon is None:
        if report.area is None or incident.area is None:
            return None
        return rules.same_area if report.area == incident.area else None
    radius = rules.of(incident.kind or report.kind).radius_m
    north = (report.lat - incident.lat) * METRES_PER_DEGREE
    if abs(north) >= radius:
        return 0.0
    east = (report.lon - incident.lon) * METRES_PER_DEGREE * cos(radians(incident.lat))
    return max(0.0, 1.0 - hypot(north, east) / radius)


def _time(report: Sighting, incident: Sighting, rules: Rules) -> float:
    gap = max(0.0, incident.first - report.last, report.first - incident.last) / 60
    return max(0.0, 1.0 - gap / rules.of(incident.kind or report.kind).window_min)


def _words(said: Iterable[frozenset[str]], known: Iterable[frozenset[str]]) -> float | None:
    """The best Jaccard likeness of any two texts; None where one side said nothing."""
    pairs = [(one, other) for one in said for other in known if one and other]
    if not pairs:
        return None
    return max(len(one & other) / len(one | other) for one, other in pairs)
