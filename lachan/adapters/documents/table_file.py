"""A table as a file that people open beside their own: CSV (RFC 4180, UTF-8 with its mark) or XLSX. Pure.

Nothing of it is ever a formula: what a fraudster has written into a name stays text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import xlsxwriter

from lachan.kernel.time import short_ict, to_ict

Cell = str | int | datetime | None
CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_DIGITS = 15  # a spreadsheet keeps no more of a number


def csv_file(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Times as `14:05:10 03/03/2026` (ICT), amounts as plain digits; text that begins like a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, datetime):
        return short_ict(cell)
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell


def xlsx_file(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """One sheet with a fixed heading row and a filter; amounts are numbers, times are times (ICT)."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        money = book.add_format({"num_format": "#,##0"})
        time = book.add_format({"num_format": "hh:mm:ss dd/mm/yyyy"})
        sheet = book.add_worksheet(_sheet_name(title))
        sheet.write_row(0, 0, heads, bold)
        for place, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(place, column, to_ict(cell).replace(tzinfo=None), time)
                elif isinstance(cell, int) and len(str(abs(cell))) <= _MOST_DIGITS:
                    sheet.write_number(place, column, cell, money)
                elif cell is not None:
                    sheet.write_string(place, column, str(cell))
        sheet.freeze_panes(1, 0)
        if heads:
            sheet.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
            sheet.set_column(0, len(heads) - 1, 20)
    return out.getvalue()


def _sheet_name(title: str) -> str:
    """At most 31 characters, none of those that a sheet's name may not have."""
    return "".join(one for one in title if one not in "[]:*?/\\'")[:31] or "1"
