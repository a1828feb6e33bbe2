"""Polygons and circles of CAP and GeoRSS to GeoJSON: "lat,lon" outside, lon,lat inside."""

import re
from math import asin, atan2, cos, degrees, isfinite, pi, radians, sin

from workstation.domain.draft import Value
from workstation.domain.geometry import EARTH_RADIUS_M
from workstation.feeds.parsed import Notes

CIRCLE_POINTS = 64
MAX_POINTS = 100_000
MAX_RADIUS_KM = 20_000.0
_PAIR = re.compile(r"[+-]?\d{1,3}(\.\d*)?,[+-]?\d{1,3}(\.\d*)?", re.ASCII)
Ring = list[list[float]]


def valid_position(lat: float, lon: float) -> bool:
    return isfinite(lat) and isfinite(lon) and -90 <= lat <= 90 and -180 <= lon <= 180


def number(text: object) -> float | None:
    """A finite number out of text or a number; None for anything else."""
    if isinstance(text, bool):
        return None
    try:
        value = float(text)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return value if isfinite(value) else None


def polygon(text: str, place: str, notes: Notes) -> Ring | None:
    """A CAP polygon (whitespace-delimited "lat,lon") as a closed ring of [lon, lat]; None, with a remark, if unusable.

    Stray commas between pairs and an unclosed ring are mended with a remark.
    """
    if not text:
        notes.add(place, "feeds.polygon.empty")
        return None
    values = [number(part) for part in re.split(r"[,\s]+", text.strip(", \t\r\n"), maxsplit=2 * MAX_POINTS)]
    numbers = [value for value in values if value is not None]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    if len(numbers) != len(values) or len(values) % 2 or not all(valid_position(lat, lon) for lat, lon in pairs):
        notes.add(place, "feeds.polygon.invalid", value=text)
        return None
    if not all(_PAIR.fullmatch(token) for token in text.split()):
        notes.add(place, "feeds.polygon.commas")
    return _closed([[lon, lat] for lat, lon in pairs], place, notes)


def _closed(ring: Ring, place: str, notes: Notes) -> Ring | None:
    if len(ring) >= 3 and ring[0] != ring[-1]:
        notes.add(place, "feeds.polygon.open")
        ring = [*ring, ring[0]]
    if len(ring) < 4:
        notes.add(place, "feeds.polygon.short", count=len(ring))
        return None
    return ring


def circle(text: str, place: str, notes: Notes) -> tuple[float, float, float] | None:
    """A CAP circle "lat,lon radius": (lat, lon, radius in km); None, with a remark, if unusable."""
    found = re.fullmatch(r"\s*([+-]?[\d.]{1,24})\s*,\s*([+-]?[\d.]{1,24})\s+([\d.]{1,24})\s*", text, re.ASCII)
    values = [number(part) for part in found.groups()] if found else []
    lat, lon, radius = values if len(values) == 3 else (None, None, None)
    if lat is None or lon is None or radius is None or not valid_position(lat, lon) or radius > MAX_RADIUS_KM:
        notes.add(place, "feeds.circle.invalid", value=text)
        return None
    return lat, lon, radius


def circle_ring(lat: float, lon: float, radius_km: float) -> Ring:
    """A closed ring of 64 points at that great-circle distance, counter-clockwise; it may cross 180 degrees."""
    angle, phi = radius_km * 1000 / EARTH_RADIUS_M, radians(lat)
    ring = []
    for step in range(CIRCLE_POINTS):
        bearing = -2 * pi * step / CIRCLE_POINTS
        north = asin(max(-1.0, min(1.0, sin(phi) * cos(angle) + cos(phi) * sin(angle) * cos(bearing))))
        east = atan2(sin(bearing) * sin(angle) * cos(phi), cos(angle) - sin(phi) * sin(north))
        ring.append([round(lon + degrees(east), 7), round(degrees(north), 7)])
    return [*ring, ring[0]]


def geometry(rings: list[Ring], points: list[list[float]]) -> dict[str, Value] | None:
    """All shapes as one GeoJSON geometry, each once; None for none."""
    areas = [[ring] for index, ring in enumerate(rings) if ring not in rings[:index]]
    spots = [point for index, point in enumerate(points) if point not in points[:index]]
    parts: list[dict[str, Value]] = []
    if areas:
        parts.append(_part("Polygon", "MultiPolygon", areas))
    if spots:
        parts.append(_part("Point", "MultiPoint", spots))
    if len(parts) == 2:
        return {"type": "GeometryCollection", "geometries": [*parts]}
    return parts[0] if parts else None


def _part(single: str, several: str, shapes: list[list[Ring]] | list[list[float]]) -> dict[str, Value]:
    if len(shapes) == 1:
        return {"type": single, "coordinates": shapes[0]}  # type: ignore[dict-item]
    return {"type": several, "coordinates": shapes}  # type: ignore[dict-item]


def geometry_of(areas: list[Value]) -> dict[str, Value] | None:
    """The geometry of CAP areas as `cap_info` keeps them: polygons, circles as rings or, without radius, points."""
    rings: list[Ring] = []
    points: list[list[float]] = []
    for area in areas:
        if not isinstance(area, dict):
            continue
        rings.extend(area["polygons"])  # type: ignore[arg-type]
        for item in area["circles"]:  # type: ignore[union-attr]
            lat, lon, radius = (float(item[key]) for key in ("lat", "lon", "radius_km"))  # type: ignore[index,call-overload,arg-type]
            if radius > 0:
                rings.append(circle_ring(lat, lon, radius))
            else:
                points.append([lon, lat])
    return geometry(rings, points)
