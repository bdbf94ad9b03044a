"""An account as a row of lots, oldest first: the state of `fifo` and `lifo`.

Lots keep the order in which they left the sender, so the two methods lose nothing on the way.
"""

from __future__ import annotations

from collections import deque

from lachan.tracing.parts import Part, merged, taint_of


class Lots:
    """Invariant: the lots sum to max(balance, 0); neighbours differ in label."""

    __slots__ = ("balance", "lots", "newest_first")

    def __init__(self, balance: int, *, newest_first: bool) -> None:
        self.balance = balance
        self.newest_first = newest_first
        self.lots: deque[Part] = deque()
        if balance > 0:
            self.lots.append((None, balance))

    def debit(self, amount: int) -> list[Part]:
        self.balance -= amount
        lots, newest = self.lots, self.newest_first
        out: list[Part] = []
        left = amount
        while left and lots:
            label, size = lots.pop() if newest else lots.popleft()
            if size > left:
                rest = (label, size - left)
                if newest:
                    lots.append(rest)
                else:
                    lots.appendleft(rest)
                size = left
            out.append((label, size))
            left -= size
        if left:
            out.append((None, left))
        return merged(out)

    def debit_clean_first(self, amount: int) -> list[Part]:
        clean = sum(size for label, size in self.lots if label is None)
        first = min(amount, clean)
        self._remove_in_order(None, first)
        self.balance -= first
        return merged([(None, first), *self.debit(amount - first)])

    def take(self, wanted: list[Part]) -> list[Part]:
        got: list[Part] = []
        for label, amount in wanted:
            there = self._remove_newest(label, amount)
            self.balance -= there
            if there:
                got.append((label, there))
        return got

    def credit(self, parts: list[Part], amount: int) -> list[Part]:
        swallowed, rest = self._repay(parts, amount)
        for part in rest:
            self._push(part)
        return swallowed

    def restore(self, parts: list[Part], amount: int) -> list[Part]:
        swallowed, rest = self._repay(parts, amount)
        for part in reversed(rest):  # each to the place it left from, so the last out goes in first
            if self.newest_first:
                self._push(part)
            else:
                self._push_oldest(part)
        return swallowed

    def taint(self) -> dict[str, int]:
        return taint_of(self.lots)

    def _repay(self, parts: list[Part], amount: int) -> tuple[list[Part], list[Part]]:
        owed = min(amount, max(0, -self.balance))
        self.balance += amount
        swallowed: list[Part] = []
        rest: list[Part] = []
        for label, size in parts:
            gone = min(size, owed)
            owed -= gone
            if gone:
                swallowed.append((label, gone))
            if size > gone:
                rest.append((label, size - gone))
        return swallowed, rest

    def _push(self, part: Part) -> None:
        if self.lots and self.lots[-1][0] == part[0]:
            self.lots[-1] = (part[0], self.lots[-1][1] + part[1])
        else:
            self.lots.append(part)

    def _push_oldest(self, part: Part) -> None:
        if self.lots and self.lots[0][0] == part[0]:
            self.lots[0] = (part[0], self.lots[0][1] + part[1])
        else:
            self.lots.appendleft(part)

    def _remove_in_order(self, label: str | None, amount: int) -> None:
        kept: list[Part] = []
        lots = reversed(self.lots) if self.newest_first else iter(self.lots)
        for name, size in lots:
            gone = min(size, amount) if name == label else 0
            amount -= gone
            kept.append((name, size - gone))
        self.lots = deque(merged(reversed(kept) if self.newest_first else kept))

    def _remove_newest(self, label: str | None, amount: int) -> int:
        kept: list[Part] = []
        left = amount
        for name, size in reversed(self.lots):
            gone = min(size, left) if name == label else 0
            left -= gone
            kept.append((name, size - gone))
        self.lots = deque(merged(reversed(kept)))
        return amount - left
