"""Call records (911, hotlines, duty desks) from CSV and XLSX by a column mapping.

A row without an own number is named by the digest of what it says, so that the same call read again is the same report.
Phone, name and plate go to their own fields; the text stays as it was spoken, intake scrubs it before it is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from workstation.domain.errors import FeedError
from workstation.domain.levels import Severity
from workstation.domain.records import Report
from workstation.feeds.columns import ColumnMapping, column_mappings
from workstation.feeds.json_text import raw_json, tidy
from workstation.feeds.parsed import Harvest, Notes, Parsed, digest, flaw, not_records, refused
from workstation.feeds.shapes import number, valid_position
from workstation.feeds.sheets import Row, Sheet, read_sheet
from workstation.feeds.times import loose_time
from workstation.feeds.type_words import type_of


def parse_calls(raw: bytes, source: str, mapping: ColumnMapping | None = None) -> Parsed:
    """A table of calls; the mapping is chosen by the table unless one is given."""
    try:
        sheet = read_sheet(raw)
        if not sheet.rows:
            return Parsed(form="calls")
        chosen = mapping or _choose(sheet.rows)
    except FeedError as error:
        return refused(source, "calls", error, raw)
    if not chosen.records:
        return not_records(source, "calls", chosen.what, raw)
    return _read(sheet, chosen, source or chosen.name)


def mapping_named(name: str) -> ColumnMapping:
    """A mapping by its name. Raises FeedError for one that does not exist."""
    try:
        return column_mappings()[name]
    except KeyError:
        raise flaw("mapping", "feeds.calls.unknown_mapping", name=name) from None


def _choose(rows: tuple[Row, ...]) -> ColumnMapping:
    """The first mapping that the table's head fits; a headerless one may fit any of the first rows."""
    for mapping in column_mappings().values():
        if any(mapping.fits(row) for row in rows[: 1 if mapping.header else 5]):
            return mapping
    raise flaw("header", "feeds.calls.no_mapping", header=", ".join(rows[0].cells[:12]))


def _read(sheet: Sheet, mapping: ColumnMapping, source: str) -> Parsed:
    harvest = Harvest(source, "calls")
    rows, names = sheet.rows, tuple(str(index) for index in range(mapping.columns))
    if mapping.header:
        names, rows = tuple(cell.strip() for cell in rows[0].cells), rows[1:]
    for row in rows:
        table = _Call(row, names, mapping, sheet.guessed)
        harvest.attempt(f"row {row.number}", row.raw, table.report)
    return harvest.parsed()


@dataclass(frozen=True, slots=True)
class _Call:
    row: Row
    names: tuple[str, ...]
    mapping: ColumnMapping
    guessed: str

    def report(self, notes: Notes) -> Report:
        cells = self.row.cells
        if len(cells) > len(self.names) or (not self.mapping.header and len(cells) != len(self.names)):
            raise flaw("columns", "feeds.calls.columns", expected=len(self.names), found=len(cells))
        if self.guessed:
            notes.add("encoding", "feeds.calls.guessed", encoding=self.guessed)
        found = self._values()
        own = found.get("external_id")
        said = raw_json(found)
        title, text = found.get("title"), found.get("text")
        if not title and not text:
            raise flaw("title", "feeds.missing")
        lat, lon = _position(found)
        return Report(
            id=f"calls:{self.mapping.name}:{own or digest(said)}",
            source=f"calls:{self.mapping.name}",
            external_id=own,
            channel=self.mapping.channel,
            type=found.get("type") or type_of(title, None if title else text),
            severity=_severity(found, notes),
            title=title,
            text=text,
            place=found.get("place"),
            occurred_at=loose_time(found.get("occurred_at") or "", self._place("occurred_at"), self.mapping.zone),
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


def _position(found: Mapping[str, str]) -> tuple[float | None, float | None]:
    given = found.get("lat"), found.get("lon")
    if given == (None, None):
        return None, None
    lat, lon = number(given[0]), number(given[1])
    if lat is None or lon is None or not valid_position(lat, lon):
        raise flaw("lat", "feeds.position", value=", ".join(text or "-" for text in given))
    return lat, lon


def _severity(found: Mapping[str, str], notes: Notes) -> str | None:
    """I..IV as the table gives it; anything else is unknown, with a remark."""
    value = found.get("severity")
    if value is None:
        return None
    if value in Severity.__members__:
        return value
    notes.add("severity", "feeds.enumeration", value=value)
    return None
