"""What the officer of the street does, with the network and without it."""

from collections.abc import Iterator
from datetime import datetime

from workstation.commands.incident import count_casualties, open_incident
from workstation.demo.centre_script import Act, advance, worst_flood
from workstation.demo.shift import Do, Somebody
from workstation.domain.call import CallNotes
from workstation.domain.records import Task
from workstation.intake.reception import Reception
from workstation.situation import Situation

OFFICER = Somebody("赵敏", "street")
TRAPPED_MINUTE, WALL_MINUTE = 44.0, 50.0
WALL = "老小区围墙被雨水泡倒约十米,压住两辆电动车,已拉警戒线"


class StreetScript:
    """The officer of one street. `begin` is minute 0; `wall` is where a wall falls while the street is alone."""

    def __init__(self, begin: datetime, reception: Reception, wall: str) -> None:
        self._begin = begin
        self._reception = reception
        self._wall = wall
        self._once: set[str] = set()

    def beat(self, situation: Situation, now: datetime, do: Do) -> None:
        minute = (now - self._begin).total_seconds() / 60
        for who, command in self._due(situation, now, minute):
            do(who, command)

    def _due(self, situation: Situation, now: datetime, minute: float) -> Iterator[Act]:
        open_states = ("delivered", "acknowledged", "under_way", "on_scene")
        for task in situation.find(Task, office="JD03", state=open_states):
            yield from advance(task, now - (task.delivered_at or now), OFFICER, "已到场值守,清点困车 1 辆、人员 3 名")
        flood = worst_flood(situation)
        if flood is not None and minute >= TRAPPED_MINUTE and self._first("trapped"):
            yield OFFICER, count_casualties(flood.id, "现场清点", trapped=3)
        if minute >= WALL_MINUTE and self._first("wall"):
            yield OFFICER, open_incident(self._call(now), self._reception, "断网期间街道自报")

    def _call(self, now: datetime) -> CallNotes:
        place = self._reception.gazetteer.find(self._wall)
        at = (place.lat, place.lon) if place else (None, None)
        return CallNotes(at=now, place=self._wall, lat=at[0], lon=at[1], type="A07", channel="street", text=WALL)

    def _first(self, what: str) -> bool:
        new = what not in self._once
        self._once.add(what)
        return new
