"""Spreadsheet statements (XLSX, XLS, ODS) by python-calamine. Formulas are never evaluated.

Numbers arrive as doubles: up to 2^53 and whole, else the row is rejected (`numbers.read_amount`).
"""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import python_calamine
import xlsxwriter

from lachan.adapters.statements.errors import FormatUnknown, HeaderUnreadable
from lachan.adapters.statements.lines import Options, Reading
from lachan.adapters.statements.tables import read_table
from lachan.tracing.errors import LimitReached

NAME = "xlsx"
SUFFIX = ".xlsx"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MAX_UNPACKED = 1 << 30  # a small file can unpack to more than the memory of a laptop


def sniff(head: bytes) -> bool:
    """A ZIP or an old OLE container; what is inside is found out on reading."""
    return head.startswith((ZIP, OLE))


def _check_size(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(one.file_size for one in archive.infolist())
    if unpacked > MAX_UNPACKED:
        raise LimitReached(field="file", what=path.name, limit=MAX_UNPACKED)


def read(path: Path, options: Options) -> Reading:
    """The first sheet that has a header row.

    Raises: HeaderUnreadable, FormatUnknown, LimitReached.
    """
    try:
        _check_size(path)
        book = python_calamine.CalamineWorkbook.from_path(path)
        sheets = [
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        ]
    except (
        python_calamine.CalamineError,
        zipfile.BadZipFile,
        NotImplementedError,
        OSError,
    ) as wrong:
        raise FormatUnknown(field="file", file=path.name, right="XLSX, XLS, ODS") from wrong
    refused: HeaderUnreadable | None = None
    for rows in sheets:
        try:
            return read_table(path, NAME, rows, options)
        except HeaderUnreadable as none:
            refused = refused or none
    raise refused or HeaderUnreadable(field="header", file=path.name, seen="–")


def write_rejects(path: Path, reading: Reading) -> None:
    """As a sheet; text stays text (a leading "=" is not made a formula)."""
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("Dòng bị loại")
        sheet.write_row(0, 0, [*reading.header, "Dòng / Row", "Lý do / Reason"])
        for place, one in enumerate(reading.rejects, start=1):
            cells = [*one.cells, *[None] * (len(reading.header) - len(one.cells))]
            reason = f"{one.error.code}: {one.error.message('vi')} / {one.error.message('en')}"
            for column, cell in enumerate([*cells, one.row, reason]):
                dated = isinstance(cell, date | datetime)
                sheet.write(place, column, str(cell) if dated else cell)
