"""A task is delivered when the station it is for holds it, and only that station may say so.

So a task sent while the street was cut off shows as sent until the street is back, and then with how late it came.
"""

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.entry import Entry
from workstation.domain.records import Task
from workstation.situation import Situation

AUTHOR = "rule:delivery"


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The rule of one station for the tasks of its own office."""

    station: str

    def after(self, entry: Entry, situation: Situation, now: datetime) -> list[Draft]:
        """A task we send to ourselves is there at once."""
        return self.tick(situation, now) if any(change.kind == "task" for change in entry.changes) else []

    def tick(self, situation: Situation, now: datetime) -> list[Draft]:
        waiting = situation.find(Task, office=self.station, state="sent")
        return [self._delivered(task, now) for task in waiting if task.delivered_at is None]

    def _delivered(self, task: Task, now: datetime) -> Draft:
        told = set_fields("task", task.id, state="delivered", delivered_at=now, delivered_by=self.station)
        return Draft(AUTHOR, "task.deliver", told, cause=task.id)
