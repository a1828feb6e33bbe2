"""Workbooks (XLSX) as sheets of text. `feeds.sheets` loads this module when the first workbook comes: reading one needs
a library that takes a tenth of a second to load, and few desks ever see a workbook."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from workstation.feeds.parsed import flaw
from workstation.feeds.sheets import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Row, Sheet

MAX_UNPACKED = 512 * 1024 * 1024
MAX_SWELLING = 100
HARMLESS = 64 * 1024 * 1024
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


def read_workbook(raw: bytes) -> list[Sheet]:
    """Every sheet. Formulas give their stored values."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            limit = min(MAX_UNPACKED, max(HARMLESS, MAX_SWELLING * len(raw)))
            if sum(item.file_size for item in archive.infolist()) > limit:
                raise flaw("xlsx", "feeds.too_large", limit=limit)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about styles and validations, which carry no rows
            return _sheets(raw)
    except _WORKBOOK_ERRORS as error:
        raise flaw("xlsx", "feeds.unreadable", detail=f"{type(error).__name__} {error}") from error


def _sheets(raw: bytes) -> list[Sheet]:
    book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    try:
        return [Sheet(tuple(_sheet_rows(sheet)), name=str(sheet.title)) for sheet in book.worksheets]
    finally:
        book.close()


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    found = sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
    for number, cells in enumerate(found, start=1):
        values = tuple(_text(cell) for cell in cells)
        if any(values):
            yield Row(number, values)


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
