"""Open311 GeoReport v2 service requests, JSON and XML, and the documents that are not requests.

Cities write it loosely: keys twice, the word "null", lon for long, numbers for ids, times without a zone. The first
real value is kept and the doubling noted. A time without a zone is read in the zone a profile in
`resources/mappings/open311.yaml` declares for that city; without one the record is rejected, since an hour's error
moves an incident.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from workstation.content import folder, read_yaml
from workstation.domain.errors import ContentError, FeedError
from workstation.domain.records import Report
from workstation.feeds.json_text import DUPLICATES, absent, raw_json, read_json, tidy
from workstation.feeds.markup import Element, children, local, read_xml, text
from workstation.feeds.parsed import Harvest, Notes, Parsed, digest, flaw, not_records, refused
from workstation.feeds.shapes import number, valid_position
from workstation.feeds.times import loose_time, zone_of
from workstation.feeds.type_words import type_of

_NOT_TIMES = ("true", "false")


@dataclass(frozen=True, slots=True)
class Profile:
    """A city's way of writing requests. `keys` and `bbox` (w, s, e, n) tell its documents from others."""

    jurisdiction: str
    zone: str | None = None
    keys: frozenset[str] = frozenset()
    bbox: tuple[float, float, float, float] | None = None

    def fits(self, request: dict[str, Any]) -> bool:
        lat, lon = number(request.get("lat")), number(request.get("long", request.get("lon")))
        if not self.keys <= request.keys() or self.bbox is None or lat is None or lon is None:
            return False
        west, south, east, north = self.bbox
        return west <= lon <= east and south <= lat <= north


@cache
def profiles() -> tuple[Profile, ...]:
    """The profiles of `resources/mappings/open311.yaml`. Raises ContentError."""
    path = folder("resources") / "mappings" / "open311.yaml"
    found = []
    for name, row in (read_yaml(path) or {}).items():
        try:
            zone_of(row["zone"])
            west, south, east, north = map(float, row["bbox"])
            found.append(Profile(str(name), row["zone"], frozenset(row["keys"]), (west, south, east, north)))
        except (KeyError, TypeError, ValueError) as error:
            raise ContentError(path.name, str(name), str(error)) from error
    return tuple(found)


def parse_open311(raw: bytes, source: str, profile: Profile | None = None) -> Parsed:
    """A JSON or XML document; `profile` overrides the one found by its keys and place."""
    try:
        if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return read_open311_xml(read_xml(raw), source, raw, profile)
        return read_open311_json(read_json(raw), source, raw, profile)
    except FeedError as error:
        return refused(source, "open311", error, raw)


def read_open311_json(document: Any, source: str, raw: bytes, profile: Profile | None = None) -> Parsed:
    """The same for a JSON document already read."""
    what = _what_json(document)
    if what:
        return not_records(source, "open311", what, raw)
    requests = document
    if isinstance(document, dict):
        requests = document.get("requests", document.get("service_requests", [document]))
    if not isinstance(requests, list):
        return refused(source, "open311", flaw("requests", "feeds.missing"), raw)
    return _read(requests, source, profile)


def read_open311_xml(root: Element, source: str, raw: bytes, profile: Profile | None = None) -> Parsed:
    """The same for an XML document already read."""
    what = _WHAT_XML.get(local(root))
    requests = [dict(_fields(item)) for item in root if local(item) == "request"]
    if requests and all("token" in item and "status" not in item for item in requests):
        what = "feeds.open311.token"
    if what:
        return not_records(source, "open311", what, raw)
    return _read(requests, source, profile)


_WHAT_XML = {
    "errors": "feeds.open311.error",
    "services": "feeds.open311.services",
    "service_definition": "feeds.open311.definition",
    "discovery": "feeds.open311.discovery",
}


def looks_like_open311(document: Any) -> bool:
    """Whether a JSON document is one of GeoReport's, requests or not."""
    first = document[0] if isinstance(document, list) and document else document
    if not isinstance(first, dict):
        return False
    return bool(_what_json(document)) or bool(first.keys() & {"service_request_id", "requests", "service_requests"})


