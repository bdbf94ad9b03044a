"""An account as a balance and each victim's share of it: `haircut`, `libr`, `tainted_first`.

The three differ in one number: how much of a debit is tainted.
"""

from __future__ import annotations

from collections.abc import Callable

from lachan.tracing.parts import Part, merged, shared, taint_of

# (debit, balance above it, taint) to the tainted part of the debit
TaintedPart = Callable[[int, int, int], int]


class Shares:
    """Invariant: 0 ≤ each share, and their sum is at most max(balance, 0)."""

    __slots__ = ("_tainted_part", "_tau", "balance")

    def __init__(self, balance: int, tainted_part: TaintedPart) -> None:
        self.balance = balance
        self._tainted_part = tainted_part
        self._tau: dict[str, int] = {}

    def debit(self, amount: int) -> list[Part]:
        taint = sum(self._tau.values())
        if taint == 0:
            tainted = 0
        elif amount >= self.balance:
            tainted = taint
        else:
            tainted = self._tainted_part(amount, self.balance, taint)
        self.balance -= amount
        return self._leave(tainted, amount)

    def debit_clean_first(self, amount: int) -> list[Part]:
        taint = sum(self._tau.values())
        clean = max(self.balance, 0) - taint
        self.balance -= amount
        return self._leave(min(taint, max(0, amount - clean)), amount)

    def take(self, wanted: list[Part]) -> list[Part]:
        got: list[Part] = []
        for label, amount in wanted:
            if label is None:
                clean = max(self.balance, 0) - sum(self._tau.values())
                there = min(amount, clean)
            else:
                there = min(amount, self._tau.get(label, 0))
                if there:
                    self._lower(label, there)
            self.balance -= there
            if there:
                got.append((label, there))
        return got

    def credit(self, parts: list[Part], amount: int) -> list[Part]:
        swallowed: list[Part] = []
        owed = min(amount, max(0, -self.balance))
        if owed:  # the credit is a pot of its own; the repayment is a debit from it
            pot = Shares(0, self._tainted_part)
            pot.credit(parts, amount)
            swallowed = pot.debit(owed)
            arriving = pot.taint()
        else:
            arriving = taint_of(parts)
        self.balance += amount
        for label, part in arriving.items():
            self._tau[label] = self._tau.get(label, 0) + part
        return swallowed

    def restore(self, parts: list[Part], amount: int) -> list[Part]:
        return self.credit(parts, amount)

    def taint(self) -> dict[str, int]:
        return dict(self._tau)

    def _leave(self, tainted: int, amount: int) -> list[Part]:
        labels = sorted(self._tau)
        shares = shared(tainted, [self._tau[label] for label in labels])
        out: list[Part] = []
        for label, share in zip(labels, shares, strict=True):
            if share:
                self._lower(label, share)
                out.append((label, share))
        out.append((None, amount - tainted))
        return merged(out)

    def _lower(self, label: str, amount: int) -> None:
        left = self._tau[label] - amount
        if left:
            self._tau[label] = left
        else:
            del self._tau[label]
