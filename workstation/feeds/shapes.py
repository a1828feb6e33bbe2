"""Polygons and circles of CAP and GeoRSS to GeoJSON: "lat,lon" outside, lon,lat inside."""

import re
from itertools import pairwise
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


def circle_rings(lat: float, lon: float, radius_km: float) -> list[Ring]:
    """The area within a great-circle distance, as closed rings of [lon, lat] between -180 and 180 degrees.

    One ring, or two where it crosses 180 degrees (RFC 7946, 3.1.9); around a pole the ring runs along the map's edge.
    """
    angle, phi = radius_km * 1000 / EARTH_RADIUS_M, radians(lat)
    around = [_toward(phi, angle, -2 * pi * step / CIRCLE_POINTS) for step in range(CIRCLE_POINTS)]
    poles = [pole for pole in (90.0, -90.0) if angle > radians(abs(pole - lat))]
    if len(poles) == 2:
        return [[[-180.0, -90.0], [180.0, -90.0], [180.0, 90.0], [-180.0, 90.0], [-180.0, -90.0]]]
    if poles:
        return [_cap(sorted([_turned(lon + east), north] for east, north in around), poles[0])]
    ring = [[round(lon + east, 7), north] for east, north in around]
    return _cut([*ring, ring[0]])


def _toward(phi: float, angle: float, bearing: float) -> tuple[float, float]:
    """Where a great circle leads: degrees east of its start, and the latitude."""
    north = asin(max(-1.0, min(1.0, sin(phi) * cos(angle) + cos(phi) * sin(angle) * cos(bearing))))
    east = atan2(sin(bearing) * sin(angle) * cos(phi), cos(angle) - sin(phi) * sin(north))
    return degrees(east), round(degrees(north), 7)


def _turned(lon: float) -> float:
    return round((lon + 180) % 360 - 180, 7)


def _cap(rim: Ring, pole: float) -> Ring:
    """Everything between a rim, from west to east around the earth, and a pole."""
    edge = (rim[0][1] + rim[-1][1]) / 2
    ring = [[-180.0, edge], *rim, [180.0, edge], [180.0, pole], [-180.0, pole], [-180.0, edge]]
    return ring if pole > 0 else ring[::-1]


def _cut(ring: Ring) -> list[Ring]:
    """A ring as the parts on both sides of 180 degrees; itself where it stays on one."""
    side = 1 if max(lon for lon, _ in ring) > 180 else -1
    if all(side * lon <= 180 for lon, _ in ring):
        return [ring]
    here = _clipped([[side * lon, lat] for lon, lat in ring])
    there = _clipped([[360 - side * lon, lat] for lon, lat in ring])
    return [[[side * lon, lat] for lon, lat in here], [[-side * lon, lat] for lon, lat in there]]


def _clipped(ring: Ring) -> Ring:
    """The part of a ring up to 180 degrees east."""
    kept: Ring = []
    for (lon, lat), (next_lon, next_lat) in pairwise(ring):
        if lon <= 180:
            kept.append([lon, lat])
        if (lon <= 180) != (next_lon <= 180):
            kept.append([180.0, round(lat + (next_lat - lat) * (180 - lon) / (next_lon - lon), 7)])
    return [*kept, kept[0]]


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
                rings.extend(circle_rings(lat, lon, radius))
            else:
                points.append([lon, lat])
    return geometry(rings, points)
