"""Entries of the audit trail as files: CSV for a spreadsheet, JSON lines for a machine; masked, nothing active."""

from collections.abc import Iterable

import orjson

from workstation.documents.csv_sheet import csv_sheet
from workstation.domain.clock import iso
from workstation.domain.draft import Value, is_sealed
from workstation.intake.values import STARS
from workstation.security.masking import scrub
from workstation.situation import AuditEntry

COLUMNS = (
    *("utc", "station_clock", "station", "seq", "author", "act", "reason", "cause", "scope", "data_class"),
    *("changes", "veiled", "late", "refused", "hash"),
)


def audit_csv(entries: Iterable[AuditEntry]) -> bytes:
    """A row an entry, its changes in one cell."""
    return csv_sheet(COLUMNS, ({**_row(entry), "changes": _told(entry)} for entry in entries))


def audit_jsonl(entries: Iterable[AuditEntry]) -> bytes:
    """One object a line."""
    return b"".join(orjson.dumps({**_row(entry), "changes": _changes(entry)}) + b"\n" for entry in entries)


def _row(entry: AuditEntry) -> dict[str, object]:
    return {
        "utc": iso(entry.at),
        "station_clock": iso(entry.raw_at),
        "station": entry.station,
        "seq": entry.seq,
        "author": scrub(entry.author),
        "act": entry.act,
        "reason": scrub(entry.reason),
        "cause": entry.cause,
        "scope": entry.scope,
        "data_class": entry.data_class,
        "veiled": entry.veiled,
        "late": entry.late,
        "refused": entry.refused,
        "hash": entry.hash,
    }


def _told(entry: AuditEntry) -> str:
    return "; ".join(f"{one['kind']} {one['id']} {one['field']}={one['value']}" for one in _changes(entry))


def _changes(entry: AuditEntry) -> list[dict[str, object]]:
    return [{"kind": one.kind, "id": one.id, "field": one.field, "value": _masked(one.value)} for one in entry.changes]


def _masked(value: Value) -> Value:
    if is_sealed(value):
        return STARS
    if isinstance(value, dict):
        return {name: _masked(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_masked(one) for one in value]
    return scrub(value) if isinstance(value, str) else value
