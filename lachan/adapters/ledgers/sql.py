"""A ledger in SQL: named read-only statements over `lines` (indexed by account) and `accounts`.

SQLite here stands for the replica of a core system; nothing is ever written.
"""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

from lachan.adapters.ledgers.port import (
    ACCOUNT_COLUMNS,
    LINE_COLUMNS,
    AccountRow,
    Entry,
    LedgerUnreadable,
)
from lachan.tracing.lines import Line

TABLES = """
CREATE TABLE IF NOT EXISTS lines (
  ord INTEGER PRIMARY KEY, account TEXT NOT NULL, ref TEXT NOT NULL, time INTEGER NOT NULL,
  amount INTEGER NOT NULL, peer_bank TEXT NOT NULL, peer_account TEXT NOT NULL,
  balance_after INTEGER NOT NULL, kind TEXT NOT NULL, link TEXT NOT NULL, reverses TEXT NOT NULL,
  category TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS accounts (
  number TEXT PRIMARY KEY, kind TEXT NOT NULL, opened TEXT NOT NULL, "natural" INTEGER NOT NULL,
  business TEXT NOT NULL, holder TEXT NOT NULL, id_no TEXT NOT NULL, born TEXT NOT NULL,
  phone TEXT NOT NULL, channel TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""
INDEX = "CREATE INDEX IF NOT EXISTS lines_account ON lines (account, ord)"
_QUOTED = ", ".join(f'"{name}"' for name in ACCOUNT_COLUMNS)
STATEMENTS = {
    "entries": f"SELECT {', '.join(LINE_COLUMNS)} FROM lines WHERE account = ? ORDER BY ord",  # noqa: S608 - our own constant
    "account": f"SELECT {_QUOTED} FROM accounts WHERE number = ?",  # noqa: S608 - our own constant
    "position": "SELECT coalesce(max(ord), 0) FROM lines",
    "version": "PRAGMA data_version",
}


class SqlReader:
    """`place` is the database file. One connection, used by one thread at a time."""

    def __init__(self, place: Path) -> None:
        if not place.exists():
            raise LedgerUnreadable(place=str(place), why="no such file", right="lines.db")
        self._lock = threading.Lock()
        self._db = sqlite3.connect(f"file:{place}?mode=ro", uri=True, check_same_thread=False)
        try:
            self._version = self._one("version")
            self._one("position")
        except sqlite3.Error as cause:
            raise LedgerUnreadable(
                place=str(place), why=str(cause), right="lines, accounts"
            ) from cause

    def entries(self, account: str) -> Sequence[Entry]:
        with self._lock:
            rows = self._db.execute(STATEMENTS["entries"], (account,)).fetchall()
        return tuple(entry(row) for row in rows)

    def account(self, number: str) -> AccountRow | None:
        with self._lock:
            row = self._db.execute(STATEMENTS["account"], (number,)).fetchone()
        return None if row is None else account_row(row)

    def position(self) -> int:
        return self._one("position")

    def refresh(self) -> bool:
        before, self._version = self._version, self._one("version")
        return before != self._version

    def close(self) -> None:
        self._db.close()

    def _one(self, name: str) -> int:
        with self._lock:
            (value,) = self._db.execute(STATEMENTS[name]).fetchone()
        return int(value)


def entry(row: Sequence[object]) -> Entry:
    """A row in the order of LINE_COLUMNS; an empty text is nothing."""
    order, _, ref, time, amount, bank, peer, balance, kind, link, reverses, category = row
    return Entry(
        Line(
            order=int(str(order)),
            ref=str(ref),
            time=int(str(time)),
            amount=int(str(amount)),
            peer_bank=str(bank) if bank else None,
            peer_account=str(peer) if peer else None,
            balance_after=int(str(balance)),
            kind=str(kind),
            link=str(link) if link else None,
            reverses=str(reverses) if reverses else None,
        ),
        str(category or ""),
    )


def account_row(row: Sequence[object]) -> AccountRow:
    """A row in the order of ACCOUNT_COLUMNS."""
    number, kind, opened, natural, business, holder, id_no, born, phone, channel = row
    return AccountRow(
        number=str(number),
        kind=str(kind),
        opened=str(opened),
        natural=str(natural) in {"1", "True", "true"},
        business=str(business or ""),
        holder=str(holder or ""),
        id_no=str(id_no or ""),
        born=str(born or ""),
        phone=str(phone or ""),
        channel=str(channel or ""),
    )
