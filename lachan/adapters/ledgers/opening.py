"""Which adapter a configuration names."""

from pathlib import Path

from lachan.adapters.ledgers.book import FRESH_SECONDS, Book
from lachan.adapters.ledgers.port import LedgerUnreadable, Reader


def open_ledger(kind: str, place: Path, *, bank: str, fresh_seconds: float = FRESH_SECONDS) -> Book:
    """kind: sql (a file), parquet or csv (folders). Raises: LedgerUnreadable."""
    return Book(bank, _reader(kind, place), fresh_seconds=fresh_seconds)


def _reader(kind: str, place: Path) -> Reader:
    if kind == "sql":
        from lachan.adapters.ledgers.sql import SqlReader  # noqa: PLC0415 - one adapter a process

        return SqlReader(place)
    if kind == "parquet":
        from lachan.adapters.ledgers.parquet import ParquetReader  # noqa: PLC0415 - as above

        return ParquetReader(place)
    if kind == "csv":
        from lachan.adapters.ledgers.csv import CsvReader  # noqa: PLC0415 - as above

        return CsvReader(place)
    raise LedgerUnreadable(place=str(place), why=f"type {kind}", right="sql, parquet, csv")
