"""The common operating picture: what stands in the situation now, as map layers.

Read on a reading thread, handed to the view as one frozen value. A record without a position is not on the map and is
counted, so that the map can say how many it cannot show. What has stopped reporting stays, grey and with its age.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from threading import Lock
from typing import Any

import numpy as np

from workstation.domain.assets import Camera, Facility, Sensor, Unit
from workstation.domain.geometry import mercator
from workstation.domain.happenings import Alarm, Alert, Incident
from workstation.domain.levels import LEVELS, SEVERITY_OF, severity_rank
from workstation.domain.observation import Observation, Quality
from workstation.domain.record import Located
from workstation.mapping.basemap import shapes_of
from workstation.mapping.layers import UNKNOWN_TIME, PointLayer, PolygonLayer, Symbol, flatten
from workstation.situation import Situation

OPEN = ("reported", "verified", "responding", "controlled", "ended")
STANDING = ("raised", "acknowledged", "returned")
AT_REST = ("resting", "out_of_service")
PERIODS_UNTIL_STALE = 2
MAP_KINDS = frozenset({"incident", "sensor", "unit", "camera", "facility", "alert", "alarm", "observation"})
"""What the picture is made of."""
UNIT_MARKS = ("fire", "ambulance", "police", "pump_truck", "water", "grid", "rescue", "power")
FACILITY_MARKS = (
    "hospital",
    "school",
    "shelter",
    "fire_station",
    "police",
    "pump_station",
    "underpass",
    "hydrant",
    "subway",
    "substation",
    "government",
)


@dataclass(frozen=True)
class Picture:
    """Point layers in painting order, alerts as areas, open incidents by grid cell code, and how many open incidents
    have no position."""

    points: tuple[PointLayer, ...] = ()
    alerts: PolygonLayer | None = None
    by_cell: Mapping[str, int] | None = None
    unplaced: int = 0


def _graded(word: str, form: str, radius: float) -> tuple[Symbol, ...]:
    """Eight symbols: severity IV..I, each acknowledged (outline) and not (filled). Index: 2 * (rank - 1) + filled."""
    return tuple(
        Symbol(f"{word}.{level.value}", form, severity=level, filled=filled, radius=radius)
        for level in LEVELS
        for filled in (False, True)
    )


def _grade_index(level: str | None, filled: bool) -> int | None:
    rank = severity_rank(level) if level else 0
    return 2 * (rank - 1) + filled if rank else None


INCIDENT_SYMBOLS = (
    *_graded("map.incident", "sign", 12.0),
    Symbol("map.incident.unknown", "unknown", filled=False, radius=10.0),
    Symbol("map.incident.unknown", "unknown", radius=10.0),
)
SENSOR_SYMBOLS = (
    *_graded("map.sensor", "pin", 9.0),
    Symbol("map.sensor.normal", "dot", radius=4.0),
    Symbol("map.sensor.stale", "stale", stale=True, radius=5.0),
    Symbol("map.sensor.unknown", "stale", stale=True, filled=False, radius=5.0),
)
UNIT_SYMBOLS = tuple(
    Symbol(f"map.unit.{mark}", "unit", f"map.mark.{mark}", filled=filled, radius=9.0)
    for mark in (*UNIT_MARKS, "other")
    for filled in (False, True)
)
CAMERA_SYMBOLS = (Symbol("map.camera", "camera", radius=6.5),)
FACILITY_SYMBOLS = tuple(
    Symbol(f"map.facility.{mark}", "facility", f"map.mark.{mark}", radius=7.0) for mark in (*FACILITY_MARKS, "other")
)


class PictureReader:
    """Reads the picture as it stands. Of what seldom changes, only the kinds are read again that were touched."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._touched = set(MAP_KINDS)
        self._sensors: list[Sensor] = []
        self._standing: dict[str, PointLayer] = {}

    def touch(self, kinds: Iterable[str]) -> None:
        """Have these kinds read again; from any thread."""
        with self._lock:
            self._touched.update(kinds)

    def read(self, situation: Situation, latest: Mapping[str, Observation], now: datetime) -> Picture:
        """Everything the map shows. `latest` holds the newest observation of each sensor."""
        self._read_again(situation)
        incidents = situation.find(Incident, state=OPEN)
        alarms = {alarm.sensor: alarm for alarm in situation.find(Alarm, state=STANDING) if alarm.sensor}
        layers = (
            self._standing["facility"],
            self._standing["camera"],
            sensor_layer(self._sensors, SensorNews(alarms, latest, now)),
            self._standing["unit"],
            incident_layer(incidents),
        )
        return Picture(
            layers,
            alert_layer(situation.find(Alert), now),
            Counter(one.grid for one in incidents if one.grid),
            sum(one.lat is None or one.lon is None for one in incidents),
        )

    def _read_again(self, situation: Situation) -> None:
        with self._lock:
            touched, self._touched = self._touched, set()
        if "facility" in touched:
            self._standing["facility"] = facility_layer(situation.find(Facility))
        if "camera" in touched:
            self._standing["camera"] = camera_layer(situation.find(Camera))
        if "unit" in touched:
            self._standing["unit"] = unit_layer(situation.find(Unit))
        if "sensor" in touched:
            self._sensors = situation.find(Sensor)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one point: its names in (zh, en), a note such as its value, and when it was last heard of."""

    names: tuple[str, str]
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How one kind of record becomes points: its symbols, which of them a record has, and what is told of it."""

    kind: str
    symbols: tuple[Symbol, ...]
    symbol: Callable[[Any], int]
    told: Callable[[Any], Told]

    def layer(self, records: Iterable[Located]) -> PointLayer:
        """The records that have a position, as a layer; its clusters are sorted here, off the GUI thread."""
        placed = [one for one in records if one.lat is not None and one.lon is not None]
        x, y = mercator(np.array([one.lon for one in placed], float), np.array([one.lat for one in placed], float))
        told = [self.told(one) for one in placed]
        layer = PointLayer(
            self.kind,
            x,
            y,
            np.array([self.symbol(one) for one in placed], np.uint8),
            self.symbols,
            [one.id for one in placed],
            [one.names for one in told],
            [one.note for one in told],
            np.array([_milliseconds(one.at) for one in told], np.int64),
        )
        layer.clusters.prepare()
        return layer


