"""Records and rejects as lines for machines: what `workstation import --json` prints."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from workstation.domain.clock import iso
from workstation.domain.records import Alert, Report
from workstation.feeds.parsed import Parsed, Reject, clip

MAX_TITLE = 60
Line = dict[str, Any]


def lines_of(parsed: Parsed) -> Iterator[Line]:
    """One line a record with what was remarked about it, then one a reject."""
    remarks: dict[str, list[Line]] = defaultdict(list)
    for remark in parsed.remarks:
        remarks[remark.record].append({"field": remark.field, "text": remark.text})
    for record in parsed.records:
        line = report_line(record) if isinstance(record, Report) else alert_line(record)
        yield line | {"remarks": remarks[record.id]}
    for reject in parsed.rejects:
        yield reject_line(reject)


def report_line(report: Report) -> Line:
    """A report; `geometry` is a GeoJSON point, or null where its place is not known."""
    geometry = None
    if report.lat is not None and report.lon is not None:
        geometry = {"type": "Point", "coordinates": [report.lon, report.lat]}
    return {
        "type": "report",
        "id": report.id,
        "time": _time(report.occurred_at or report.received_at),
        "title": report.title or (clip(report.text, MAX_TITLE) if report.text else None),
        "kind": report.type,
        "severity": report.severity,
        "geometry": geometry,
        "source": report.source,
    }


def alert_line(alert: Alert) -> Line:
    """An alert with every info and area it holds."""
    return {
        "type": "alert",
        "id": alert.id,
        "time": _time(alert.sent),
        "title": alert.headline or alert.event,
        "kind": alert.event,
        "severity": alert.severity,
        "geometry": alert.geometry,
        "source": alert.source,
        "message_type": alert.message_type,
        "status": alert.status,
        "sender": alert.sender,
        "identifier": alert.identifier,
        "references": alert.references or [],
        "infos": alert.infos or [],
    }


def reject_line(reject: Reject) -> Line:
    return {
        "type": "rejected",
        "source": reject.source,
        "record": reject.record,
        "field": reject.field,
        "reason": reject.reason,
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)
