"""Tables from outside, CSV and XLSX, as rows of text. Bounded in rows, columns and unpacked size.

A row that cannot be read says why and stands alone: one stray quote must not swallow the rows that follow it.
"""

import csv
import io
import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module

from charset_normalizer import from_bytes

from workstation.feeds.encodings import decode, decode_lines
from workstation.feeds.parsed import flaw

MAX_ROWS = 1_048_576
MAX_COLUMNS = 200
MAX_CELL = 1024 * 1024
HEAD_ROWS = 5
_SEPARATOR = re.compile(r"sep=([,;\t])\s*", re.IGNORECASE)
ZIP_MARK = b"PK\x03\x04"
WORKBOOK = "workstation.feeds.workbook"


@dataclass(frozen=True, slots=True)
class Row:
    """A row and where it begins: the sheet's row number, or the file's line for CSV. Cells are text, never None.

    `unreadable` says why a row is no row; its one cell is then the line as it stands.
    """

    number: int
    cells: tuple[str, ...]
    unreadable: str = ""

    @property
    def raw(self) -> bytes:
        out = io.StringIO()
        csv.writer(out).writerow(self.cells)
        text = self.cells[0] if self.unreadable else out.getvalue().rstrip("\r\n")
        return text.encode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows, at least one; the sheet's name, and the encoding where it was guessed."""

    rows: tuple[Row, ...]
    name: str = ""
    guessed: str = ""


def read_sheets(raw: bytes) -> tuple[Sheet, ...]:
    """Every table with something in it. Raises FeedError for what is neither CSV nor XLSX."""
    sheets = import_module(WORKBOOK).read_workbook(raw) if raw.startswith(ZIP_MARK) else [_csv(raw)]
    return tuple(sheet for sheet in sheets if sheet.rows)


def _csv(raw: bytes) -> Sheet:
    guessed = ""
    try:
        text = decode(raw)
    except UnicodeDecodeError:
        text, guessed = _guessed(raw)
    if "\0" in text:
        raise flaw("encoding", "feeds.unreadable", detail="NUL")
    return Sheet(tuple(_csv_rows(text)), guessed=guessed)


def _guessed(raw: bytes) -> tuple[str, str]:
    """The text of a table in no one encoding we know, and what it was taken for. Raises FeedError."""
    text = decode_lines(raw)
    if text is not None:
        return text, "UTF-8/GB18030"
    best = from_bytes(raw).best()
    if best is None:
        raise flaw("encoding", "feeds.unreadable", detail="UTF-8, GB18030")
    return str(best), best.encoding


def _csv_rows(text: str) -> Iterator[Row]:
    """Rows with something in them. Excel's own first line "sep=;" names the delimiter and is no row."""
    lines = [*io.StringIO(text, newline="")]
    said = _SEPARATOR.fullmatch(lines[0]) if lines else None
    delimiter, at = (said.group(1), 1) if said else (_delimiter(lines[:HEAD_ROWS]), 0)
    while at < len(lines):
        at = yield from _run(lines, at, delimiter)


def _run(lines: Sequence[str], at: int, delimiter: str) -> Generator[Row, None, int]:
    """Rows from a line on, through the first that cannot be read; the line to go on with."""
    reader = csv.reader((lines[number] for number in range(at, len(lines))), delimiter=delimiter, strict=True)
    first = at
    try:
        for cells in reader:
            if first >= MAX_ROWS:
                raise flaw(f"row {first + 1}", "feeds.too_large", limit=MAX_ROWS)
            if any(cell.strip() for cell in cells):
                yield Row(first + 1, tuple(cells[: MAX_COLUMNS + 1]))
            first = at + reader.line_num
    except csv.Error as error:
        yield Row(first + 1, (lines[first].rstrip("\r\n")[:MAX_CELL],), unreadable=str(error))
        return first + 1
    return len(lines)


def _delimiter(lines: Sequence[str]) -> str:
    """The likeliest of comma, semicolon and tab by the first line that has one."""
    head = next((line for line in lines if any(mark in line for mark in ",;\t")), "")
    return max(",;\t", key=head[:10_000].count)
