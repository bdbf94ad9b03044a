"""Parquet statements: typed columns, the same rules."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lachan.adapters.statements import parquet
from lachan.adapters.statements.errors import FormatUnknown
from lachan.adapters.statements.lines import Options
from lachan.adapters.statements.sniff import read_statement


def test_typed_columns_are_read_and_bad_rows_come_back(tmp_path: Path) -> None:
    at = datetime(2026, 11, 22, 2, 0, 0, tzinfo=UTC)
    path = tmp_path / "s.parquet"
    data = {
        "Account": ["0123456789"] * 3,
        "Transaction date": [at, at, None],
        "Amount": [-500, 700, 9],
        "Số dư": [Decimal("500.00"), Decimal("1200.00"), None],
        "Reference": ["A", "B", "C"],
    }
    pq.write_table(pa.table(data), path)
    reading = read_statement(path, Options())
    (statement,) = reading.statements
    assert statement.account == "0123456789"
    assert [(x.amount, x.balance_after, x.time) for x in statement.lines] == [
        (-500, 500, int(at.timestamp())),
        (700, 1200, int(at.timestamp())),
    ]
    assert [(one.row, one.error.code) for one in reading.rejects] == [(4, "tracing.time")]
    out = tmp_path / "rejects.parquet"
    parquet.write_rejects(out, reading)
    assert pq.read_table(out).column("Lý do / Reason")[0].as_py().startswith("tracing.time")


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.parquet"
    path.write_bytes(b"PAR1" + b"x" * 50)
    with pytest.raises(FormatUnknown):
        read_statement(path, Options())
