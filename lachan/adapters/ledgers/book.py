"""The ledger port of the tracing engine over any reader, with the bank's own facts beside it."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from lachan.adapters.ledgers.port import PROTECTED, AccountRow, Entry, Reader
from lachan.tracing.lines import Line

_KEPT = 512  # accounts whose lines stay in memory: a trace reads each of its accounts many times
FRESH_SECONDS = 0.5  # how long an unchanged file is believed unchanged


class Book:
    """Reads only. Balances follow from the last line's `balance_after`."""

    def __init__(self, bank: str, reader: Reader, *, fresh_seconds: float = FRESH_SECONDS) -> None:
        self.bank = bank
        self.reader = reader
        self._kept: OrderedDict[str, Sequence[Entry]] = OrderedDict()
        self._looked = 0.0
        self._fresh_seconds = fresh_seconds

    def refresh(self) -> None:
        """Look for appended lines, at most once in `fresh_seconds`."""
        now = time.monotonic()
        if now - self._looked >= self._fresh_seconds:
            self._looked = now
            if self.reader.refresh():
                self._kept.clear()

    def position(self) -> int:
        self.refresh()
        return self.reader.position()

    def kind(self, account: str) -> str:
        row = self.reader.account(account)
        return "account" if row is None else row.kind

    def account(self, number: str) -> AccountRow | None:
        """The account's own row; None: not ours."""
        return self.reader.account(number)

    def entries(self, account: str) -> Sequence[Entry]:
        """All lines of an account with their categories, by order: those appended since, too."""
        self.refresh()
        kept = self._kept.get(account)
        if kept is None:
            kept = self._kept[account] = self.reader.entries(account)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(account)
        return kept

    def lines(self, account: str, from_order: int) -> Iterator[Line]:
        return (one.line for one in self.entries(account) if one.line.order >= from_order)

    def find_credit(
        self,
        account: str,
        *,
        ref: str | None,
        payer_bank: str | None,
        amount: int,
        time: int | None,
        max_skew: int,
    ) -> Sequence[Line]:
        found = [one.line for one in self.entries(account) if one.line.amount > 0]
        named = [line for line in found if ref is not None and line.ref == ref]
        return named or [
            line
            for line in found
            if line.amount == amount
            and (payer_bank is None or line.peer_bank == payer_bank)
            and (time is None or abs(line.time - time) <= max_skew)
        ]

    def find_debit(
        self,
        account: str,
        *,
        ref: str | None,
        amount: int | None,
        time: int | None,
        max_skew: int,
    ) -> Sequence[Line]:
        found = [
            one.line
            for one in self.entries(account)
            if one.line.amount < 0 and one.line.kind != "fee"
        ]
        named = [line for line in found if ref is not None and line.ref == ref]
        return named or [
            line
            for line in found
            if (amount is None or -line.amount == amount)
            and (time is None or abs(line.time - time) <= max_skew)
        ]

    def balance(self, account: str) -> int:
        lines = self.entries(account)
        return 0 if not lines else lines[-1].line.balance_after or 0

    def available(self, account: str) -> int:
        return max(0, self.balance(account))

    def covers(self, account: str) -> tuple[int, int] | None:
        lines = self.entries(account)
        return (lines[0].line.time, lines[-1].line.time) if lines else None

    def bands(self, account: str, tainted: int) -> dict[str, bool]:  # noqa: ARG002 - needs a clock
        return {}

    def protected(self, account: str, since: datetime) -> list[tuple[datetime, int]]:
        """Salary, pension, benefit and maintenance credits from `since` on: (time, đồng)."""
        return [
            (at, one.line.amount)
            for one in self.entries(account)
            if one.category in PROTECTED
            and one.line.amount > 0
            and (at := datetime.fromtimestamp(one.line.time, UTC)) >= since
        ]

    def close(self) -> None:
        self.reader.close()
