"""Incident numbers as people read them: SJ20261124-0007 at the centre, SJ20261124-JD03-0002 at a street's station.

The day is the city's own. A number given without the network is kept for ever, so it carries the station's name; only
the centre's has none. No counter is stored: the incidents that bear the numbers are the counter.
"""

from collections.abc import Iterator
from datetime import datetime

from workstation.domain.clock import CITY_ZONE
from workstation.domain.records import Incident
from workstation.situation import Situation

CENTRE = "ZX"


def numbers(situation: Situation, station: str, now: datetime) -> Iterator[str]:
    """The free numbers of a station's day, one after another; asks the situation when the first is taken."""
    day = f"SJ{now.astimezone(CITY_ZONE):%Y%m%d}-"
    prefix = day if station == CENTRE else f"{day}{station}-"
    number = _first_free(situation, prefix)
    while True:
        yield f"{prefix}{number:04d}"
        number += 1


def _first_free(situation: Situation, prefix: str) -> int:
    """The first number that no incident bears: doubling steps, then halving, since a day's numbers have no gaps."""
    step = 1
    while _is_taken(situation, prefix, step):
        step *= 2
    low, high = step // 2, step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _is_taken(situation, prefix, middle) else (low, middle)
    return high


def _is_taken(situation: Situation, prefix: str, number: int) -> bool:
    return situation.count(Incident, number=f"{prefix}{number:04d}") > 0
