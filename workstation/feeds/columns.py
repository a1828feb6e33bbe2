"""Column mappings: which column of a call table means what. One YAML file in `resources/mappings/calls/` a table.

A mapping is chosen by the table itself: by the names in its header, or, where there is no header, by patterns its
columns must fit. It declares the zone of its times, because an office writes its own wall clock.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from workstation.content import folder, read_yaml
from workstation.domain.errors import ContentError
from workstation.feeds.sheets import Row
from workstation.feeds.times import zone_of

FIELDS = frozenset(
    [
        "external_id",
        "title",
        "text",
        "occurred_at",
        "lat",
        "lon",
        "place",
        "reporter_name",
        "reporter_phone",
        "plate",
        "type",
        "severity",
        "status",
        "url",
    ]
)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """`fields`: report field to columns (header names, or numbers from 0 without a header), joined by a blank.
    `header`: names the header must hold; empty: the table has none and `patterns` (column to pattern) must fit."""

    name: str
    zone: str
    channel: str
    fields: dict[str, tuple[str | int, ...]]
    header: frozenset[str] = frozenset()
    columns: int = 0
    patterns: dict[int, re.Pattern[str]] = field(default_factory=dict)
    records: bool = True
    what: str = ""

    def fits(self, row: Row) -> bool:
        """Whether this is the mapping of a table beginning with this row."""
        if self.header:
            return self.header <= {cell.strip() for cell in row.cells}
        if not self.patterns or len(row.cells) != self.columns:
            return False
        return all(pattern.match(row.cells[column].strip()) for column, pattern in self.patterns.items())


@cache
def column_mappings() -> dict[str, ColumnMapping]:
    """All mappings by name, in the order of their file names. Raises ContentError naming file and place."""
    paths = sorted((folder("resources") / "mappings" / "calls").glob("*.yaml"))
    return {path.stem: load_mapping(path.stem, read_yaml(path)) for path in paths}


def load_mapping(name: str, found: Any) -> ColumnMapping:
    """One mapping from its YAML. Raises ContentError for an unknown field, zone or pattern."""
    try:
        fields = {key: _columns(value) for key, value in (found.get("fields") or {}).items()}
        unknown = sorted(fields.keys() - FIELDS)
        if unknown:
            raise ValueError(f"no such report field: {unknown[0]}")
        records = bool(found.get("records", True))
        zone = str(found.get("zone", "UTC"))
        zone_of(zone)
        if records and ("occurred_at" not in fields or not fields.keys() & {"title", "text"}):
            raise ValueError("occurred_at and a title or text are required")
        return ColumnMapping(
            name,
            zone,
            str(found.get("channel", "call")),
            fields,
            frozenset(map(str, found.get("header", ()))),
            int(found.get("columns", 0)),
            {int(column): re.compile(str(text)) for column, text in (found.get("patterns") or {}).items()},
            records,
            str(found.get("what", "")),
        )
    except (AttributeError, KeyError, TypeError, ValueError, re.error) as error:
        raise ContentError(f"{name}.yaml", "", str(error)) from error


def _columns(value: Any) -> tuple[str | int, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(item if isinstance(item, int) else str(item) for item in items)
