"""A bank's ledger as a trace may see it: what could be held for this case, and the yes/no bands.

Bands are computed here and only their answers leave (tracing §5, cases-and-holds §3.3): never the
share, the age or the number of payers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from lachan.adapters.ledgers.book import Book
from lachan.adapters.ledgers.port import PROTECTED, AccountRow, Entry
from lachan.connector.cores.standing import Standing
from lachan.tracing.lines import Line

MONTH = timedelta(days=30)
PROTECTED_DAYS = timedelta(days=60)
YOUNG, OLD = timedelta(days=90), timedelta(days=730)
MANY_PAYERS = 20
MERCHANTS = frozenset({"merchant", "biller"})


class TraceView:
    """The tracing engine's port for one case at one time."""

    def __init__(self, book: Book, standing: Standing, *, case_ref: str, now: datetime) -> None:
        self.bank = book.bank
        self._book = book
        self._standing = standing
        self._case = case_ref
        self._now = now

    def position(self) -> int:
        return self._book.position()

    def kind(self, account: str) -> str:
        return self._book.kind(account)

    def lines(self, account: str, from_order: int) -> Iterable[Line]:
        return self._book.lines(account, from_order)

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
        return self._book.find_credit(
            account, ref=ref, payer_bank=payer_bank, amount=amount, time=time, max_skew=max_skew
        )

    def find_debit(
        self, account: str, *, ref: str | None, amount: int | None, time: int | None, max_skew: int
    ) -> Sequence[Line]:
        return self._book.find_debit(account, ref=ref, amount=amount, time=time, max_skew=max_skew)

    def balance(self, account: str) -> int:
        return self._book.balance(account)

    def available(self, account: str) -> int:
        """What an order of this case could hold: its own pause does not count against it."""
        free = self._book.balance(account) - self._standing.held(account, but_case=self._case)
        return max(0, free - self._standing.living(account, self._now))

    def covers(self, account: str) -> tuple[int, int] | None:
        return self._book.covers(account)

    def bands(self, account: str, tainted: int) -> dict[str, bool]:
        return bands(
            self._book.entries(account), self._book.account(account), tainted, now=self._now
        )


def bands(
    entries: Sequence[Entry], account: AccountRow | None, tainted: int, *, now: datetime
) -> dict[str, bool]:
    """The nine answers about an account on which `tainted` đồng lie or were credited."""
    month = _since(entries, now - MONTH)
    inflow = sum(one.line.amount for one in month if one.line.amount > 0)
    payers = {
        (one.line.peer_bank, one.line.peer_account)
        for one in month
        if one.line.amount > 0 and one.line.peer_account
    }
    age = timedelta(0) if account is None else now.date() - date.fromisoformat(account.opened)
    return {
        "share_lt_1": 100 * tainted < inflow,
        "share_lt_5": 20 * tainted < inflow,
        "share_ge_50": 2 * tainted >= inflow,
        "age_lt_90d": age < YOUNG,
        "age_ge_2y": age >= OLD,
        "gone_80_in_60": _passed_through(month, tainted),
        "payers_ge_20": len(payers) >= MANY_PAYERS,
        "merchant": account is not None and account.business in MERCHANTS,
        "protected_inflow": any(
            one.category in PROTECTED and one.line.amount > 0
            for one in _since(entries, now - PROTECTED_DAYS)
        ),
    }


def low_share(
    entries: Sequence[Entry], account: AccountRow | None, credit: int, *, now: datetime
) -> bool:
    """Rule A1 (a tiny deposit to make somebody's account stop), and the bank's own rule beside it.

    A1: ≤ 200,000 đồng or ≤ 1 % of the median day's inflow, and ≥ 20 payers in 30 days. Own rule: the
    credit is less than 5 % of 30 days' inflow of a merchant, a salary account or an old busy account.
    """
    seen = bands(entries, account, credit, now=now)
    ordinary = (
        seen["merchant"] or seen["protected_inflow"] or (seen["age_ge_2y"] and seen["payers_ge_20"])
    )
    if seen["share_lt_5"] and ordinary:
        return True
    tiny = credit <= TINY or 100 * credit <= _median_day(_since(entries, now - MONTH))
    return tiny and seen["payers_ge_20"]


TINY = 200_000  # đồng; a setting of rule A1


def _since(entries: Sequence[Entry], at: datetime) -> list[Entry]:
    start = int(at.timestamp())
    return [one for one in entries if one.line.time >= start]


def _median_day(entries: Sequence[Entry]) -> int:
    days: dict[date, int] = {}
    for one in entries:
        if one.line.amount > 0:
            day = datetime.fromtimestamp(one.line.time, UTC).date()
            days[day] = days.get(day, 0) + one.line.amount
    sums = sorted(days.values())
    return sums[len(sums) // 2] if sums else 0


def _passed_through(entries: Sequence[Entry], tainted: int) -> bool:
    """Of the large credits of the last 30 days, ≥ 80 % was gone within 60 minutes of coming."""
    large = [one.line for one in entries if one.line.amount > 0 and 4 * one.line.amount >= tainted]
    total = sum(line.amount for line in large)
    if not total:
        return False
    gone = 0
    for line in large:
        left = sum(
            -one.line.amount
            for one in entries
            if one.line.amount < 0
            and line.order < one.line.order
            and one.line.time - line.time <= 3600  # noqa: PLR2004 - an hour
        )
        gone += min(left, line.amount)
    return 10 * gone >= 8 * total
