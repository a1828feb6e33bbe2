"""One sensor under watch: how long its value has stood above and below each limit, and so its level.

The rule (DOMAIN 2.15): at or above a limit for `on_s` the level is reached, at once to the highest such; at the limit
less the deadband for `off_s` it goes down, a step an observation. Time is the instruments' own, never ahead of ours.
What comes out of order may raise and never lowers, and a silence in the data breaks the evidence for lowering.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workstation.domain.levels import Severity
from workstation.domain.records import Sensor
from workstation.reactions.limits import Limits

QUIET_PERIODS = 2.0
PERIOD_S = 600.0
SHORTEST_PERIOD_S = 60.0


def pace(sensor: Sensor) -> float:
    """The period in seconds that a sensor's silence is counted in. A quick sensor's hiccup is no silence: at least a
    minute; of an unknown period ten."""
    return max(sensor.period_s or PERIOD_S, SHORTEST_PERIOD_S)


@dataclass(slots=True)
class Open:
    """An alarm not yet cleared, as the journal has it. `level` None: the value has returned."""

    id: str
    state: str
    level: Severity | None
    peak: Severity | None = None
    stale: bool = False


@dataclass(slots=True)
class Watched:
    """`judge` is fed good observations only; bad and missing ones are no evidence of anything."""

    sensor: Sensor
    limits: Limits
    alarm: Open | None = None
    last: datetime | None = None
    heard: datetime | None = None
    above: dict[Severity, datetime] = field(default_factory=dict)
    below: dict[Severity, datetime] = field(default_factory=dict)

    @property
    def level(self) -> Severity | None:
        return self.alarm.level if self.alarm else None

    @property
    def patience(self) -> timedelta:
        """Longer than this without good data, and the data have stopped."""
        return timedelta(seconds=QUIET_PERIODS * pace(self.sensor))

    def judge(self, value: float, at: datetime) -> Severity | None:
        """The level the sensor stands at with this observation."""
        late = self.last is not None and at < self.last
        if self.last is not None and at - self.last > self.patience:
            self.below.clear()
        for severity in self.limits.ladder:
            self._time(severity, value, at, late)
        if not late:
            self.last = at
        level = self.level
        reached = self._confirmed(at)
        if reached is not None and (level is None or reached.rank > level.rank):
            return reached
        if late or level is None or not self._lasted(self.below.get(level), at, self.limits.rule.off_s):
            return level
        return self.limits.below(level)

    def _time(self, severity: Severity, value: float, at: datetime, late: bool) -> None:
        """Start, keep or stop the two timers of one severity. A clock that jumped back starts the upper one anew."""
        if not self.limits.reached(severity, value):
            self.above.pop(severity, None)
        elif self.above.setdefault(severity, at) > at:
            self.above[severity] = at
        if not self.limits.left(severity, value):
            self.below.pop(severity, None)
        elif not late:
            self.below.setdefault(severity, at)

    def _confirmed(self, at: datetime) -> Severity | None:
        on_s = self.limits.rule.on_s
        lasted = [step for step in self.limits.ladder if self._lasted(self.above.get(step), at, on_s)]
        return lasted[-1] if lasted else None

    @staticmethod
    def _lasted(since: datetime | None, at: datetime, seconds: float) -> bool:
        return since is not None and (at - since).total_seconds() >= seconds
