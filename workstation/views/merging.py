"""Which open incidents another may be the same as, in the order in which somebody looks for them."""

from collections.abc import Sequence
from math import inf

from workstation.domain.call import CallNotes
from workstation.domain.geometry import distance_m
from workstation.domain.records import Incident
from workstation.situation import Situation
from workstation.views.columns import NameOf, title_of
from workstation.views.plain import one_line
from workstation.views.snapshot import LIVE
from workstation.views.workplace import Workplace

OFFERED = 100
LONGEST = 36
"""Of a title in a list of choices, which is as wide as its longest line."""


def likely(workplace: Workplace, incident: Incident) -> list[str]:
    """The open incidents that this one most likely is, the likeliest first."""
    return [one.incident for one in workplace.similar(_told(workplace, incident))]


def choices(situation: Situation, name_of: NameOf, incident: Incident, likely: Sequence[str]) -> dict[str, str]:
    """Open incidents that an incident may be merged into, by the line that tells them: the likeliest first, then the
    nearest, last those whose place is unknown. Restricted ones are merged with none."""
    rank = {identity: number for number, identity in enumerate(likely)}
    live = situation.find(Incident, state=LIVE)
    others = [one for one in live if one.id != incident.id and not one.restricted]
    others.sort(key=lambda one: (rank.get(one.id, len(rank)), _metres(incident, one), one.number or one.id))
    return {_line(name_of, incident, one): one.id for one in others[:OFFERED]}


def _told(workplace: Workplace, incident: Incident) -> CallNotes:
    """What is known of an incident, as a caller would tell it."""
    return CallNotes(
        at=incident.opened_at or workplace.clock.now(),
        place=incident.place or "",
        lat=incident.lat,
        lon=incident.lon,
        type=incident.type or "",
        text=incident.title or "",
    )


def _line(name_of: NameOf, incident: Incident, other: Incident) -> str:
    metres = _metres(incident, other)
    return line_of(other, name_of) + ("" if metres == inf else f" · {metres:.0f} m")


def line_of(incident: Incident, name_of: NameOf) -> str:
    """An incident by number and title, as one of several to choose from."""
    return f"{incident.number or incident.id} {one_line(title_of(incident, name_of))[:LONGEST]}"


def _metres(one: Incident, other: Incident) -> float:
    """Between two incidents; without end where the place of either is unknown."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return inf
    return distance_m(one.lat, one.lon, other.lat, other.lon)
