"""Lines in column files, by partition: `lines-*.<ext>` in one folder, each appended once and never changed.

A partition is grouped by account with one stable sort when it is opened (150,000 lines: well under a
second); an account's lines are then a slice per partition, in the order of the files' names.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lachan.adapters.ledgers.port import (
    ACCOUNT_COLUMNS,
    LINE_COLUMNS,
    AccountRow,
    Entry,
    LedgerUnreadable,
)
from lachan.adapters.ledgers.sql import account_row, entry

_FEW = ("peer_bank", "kind", "link", "reverses", "category")
Read = Callable[[Path], Any]  # a pyarrow.Table; pyarrow has no types


class ColumnsReader:
    """`read` turns a file into an Arrow table; `extension` has no dot."""

    def __init__(self, folder: Path, extension: str, read: Read) -> None:
        import pyarrow as pa  # noqa: PLC0415 - 60 MB that a member with an SQL core never loads

        pa.set_cpu_count(1)  # many members share a machine; one thread reads fast enough
        self._folder = folder
        self._extension = extension
        self._read = read
        self._lock = threading.Lock()
        self._partitions: dict[str, _Partition] = {}
        self._stamp = -1
        if not folder.is_dir():
            raise LedgerUnreadable(place=str(folder), why="no such folder", right="lines-*")
        self._accounts = self._read_accounts()
        self.refresh()
        pa.default_memory_pool().release_unused()
        if not self._partitions:
            right = f"lines-*.{extension}"
            raise LedgerUnreadable(place=str(folder), why="no partition", right=right)

    def entries(self, account: str) -> Sequence[Entry]:
        with self._lock:
            parts = [self._partitions[name] for name in sorted(self._partitions)]
        return tuple(row for part in parts for row in part.entries(account))

    def account(self, number: str) -> AccountRow | None:
        return self._accounts.get(number)

    def position(self) -> int:
        with self._lock:
            return max((part.last for part in self._partitions.values()), default=0)

    def refresh(self) -> bool:
        stamp = self._folder.stat().st_mtime_ns
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        found = {path.name: path for path in self._folder.glob(f"lines-*.{self._extension}")}
        new = {
            name: self._open(path) for name, path in found.items() if name not in self._partitions
        }
        with self._lock:
            self._partitions.update(new)
        return bool(new)

    def close(self) -> None:
        self._partitions.clear()

    def _open(self, path: Path) -> _Partition:
        try:
            return _Partition(self._read(path).select(list(LINE_COLUMNS)))
        except (KeyError, ValueError, OSError) as cause:
            right = ", ".join(LINE_COLUMNS)
            raise LedgerUnreadable(place=str(path), why=str(cause), right=right) from cause

    def _read_accounts(self) -> dict[str, AccountRow]:
        path = self._folder / f"accounts.{self._extension}"
        try:
            table = self._read(path).select(list(ACCOUNT_COLUMNS))
        except (KeyError, ValueError, OSError) as cause:
            right = ", ".join(ACCOUNT_COLUMNS)
            raise LedgerUnreadable(place=str(path), why=str(cause), right=right) from cause
        columns = [column.to_pylist() for column in table.columns]
        rows = (account_row(row) for row in zip(*columns, strict=True))
        return {row.number: row for row in rows}


class _Partition:
    """One file's lines, grouped by account."""

    def __init__(self, table: Any) -> None:
        import numpy as np  # noqa: PLC0415 - as pyarrow above

        accounts = table.column("account").combine_chunks().dictionary_encode()
        codes = accounts.indices.to_numpy(zero_copy_only=False)
        names = accounts.dictionary.to_pylist()
        # The file's own order is the bank's order within each account: the sort must be stable.
        self._rows = np.argsort(codes, kind="stable")
        self._ends = np.cumsum(np.bincount(codes, minlength=len(names)))
        self._codes = {name: code for code, name in enumerate(names)}
        # Few different texts stand in most columns: as codes they take a fraction of the memory.
        for name in _FEW:
            at = table.schema.get_field_index(name)
            table = table.set_column(at, name, table.column(name).dictionary_encode())
        at = table.schema.get_field_index("account")
        self._table = table.set_column(at, "account", accounts)
        self.last = int(table.column("ord").to_numpy().max()) if table.num_rows else 0

    def entries(self, account: str) -> list[Entry]:
        code = self._codes.get(account)
        if code is None:
            return []
        start = int(self._ends[code - 1]) if code else 0
        taken = self._table.take(self._rows[start : int(self._ends[code])])
        columns = [column.to_pylist() for column in taken.columns]
        return [entry(row) for row in zip(*columns, strict=True)]
