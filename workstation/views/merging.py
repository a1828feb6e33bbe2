"""Which open incidents another may be the same as, in the order in which somebody looks for them."""

from math import inf

from workstation.domain.call import CallNotes
from workstation.domain.geometry import distance_m
from workstation.domain.records import Incident
from workstation.views.columns import title_of
from workstation.views.plain import one_line
from workstation.views.snapshot import LIVE
from workstation.views.workplace import Workplace

OFFERED = 100
LONGEST = 36
"""Of a title in a list of choices, which is as wide as its longest line."""


def choices(workplace: Workplace, incident: Incident) -> dict[str, str]:
    """Open incidents that an incident may be merged into, by the line that tells them: the likeliest first, then the
    nearest, last those whose place is unknown. Restricted ones are merged with none."""
    likely = [one.incident for one in workplace.similar(_told(workplace, incident))]
    rank = {identity: number for number, identity in enumerate(likely)}
    live = workplace.situation().find(Incident, state=LIVE)
    others = [one for one in live if one.id != incident.id and not one.restricted]
    others.sort(key=lambda one: (rank.get(one.id, len(rank)), _metres(incident, one), one.number or one.id))
    return {_line(workplace, incident, one): one.id for one in others[:OFFERED]}


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


def _line(workplace: Workplace, incident: Incident, other: Incident) -> str:
    metres = _metres(incident, other)
    far = "" if metres == inf else f" · {metres:.0f} m"
    return f"{other.number or other.id} {one_line(title_of(other, workplace.name_of))[:LONGEST]}{far}"


def _metres(one: Incident, other: Incident) -> float:
    """Between two incidents; without end where the place of either is unknown."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return inf
    return distance_m(one.lat, one.lon, other.lat, other.lon)
