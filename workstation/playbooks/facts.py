"""What is known about an incident when a condition is judged: instruments near it, its own fields, calls, warnings.

What nobody measured and nobody entered stays unknown; that is what three-valued conditions are for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workstation.domain.draft import Value
from workstation.domain.geometry import distance_m
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


@dataclass(frozen=True, slots=True)
class Scene:
    """What the facts are gathered from; `latest` by sensor id."""

    situation: Situation
    sensors: Mapping[str, Sensor]
    latest: Mapping[str, Observation]
    now: datetime

    def facts(self, incident: Incident) -> IncidentFacts:
        facts = IncidentFacts(dict(entered(incident)))
        near = [self.sensors[one.sensor] for one in self.latest.values() if self._counts(one, incident)]
        for indicator in indicators().values():
            self._measure(indicator, near, facts)
            if indicator.incident:
                facts.values[indicator.name] = getattr(incident, indicator.incident)
            if indicator.calls:
                facts.values[indicator.name] = float(self._calls(indicator, incident))
            if indicator.alert:
                facts.values[indicator.name] = self._signal(indicator.alert)
        facts.values["rain_signal_active"] = facts.values.get("rainstorm_signal") != "none"
        self._gauge(near, facts)
        return facts

    def _counts(self, one: Observation, incident: Incident) -> bool:
        """Trusted, fresh and near: rain and river count wherever they are measured in the incident's surroundings."""
        sensor = self.sensors.get(one.sensor)
        if sensor is None or one.value != one.value or one.quality not in (Quality.GOOD, Quality.MANUAL):
            return False
        if self.now - one.at > FRESH or None in (sensor.lat, sensor.lon, incident.lat, incident.lon):
            return False
        return _metres(sensor, incident) <= NEAR_M

    def _measure(self, indicator: Indicator, near: list[Sensor], facts: IncidentFacts) -> None:
        if not indicator.sensors:
            return
        known = [self.latest[sensor.id].value for sensor in near if sensor.type in indicator.sensors]
        if known:
            above = indicator.above
            facts.series[indicator.name] = known if above is None else [value for value in known if value > above]

    def _gauge(self, near: list[Sensor], facts: IncidentFacts) -> None:
        """The gauge nearest to its warning level speaks for the river; one without levels says "none"."""
        gauges = [sensor for sensor in near if sensor.type == "river_level"]
        if not gauges:
            return
        worst = max(gauges, key=lambda one: self.latest[one.id].value - (one.warn if one.warn else 1e9))
        facts.values["river_level_m"] = self.latest[worst.id].value
        facts.values["station.warn_m"] = "none" if worst.warn is None else worst.warn
        facts.values["station.guarantee_m"] = "none" if worst.guarantee is None else worst.guarantee

    def _calls(self, indicator: Indicator, incident: Incident) -> int:
        since = self.now - timedelta(minutes=indicator.minutes)
        reports = self.situation.find(Report, incident=incident.id)
        return sum(1 for one in reports if one.type in indicator.calls and one.received_at and one.received_at >= since)

    def _signal(self, kind: str) -> str:
        """The gravest colour of the warnings of a kind in force; "none" when there are none."""
        colours = [
            alert.colour
            for alert in self.situation.find(Alert, state="active")
            if alert.colour and (alert.expires is None or alert.expires > self.now) and _is_about(alert, kind)
        ]
        return max(colours, key=COLOURS.find) if colours else "none"


def entered(incident: Incident) -> Iterable[tuple[str, Scalar]]:
    """What the incident's own record says beyond its counted fields."""
    yield "verified", None if incident.state is None else incident.state not in ("reported", "open")


def _is_about(alert: Alert, kind: str) -> bool:
    said = " ".join(filter(None, (alert.headline, alert.event))).lower()
    return any(word in said for word in SIGNALS[kind])


def _metres(sensor: Sensor, incident: Incident) -> float:
    return distance_m(sensor.lat or 0, sensor.lon or 0, incident.lat or 0, incident.lon or 0)
