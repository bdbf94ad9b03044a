"""A table out of a file, CSV or XLSX, as the text that `exchange.forms.tables.read_table` reads. Formulas are never evaluated."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime, time

import python_calamine

from lachan.adapters.drop.errors import TableUnreadable

MAX_UNPACKED = 64 * 2**20
MAX_ROWS = 100_000
_BAD = (python_calamine.CalamineError, zipfile.BadZipFile, NotImplementedError, OSError, ValueError)


def table_text(form: str, data: bytes) -> str:
    """form: csv or xlsx. Raises: TableUnreadable."""
    text = _xlsx(data) if form == "xlsx" else _csv(data)
    if text.count("\n") > MAX_ROWS:
        raise TableUnreadable(why=f"> {MAX_ROWS} dòng / lines")
    return text


def _csv(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise TableUnreadable(why=f"byte {cause.start}: UTF-8") from cause
    if "\0" in text:
        raise TableUnreadable(why="NUL")
    try:
        for _ in csv.reader(io.StringIO(text)):
            pass
    except csv.Error as cause:
        raise TableUnreadable(why=str(cause)) from cause
    return text


def _xlsx(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MAX_UNPACKED:
                raise TableUnreadable(why=f"> {MAX_UNPACKED} byte")
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        (name,) = book.sheet_names
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
    except _BAD as cause:
        raise TableUnreadable(why=type(cause).__name__) from cause
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(
        [_cell(cell) for cell in row] for row in rows
    )
    return out.getvalue()


def _cell(cell: object) -> str:
    """As a person would type it; a whole number has no fraction, a time is read as Vietnam's."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%H:%M:%S %d/%m/%Y")
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, time):
        return cell.strftime("%H:%M:%S")
    return str(cell)
