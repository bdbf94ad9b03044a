"""Finds the lines that an ask means in a bank's own books: by reference, else by amount and time (§4.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lachan.tracing.inbound import Credit, SeedAsk
from lachan.tracing.lines import BankLedgerPort, Line

MAX_SKEW: Final = 120  # seconds, between two banks' clocks
REPORT_SKEW: Final = 600  # a victim's memory, or the wall clock in the photograph of a receipt
BY_REFERENCE, BY_AMOUNT, BEST_OF_SEVERAL, NO_LINK = 10, 9, 6, 0  # link quality in tenths


@dataclass(frozen=True, slots=True)
class Located:
    """What was found: FOUND, AMBIGUOUS (the nearest later one is taken) or NOT_FOUND."""

    state: str
    quality: int
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class Finder:
    """Sees only what exists within the life of the trace."""

    ledger: BankLedgerPort
    position: int
    until: int | None

    def credit(self, credit: Credit) -> Located:
        found = self.ledger.find_credit(
            credit.account,
            ref=credit.ref,
            payer_bank=credit.payer_bank or None,
            amount=credit.amount,
            time=credit.time,
            max_skew=MAX_SKEW,
        )
        return self._choose(found, credit.ref, credit.time)

    def seed(self, seed: SeedAsk) -> Located:
        """A victim's debit; it cannot be smaller than his loss in it."""
        found = self.ledger.find_debit(
            seed.account, ref=seed.ref, amount=seed.amount, time=seed.time, max_skew=REPORT_SKEW
        )
        chosen = self._choose(found, seed.ref, seed.time)
        if chosen.line is not None and -chosen.line.amount < seed.amount:
            return Located("NOT_FOUND", NO_LINK)
        return chosen

    def _choose(self, found: Sequence[Line], ref: str | None, time: int | None) -> Located:
        lines = [
            line
            for line in found
            if line.order <= self.position and (self.until is None or line.time <= self.until)
        ]
        by_ref = [line for line in lines if ref is not None and line.ref == ref]
        if by_ref:
            return Located("FOUND", BY_REFERENCE, min(by_ref, key=lambda line: line.order))
        if not lines:
            return Located("NOT_FOUND", NO_LINK)
        if len(lines) == 1:
            return Located("FOUND", BY_AMOUNT, lines[0])
        later = [line for line in lines if time is None or line.time >= time] or lines
        nearest = min(later, key=lambda line: (abs(line.time - (time or line.time)), line.order))
        return Located("AMBIGUOUS", BEST_OF_SEVERAL, nearest)