def _milliseconds(moment: datetime | None) -> int:
    return UNKNOWN_TIME if moment is None else int(moment.timestamp() * 1000)


def _named(one: Any) -> Told:
    return Told((one.name_zh or one.id, one.name_en or one.name_zh or one.id))


def incident_layer(incidents: Iterable[Incident]) -> PointLayer:
    """Incidents by response level; filled as long as nobody has verified the report."""

    def symbol(one: Incident) -> int:
        filled = one.state == "reported"
        graded = _grade_index(one.level, filled)
        return 8 + filled if graded is None else graded

    def told(one: Incident) -> Told:
        title = one.title or one.number or one.id
        return Told((title, title), one.number or "", one.opened_at)

    return Look("incident", INCIDENT_SYMBOLS, symbol, told).layer(incidents)


@dataclass(frozen=True)
class SensorNews:
    """What is known of the sensors beside their records: standing alarms and newest observations, by sensor id."""

    alarms: Mapping[str, Alarm]
    latest: Mapping[str, Observation]
    now: datetime

    def symbol(self, sensor: Sensor) -> int:
        alarm, seen = self.alarms.get(sensor.id), self.latest.get(sensor.id)
        if alarm is not None and (graded := _grade_index(alarm.level, alarm.state == "raised")) is not None:
            return graded
        if seen is None:
            return 10
        limit = timedelta(seconds=(sensor.period_s or 60.0) * PERIODS_UNTIL_STALE)
        return 9 if seen.quality is Quality.STALE or self.now - seen.at > limit else 8

    def told(self, sensor: Sensor) -> Told:
        seen, named = self.latest.get(sensor.id), _named(sensor)
        if seen is None:
            return named
        note = f"{seen.value:g} {sensor.unit or ''}".strip() if isfinite(seen.value) else ""
        return Told(named.names, note, seen.at)


def sensor_layer(sensors: Iterable[Sensor], news: SensorNews) -> PointLayer:
    """Sensors with their newest value; grey once that is older than two periods."""
    return Look("sensor", SENSOR_SYMBOLS, news.symbol, news.told).layer(sensors)


def unit_layer(units: Iterable[Unit]) -> PointLayer:
    """Units by category; filled while they are out."""

    def symbol(one: Unit) -> int:
        mark = UNIT_MARKS.index(one.category) if one.category in UNIT_MARKS else len(UNIT_MARKS)
        return 2 * mark + (one.state not in (None, "available", *AT_REST))

    return Look("unit", UNIT_SYMBOLS, symbol, _named).layer(units)


def camera_layer(cameras: Iterable[Camera]) -> PointLayer:
    return Look("camera", CAMERA_SYMBOLS, lambda _: 0, _named).layer(cameras)


def facility_layer(facilities: Iterable[Facility]) -> PointLayer:
    def symbol(one: Facility) -> int:
        return FACILITY_MARKS.index(one.category) if one.category in FACILITY_MARKS else len(FACILITY_MARKS)

    return Look("facility", FACILITY_SYMBOLS, symbol, _named).layer(facilities)


def alert_layer(alerts: Iterable[Alert], now: datetime) -> PolygonLayer:
    """The areas of the alerts in force; `ranks` holds their severity, 0 where the message names none."""
    standing = [alert for alert in alerts if alert.geometry and _in_force(alert, now)]
    shapes = [(alert, shape) for alert in standing for shape in shapes_of(dict(alert.geometry or {}))]
    titles = [alert.headline or alert.event or alert.id for alert, _ in shapes]
    return PolygonLayer(
        "alert",
        flatten([shape for _, shape in shapes]),
        np.array([_alert_rank(alert) for alert, _ in shapes], np.uint8),
        [alert.id for alert, _ in shapes],
        [(title, title) for title in titles],
    )


def _in_force(alert: Alert, now: datetime) -> bool:
    over = alert.expires is not None and alert.expires <= now
    return not over and alert.replaced_by is None and alert.state not in ("cancelled", "expired", "replaced")


def _alert_rank(alert: Alert) -> int:
    severity = SEVERITY_OF.get(alert.colour or "")
    return severity.rank if severity else 0
