"""Call records (911, hotlines, duty desks) from CSV and XLSX by a column mapping.

A row without an own number is named by the digest of what it says, so that the same call read again is the same report.
Phone, name and plate go to their own fields; the text stays as it was spoken, intake scrubs it before it is stored.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from workstation.domain.errors import FeedError
from workstation.domain.levels import Severity
from workstation.domain.records import Report
from workstation.feeds.columns import ColumnMapping, column_mappings
from workstation.feeds.encodings import is_spoiled, mended
from workstation.feeds.json_text import raw_json, tidy
from workstation.feeds.parsed import Harvest, Notes, Parsed, digest, flaw, not_records, refused
from workstation.feeds.shapes import number, valid_position
from workstation.feeds.sheets import HEAD_ROWS, Row, Sheet, read_sheets
from workstation.feeds.times import loose_time
from workstation.feeds.type_words import type_of

_CODE = re.compile(r"[A-Z]\d\d")


def parse_calls(raw: bytes, source: str) -> Parsed:
    """Tables of calls; each chooses its mapping.

    A sheet of a workbook that is no table of calls is told and stops no other.
    """
    source = source or "calls"
    try:
        sheets = read_sheets(raw)
        tables = [_table(sheet, tuple(column_mappings().values())) for sheet in sheets]
        if len(tables) == 1 and tables[0].mapping is None:
            raise _no_mapping(sheets[0])
    except FeedError as error:
        return refused(source, "calls", error, raw)
    known = [table.mapping for table in tables if table.mapping is not None]
    if known and not any(found.records for found in known):
        return not_records(source, "calls", known[0].what, raw)
    return _read(tables, source)


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet, the mapping that fits it, and its rows below the head."""

    sheet: Sheet
    mapping: ColumnMapping | None = None
    names: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


def _table(sheet: Sheet, mappings: tuple[ColumnMapping, ...]) -> _Table:
    """By the first mapping that one of the first rows fits: a title may stand above the head."""
    for mapping in mappings:
        for index, row in enumerate(sheet.rows[:HEAD_ROWS]):
            if not mapping.fits(row):
                continue
            if not mapping.header:
                return _Table(sheet, mapping, tuple(map(str, range(mapping.columns))), sheet.rows)
            return _Table(sheet, mapping, _names(row), sheet.rows[index + 1 :])
    return _Table(sheet)


def _names(head: Row) -> tuple[str, ...]:
    """What the columns are called; one without a name is told by its number."""
    return tuple(mended(cell.strip()) or f"column {number}" for number, cell in enumerate(head.cells, start=1))


def _no_mapping(sheet: Sheet) -> FeedError:
    return flaw("header", "feeds.calls.no_mapping", header=", ".join(sheet.rows[0].cells[:12]))


def _read(tables: Sequence[_Table], source: str) -> Parsed:
    harvest = Harvest(source, "calls")
    for table in tables:
        name = table.sheet.name if len(tables) > 1 else ""
        if table.mapping is None:
            error = _no_mapping(table.sheet)
            harvest.reject(name, error, table.sheet.rows[0].raw)
            continue
        for row in table.rows if table.mapping.records else ():
            call = _Call(row, table.names, table.mapping, table.sheet.guessed)
            harvest.attempt(f"{name} row {row.number}".strip(), row.raw, call.report)
    return harvest.parsed()


@dataclass(frozen=True, slots=True)
class _Call:
    row: Row
    names: tuple[str, ...]
    mapping: ColumnMapping
    guessed: str

    def report(self, notes: Notes) -> Report:
        self._check()
        found = self._values()
        if self.guessed:
            notes.add("encoding", "feeds.calls.guessed", encoding=self.guessed)
        own = found.get("external_id")
        said = raw_json(found)
        title, text = found.get("title"), found.get("text")
        if not title and not text:
            raise flaw("title", "feeds.missing")
        lat, lon = _position(found, notes)
        return Report(
            id=f"calls:{self.mapping.name}:{own or digest(said)}",
            source=f"calls:{self.mapping.name}",
            external_id=own,
            channel=self.mapping.channel,
            type=_type(found.get("type"), notes) or type_of(title, None if title else text),
            severity=_severity(found, notes),
            title=title,
            text=text,
            place=found.get("place"),
            occurred_at=self._occurred(found.get("occurred_at")),
            lat=lat,
            lon=lon,
            located="source" if lat is not None else None,
            reporter_name=found.get("reporter_name"),
            reporter_phone=found.get("reporter_phone"),
            plate=found.get("plate"),
            status=found.get("status"),
            url=found.get("url"),
            raw_digest=digest(said),
        )

    def _check(self) -> None:
        """Raises FeedError for a row that is none, has other columns, or bytes that are no text."""
        cells = self.row.cells
        if self.row.unreadable:
            raise flaw("columns", "feeds.unreadable", detail=self.row.unreadable)
        surplus = any(cell.strip() for cell in cells[len(self.names) :])
        if surplus or (not self.mapping.header and len(cells) < len(self.names)):
            raise flaw("columns", "feeds.calls.columns", expected=len(self.names), found=len(cells))
        for name, cell in zip(self.names, cells, strict=False):
            if is_spoiled(cell):
                raise flaw(name, "feeds.unreadable", detail="UTF-8, GB18030")

    def _occurred(self, value: str | None) -> datetime:
        if value is None:
            raise flaw(self._place("occurred_at"), "feeds.missing")
        return loose_time(value, self._place("occurred_at"), self.mapping.zone)

    def _values(self) -> dict[str, str]:
        """Report fields with something in them, blanks tidied."""
        by_name = dict(zip(self.names, self.row.cells, strict=False))
        found = {}
        for name, columns in self.mapping.fields.items():
            parts = [tidy(by_name.get(str(column))) for column in columns]
            if any(parts):
                found[name] = " ".join(part for part in parts if part)
        return found

    def _place(self, name: str) -> str:
        """How the table itself calls a field."""
        return "+".join(map(str, self.mapping.fields[name]))


def _position(found: Mapping[str, str], notes: Notes) -> tuple[float | None, float | None]:
    """lat and lon; 0, 0 is what machines write for an unknown place. Raises FeedError for half a position or none."""
    given = found.get("lat"), found.get("lon")
    if given == (None, None):
        return None, None
    lat, lon = number(given[0]), number(given[1])
    if lat is None or lon is None or not valid_position(lat, lon):
        raise flaw("lat", "feeds.position", value=", ".join(text or "-" for text in given))
    if lat == lon == 0:
        notes.add("lat", "feeds.position", value="0, 0")
        return None, None
    return lat, lon


def _type(value: str | None, notes: Notes) -> str | None:
    """The kind of incident a table names by our code or by a word of its own."""
    if value is None or _CODE.fullmatch(value):
        return value
    found = type_of(value)
    if found is None:
        notes.add("type", "feeds.enumeration", value=value)
    return found


def _severity(found: Mapping[str, str], notes: Notes) -> str | None:
    """I..IV as the table gives it, also as one character; anything else is unknown, with a remark."""
    value = found.get("severity")
    if value is None:
        return None
    plain = normalize("NFKC", value).removesuffix("级").strip()
    if plain in Severity.__members__:
        return plain
    notes.add("severity", "feeds.enumeration", value=value)
    return None
