"""Alarms from observations: one alarm a sensor, raised, escalated, eased, returned and cleared as the value moves.

Only good and manual values move an alarm; bad, suspect and missing ones never do (an alarm whose data have stopped
keeps its level and says `stale`). An alarm that returns before anybody acknowledged it stays until somebody does. What
others wrote about an alarm comes back through `after`; one cleared elsewhere while its value stands is raised anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from workstation.domain.clock import millis
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.entry import Entry
from workstation.domain.levels import COLOUR_OF, Severity
from workstation.domain.observation import Observation, Quality
from workstation.domain.records import Alarm, Sensor
from workstation.reactions.hearsay import fields_said, opened, updated
from workstation.reactions.limits import SILENCE, Limits, Rule, rules
from workstation.reactions.silence import Silence
from workstation.reactions.watched import Open, Watched
from workstation.situation import Situation

AUTHOR = "rule:thresholds"
OPEN_STATES = ("raised", "acknowledged", "returned")
TRUSTED = (Quality.GOOD, Quality.MANUAL)


class Thresholds:
    """The watch over all sensors of a station. Not for use by several threads; it lives on the writer's."""

    def __init__(self, table: Mapping[str, Rule], sensors: Iterable[Sensor], open_alarms: Iterable[Alarm] = ()) -> None:
        self._table = table
        self._sensors: dict[str, Sensor] = {}
        self._watched: dict[str, Watched] = {}
        self._silence = Silence(table[SILENCE], self._sensors)
        for sensor in sensors:
            self._watch(sensor)
        for alarm in open_alarms:
            self._remember(alarm)

    @classmethod
    def from_situation(
        cls,
        situation: Situation,
        latest: Mapping[str, Observation],
        now: datetime,
    ) -> "Thresholds":
        """The watch as it stood when the station was stopped: sensors and open alarms from the tables.

        `latest` (of the telemetry) tells which sensors have ever spoken; their silence counts from `now`, since it was
        we who were away.
        """
        watch = cls(rules(), situation.find(Sensor), situation.find(Alarm, state=OPEN_STATES))
        for sensor, observation in latest.items():
            watch._silence.hear(sensor, now)
            if sensor in watch._watched:
                watch._watched[sensor].last = min(observation.at, now)
                watch._watched[sensor].heard = now
        return watch

    def observe(self, observations: Sequence[Observation], now: datetime) -> list[Draft]:
        """What a batch of measurements means, sensor by sensor in the order of the instruments' times."""
        drafts: list[Draft] = []
        for one in sorted(observations, key=lambda each: each.at):
            if one.quality is not Quality.STALE and self._silence.hear(one.sensor, now):
                drafts += self._silence.spoken(one.sensor, now)
            watched = self._watched.get(one.sensor)
            if watched is not None and one.quality in TRUSTED and one.value == one.value:  # NaN is not equal to itself
                drafts += self._judge(watched, one, now)
        return drafts

    def tick(self, now: datetime) -> list[Draft]:
        """What the absence of measurements means: alarms that lost their data, sensors and sources fallen silent."""
        drafts = []
        for watched in self._watched.values():
            alarm, heard = watched.alarm, watched.heard
            if alarm is None or alarm.level is None or alarm.stale or heard is None:
                continue
            if now - heard > watched.patience:
                alarm.stale = True
                drafts.append(_draft("alarm.stale", alarm.id, "", stale=True))
        return drafts + self._silence.tick(now)

    def after(self, entry: Entry) -> None:
        """Take note of what an entry, of whichever station, says of alarms and sensors."""
        for sensor_id, said in fields_said(entry, "sensor").items():
            known = self._sensors.get(sensor_id) or Sensor(id=sensor_id)
            self._watch(updated(known, said))
        for alarm_id, said in fields_said(entry, "alarm").items():
            if not self._silence.after(alarm_id, said):
                self._hear_of(alarm_id, said)

    def _watch(self, sensor: Sensor) -> None:
        held = self._watched.pop(sensor.id, None)
        self._sensors.pop(sensor.id, None)
        if sensor.deleted:
            return
        self._sensors[sensor.id] = sensor
        rule = self._table.get(sensor.type or "")
        limits = Limits.of(rule, sensor) if rule is not None else None
        if limits is None or not limits.steps:
            return
        if held is None or held.limits != limits:
            held = Watched(sensor, limits, held.alarm if held else None)
        held.sensor = sensor
        self._watched[sensor.id] = held

    def _remember(self, alarm: Alarm) -> None:
        if alarm.indicator == SILENCE:
            self._silence.remember(alarm)
        elif alarm.sensor in self._watched:
            self._watched[alarm.sensor].alarm = opened(alarm)

    def _hear_of(self, alarm_id: str, said: dict[str, object]) -> None:
        watched = self._watched.get(alarm_id.removeprefix("alarm:").rpartition(":")[0])
        if watched is not None and watched.alarm is not None and watched.alarm.id == alarm_id:
            gone = said.get("state") == "cleared" or said.get("deleted")
            watched.alarm = None if gone else opened(updated(_record(watched.alarm), said))
            return
        told = updated(Alarm(id=alarm_id), said)
        if told.state in OPEN_STATES and (told.indicator == SILENCE or self._free(told.sensor)):
            self._remember(told)

    def _free(self, sensor: str | None) -> bool:
        return sensor in self._watched and self._watched[sensor].alarm is None

    def _judge(self, watched: Watched, one: Observation, now: datetime) -> list[Draft]:
        at = min(one.at, now)
        watched.heard = now
        before = watched.level
        level = watched.judge(one.value, at)
        drafts = []
        alarm = watched.alarm
        if alarm is not None and alarm.stale:
            alarm.stale = False
            drafts.append(_draft("alarm.resume", alarm.id, _cause(one), stale=False))
        if level is not before:
            drafts.append(self._move(watched, one, level, now))
        return drafts

    def _move(self, watched: Watched, one: Observation, level: Severity | None, now: datetime) -> Draft:
        alarm = watched.alarm
        if level is None and alarm is not None:
            return self._fall_back(watched, alarm, one, now)
        if level is None:
            raise ValueError(f"{one.sensor}: nothing to move from or to")
        if alarm is None:
            return self._raise(watched, one, level, now)
        return self._change(watched, alarm, one, level)

    def _raise(self, watched: Watched, one: Observation, level: Severity, now: datetime) -> Draft:
        sensor = watched.sensor
        alarm = Alarm(
            id=f"alarm:{sensor.id}:{millis(one.at)}",
            sensor=sensor.id,
            indicator=watched.limits.rule.id,
            state="raised",
            peak=level,
            unit=watched.limits.rule.unit or sensor.unit,
            raised_at=now,
            stale=False,
            lat=sensor.lat,
            lon=sensor.lon,
            place=sensor.name_zh,
            grid=sensor.grid,
            street=sensor.street,
        )
        watched.alarm = Open(alarm.id, "raised", level, level)
        changes = changes_of(alarm) + set_fields("alarm", alarm.id, **_standing(watched, one, level))
        return Draft(AUTHOR, "alarm.raise", changes, cause=_cause(one))

    def _change(self, watched: Watched, alarm: Open, one: Observation, level: Severity) -> Draft:
        """Up, down or up again after a return. Worse than what was acknowledged has not been acknowledged."""
        fields = _standing(watched, one, level)
        worse = alarm.level is None or level.rank > alarm.level.rank
        act = "alarm.escalate" if worse else "alarm.ease"
        if alarm.level is None:
            act, fields["returned_at"] = "alarm.raise", None
        if alarm.peak is None or level.rank > alarm.peak.rank:
            alarm.peak = level
            fields["peak"] = level
        if worse and alarm.state != "raised":
            alarm.state = "raised"
            fields |= {"state": "raised", "acknowledged_at": None, "acknowledged_by": None}
        alarm.level = level
        return _draft(act, alarm.id, _cause(one), **fields)

    def _fall_back(self, watched: Watched, alarm: Open, one: Observation, now: datetime) -> Draft:
        fields: dict[str, object] = {"value": one.value, "observed_at": one.at, "returned_at": now}
        if alarm.state == "acknowledged" and not watched.limits.rule.latch:
            watched.alarm = None
            return _draft("alarm.clear", alarm.id, _cause(one), state="cleared", cleared_at=now, **fields)
        alarm.level, alarm.state = None, "returned"
        return _draft("alarm.return", alarm.id, _cause(one), state="returned", **fields)


def _standing(watched: Watched, one: Observation, level: Severity) -> dict[str, object]:
    limit = watched.limits.limit_at(level, one.value)
    return {
        "level": level,
        "threshold": f"{watched.limits.rule.id}.{COLOUR_OF[level]}",
        "value": one.value,
        "limit": limit.value,
        "observed_at": one.at,
    }


def _record(alarm: Open) -> Alarm:
    """The part of an alarm's record that the watch keeps."""
    return Alarm(id=alarm.id, state=alarm.state, level=alarm.level, peak=alarm.peak, stale=alarm.stale)


def _cause(one: Observation) -> str:
    return f"observation:{one.sensor}:{millis(one.at)}"


def _draft(act: str, alarm_id: str, cause: str, **fields: object) -> Draft:
    return Draft(AUTHOR, act, set_fields("alarm", alarm_id, **fields), cause=cause)
