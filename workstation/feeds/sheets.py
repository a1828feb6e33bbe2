"""Tables from outside, CSV and XLSX, as rows of text. Bounded in rows, columns and unpacked size.

UTF-8 and GB18030 are tried strictly before anything is guessed: a guess is right often and silently wrong sometimes.
"""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from xml.etree.ElementTree import ParseError

from charset_normalizer import from_bytes
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from workstation.feeds.json_text import decode
from workstation.feeds.parsed import flaw

MAX_ROWS = 1_048_576
MAX_COLUMNS = 200
MAX_UNPACKED = 512 * 1024 * 1024
MAX_CELL = 1024 * 1024
ZIP_MARK = b"PK\x03\x04"
_WORKBOOK_ERRORS = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row and where it begins: the sheet's row number, or the file's line for CSV. Cells are text, never None."""

    number: int
    cells: tuple[str, ...]

    @property
    def raw(self) -> bytes:
        out = io.StringIO()
        csv.writer(out).writerow(self.cells)
        return out.getvalue().rstrip("\r\n").encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows, the encoding where it was guessed, and the flaw that ended the reading early."""

    rows: tuple[Row, ...]
    guessed: str = ""


def read_sheet(raw: bytes) -> Sheet:
    """A table. Raises FeedError for what is neither CSV nor XLSX."""
    return Sheet(tuple(_workbook(raw))) if raw.startswith(ZIP_MARK) else _csv(raw)


def _csv(raw: bytes) -> Sheet:
    guessed = ""
    try:
        text = decode(raw)
    except UnicodeDecodeError:
        best = from_bytes(raw).best()
        if best is None:
            raise flaw("encoding", "feeds.unreadable", detail="UTF-8, GB18030") from None
        text, guessed = str(best), best.encoding
    if "\0" in text:
        raise flaw("encoding", "feeds.unreadable", detail="NUL")
    return Sheet(tuple(_csv_rows(text)), guessed)


def _csv_rows(text: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(line, tuple(cells[: MAX_COLUMNS + 1]))
            line = reader.line_num + 1
            if line > MAX_ROWS:
                raise flaw(f"row {line}", "feeds.too_large", limit=MAX_ROWS)
    except csv.Error as error:
        raise flaw(f"row {line}", "feeds.unreadable", detail=error) from error


def _delimiter(text: str) -> str:
    """The likeliest of comma, semicolon and tab by the first line."""
    head = text[:10_000].partition("\n")[0]
    return max(",;\t", key=head.count)


def _workbook(raw: bytes) -> Iterator[Row]:
    """The first sheet with rows. Formulas give their stored values."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
                raise flaw("xlsx", "feeds.too_large", limit=MAX_UNPACKED)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about styles and validations, which carry no rows
            return iter(_sheet_rows(raw))
    except _WORKBOOK_ERRORS as error:
        raise flaw("xlsx", "feeds.unreadable", detail=f"{type(error).__name__} {error}") from error


def _sheet_rows(raw: bytes) -> list[Row]:
    book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            rows = []
            found = sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
            for number, cells in enumerate(found, start=1):
                values = tuple(_text(cell) for cell in cells)
                if any(values):
                    rows.append(Row(number, values))
            if rows:
                return rows
        return []
    finally:
        book.close()


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)[:MAX_CELL]
