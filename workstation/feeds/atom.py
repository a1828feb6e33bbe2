"""Atom and RSS indexes of alerts: entries with a whole alert inside, with CAP elements, or with a link and a position.

An entry that holds the alert, as elements or as escaped text, yields the alert. Any other entry yields an alert of its
own, marked as the summary of an index, so that the list shows at once what is announced; `follow_links` replaces it by
the full message when it can be fetched. An entry without an id or without either content or link is rejected. No
entries is no error.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from workstation.domain.clock import iso
from workstation.domain.draft import Value
from workstation.domain.errors import FeedError, KnownError
from workstation.domain.records import Alert
from workstation.feeds.cap import MESSAGE_TYPES, SCOPES, STATUSES, parse_cap, take_alerts, with_infos
from workstation.feeds.cap_info import read_area, read_info
from workstation.feeds.markup import Element, child, children, local, raw_of, read_xml, text, text_at
from workstation.feeds.parsed import Harvest, Notes, Parsed, digest, flaw, refused
from workstation.feeds.shapes import number, valid_position
from workstation.feeds.times import loose_time, mail_time

MAX_LINKS = 500
MAX_PROLOGUE = 400
CAP_TYPE = "application/cap+xml"


def parse_index(raw: bytes, source: str) -> Parsed:
    """An Atom or RSS document."""
    try:
        return read_index(read_xml(raw), source)
    except FeedError as error:
        return refused(source, "cap-index", error, raw)


def read_index(root: Element, source: str) -> Parsed:
    """The same for a document already read. Alerts outside an entry are foreign markup and are passed over."""
    harvest = Harvest(source, "cap-index")
    channels = [*children(root, "channel"), root]
    entries = [item for channel in channels for item in channel if local(item) in ("entry", "item")]
    for index, entry in enumerate(entries):
        name = _identity(entry) or f"entry[{index}]"
        if any(local(element) == "alert" for element in entry.iter()):
            take_alerts(entry, harvest)
            continue
        written = _written(entry)
        if written is not None:
            take_alerts(written, harvest)
            continue
        found = harvest.attempt(name, raw_of(entry), lambda notes, item=entry: _summary(item, root, notes))  # type: ignore[misc]
        if found is not None and _link(entry):
            harvest.link(found.id, _link(entry))
    return harvest.parsed()


def _identity(entry: Element) -> str:
    """Atom's id; RSS has guid, or the link where that is missing."""
    found = text_at(entry, "id") or text_at(entry, "guid")
    return found or (_link(entry) if local(entry) == "item" else "")


def _written(entry: Element) -> Element | None:
    """An alert that the entry holds as text, its angle brackets escaped; None where there is none that can be read."""
    for name in ("content", "description", "summary"):
        said = text_at(entry, name)
        if "alert" in said[:MAX_PROLOGUE] and said.startswith("<"):
            try:
                found = read_xml(said.encode())
            except FeedError:
                continue
            if local(found) == "alert":
                return found
    return None


def _link(entry: Element) -> str:
    """The address of the full message: a CAP link first, then the alternate one."""
    links = children(entry, "link")
    hrefs = [(item.get("type", ""), item.get("rel", "alternate"), item.get("href") or text(item)) for item in links]
    for wanted in ((CAP_TYPE, None), (None, "alternate")):
        for kind, rel, href in hrefs:
            if href and wanted in ((kind, None), (None, rel)):
                return href.strip()
    return ""


def _summary(entry: Element, root: Element, notes: Notes) -> Alert:
    identity, link = _identity(entry), _link(entry)
    if not identity:
        raise flaw("id", "feeds.missing")
    if not link and not text_at(entry, "event"):
        raise flaw("link", "feeds.missing")
    sent = _time(entry)
    sender = text_at(entry, "author", "name") or text_at(root, "author", "name") or text_at(root, "id") or "-"
    notes.add("link", "feeds.index.summary", url=link)
    base = Alert(
        id=f"cap:{sender},{identity},{iso(sent)}",
        source="cap-index",
        sender=sender,
        identifier=identity,
        sent=sent,
        status=_word(entry, "status", STATUSES),
        message_type=_word(entry, "msgType", MESSAGE_TYPES),
        scope=_word(entry, "scope", SCOPES),
        raw_digest=digest(raw_of(entry)),
    )
    alert = with_infos(base, [_info(entry, link, notes)], notes)
    return replace(alert, geometry=_position(entry) or alert.geometry)


def _time(entry: Element) -> datetime:
    for name in ("updated", "published", "date", "pubDate"):
        value = text_at(entry, name)
        if value:
            return (
                mail_time(value, name)
                if re.match(r"[A-Za-z]{3},|\d{1,2} [A-Za-z]", value)
                else loose_time(value, name, None)
            )
    raise flaw("updated", "feeds.missing")


def _word(entry: Element, name: str, allowed: tuple[str, ...]) -> str | None:
    value = text_at(entry, name)
    return value if value in allowed else None


def _info(entry: Element, link: str, notes: Notes) -> dict[str, Value]:
    """The entry's CAP elements as an info; absent ones are unknown, without a remark: an index may omit them."""
    info = read_info(entry, 0, Notes())
    areas = [read_area(item, f"area[{index}]", notes) for index, item in enumerate(children(entry, "area"))]
    if not areas and text_at(entry, "areaDesc"):
        areas = [read_area(entry, "area[0]", notes)]
    info |= {"areas": [*areas], "web": link or None, "language": None}
    info["headline"] = text_at(entry, "title") or None
    info["description"] = text_at(entry, "summary") or text_at(entry, "description") or None
    return info


def _position(entry: Element) -> dict[str, Value] | None:
    """georss:point "lat lon" as a GeoJSON point."""
    values = [number(part) for part in re.split(r"[\s,]+", text(child(entry, "point")))[:3]]
    lat, lon = values if len(values) == 2 else (None, None)
    if lat is None or lon is None or not valid_position(lat, lon):
        return None
    return {"type": "Point", "coordinates": [lon, lat]}


def follow_links(parsed: Parsed, fetch: Callable[[str], bytes]) -> Parsed:
    """Replace each summary by the alerts its link leads to. A link that fails leaves the summary: nothing disappears.

    `fetch` raises KnownError. At most MAX_LINKS are followed, http(s) only.
    """
    full: dict[str, Parsed] = {}
    for link in parsed.links[:MAX_LINKS]:
        if not link.url.startswith(("http://", "https://")):
            continue
        try:
            found = parse_cap(fetch(link.url), link.url)
        except KnownError:
            continue
        if found.records:
            full[link.record] = found
    fetched = tuple(record for found in full.values() for record in found.records)
    known = {record.id for record in fetched}
    kept = tuple(record for record in parsed.records if record.id not in full and record.id not in known)
    remarks = tuple(remark for remark in parsed.remarks if remark.record not in full)
    return replace(
        parsed,
        records=kept + fetched,
        rejects=parsed.rejects + tuple(reject for found in full.values() for reject in found.rejects),
        remarks=remarks + tuple(remark for found in full.values() for remark in found.remarks),
        links=tuple(link for link in parsed.links if link.record not in full),
    )
