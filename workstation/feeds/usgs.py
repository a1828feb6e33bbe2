"""USGS GeoJSON summaries: earthquakes and what else shook the ground, as reports.

Times are milliseconds since 1970, coordinates lon, lat, depth in km (negative above sea level), magnitudes may be
negative, and any property may be null. A quarry blast is kept and is no earthquake.
"""

from typing import Any

from workstation.domain.errors import FeedError
from workstation.domain.records import Report
from workstation.feeds.json_text import raw_json, read_json, tidy
from workstation.feeds.parsed import Harvest, Notes, Parsed, digest, flaw, refused
from workstation.feeds.quakes import quake_table
from workstation.feeds.shapes import number, valid_position
from workstation.feeds.times import millis_time


def parse_usgs(raw: bytes, source: str) -> Parsed:
    """A FeatureCollection (or one Feature) of events."""
    try:
        return read_usgs(read_json(raw), source, raw)
    except FeedError as error:
        return refused(source, "usgs", error, raw)


def read_usgs(document: Any, source: str, raw: bytes) -> Parsed:
    """The same for a document already read."""
    features = document.get("features") if isinstance(document, dict) else None
    if isinstance(document, dict) and document.get("type") == "Feature":
        features = [document]
    if not isinstance(features, list):
        return refused(source, "usgs", flaw("features", "feeds.missing"), raw)
    harvest = Harvest(source, "usgs")
    for index, feature in enumerate(features):
        name = str(feature.get("id") or f"feature[{index}]") if isinstance(feature, dict) else f"feature[{index}]"
        harvest.attempt(name, raw_json(feature), lambda notes, item=feature: _report(item, notes))  # type: ignore[misc]
    return harvest.parsed()


def _report(feature: Any, notes: Notes) -> Report:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise flaw("properties", "feeds.not_object")
    found = feature["properties"]
    key = tidy(feature.get("id")) or (tidy(found.get("net")) or "") + (tidy(found.get("code")) or "")
    if not key:
        raise flaw("id", "feeds.missing")
    lon, lat, depth = _position(feature.get("geometry"))
    magnitude = _number(found.get("mag"), "mag", notes)
    type_ = _type(found.get("type"), notes)
    return Report(
        id=f"usgs:{key}",
        source="usgs",
        external_id=key,
        channel="quake",
        type=type_,
        severity=quake_table().severity(magnitude, type_),
        title=tidy(found.get("title")),
        text=tidy(found.get("place")),
        place=tidy(found.get("place")),
        occurred_at=millis_time(found.get("time"), "time"),
        lat=lat,
        lon=lon,
        located="source",
        magnitude=magnitude,
        depth_km=depth,
        url=tidy(found.get("url")),
        status=tidy(found.get("status")),
        raw_digest=digest(raw_json(feature)),
    )


def _position(geometry: Any) -> tuple[float, float, float | None]:
    values = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(values, list) or len(values) < 2:
        raise flaw("geometry.coordinates", "feeds.position", value=values)
    lon, lat = number(values[0]), number(values[1])
    if lon is None or lat is None or not valid_position(lat, lon):
        raise flaw("geometry.coordinates", "feeds.position", value=values)
    return lon, lat, number(values[2]) if len(values) > 2 else None


def _number(value: Any, place: str, notes: Notes) -> float | None:
    found = number(value)
    if found is None and value is not None:
        notes.add(place, "feeds.number", value=value)
    return found


def _type(value: Any, notes: Notes) -> str | None:
    name = (tidy(value) or "not reported").lower()
    if name not in quake_table().types:
        notes.add("type", "feeds.quake.type", value=name)
    return quake_table().types.get(name)
