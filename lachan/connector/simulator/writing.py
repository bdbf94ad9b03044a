"""Writes a member's core in the form of its ledger kind: SQL, Parquet or CSV."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lachan.adapters.ledgers.port import ACCOUNT_COLUMNS, LINE_COLUMNS, AccountRow
from lachan.adapters.ledgers.sql import INDEX, TABLES

REGISTER = "CREATE TABLE IF NOT EXISTS records (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key)) STRICT"


def place_of(kind: str, core: Path) -> Path:
    """What the connector's configuration names."""
    return {"sql": core / "lines.db", "register": core / "register.db"}.get(kind, core)


def write_lines(kind: str, core: Path, columns: Mapping[str, Any], *, part: int = 0) -> None:
    """One partition; in SQL, rows. A file appears under its name only when it is whole."""
    import pyarrow as pa  # noqa: PLC0415 - late: new_scam and tests may never need it

    core.mkdir(parents=True, exist_ok=True)
    table = pa.table({name: columns[name] for name in LINE_COLUMNS})
    if kind == "sql":
        with sqlite3.connect(core / "lines.db") as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=OFF")
            db.executescript(TABLES)
            rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
            marks = ", ".join("?" * len(LINE_COLUMNS))
            db.executemany(f"INSERT INTO lines VALUES ({marks})", rows)  # noqa: S608 - marks alone
            db.execute(INDEX)  # after the rows: three times as fast
        db.close()
        return
    _write_table(kind, table, core / f"lines-{part:05d}.{kind}")


def write_accounts(kind: str, core: Path, rows: Sequence[AccountRow]) -> None:
    """The accounts' own rows, beside the lines."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    core.mkdir(parents=True, exist_ok=True)
    values = {name: [_text(getattr(row, name)) for row in rows] for name in ACCOUNT_COLUMNS}
    if kind == "sql":
        with sqlite3.connect(core / "lines.db") as db:
            db.executescript(TABLES)
            marks = ", ".join("?" * len(ACCOUNT_COLUMNS))
            filled = zip(*(values[name] for name in ACCOUNT_COLUMNS), strict=True)
            db.executemany(f"INSERT OR REPLACE INTO accounts VALUES ({marks})", filled)  # noqa: S608 - marks alone
        db.close()
        return
    _write_table(kind, pa.table(values), core / f"accounts.{kind}")


def write_register(core: Path, records: Mapping[tuple[str, str], Mapping[str, Any]]) -> None:
    """Subscribers, domain holders, pages: (kind, key) → what the member knows."""
    core.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(core / "register.db") as db:
        db.execute(REGISTER)
        db.executemany(
            "INSERT OR REPLACE INTO records VALUES (?, ?, ?)",
            [
                (kind, key, json.dumps(body, ensure_ascii=False))
                for (kind, key), body in records.items()
            ],
        )
    db.close()


def _write_table(kind: str, table: Any, path: Path) -> None:
    hidden = path.with_name(f".{path.name}.part")
    if kind == "parquet":
        import pyarrow.parquet as pq  # noqa: PLC0415 - one of the two

        pq.write_table(table, hidden, compression="zstd")
    else:
        from pyarrow import csv  # noqa: PLC0415 - one of the two

        csv.write_csv(table, hidden)
    hidden.replace(path)


def _text(value: object) -> object:
    return str(int(value)) if isinstance(value, bool) else value
