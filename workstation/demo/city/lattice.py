"""The lattice and its warp: plan coordinates (u, v) to metres and to degrees.

Lattice lines follow the river and bend like old roads; cells are small downtown and large at the edge of the city. Only
`math` is used, so that the rounded output is the same on every platform.
"""

from functools import cache
from math import cos, exp, radians, sin

from workstation.demo.city.chance import between

COLUMNS, ROWS = 30, 20
FINE = 3
"""Points an edge of a cell is drawn with."""
RIVER = 7.0
"""The v of the river's centre line."""
CENTRE = (124.20, 29.60)
_WIDTH_M, _HEIGHT_M = 9000.0, 7000.0
_METRES_LON = 111_320.0 * cos(radians(CENTRE[1]))
_METRES_LAT = 110_860.0

Spot = tuple[float, float]
"""A place on the plan, (u, v)."""
Point = tuple[float, float]
"""A place on the ground: metres (x, y) from the plan's south-west corner, or degrees (lon, lat)."""


def _spread(t: float, middle: float, half: float) -> float:
    """Lattice units to relative length: a unit at the edge is half as long again as in the middle."""
    return t + 0.5 * (t - middle) ** 3 / (3 * half**2)


def _axis(t: float, count: int, middle: float, length: float) -> float:
    half = count / 2
    start, end = _spread(0, middle, half), _spread(count, middle, half)
    return length * (_spread(t, middle, half) - start) / (end - start)


def unit_m(u: float, v: float) -> tuple[float, float]:
    """About how many metres one lattice unit is there, east and north."""
    east = _axis(u + 0.5, COLUMNS, 15.0, _WIDTH_M) - _axis(u - 0.5, COLUMNS, 15.0, _WIDTH_M)
    north = _axis(v + 0.5, ROWS, 9.5, _HEIGHT_M) - _axis(v - 0.5, ROWS, 9.5, _HEIGHT_M)
    return east, north


@cache
def _knot(axis: str, i: int, j: int) -> float:
    return between(-1.0, 1.0, "warp", axis, i, j)


def _wobble(axis: str, u: float, v: float) -> float:
    """Smooth noise in [-1, 1] with one knot a lattice point."""
    i, j = int(u // 1), int(v // 1)
    s, t = u - i, v - j
    s, t = s * s * (3 - 2 * s), t * t * (3 - 2 * t)
    low = _knot(axis, i, j) * (1 - s) + _knot(axis, i + 1, j) * s
    high = _knot(axis, i, j + 1) * (1 - s) + _knot(axis, i + 1, j + 1) * s
    return low * (1 - t) + high * t


def plane(u: float, v: float) -> Point:
    """Plan to metres east and north of the plan's corner."""
    meander = 350 * sin(0.262 * u + 0.5) + 115 * sin(0.56 * u + 1.9)
    x = _axis(u, COLUMNS, 15.0, _WIDTH_M) + 170 * sin(0.33 * (v - 4)) + 55 * sin(0.42 * u + 0.21 * v)
    y = _axis(v, ROWS, 9.5, _HEIGHT_M) + meander * exp(-(((v - RIVER) / 5.2) ** 2)) + 45 * sin(0.3 * u - 0.15 * v)
    return x + 24 * _wobble("x", u, v), y + 24 * _wobble("y", u, v)


def place(u: float, v: float) -> Point:
    """Plan to degrees (lon, lat), WGS-84, rounded to 6 decimals (a tenth of a metre)."""
    x, y = plane(u, v)
    lon = CENTRE[0] + (x - _WIDTH_M / 2) / _METRES_LON
    lat = CENTRE[1] + (y - _HEIGHT_M / 2) / _METRES_LAT
    return round(lon, 6), round(lat, 6)


@cache
def node(n: int, m: int) -> Point:
    """Degrees of a point of the fine lattice, `FINE` points a unit: the shared vertices of the unit grid."""
    return place(n / FINE, m / FINE)


def area_km2(spots: list[Spot]) -> float:
    """Area of a ring of plan places on the ground (shoelace over metres)."""
    points = [plane(*spot) for spot in spots]
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2e6
