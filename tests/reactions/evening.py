"""A watch over gauges, told minute by minute of one evening."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.journals import opened
from workstation.commands.alarm import acknowledge_alarm
from workstation.commands.seat import Seat
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.observation import Observation, Quality
from workstation.domain.records import Alarm, Sensor
from workstation.reactions.thresholds import Thresholds

START = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def gauge(name: str = "RM-07", type_: str = "underpass_ponding", **known: object) -> Sensor:
    given: dict = {"street": "990101001", "owner": "water", "period_s": 60.0, "name_zh": "人民路下穿"} | known
    return Sensor(id=name, type=type_, **given)


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


class Scene:
    """A station with a journal and a watch, minute by minute."""

    def __init__(self, folder: Path, sensors: Sequence[Sensor]) -> None:
        self.clock = ManualClock(START)
        self.journal = opened(folder, "ZX", self.clock)
        self.journal.append([Draft("system", "city.load", changes_of(sensor)) for sensor in sensors])
        self.watch = Thresholds.from_situation(self.journal.situation, {}, START)
        self.acts: list[str] = []

    def write(self, drafts: Sequence[Draft]) -> None:
        for entry in self.journal.append(drafts):
            self.acts.append(entry.act)
            self.watch.after(entry)

    def see(self, at: float, value: float, sensor: str = "RM-07", quality: Quality = Quality.GOOD) -> None:
        self.clock.set(max(self.clock.now(), minute(at)))
        self.write(self.watch.observe([Observation(sensor, minute(at), value, quality)], self.clock.now()))

    def run(self, start: float, values: Sequence[float], sensor: str = "RM-07") -> None:
        for index, value in enumerate(values):
            self.see(start + index, value, sensor)

    def wait(self, until: float) -> None:
        self.clock.set(minute(until))
        self.write(self.watch.tick(self.clock.now()))

    def acknowledge(self, alarm_id: str) -> None:
        situation, now = self.journal.situation, self.clock.now()
        seat = Seat("王芳", "operator", "ZX", "", now, situation, self.journal.new_id)
        self.write([acknowledge_alarm(alarm_id)(seat)])

    def restart(self) -> None:
        self.watch = Thresholds.from_situation(self.journal.situation, {}, self.clock.now())

    @property
    def alarms(self) -> list[Alarm]:
        return self.journal.situation.find(Alarm, order="raised_at")

    @property
    def alarm(self) -> Alarm:
        (only,) = self.alarms
        return only
