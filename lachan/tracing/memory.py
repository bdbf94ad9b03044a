"""A bank's ledger in memory: the port's reference adapter, for simulators, demonstrations and tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lachan.tracing.lines import Line


class MemoryBank:
    """Lines by account, kept in the order of posting. Balances follow from openings and lines."""

    def __init__(
        self,
        bank: str,
        *,
        openings: Mapping[str, int] | None = None,
        kinds: Mapping[str, str] | None = None,
    ) -> None:
        self.bank = bank
        self._kinds = dict(kinds or {})
        self._balances: defaultdict[str, int] = defaultdict(int, openings or {})
        self._lines: dict[str, list[Line]] = {}
        self._last = 0

    def post(self, account: str, line: Line) -> None:
        """Append one line; orders must not fall within an account."""
        self._balances[account] += line.amount
        self._lines.setdefault(account, []).append(line)
        self._last = max(self._last, line.order)

    def position(self) -> int:
        return self._last

    def kind(self, account: str) -> str:
        return self._kinds.get(account, "account")

    def lines(self, account: str, from_order: int) -> Iterator[Line]:
        return (line for line in self._lines.get(account, ()) if line.order >= from_order)

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
        coming = [line for line in self.lines(account, 0) if line.amount > 0]
        named = _with_ref(coming, ref)
        return named or [
            line
            for line in coming
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
        debits = [line for line in self.lines(account, 0) if line.amount < 0 and line.kind != "fee"]
        named = _with_ref(debits, ref)
        return named or [
            line
            for line in debits
            if (amount is None or -line.amount == amount)
            and (time is None or abs(line.time - time) <= max_skew)
        ]

    def balance(self, account: str) -> int:
        return self._balances[account]

    def available(self, account: str) -> int:
        return max(0, self._balances[account])

    def covers(self, account: str) -> tuple[int, int] | None:
        lines = self._lines.get(account)
        return (lines[0].time, lines[-1].time) if lines else None

    def bands(self, account: str, tainted: int) -> dict[str, bool]:  # noqa: ARG002 - knows no holder
        return {}


def _with_ref(lines: Iterable[Line], ref: str | None) -> list[Line]:
    return [line for line in lines if ref is not None and line.ref == ref]
