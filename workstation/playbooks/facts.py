"""What is known about an incident when a condition is judged: instruments near it, its own fields, calls, warnings.

What nobody measured and nobody entered stays unknown; that is what three-valued conditions are for.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from workstation.domain.draft import Value
from workstation.domain.geometry import distances_m
from workstation.domain.observation import Observation, Quality
from workstation.domain.records import Alert, Incident, Report, Sensor
from workstation.playbooks.expressions import Scalar
from workstation.playbooks.indicators import Indicator, indicators
from workstation.situation import Situation

NEAR_M = 2000.0
FRESH = timedelta(minutes=30)
COLOURS = "BYOR"
SIGNALS = {
    "rainstorm": ("暴雨", "rainstorm", "rain"),
    "typhoon": ("台风", "typhoon"),
    "storm_surge": ("风暴潮", "surge"),
}


@dataclass(slots=True)
class IncidentFacts:
    """The facts about one incident at one moment. Fulfils `expressions.Facts`."""

    values: dict[str, Scalar] = field(default_factory=dict)
    series: dict[str, list[float]] = field(default_factory=dict)

    def one(self, name: str) -> Scalar:
        if name in self.values:
            return self.values[name]
        measured = self.series.get(name)
        return max(measured) if measured else None

    def many(self, name: str) -> list[float] | None:
        return self.series.get(name)

    def as_inputs(self, names: Iterable[str]) -> dict[str, Value]:
        """The values of these names as a run keeps them beside its suggestion."""
        return {name: self.one(name) for name in sorted(set(names)) if self.one(name) is not None}


class Scene:
    """What the facts of every incident are gathered from at one moment, read once; `latest` by sensor id.

    A city in a storm has thousands of open incidents, and its instruments, calls and warnings are the same for all.
    """

    def __init__(self, situation: Situation, latest: Mapping[str, Observation], now: datetime) -> None:
        self._latest, self._now = latest, now
        self._speaking = [one for one in situation.find(Sensor) if self._counts(one)]
        self._lat = np.array([one.lat or 0.0 for one in self._speaking])
        self._lon = np.array([one.lon or 0.0 for one in self._speaking])
        self._calls = _calls(situation, now)
        self._alerts = [one for one in situation.find(Alert, state="active") if not one.expires or one.expires > now]
        self._signals = {one.alert: self._signal(one.alert) for one in indicators().values() if one.alert}

    def facts(self, incident: Incident) -> IncidentFacts:
        facts = IncidentFacts(dict(entered(incident)))
        near = self._near(incident)
        calls = self._calls.get(incident.id, ())
        for indicator in indicators().values():
            self._measure(indicator, near, facts)
            if indicator.incident:
                facts.values[indicator.name] = getattr(incident, indicator.incident)
            if indicator.calls:
                since = self._now - timedelta(minutes=indicator.minutes)
                facts.values[indicator.name] = float(sum(at >= since and kind in indicator.calls for kind, at in calls))
            if indicator.alert:
                facts.values[indicator.name] = self._signals[indicator.alert]
        facts.values["rain_signal_active"] = facts.values.get("rainstorm_signal") != "none"
        self._gauge(near, facts)
        return facts

    def _counts(self, sensor: Sensor) -> bool:
        """Whether an instrument stands somewhere and its newest measurement is trusted and fresh."""
        one = self._latest.get(sensor.id)
        if one is None or one.value != one.value or one.quality not in (Quality.GOOD, Quality.MANUAL):
            return False
        return self._now - one.at <= FRESH and None not in (sensor.lat, sensor.lon)

    def _near(self, incident: Incident) -> list[Sensor]:
        """Rain and river count wherever they are measured in the incident's surroundings."""
        if incident.lat is None or incident.lon is None:
            return []
        metres = distances_m(incident.lat, incident.lon, self._lat, self._lon)
        return [self._speaking[number] for number in np.flatnonzero(metres <= NEAR_M)]

    def _measure(self, indicator: Indicator, near: list[Sensor], facts: IncidentFacts) -> None:
        if not indicator.sensors:
            return
        known = [self._latest[sensor.id].value for sensor in near if sensor.type in indicator.sensors]
        if known:
            above = indicator.above
            facts.series[indicator.name] = known if above is None else [value for value in known if value > above]

    def _gauge(self, near: list[Sensor], facts: IncidentFacts) -> None:
        """The gauge nearest to its warning level speaks for the river; one without levels says "none"."""
        gauges = [sensor for sensor in near if sensor.type == "river_level"]
        if not gauges:
            return
        worst = max(gauges, key=lambda one: self._latest[one.id].value - (one.warn if one.warn else 1e9))
        facts.values["river_level_m"] = self._latest[worst.id].value
        facts.values["station.warn_m"] = "none" if worst.warn is None else worst.warn
        facts.values["station.guarantee_m"] = "none" if worst.guarantee is None else worst.guarantee

    def _signal(self, kind: str) -> str:
        """The gravest colour of the warnings of a kind in force; "none" when there are none."""
        colours = [alert.colour for alert in self._alerts if alert.colour and _is_about(alert, kind)]
        return max(colours, key=COLOURS.find) if colours else "none"


def _calls(situation: Situation, now: datetime) -> Mapping[str, list[tuple[str, datetime]]]:
    """Type and time of what was reported of each incident in the longest time any indicator counts."""
    longest = max((one.minutes for one in indicators().values() if one.calls), default=0.0)
    found: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for report in situation.since(Report, "received_at", now - timedelta(minutes=longest)):
        if report.incident and report.type and report.received_at:
            found[report.incident].append((report.type, report.received_at))
    return found


def entered(incident: Incident) -> Iterable[tuple[str, Scalar]]:
    """What the incident's own record says beyond its counted fields."""
    yield "verified", None if incident.state is None else incident.state not in ("reported", "open")


def _is_about(alert: Alert, kind: str) -> bool:
    said = " ".join(filter(None, (alert.headline, alert.event))).lower()
    return any(word in said for word in SIGNALS[kind])
