"""Parquet tables whose column names are headings, as of a CSV file. Whole numbers and texts only.

The file is read whole, so its rows are counted in the footer first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lachan.adapters.statements.errors import FormatUnknown
from lachan.adapters.statements.lines import Options, Reading
from lachan.adapters.statements.tables import read_table
from lachan.tracing.errors import LimitReached

NAME = "parquet"
SUFFIX = ".parquet"
MAGIC = b"PAR1"
MAX_ROWS = 20_000_000


def sniff(head: bytes) -> bool:
    """The format's own mark."""
    return head.startswith(MAGIC)


def read(path: Path, options: Options) -> Reading:
    """Raises: FormatUnknown, HeaderUnreadable, LimitReached."""
    try:
        rows = pq.ParquetFile(path).metadata.num_rows
        if rows > MAX_ROWS:
            raise LimitReached(field="file", what=path.name, limit=MAX_ROWS)
        table = pq.read_table(path)
        columns: list[list[Any]] = [column.to_pylist() for column in table.columns]
    except (pa.ArrowException, OSError, ValueError) as wrong:
        raise FormatUnknown(field="file", file=path.name, right="Parquet") from wrong
    body = [list(row) for row in zip(*columns, strict=True)]
    return read_table(path, NAME, [list(table.column_names), *body], options)


def write_rejects(path: Path, reading: Reading) -> None:
    """The rows as text, with their reasons."""
    reasons: list[str | None] = [
        f"{one.error.code}: {one.error.message('vi')} / {one.error.message('en')}"
        for one in reading.rejects
    ]
    data: dict[str, list[str | None]] = {
        name: [
            None if one.cells[place] is None else str(one.cells[place]) for one in reading.rejects
        ]
        for place, name in enumerate(reading.header)
    }
    data |= {"Dòng / Row": [str(one.row) for one in reading.rejects], "Lý do / Reason": reasons}
    pq.write_table(pa.table(data), path)
