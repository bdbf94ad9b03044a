"""A ledger in CSV files (UTF-8, comma, header): `accounts.csv`, `lines-*.csv`."""

from pathlib import Path
from typing import Any, Final

from lachan.adapters.ledgers.columns import ColumnsReader

_NUMBERS: Final = frozenset({"ord", "time", "amount", "balance_after"})


class CsvReader(ColumnsReader):
    """Numbers are read as integers, everything else as text: an account may begin with noughts."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "csv", read)


def read(path: Path) -> Any:
    """One file. Raises: ValueError (pyarrow's ArrowInvalid) for a line that does not fit the header."""
    import pyarrow as pa  # noqa: PLC0415 - loaded only where it is used
    from pyarrow import csv  # noqa: PLC0415 - as above

    with path.open(encoding="utf-8") as file:
        header = file.readline().strip().split(",")
    types = {
        name.strip('"'): pa.int64() if name.strip('"') in _NUMBERS else pa.string()
        for name in header
    }
    return csv.read_csv(
        path,
        read_options=csv.ReadOptions(use_threads=False),
        convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=False),
    )
