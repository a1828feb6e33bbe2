"""The info block of a CAP alert: one language or one segment of a warning, with its areas and resources.

What an info says badly is kept as unknown with a remark: a flood warning with an empty severity must still be seen.
Times are kept as UTC text, polygons as GeoJSON rings, circles exactly. An embedded resource is named, measured and
digested; its bytes stay out of the record, which every station would have to carry.
"""

import base64
import binascii
from datetime import datetime

from workstation.domain.clock import iso
from workstation.domain.draft import Value
from workstation.domain.errors import FeedError
from workstation.feeds.markup import Element, child, children, local, text, text_at
from workstation.feeds.parsed import Notes, digest
from workstation.feeds.shapes import circle, number, polygon
from workstation.feeds.times import cap_time

MAX_SIZE = 2**53
ENUMERATIONS = {
    "category": [
        "Geo",
        "Met",
        "Safety",
        "Security",
        "Rescue",
        "Fire",
        "Health",
        "Env",
        "Transport",
        "Infra",
        "CBRNE",
        "Other",
    ],
    "urgency": ["Immediate", "Expected", "Future", "Past", "Unknown"],
    "severity": ["Extreme", "Severe", "Moderate", "Minor", "Unknown"],
    "certainty": ["Observed", "Likely", "Possible", "Unlikely", "Unknown"],
    "responseType": ["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"],
}
COLOUR_OF_SEVERITY = {"Extreme": "R", "Severe": "O", "Moderate": "Y", "Minor": "B"}
_VERSION_1_0 = {("certainty", "Very Likely"): "Likely"}
_KNOWN = {
    "info": [
        "language",
        "category",
        "event",
        "responseType",
        "urgency",
        "severity",
        "certainty",
        "audience",
        "eventCode",
        "effective",
        "onset",
        "expires",
        "senderName",
        "headline",
        "description",
        "instruction",
        "web",
        "contact",
        "parameter",
        "resource",
        "area",
    ],
    "area": ["areaDesc", "polygon", "circle", "geocode", "altitude", "ceiling"],
}


def read_info(element: Element, number_: int, notes: Notes) -> dict[str, Value]:
    """One info as the alert keeps it. Never raises: gaps become None, each with a remark naming `info[n].field`."""
    place = f"info[{number_}]"
    _unknown_elements(element, place, notes)
    info: dict[str, Value] = {
        "language": text_at(element, "language") or "en-US",
        "categories": [*_listed(element, "category", place, notes)],
        "response_types": [*_listed(element, "responseType", place, notes)],
    }
    for name in ("urgency", "severity", "certainty"):
        info[name] = _enumerated(element, name, place, notes)
    for name, key in (("effective", "effective"), ("onset", "onset"), ("expires", "expires")):
        info[key] = _time(element, name, place, notes)
    for name, key in _TEXTS:
        info[key] = text_at(element, name) or None
    if not info["event"]:
        notes.add(f"{place}.event", "feeds.missing")
    info["event_codes"] = pairs(element, "eventCode")
    info["parameters"] = pairs(element, "parameter")
    info["resources"] = [
        _resource(item, f"{place}.resource[{index}]", notes) for index, item in enumerate(children(element, "resource"))
    ]
    info["areas"] = [
        read_area(item, f"{place}.area[{index}]", notes) for index, item in enumerate(children(element, "area"))
    ]
    return info


_TEXTS = (
    ("event", "event"),
    ("audience", "audience"),
    ("senderName", "sender_name"),
    ("headline", "headline"),
    ("description", "description"),
    ("instruction", "instruction"),
    ("web", "web"),
    ("contact", "contact"),
)


def _unknown_elements(element: Element, place: str, notes: Notes) -> None:
    known = _KNOWN.get(local(element))
    for item in element if known else ():
        name = local(item)
        if name and known and name not in known:
            notes.add(f"{place}.{name[:40]}", "feeds.unknown_element")


def _listed(element: Element, name: str, place: str, notes: Notes) -> list[str]:
    """Every valid value of a repeatable enumeration."""
    values = [text(item) for item in children(element, name)]
    good = [value for value in values if value in ENUMERATIONS[name]]
    for value in values:
        if value not in ENUMERATIONS[name]:
            notes.add(f"{place}.{name}", "feeds.enumeration", value=value)
    if name == "category" and not values:
        notes.add(f"{place}.category", "feeds.missing")
    return good


def _enumerated(element: Element, name: str, place: str, notes: Notes) -> str | None:
    value = text_at(element, name)
    if value in ENUMERATIONS[name]:
        return value
    notes.add(f"{place}.{name}", "feeds.enumeration" if value else "feeds.missing", value=value)
    return _VERSION_1_0.get((name, value))


def _time(element: Element, name: str, place: str, notes: Notes) -> str | None:
    value = text_at(element, name)
    if not value:
        return None
    try:
        return iso(cap_time(value, f"{place}.{name}", notes))
    except FeedError:
        notes.add(f"{place}.{name}", "feeds.time.unusable", value=value)
        return None


def pairs(element: Element, name: str) -> list[Value]:
    """Every valueName/value pair; CAP 1.0 wrote "name=value"; some put several pairs into one element."""
    found: list[Value] = []
    for item in children(element, name):
        names, values = ([text(part) for part in children(item, key)] for key in ("valueName", "value"))
        if not names and text(item):
            before, _, after = text(item).partition("=")
            names, values = [before], [after]
        found.extend({"name": key, "value": value} for key, value in zip(names, values, strict=False))
    return found


def _resource(element: Element, place: str, notes: Notes) -> dict[str, Value]:
    size = number(text_at(element, "size"))
    found: dict[str, Value] = {
        "description": text_at(element, "resourceDesc") or None,
        "mime_type": text_at(element, "mimeType") or None,
        "size": int(size) if size is not None and 0 <= size <= MAX_SIZE else None,
        "uri": text_at(element, "uri") or None,
        "digest": text_at(element, "digest") or None,
    }
    embedded = text(child(element, "derefUri"))
    if embedded:
        try:
            content = base64.b64decode("".join(embedded.split()), validate=True)
        except (binascii.Error, ValueError):
            notes.add(f"{place}.derefUri", "feeds.resource.encoding")
            return found
        found |= {"embedded_bytes": len(content), "embedded_sha256": digest(content)}
        notes.add(f"{place}.derefUri", "feeds.resource.left_out", bytes=len(content))
    return found


def read_area(element: Element, place: str, notes: Notes) -> dict[str, Value]:
    """One area: every polygon (ring of [lon, lat]), every circle exactly, every geocode, heights in feet as given."""
    _unknown_elements(element, place, notes)
    polygons: list[Value] = []
    for index, item in enumerate(children(element, "polygon")):
        ring = polygon(text(item), f"{place}.polygon[{index}]", notes)
        if ring:
            polygons.append([*map(list[Value], ring)])
    circles: list[Value] = []
    for index, item in enumerate(children(element, "circle")):
        found = circle(text(item), f"{place}.circle[{index}]", notes)
        if found:
            circles.append({"lat": found[0], "lon": found[1], "radius_km": found[2]})
    if not text_at(element, "areaDesc"):
        notes.add(f"{place}.areaDesc", "feeds.missing")
    return {
        "description": text_at(element, "areaDesc") or None,
        "polygons": polygons,
        "circles": circles,
        "geocodes": pairs(element, "geocode"),
        "altitude": number(text_at(element, "altitude")),
        "ceiling": number(text_at(element, "ceiling")),
    }


def moment(value: Value) -> datetime | None:
    """A time as an info keeps it, back to a datetime."""
    return datetime.fromisoformat(value) if isinstance(value, str) else None
