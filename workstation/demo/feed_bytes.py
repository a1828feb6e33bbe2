"""The evening's events as the feeds' own bytes: a call centre's CSV, Open311 JSON, CAP XML, USGS GeoJSON.

Written the way the senders write, so that the demo goes through the parsers and not around them.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any

from workstation.domain.clock import CITY_ZONE, millis

CALL_COLUMNS = ("编号", "时间", "内容", "地点", "纬度", "经度", "姓名", "电话", "车牌")
_CAP = "urn:oasis:names:tc:emergency:cap:1.2"
Event = Mapping[str, Any]


def local(moment: datetime) -> str:
    """The city's wall clock with its offset, as CAP and Open311 write it."""
    return moment.astimezone(CITY_ZONE).isoformat(timespec="seconds")


def calls_csv(calls: Sequence[Event]) -> bytes:
    """A table as a call centre exports it: UTF-8 with a byte order mark, local times without a zone."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(CALL_COLUMNS)
    for call in calls:
        wall = call["moment"].astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M:%S")
        fields = [call.get(name, "") for name in ("place", "lat", "lon", "name", "phone", "plate")]
        table.writerow([call["id"], call.get("time", wall), call["text"], *fields])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def requests_json(requests: Sequence[Event], jurisdiction: str) -> bytes:
    """A GeoReport v2 answer. A request whose `time` is given as nothing has none."""
    rows = [
        {
            "service_request_id": one["id"],
            "jurisdiction_id": jurisdiction,
            "status": "open",
            "service_name": one["service"],
            "description": one["text"],
            "requested_datetime": one.get("time", local(one["moment"])),
            "address": one["place"],
            "lat": one.get("lat"),
            "long": one.get("lon"),
        }
        for one in requests
    ]
    return json.dumps(rows, ensure_ascii=False).encode()


def quakes_geojson(quakes: Sequence[Event]) -> bytes:
    features = [
        {
            "type": "Feature",
            "id": one["id"],
            "properties": {
                "mag": one["magnitude"],
                "place": one["place"],
                "time": millis(one["moment"]),
                "type": "earthquake",
                "status": "automatic",
                "title": f"M {one['magnitude']} - {one['place']}",
            },
            "geometry": {"type": "Point", "coordinates": [one["lon"], one["lat"], one["depth_km"]]},
        }
        for one in quakes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def cap_xml(warning: Event, city: Event, replaced: Sequence[Event]) -> bytes:
    """A CAP 1.2 alert in Chinese and English; an update names every message it replaces."""
    sent = local(warning["moment"])
    references = " ".join(f"{city['sender']},{one['id']},{local(one['moment'])}" for one in replaced)
    kind = warning.get("type") or ("Update" if replaced else "Alert")
    header = _tags(identifier=warning["id"], sender=city["sender"], sent=sent, status="Actual", msgType=kind)
    header += _tags(scope="Public") + (_tags(references=references) if references else "")
    infos = "".join(_info(warning, city, language, tag) for language, tag in (("zh", "zh-CN"), ("en", "en-US")))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="{_CAP}">{header}{infos}</alert>\n'.encode()


def cap_index(alerts: Sequence[bytes]) -> bytes:
    """An Atom feed that carries whole alerts, as weather services publish them."""
    bodies = (alert.partition(b"?>")[2].strip() for alert in alerts)
    entries = b"".join(b'<entry><content type="text/xml">' + body + b"</content></entry>" for body in bodies)
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
    return head + b"<title>Linjiang</title>" + entries + b"</feed>\n"


def _info(warning: Event, city: Event, language: str, tag: str) -> str:
    names = {"zh": "临江市", "en": "Linjiang"}
    area = _tags(areaDesc=names[language], polygon=city["polygon"])
    times = _tags(
        effective=local(warning["moment"]),
        onset=local(warning["moment"]),
        expires=local(warning["moment"] + timedelta(hours=6)),
    )
    said = {name: warning[name][language] for name in ("headline", "description", "instruction")}
    ranks = _tags(urgency="Expected", severity=warning["severity"], certainty="Likely")
    head = _tags(language=tag, category="Met", event=warning["event"][language], responseType="Prepare")
    return f"<info>{head}{ranks}{times}{_tags(**said)}<area>{area}</area></info>"


def _tags(**texts: str) -> str:
    return "".join(f"<{name}>{escape(text, quote=False)}</{name}>" for name, text in texts.items())
