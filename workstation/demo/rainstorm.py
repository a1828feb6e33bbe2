"""Two hours of rain over Linjiang as its instruments feel it: a pure function of sensor and minute.

Everything is invented. Rain peaks at minute 50, the underpass at 人民路 (RM-07) fills past every limit, the river
follows, one street loses its power, one gauge sticks and one spikes. Equal input gives equal output on every machine.
"""

import math
import zlib
from bisect import bisect_right
from collections.abc import Callable

from workstation.domain.records import Sensor

UNDERPASS = "RM-07"
DARK_STREET = "990102002"
DARK = (60.0, 84.0)
STUCK = "JS-07"
SPIKING = "JS-23"
SPIKE_CM = 180.0

# Minute and depth in cm at the underpass.
_FILLING = (
    (0, 0.0),
    (15, 2.0),
    (22, 6.0),
    (30, 15.5),
    (38, 21.0),
    (45, 27.5),
    (55, 36.0),
    (62, 41.0),
    (70, 43.0),
    (82, 34.0),
    (90, 20.0),
    (96, 9.0),
    (101, 2.5),
    (108, 1.0),
)
_CALM = {
    "gas_lel": 0.4,
    "h2s": 0.2,
    "co": 1.2,
    "cl2": 0.02,
    "nh3": 0.3,
    "so2": 0.1,
    "o2": 20.8,
    "heat": 24.0,
    "pm25_24h": 38.0,
    "crowd_density": 0.6,
    "crowd_inflow": 6.0,
    "subsidence": 0.3,
    "tilt": 0.4,
    "hydrant_pressure": 0.31,
    "temperature": 17.5,
    "humidity": 93.0,
    "flow": 2.2,
}


def value(sensor: Sensor, minutes: float) -> float | None:
    """What a sensor measures `minutes` after the evening's beginning, in its own unit; None when it is silent."""
    if _is_dark(sensor, minutes):
        return None
    minutes = max(minutes, 0.0)
    if sensor.id == UNDERPASS:
        return _along(_FILLING, minutes) + 0.2 * _ripple(sensor, minutes)
    if sensor.type == "road_ponding":
        return _road(sensor, minutes)
    curve = _CURVES.get(sensor.type or "")
    if curve is not None:
        return curve(sensor, minutes)
    calm = _CALM.get(sensor.type or "", 0.0)
    return calm * (1 + 0.01 * _ripple(sensor, minutes) + 0.03 * (_share(sensor) - 0.5))


def _is_dark(sensor: Sensor, minutes: float) -> bool:
    """The power cut; mains-fed instruments fall silent, the underpass has a battery."""
    return sensor.street == DARK_STREET and sensor.id != UNDERPASS and DARK[0] <= minutes < DARK[1]


def _road(sensor: Sensor, minutes: float) -> float:
    if sensor.id == STUCK:
        return 3.1
    if sensor.id == SPIKING and int(minutes * 6) % 138 == 66:
        return SPIKE_CM
    depth = 44 * _share(sensor) ** 8 * _bell(minutes, 62, 26)
    return max(0.0, depth + 0.3 * _ripple(sensor, minutes))


def _rain_1h(sensor: Sensor, minutes: float) -> float:
    return (4 + 46 * _bell(minutes, 50, 28)) * (0.25 + 0.65 * _share(sensor) ** 3)


def _rain_3h(sensor: Sensor, minutes: float) -> float:
    return (6 + 70 * _rise(minutes, 55, 14)) * (0.3 + 0.6 * _share(sensor) ** 3)


def _underpass(sensor: Sensor, minutes: float) -> float:
    return max(0.0, 20 * _share(sensor) ** 4 * _bell(minutes, 65, 24) + 0.2 * _ripple(sensor, minutes))


def _river_level(sensor: Sensor, minutes: float) -> float:
    """From 1.2 m below the station's warning level up to, at the worst station, just past it."""
    warn = 4.0 if sensor.warn is None else sensor.warn
    return warn - 1.2 + (0.3 + 1.1 * _share(sensor)) * _rise(minutes, 62, 12) + 0.01 * _ripple(sensor, minutes)


def _river_rise(sensor: Sensor, minutes: float) -> float:
    return 0.02 + (0.1 + 0.28 * _share(sensor)) * _bell(minutes, 60, 22)


def _wind_gust(sensor: Sensor, minutes: float) -> float:
    return 6 + 9 * _share(sensor) * _bell(minutes, 45, 35) + 0.8 * _ripple(sensor, minutes)


_CURVES: dict[str, Callable[[Sensor, float], float]] = {
    "rain_1h": _rain_1h,
    "rain_3h": _rain_3h,
    "underpass_ponding": _underpass,
    "river_level": _river_level,
    "river_rise": _river_rise,
    "wind_gust": _wind_gust,
}


def _share(sensor: Sensor) -> float:
    """A sensor's own number in [0, 1): how exposed its place is."""
    return zlib.crc32(b"place " + sensor.id.encode()) / 2**32


def _ripple(sensor: Sensor, minutes: float) -> float:
    """Noise in [-1, 1], other at every sensor and in every quarter of a minute."""
    return zlib.crc32(f"{sensor.id} {int(minutes * 4)}".encode()) / 2**31 - 1


def _bell(minutes: float, peak: float, width: float) -> float:
    return math.exp(-(((minutes - peak) / width) ** 2))


def _rise(minutes: float, middle: float, width: float) -> float:
    return 1 / (1 + math.exp(-(minutes - middle) / width))


def _along(points: tuple[tuple[float, float], ...], at: float) -> float:
    """The value between two points of a line drawn through all of them; the ends go on level."""
    place = bisect_right(points, (at, math.inf))
    if place == 0 or place == len(points):
        return points[min(place, len(points) - 1)][1]
    (left, low), (right, high) = points[place - 1], points[place]
    return low + (high - low) * (at - left) / (right - left)
