"""Sensors fallen silent: a technical alarm each, or one for a source when many of it fall silent together.

A sensor is silent when it has said nothing for the table's number of its sample periods (`source_silence`), and is
judged one period later: by then its neighbours, if they failed for the same reason, are silent too. A sensor that never
spoke is unknown and no alarm. Nothing here touches the alarms of values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workstation.domain.clock import millis
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.levels import COLOUR_OF, Severity
from workstation.domain.records import Alarm, Sensor
from workstation.reactions.hearsay import opened, updated
from workstation.reactions.limits import SILENCE, Rule
from workstation.reactions.watched import Open, pace

AUTHOR = "rule:silence"
TOGETHER = 3
LARGE_SHARE = 0.5
EVERYTHING = "all"


@dataclass(slots=True)
class Outage:
    """One open alarm of silence and the sensors it speaks for."""

    group: str
    alarm: Open
    members: set[str] = field(default_factory=set)


class Silence:
    """`sensors` is the watch's own registry, read and never changed here."""

    def __init__(self, rule: Rule, sensors: Mapping[str, Sensor]) -> None:
        self._rule = rule
        self._sensors = sensors
        steps = sorted(rule.limits, key=lambda step: step.plus)
        self._steps = [(step.plus, step.severity) for step in steps]
        self._heard: dict[str, datetime] = {}
        self._outages: dict[str, Outage] = {}

    def hear(self, sensor: str, now: datetime) -> bool:
        """A sensor spoke; whether an open alarm held it silent."""
        if sensor in self._sensors:
            self._heard[sensor] = now
        return any(sensor in outage.members for outage in self._outages.values())

    def spoken(self, sensor: str, now: datetime) -> list[Draft]:
        """The alarms that end because the last silent sensor they spoke for was heard."""
        drafts = []
        for outage in list(self._outages.values()):
            outage.members.discard(sensor)
            if not outage.members & self._heard.keys() and outage.alarm.state != "returned":
                drafts.append(self._end(outage, now))
        return drafts

    def tick(self, now: datetime) -> list[Draft]:
        """New silences, and longer ones one step more severe."""
        silent = {sensor: span for sensor in self._heard if (span := self._span(sensor, now)) >= self._steps[0][0]}
        drafts = self._worsen(silent)
        free = set(silent) - {member for outage in self._outages.values() for member in outage.members}
        for sensor in sorted(free, key=lambda each: (-silent[each], each)):
            if sensor in free and self._known(sensor, free):
                continue
            if sensor in free and silent[sensor] >= self._steps[0][0] + 1:
                group, members = self._group(sensor, set(silent), free)
                free -= members
                drafts.append(self._begin(group, members, now))
        return drafts

    def remember(self, alarm: Alarm) -> None:
        """An alarm of silence open from before: its sensors are those of its group that stay silent."""
        group = (alarm.threshold or "").partition(":")[2] or f"sensor:{alarm.sensor}"
        outage = Outage(group, opened(alarm))
        if outage.alarm.state != "returned":
            outage.members = {sensor for sensor in self._sensors if group in self._groups(sensor)}
        self._outages[alarm.id] = outage

    def after(self, alarm_id: str, said: Mapping[str, object]) -> bool:
        """What an entry says of an alarm of silence; False when it is none of ours."""
        outage = self._outages.get(alarm_id)
        if outage is None:
            return False
        if said.get("state") == "cleared" or said.get("deleted"):
            del self._outages[alarm_id]
        else:
            held = Alarm(id=alarm_id, state=outage.alarm.state, level=outage.alarm.level, peak=outage.alarm.peak)
            outage.alarm = opened(updated(held, said))
        return True

    def _span(self, sensor: str, now: datetime) -> float:
        """How many of its sample periods a sensor has been silent for; 0 for one no longer registered."""
        known = self._sensors.get(sensor)
        return (now - self._heard[sensor]).total_seconds() / pace(known) if known else 0.0

    def _groups(self, sensor: str) -> tuple[str, ...]:
        known = self._sensors[sensor]
        return f"sensor:{sensor}", f"street:{known.street}", f"source:{known.owner}", EVERYTHING

    def _known(self, sensor: str, free: set[str]) -> bool:
        """Whether a running outage of its group explains this silence; it is then counted there."""
        for outage in self._outages.values():
            if outage.alarm.state != "returned" and outage.group in self._groups(sensor)[1:]:
                outage.members.add(sensor)
                free.discard(sensor)
                return True
        return False

    def _group(self, sensor: str, silent: set[str], free: set[str]) -> tuple[str, set[str]]:
        """The widest group most of which is silent, or its street or source with several silent; else itself."""
        known = self._sensors[sensor]
        for group in (EVERYTHING, f"source:{known.owner}", f"street:{known.street}"):
            everybody = {each for each in self._heard if each in self._sensors and group in self._groups(each)}
            quiet = everybody & silent
            enough = len(quiet) >= LARGE_SHARE * len(everybody) or group.startswith("street:")
            if enough and len(quiet) >= TOGETHER and not group.endswith(":None"):
                return group, quiet & free
        return f"sensor:{sensor}", {sensor}

    def _begin(self, group: str, members: set[str], now: datetime) -> Draft:
        returned = next((each for each in self._outages.values() if each.group == group), None)
        if returned is not None:
            return self._again(returned, members)
        first = self._sensors[min(members)]
        single = group.startswith("sensor:")
        level = self._steps[0][1]
        name = first.id if single else group
        alarm = Alarm(
            id=f"alarm:{name}.silence:{millis(now)}",
            sensor=first.id if single else None,
            indicator=SILENCE,
            threshold=f"{SILENCE}.{COLOUR_OF[level]}:{group}",
            state="raised",
            level=level,
            peak=level,
            value=float(len(members)),
            unit="sensors",
            raised_at=now,
            observed_at=min(self._heard[member] for member in members),
            stale=True,
            lat=first.lat if single else None,
            lon=first.lon if single else None,
            place=first.name_zh if single else group.partition(":")[2] or None,
            grid=first.grid if single else None,
            street=first.street if single or group.startswith("street:") else None,
        )
        self._outages[alarm.id] = Outage(group, opened(alarm), members)
        return Draft(AUTHOR, "alarm.silence", changes_of(alarm))

    def _again(self, outage: Outage, members: set[str]) -> Draft:
        """Silent again before anybody acknowledged the last time: the same alarm."""
        outage.members = members
        outage.alarm.state, outage.alarm.level = "raised", self._steps[0][1]
        fields: dict[str, object] = {"state": "raised", "level": outage.alarm.level, "returned_at": None, "stale": True}
        said = set_fields("alarm", outage.alarm.id, value=float(len(members)), **fields)
        return Draft(AUTHOR, "alarm.silence", said)

    def _worsen(self, silent: Mapping[str, float]) -> list[Draft]:
        drafts = []
        for outage in self._outages.values():
            longest = max((silent.get(member, 0.0) for member in outage.members), default=0.0)
            reached = [severity for periods, severity in self._steps if longest >= periods]
            if reached and outage.alarm.level is not None and reached[-1].rank > outage.alarm.level.rank:
                drafts.append(self._escalate(outage, reached[-1]))
        return drafts

    def _escalate(self, outage: Outage, level: Severity) -> Draft:
        """Longer silence of what is known already: shown as worse, not asked to be acknowledged again."""
        outage.alarm.level = outage.alarm.peak = level
        threshold = f"{SILENCE}.{COLOUR_OF[level]}:{outage.group}"
        value = float(len(outage.members))
        said = set_fields("alarm", outage.alarm.id, level=level, peak=level, threshold=threshold, value=value)
        return Draft(AUTHOR, "alarm.escalate", said)

    def _end(self, outage: Outage, now: datetime) -> Draft:
        alarm = outage.alarm
        if alarm.state == "acknowledged":
            del self._outages[alarm.id]
            said = set_fields("alarm", alarm.id, state="cleared", returned_at=now, cleared_at=now, stale=False)
            return Draft(AUTHOR, "alarm.clear", said)
        alarm.level, alarm.state = None, "returned"
        return Draft(
            AUTHOR, "alarm.return", set_fields("alarm", alarm.id, state="returned", returned_at=now, stale=False)
        )
