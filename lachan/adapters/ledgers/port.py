"""A member's own ledger, as its connector reads it: five small questions, whatever the store is.

`Reader` is what an adapter writes (SQL, Parquet, CSV, memory); `book.Book` turns any reader into the
ledger port of the tracing engine and adds what a bank needs for its own decisions. One suite of tests
runs over all of them.

    book = open_ledger("parquet", Path("core"), bank="970436")
    book.lines("0123456789", from_order=0)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from lachan.kernel.errors import LachanError, Text
from lachan.tracing.lines import Line

SALARY: Final = "salary"
# Living money: what the law protects on its way in (cases-and-holds §3.2).
PROTECTED: Final = frozenset({SALARY, "pension", "benefit", "maintenance"})
LINE_COLUMNS: Final = (
    "ord", "account", "ref", "time", "amount", "peer_bank", "peer_account", "balance_after",
    "kind", "link", "reverses", "category",
)  # fmt: skip
ACCOUNT_COLUMNS: Final = (
    "number", "kind", "opened", "natural", "business", "holder", "id_no", "born", "phone", "channel",
)  # fmt: skip


class LedgerUnreadable(LachanError):
    """The core's data is not in the form that the adapter reads."""

    code = "ledgers.unreadable"
    text = Text(
        vi="Không đọc được sổ “{place}”: {why}. Cần: {right}.",
        en="The ledger “{place}” cannot be read: {why}. Needed: {right}.",
    )
    place: str
    why: str
    right: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line with the bank's own category of it ("salary", "" when none)."""

    line: Line
    category: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    """What the bank knows of an account. `opened` and `born` are days, ISO 8601."""

    number: str
    kind: str  # account, wallet, transit
    opened: str
    natural: bool
    business: str  # "", merchant, biller, employer
    holder: str
    id_no: str
    born: str
    phone: str
    channel: str


class Reader(Protocol):
    """The adapter's part. Orders are the bank's own numbers, rising with time."""

    def entries(self, account: str) -> Sequence[Entry]:
        """All lines of an account, by order."""

    def account(self, number: str) -> AccountRow | None:
        """The account's own row."""

    def position(self) -> int:
        """The last order that exists; 0 for an empty ledger."""

    def refresh(self) -> bool:
        """Take in what has been appended since; True when something was."""

    def close(self) -> None:
        """Let go of files."""
