"""GeoJSON (RFC 7946) from plan places: compact, a feature a line, so that one changed thing is one changed line."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from workstation.demo.city.lattice import Point, Spot, place
from workstation.demo.city.names import Name

Feature = dict[str, Any]


def named(name: Name | None) -> dict[str, str | None]:
    return {"name_zh": name.zh if name else None, "name_en": name.en if name else None}


def ring(spots: Iterable[Spot]) -> list[Point]:
    """A closed ring of degrees; consecutive places that round to the same point are one."""
    points: list[Point] = []
    for spot in spots:
        point = place(*spot)
        if not points or point != points[-1]:
            points.append(point)
    return points if points[0] == points[-1] else [*points, points[0]]


def polygon(rings: Sequence[Sequence[Point]], properties: dict[str, Any]) -> Feature:
    return _feature("Polygon", rings, properties)


def line(path: Iterable[Spot], properties: dict[str, Any]) -> Feature:
    return _feature("LineString", [place(*spot) for spot in path], properties)


def point(spot: Spot, properties: dict[str, Any]) -> Feature:
    return _feature("Point", place(*spot), properties)


def _feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> Feature:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def collection(name: str, features: Iterable[Feature]) -> bytes:
    """A FeatureCollection as bytes."""
    lines = [json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features]
    head = json.dumps({"type": "FeatureCollection", "name": name}, separators=(",", ":"))[:-1]
    return (head + ',"features":[\n' + ",\n".join(lines) + "\n]}\n").encode()
