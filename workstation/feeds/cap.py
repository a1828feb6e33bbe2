"""CAP 1.2, 1.1 and 1.0 alerts: every info, area, polygon, circle, geocode and parameter.

The header says who speaks, what the message is and for whom: it must be valid, or the alert is rejected. What follows
is read generously (see `cap_info`). Another namespace is another vocabulary and is refused, however alike it looks.
Sources: OASIS CAP 1.2, CAP 1.1, CAP 1.0; severity to colour for showing only, never to a response level.
"""

import re
import shlex
from dataclasses import replace
from datetime import datetime

from workstation.domain.clock import iso
from workstation.domain.draft import Value
from workstation.domain.errors import FeedError
from workstation.domain.records import Alert
from workstation.feeds.cap_info import COLOUR_OF_SEVERITY, moment, read_info
from workstation.feeds.markup import Element, children, local, namespace, raw_of, read_xml, text_at
from workstation.feeds.parsed import Harvest, Notes, Parsed, digest, flaw, refused
from workstation.feeds.shapes import geometry_of
from workstation.feeds.times import cap_time

NAMESPACES = {
    "http://www.incident.com/cap/1.0": "1.0",
    "urn:oasis:names:tc:emergency:cap:1.1": "1.1",
    "urn:oasis:names:tc:emergency:cap:1.2": "1.2",
}
STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
MESSAGE_TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
MAX_REFERENCES = 1000
_SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
_BETWEEN = re.compile(rb"(?<=alert>)\s*(?=<\?xml\b|<(?:[A-Za-z]\w*:)?alert\b)")


def parse_cap(raw: bytes, source: str) -> Parsed:
    """Every alert of a document: one as its root, several in a wrapper, or several documents one after another."""
    try:
        return read_cap(read_xml(raw), source)
    except FeedError as error:
        parts = _BETWEEN.split(raw)
        if len(parts) == 1:
            return refused(source, "cap", error, raw)
    harvest = Harvest(source, "cap")
    for index, part in enumerate(parts):
        try:
            take_alerts(read_xml(part), harvest)
        except FeedError as error:
            harvest.reject(f"alert[{index}]", error, part)
    return harvest.parsed()


def read_cap(root: Element, source: str) -> Parsed:
    """The same for a document already read."""
    harvest = Harvest(source, "cap")
    take_alerts(root, harvest)
    return harvest.parsed()


def take_alerts(root: Element, harvest: Harvest) -> list[Alert]:
    """Read every alert element at or below the root into the harvest; returns the alerts kept."""
    found = [element for element in root.iter() if local(element) == "alert"]
    alerts = [
        harvest.attempt(_name(element, index), raw_of(element), lambda notes, item=element: read_alert(item, notes))  # type: ignore[misc]
        for index, element in enumerate(found)
    ]
    return [alert for alert in alerts if isinstance(alert, Alert)]


def _name(element: Element, index: int) -> str:
    return text_at(element, "identifier") or f"alert[{index}]"


def alert_id(sender: str, identifier: str, sent: datetime) -> str:
    """The triple CAP itself names a message by, with the time in UTC."""
    return f"cap:{sender},{identifier},{iso(sent)}"


def read_alert(element: Element, notes: Notes) -> Alert:
    """One alert. Raises FeedError naming the header field that is missing or invalid, or `xmlns`."""
    if namespace(element) not in NAMESPACES:
        raise flaw("xmlns", "feeds.cap.namespace", value=namespace(element) or "-")
    sender, identifier = (_required(element, name) for name in ("sender", "identifier"))
    if re.search(r"[\s,<&]", sender + identifier):
        notes.add("identifier", "feeds.cap.identifier", value=f"{sender},{identifier}")
    sent = cap_time(_required(element, "sent"), "sent", notes)
    infos = [read_info(info, index, notes) for index, info in enumerate(children(element, "info"))]
    key = alert_id(sender, identifier, sent)
    base = Alert(
        id=key,
        source="cap",
        sender=sender,
        identifier=identifier,
        sent=sent,
        status=_one_of(element, "status", STATUSES),
        message_type=_one_of(element, "msgType", MESSAGE_TYPES),
        scope=_one_of(element, "scope", SCOPES),
        references=_references(element, (sender, identifier, sent), notes),
        incidents=_incidents(text_at(element, "incidents")),
        raw_digest=digest(raw_of(element)),
    )
    return with_infos(base, infos, notes)


