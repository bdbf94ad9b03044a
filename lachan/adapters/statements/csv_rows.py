"""CSV statements: UTF-8 (with or without a mark), UTF-16 with one, then windows-1258.

windows-1258 writes tone marks as separate signs, so its text is composed (NFC) before it is read.
Cells are data: what looks like a formula stays text.
"""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

from lachan.adapters.statements.errors import FormatUnknown, HeaderUnreadable
from lachan.adapters.statements.headers import HEADER_ROWS, find_columns
from lachan.adapters.statements.lines import Options, Reading
from lachan.adapters.statements.tables import read_table

NAME = "csv"
SUFFIX = ".csv"
DELIMITERS = ",;\t|"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
FORMULA = ("=", "@", "\t", "\r")


def sniff(head: bytes) -> bool:
    """Text with a delimiter: the last to be asked, since other text formats are recognised first."""
    if head.startswith(UTF16_MARKS):
        return True
    return b"\0" not in head and any(sign.encode() in head for sign in DELIMITERS)


def decode(data: bytes, file: str) -> str:
    """Bytes into composed text. windows-1258 has every byte but a few, so it comes last.

    Raises: FormatUnknown.
    """
    for encoding in ("utf-16",) if data.startswith(UTF16_MARKS) else ("utf-8-sig", "cp1258"):
        try:
            return unicodedata.normalize("NFC", data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise FormatUnknown(field="file", file=file, right="UTF-8, UTF-16, windows-1258")


def _rows(text: str, delimiter: str) -> list[list[str]]:
    return [
        [cell.removeprefix("'") if cell[1:2] in FORMULA else cell for cell in row]
        for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    ]


def _delimiter(text: str, options: Options, file: str) -> str:
    """The delimiter under which the header names most fields."""
    head = "".join(text.splitlines(keepends=True)[: HEADER_ROWS * 2])
    best, most, refused = "", 0, None
    for delimiter in DELIMITERS:
        try:
            found = len(find_columns(_rows(head, delimiter), options.columns, file).at)
        except HeaderUnreadable as none:
            refused = refused if refused and len(refused.seen) > len(none.seen) else none
            continue
        except csv.Error:
            continue
        if found > most:
            best, most = delimiter, found
    if not best:
        raise refused or FormatUnknown(field="file", file=file, right="CSV")
    return best


def read(path: Path, options: Options) -> Reading:
    """Raises: HeaderUnreadable, FormatUnknown (undecodable)."""
    try:
        text = decode(path.read_bytes(), path.name)
        rows = _rows(text, _delimiter(text, options, path.name))
    except csv.Error as wrong:
        raise FormatUnknown(
            field="file", file=path.name, right="UTF-8, UTF-16, windows-1258"
        ) from wrong
    return read_table(path, NAME, rows, options)


def safe(cell: object) -> str:
    """A cell that a spreadsheet will show and not run."""
    text = "" if cell is None else str(cell)
    risky = text.startswith(FORMULA) or (
        text[:1] in {"+", "-"} and not text[1:2].isdigit() and len(text) > 1
    )
    return f"'{text}" if risky else text


def write_rejects(path: Path, reading: Reading) -> None:
    """The header as it was, the rows as they were, and what was wrong with each."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*map(safe, reading.header), "Dòng / Row", "Lý do / Reason"])
        for one in reading.rejects:
            cells = [safe(cell) for cell in one.cells]
            cells += [""] * (len(reading.header) - len(cells))
            reason = f"{one.error.code}: {one.error.message('vi')} / {one.error.message('en')}"
            writer.writerow([*cells, one.row, reason])
