"""Once a day the hub writes down where every stream ended: the root of the day."""

from datetime import UTC, datetime

from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.entry import Entry
from workstation.domain.integrity import Root
from workstation.journal.roots import End, root_of
from workstation.situation import Situation


class DailyRoot:
    """The hub's reaction to a new day (UTC). A hub that was down takes the day's root when it is back."""

    def __init__(self, station: str) -> None:
        self._station = station
        self._taken = ""

    def after(self, entry: Entry, situation: Situation, now: datetime) -> list[Draft]:
        return []

    def tick(self, situation: Situation, now: datetime) -> list[Draft]:
        day = now.astimezone(UTC).date().isoformat()
        if day == self._taken:
            return []
        ends = [End(*end) for end in situation.ends()]
        if not ends:
            return []
        self._taken = day
        if situation.get(Root, day) is not None:
            return []
        return [Draft(self._station, "root.take", changes_of(root_of(day, now, ends)))]
