"""QuakeML 1.0 and 1.2: one report an event, from its preferred origin and magnitude.

Depth is in metres and times are UTC by the standard, also where no zone is written. An event of the USGS catalogue gets
the same id as in its GeoJSON feed, so that both are one report. Values outside an enumeration are noted, not fatal.
"""

from datetime import datetime

from workstation.domain.errors import FeedError
from workstation.domain.records import Report
from workstation.feeds.markup import Element, children, local, raw_of, read_xml, text, text_at
from workstation.feeds.parsed import Harvest, Notes, Parsed, digest, flaw, refused
from workstation.feeds.quakes import quake_table
from workstation.feeds.shapes import number, valid_position
from workstation.feeds.times import loose_time

_CATALOGUE = "{http://anss.org/xmlns/catalog/0.1}"


def parse_quakeml(raw: bytes, source: str) -> Parsed:
    """A QuakeML document."""
    try:
        return read_quakeml(read_xml(raw), source)
    except FeedError as error:
        return refused(source, "quakeml", error, raw)


def read_quakeml(root: Element, source: str) -> Parsed:
    """The same for a document already read."""
    harvest = Harvest(source, "quakeml")
    events = [element for element in root.iter() if local(element) == "event"]
    for index, event in enumerate(events):
        name = event.get("publicID") or f"event[{index}]"
        harvest.attempt(name, raw_of(event), lambda notes, item=event: _report(item, notes))  # type: ignore[misc]
    return harvest.parsed()


def _report(event: Element, notes: Notes) -> Report:
    key = event.get("publicID", "").strip()
    if not key:
        raise flaw("publicID", "feeds.missing")
    catalogue = event.get(f"{_CATALOGUE}eventsource", "") + event.get(f"{_CATALOGUE}eventid", "")
    origin, size = _preferred(event, "origin", notes), _preferred(event, "magnitude", notes)
    if origin is None:
        raise flaw("origin", "feeds.missing")
    lat, lon = _position(origin)
    _check(origin, notes)
    magnitude = number(text_at(size, "mag", "value")) if size is not None else None
    type_ = _type(event, notes)
    place = next((text_at(item, "text") for item in children(event, "description") if text_at(item, "text")), None)
    return Report(
        id=f"usgs:{catalogue}" if catalogue else f"quakeml:{key}",
        source="usgs" if catalogue else "quakeml",
        external_id=catalogue or key,
        channel="quake",
        type=type_,
        severity=quake_table().severity(magnitude, type_),
        title=_title(magnitude, size, place),
        text=place,
        place=place,
        occurred_at=_time(text_at(origin, "time", "value"), notes),
        lat=lat,
        lon=lon,
        located="source",
        magnitude=magnitude,
        depth_km=_depth(origin),
        status=text_at(origin, "evaluationStatus") or text_at(origin, "evaluationMode") or None,
        raw_digest=digest(raw_of(event)),
    )


def _preferred(event: Element, name: str, notes: Notes) -> Element | None:
    """The origin or magnitude the event prefers, else its first."""
    found = children(event, name)
    field = f"preferred{name.capitalize()}ID"
    wanted = text_at(event, field)
    for item in found:
        if wanted and item.get("publicID", "").strip() == wanted:
            return item
    if wanted:
        notes.add(field, "feeds.quake.reference", value=wanted)
    return found[0] if found else None


def _position(origin: Element) -> tuple[float, float]:
    values = []
    for name in ("latitude", "longitude"):
        value = number(text_at(origin, name, "value"))
        if value is None:
            raise flaw(f"origin.{name}", "feeds.number", value=text_at(origin, name, "value"))
        values.append(value)
    if not valid_position(values[0], values[1]):
        raise flaw("origin.latitude", "feeds.position", value=values)
    return values[0], values[1]


def _depth(origin: Element) -> float | None:
    metres = number(text_at(origin, "depth", "value"))
    return metres / 1000 if metres is not None else None


def _check(origin: Element, notes: Notes) -> None:
    table = quake_table()
    for name, allowed in (("depthType", table.depth_types), ("evaluationMode", table.evaluation_modes)):
        value = text_at(origin, name)
        if value and value not in allowed:
            notes.add(f"origin.{name}", "feeds.enumeration", value=value)


def _time(value: str, notes: Notes) -> datetime:
    if not value:
        raise flaw("origin.time", "feeds.missing")
    try:
        return loose_time(value, "origin.time", None)
    except FeedError:
        found = loose_time(value, "origin.time", "UTC")
        notes.add("origin.time", "feeds.time.assumed_utc", value=value)
        return found


def _type(event: Element, notes: Notes) -> str | None:
    """Our type of the event. A name outside the enumeration is noted; an unknown one counts as not reported, which a
    catalogue of earthquakes means as an earthquake."""
    types = [text(item) for item in children(event, "type")]
    value = types[0] if types else "not reported"
    name = value.replace("_", " ").lower()
    known = quake_table().types
    if value not in known:
        notes.add("type", "feeds.enumeration", value=value)
    return known[name] if name in known else known["not reported"]


def _title(magnitude: float | None, size: Element | None, place: str | None) -> str | None:
    kind = text_at(size, "type") if size is not None else ""
    parts = [f"M{kind and ' ' + kind} {magnitude:g}" if magnitude is not None else "", place or ""]
    return " - ".join(part for part in parts if part) or None
