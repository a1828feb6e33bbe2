"""Which open incidents a report or a half-typed call may be about.

While somebody types, the question comes with every key, from the thread that draws: the finder keeps its own index,
which another thread keeps up with the journal.
"""

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.call import CallNotes
from workstation.domain.records import Report
from workstation.intake.open_incidents import OpenIncidents
from workstation.intake.reception import Reception
from workstation.intake.rules import Rules
from workstation.intake.score import Sighting, score, threshold
from workstation.situation import Situation

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` is 0..1; `parts` its shares by name (distance, time, kind, words, number), which add up to it.

    `automatic`: alike enough to join without a person.
    """

    incident: str
    score: float
    parts: dict[str, float]
    automatic: bool = False


class Similar:
    """The finder: one thread follows the journal, any thread asks."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._open = OpenIncidents(reception)

    def follow(self, situation: Situation, now: datetime) -> None:
        """Take in what was written since the last look; the first time, every open incident."""
        self._open.follow(situation, now)

    def of(self, call: CallNotes, limit: int = SHOWN) -> list[Likeness]:
        """Open incidents a call may be about, the likeliest first."""
        report, _ = self._reception.locate([self._reception.clean(report_of(call, "call"), call.at)])[0]
        found = likenesses(self._open, self._reception.sighting(report), self._reception.rules)
        return sorted(found, key=lambda one: -one.score)[:limit]


def report_of(call: CallNotes, record: str) -> Report:
    """A call as a report with that id, as it was typed."""
    return Report(
        id=record,
        channel=call.channel or "phone",
        type=call.type or None,
        text=call.text or None,
        place=call.place or None,
        lat=call.lat,
        lon=call.lon,
        located="operator" if call.lat is not None else None,
        occurred_at=call.at,
        received_at=call.at,
        reporter_name=call.caller or None,
        reporter_phone=call.phone or None,
    )


def likenesses(known: OpenIncidents, sighting: Sighting, rules: Rules) -> list[Likeness]:
    """Every open incident worth proposing."""
    found = []
    for incident, other in known.candidates(sighting).items():
        result = score(sighting, other, rules)
        if result is not None and result.total >= rules.proposed:
            automatic = result.certain and result.total >= threshold(sighting, other, rules)
            parts = {part: round(share, 3) for part, share in result.parts.items()}
            found.append(Likeness(incident, result.total, parts, automatic))
    return found


def best(known: OpenIncidents, sighting: Sighting, rules: Rules) -> Likeness | None:
    """The likeliest incident; one that the report may join by itself before any that it may not."""
    return max(
        likenesses(known, sighting, rules), key=lambda one: (one.automatic, one.score, one.incident), default=None
    )
