"""Which transfer a reversal gives back, and how much of it is still to be given, from a bank's lines.

What lies before an account's first tainted credit was clean, so its lines alone tell.
"""

from __future__ import annotations

from dataclasses import dataclass

from lachan.tracing.lines import BankLedgerPort, Line


@dataclass(frozen=True, slots=True)
class Originals:
    """Questions about one bank's reversals."""

    port: BankLedgerPort

    def restored(self, account: str, line: Line) -> int:
        """What a reversal gives back when the payer's money is there: what is left of its original."""
        original = self.of(account, line)
        if original is None:
            return 0
        left = self.left(account, original, line)
        left = min(abs(line.amount), left)
        if line.amount > 0 and line.peer_bank == self.port.bank and line.peer_account is not None:
            for debit in self.port.lines(line.peer_account, original.order):
                if debit.ref == line.ref and debit.amount < 0 and debit.kind != "fee":
                    left = min(left, self._there(line.peer_account, original, debit))
                    break
        return left

    def left(self, account: str, original: Line, reversal: Line) -> int:
        """What earlier reversals have not given back of the original."""
        left = abs(original.amount)
        for line in self.port.lines(account, original.order):
            if line.order >= reversal.order:
                break
            same_way = (line.amount > 0) == (reversal.amount > 0)
            if line.reverses == reversal.reverses and same_way and line.kind != "fee":
                left -= abs(line.amount)
        return max(0, left)

    def _there(self, payer: str, original: Line, debit: Line) -> int:
        """The money of a payer inside this bank that no taint has touched, just before a reversal."""
        if self.port.kind(payer) != "transit":
            return max(0, balance_before(self.port, payer, debit))
        pot = 0
        for line in self.port.lines(payer, 0):
            if line.order >= debit.order:
                break
            if original.ref in {line.ref, line.reverses} or (
                line.link and line.link == original.link
            ):
                pot = max(0, pot + line.amount)
        return pot

    def of(self, account: str, line: Line) -> Line | None:
        """The account's own earlier line that this one reverses."""
        if line.reverses is None:
            return None
        for earlier in self.port.lines(account, 0):
            if earlier.order >= line.order:
                break
            if (
                earlier.ref == line.reverses
                and earlier.kind != "fee"
                and (earlier.amount > 0) != (line.amount > 0)
                and (earlier.peer_bank, earlier.peer_account) == (line.peer_bank, line.peer_account)
            ):
                return earlier
        return None


def balance_before(port: BankLedgerPort, account: str, line: Line) -> int:
    """The balance on which a line was booked."""
    if line.balance_after is not None:
        return line.balance_after - line.amount
    lowest = running = before = 0  # else the smallest opening that never goes below zero
    for earlier in port.lines(account, 0):
        if (earlier.order, earlier.ref) == (line.order, line.ref):
            before = running
        running += earlier.amount
        lowest = min(lowest, running)
    return before - lowest
