"""Distances and the map projection, as plain functions over degrees and numpy arrays of degrees."""

from math import asin, cos, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_M = 6_371_008.8
METRES_PER_DEGREE = EARTH_RADIUS_M * radians(1)
"""Of latitude, and of longitude at the equator."""
MERCATOR_RADIUS_M = 6_378_137.0
MAX_LATITUDE = 85.05112878

Floats = NDArray[np.float64]


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in metres (haversine, mean earth radius of IUGG)."""
    p1, p2 = radians(lat1), radians(lat2)
    half = sin((p2 - p1) / 2) ** 2 + cos(p1) * cos(p2) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))


def distances_m(lat: float, lon: float, lats: Floats, lons: Floats) -> Floats:
    """Great-circle distances in metres from one place to many, as `distance_m` has them."""
    lat1, lat2 = np.radians(lat), np.radians(lats)
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin(np.radians(lons - lon) / 2) ** 2
    metres: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return metres


def mercator(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Degrees to Web-Mercator metres (EPSG:3857), x east and y north; latitudes are clipped to the projection."""
    clipped = np.clip(np.asarray(lat, float), -MAX_LATITUDE, MAX_LATITUDE)
    x = np.radians(np.asarray(lon, float)) * MERCATOR_RADIUS_M
    y = np.log(np.tan(np.pi / 4 + np.radians(clipped) / 2)) * MERCATOR_RADIUS_M
    return x, y


def unmercator(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Web-Mercator metres to degrees: (lon, lat)."""
    lon = np.degrees(np.asarray(x, float) / MERCATOR_RADIUS_M)
    lat = np.degrees(2 * np.arctan(np.exp(np.asarray(y, float) / MERCATOR_RADIUS_M)) - np.pi / 2)
    return lon, lat
