"""CSV for a spreadsheet: UTF-8 with a mark, so that Chinese is read, and nothing in it that would be a formula."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_sheet(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """The rows' values under these columns; what is unknown is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[name]) for name in columns] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: object) -> object:
    """What would be a formula begins with a quote."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return "'" + value
    return "" if value is None else value