def _required(element: Element, name: str) -> str:
    value = text_at(element, name)
    if not value:
        raise flaw(name, "feeds.missing")
    return value


def _one_of(element: Element, name: str, allowed: tuple[str, ...]) -> str:
    value = _required(element, name)
    if value not in allowed:
        raise flaw(name, "feeds.enumeration", value=value)
    return value


def _references(element: Element, own: tuple[str, str, datetime], notes: Notes) -> list[Value]:
    """The messages this one answers: {sender, identifier, sent, id}; what an entry leaves out is None."""
    value = text_at(element, "references")
    if any(local(item) == "references" for item in element) and not value:
        notes.add("references", "feeds.cap.references.empty")
    found: list[Value] = []
    for entry in value.split()[:MAX_REFERENCES]:
        reference = _reference(entry, own, notes)
        if reference:
            found.append(reference)
    if text_at(element, "msgType") in ("Update", "Cancel") and not found:
        notes.add("references", "feeds.cap.references.none")
    return found


def _reference(entry: str, own: tuple[str, str, datetime], notes: Notes) -> dict[str, Value] | None:
    parts = entry.split(",")
    if len(parts) != 3:
        notes.add("references", "feeds.cap.references.loose", value=entry)
        identifier = parts[1] if len(parts) == 2 else entry
        return {"sender": parts[0] if len(parts) == 2 else None, "identifier": identifier, "sent": None, "id": None}
    try:
        sent = cap_time(parts[2], "references", notes)
    except FeedError:
        notes.add("references", "feeds.cap.references.loose", value=entry)
        return {"sender": parts[0], "identifier": parts[1], "sent": None, "id": None}
    if (parts[0], parts[1], sent) == own or sent > own[2]:
        notes.add("references", "feeds.cap.references.circular", value=entry)
        return None
    return {
        "sender": parts[0],
        "identifier": parts[1],
        "sent": iso(sent),
        "id": alert_id(parts[0], parts[1], sent),
    }


def _incidents(value: str) -> list[Value]:
    """Names separated by white space, quoted where they hold blanks; an unbalanced quote leaves the text whole."""
    try:
        return [*shlex.split(value)] if '"' in value else [*value.split()]
    except ValueError:
        return [value]


def with_infos(base: Alert, infos: list[dict[str, Value]], notes: Notes) -> Alert:
    """The alert with what a list shows drawn from its infos: text in the desk's languages first, the worst severity,
    the earliest start, the latest end, all shapes."""
    areas: list[Value] = [area for info in infos for area in _list(info["areas"])]
    known = [word for word in (info["severity"] for info in infos) if isinstance(word, str)]
    severity = min(known, key=_SEVERITIES.index) if known else None
    worst = next((info for info in infos if info["severity"] == severity), {})
    shown = _shown(infos)
    starts = [time for info in infos if (time := moment(info["onset"] or info["effective"]))]
    ends = [time for info in infos if (time := moment(info["expires"]))]
    return replace(
        base,
        event=_text(shown, "event"),
        headline=_text(shown, "headline"),
        description=_text(shown, "description"),
        instruction=_text(shown, "instruction"),
        severity=severity,
        colour=COLOUR_OF_SEVERITY.get(severity or ""),
        urgency=_text(worst, "urgency"),
        certainty=_text(worst, "certainty"),
        onset=min(starts, default=None),
        expires=max(ends) if ends and len(ends) == len(infos) else None,
        infos=[*infos],
        geometry=geometry_of(areas),
        warnings=[remark.as_value() for remark in notes.of(base.id)],
    )


def _text(info: dict[str, Value], name: str) -> str | None:
    value = info.get(name)
    return value if isinstance(value, str) else None


def _list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


def _shown(infos: list[dict[str, Value]]) -> dict[str, Value]:
    for wanted in ("zh", "en"):
        for info in infos:
            if str(info["language"]).lower().startswith(wanted):
                return info
    return infos[0] if infos else {}