def _what_json(document: Any) -> str | None:
    """The message key of what a document is when it is not requests."""
    rows = document if isinstance(document, list) else [document]
    first = rows[0] if rows and isinstance(rows[0], dict) else {}
    inner = first.get("service_requests")
    if "endpoints" in first and ("changeset" in first or "contact" in first):
        return "feeds.open311.discovery"
    if isinstance(inner, list) and inner and isinstance(inner[0], dict) and "open_requests" in inner[0]:
        return "feeds.open311.counts"
    for keys, what in _WHAT_JSON:
        if keys <= first.keys() and "requested_datetime" not in first:
            return what
    return None


_WHAT_JSON = (
    ({"token"}, "feeds.open311.token"),
    ({"code", "description"}, "feeds.open311.error"),
    ({"service_code", "attributes"}, "feeds.open311.definition"),
    ({"service_code", "service_name", "metadata"}, "feeds.open311.services"),
)


def _fields(request: Element) -> Iterator[tuple[str, str | None]]:
    """Each element once; of several with one name the first with text."""
    for name in dict.fromkeys(local(item) for item in request if local(item)):
        values = [text(item) for item in children(request, name)]
        yield name, next((value for value in values if value), None)


def _read(requests: list[Any], source: str, profile: Profile | None) -> Parsed:
    harvest = Harvest(source, "open311")
    rows = [item for item in requests if isinstance(item, dict)]
    chosen = profile or _profile_of(rows)
    for index, item in enumerate(requests):
        name = (tidy(item.get("service_request_id")) if isinstance(item, dict) else None) or f"request[{index}]"
        harvest.attempt(name, raw_json(item), lambda notes, row=item: _report(row, chosen, notes))  # type: ignore[misc]
    return harvest.parsed()


def _profile_of(rows: list[dict[str, Any]]) -> Profile:
    for profile in profiles():
        if any(profile.fits(row) for row in rows):
            return profile
    return Profile("local")


def _report(row: Any, profile: Profile, notes: Notes) -> Report:
    if not isinstance(row, dict):
        raise flaw("request", "feeds.not_object")
    key = tidy(row.get("service_request_id"))
    if key is None:
        raise flaw("service_request_id", "feeds.missing")
    for name in row.get(DUPLICATES, ()):
        notes.add(name, "feeds.json.duplicate_key")
    jurisdiction = tidy(row.get("jurisdiction_id")) or profile.jurisdiction
    lat, lon = _position(row, notes)
    service = (tidy(row.get("service_name")) or "").replace("_", " ") or None
    described = tidy(row.get("description"))
    if service is None and described is None:
        raise flaw("service_name", "feeds.missing")
    return Report(
        id=f"open311:{jurisdiction}:{key}",
        source=f"open311:{jurisdiction}",
        external_id=key,
        channel="open311",
        type=type_of(service, described),
        title=service,
        text=described,
        place=tidy(row.get("address")) or tidy(row.get("_address")),
        occurred_at=_occurred(row, profile),
        lat=lat,
        lon=lon,
        located="source" if lat is not None else None,
        url=tidy(row.get("media_url")),
        status=(tidy(row.get("status")) or "").lower() or None,
        raw_digest=digest(raw_json({name: value for name, value in row.items() if name != DUPLICATES})),
    )


def _occurred(row: dict[str, Any], profile: Profile) -> datetime:
    value = row.get("requested_datetime")
    if absent(value) or str(value).strip().lower() in _NOT_TIMES:
        raise flaw("requested_datetime", "feeds.missing")
    return loose_time(str(value), "requested_datetime", profile.zone)


def _position(row: dict[str, Any], notes: Notes) -> tuple[float | None, float | None]:
    """lat and long (or lon); a request without a position is located later by its address."""
    values = row.get("lat"), row.get("long", row.get("lon"))
    if all(absent(value) for value in values):
        return None, None
    lat, lon = number(values[0]), number(values[1])
    if lat is None or lon is None or not valid_position(lat, lon) or lat == lon == 0:
        notes.add("lat", "feeds.position", value=values)
        return None, None
    return lat, lon
