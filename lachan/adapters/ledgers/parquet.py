"""A ledger in Parquet files: `accounts.parquet`, `lines-*.parquet`."""

from pathlib import Path
from typing import Any

from lachan.adapters.ledgers.columns import ColumnsReader
from lachan.adapters.ledgers.port import ACCOUNT_COLUMNS


class ParquetReader(ColumnsReader):
    """A new partition is written beside the folder and moved into it, so that none is read half."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "parquet", read)


def read(path: Path) -> Any:
    """One file, all columns as they are."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - loaded only where it is used

    columns = list(ACCOUNT_COLUMNS) if path.stem == "accounts" else None
    return pq.read_table(path, columns=columns, use_threads=False)
