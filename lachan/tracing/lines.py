"""How a bank's own ledger is read by a trace: lines of accounts, through one small port.

A port's adapter is a bank's core database, a statement store, or a list in memory; the columnar store
plugs in here as well. Nothing of it leaves the bank but what `bank.BankTrace` discloses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from lachan.kernel.time import from_wire, to_wire


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one account's statement."""

    order: int  # the bank's own total order; both lines of a transfer may share it
    ref: (
        str  # end-to-end id, UETR, NAPAS trace number; the fee line of a transfer has its reference
    )
    time: int  # whole seconds since 1970, UTC
    amount: int  # + credit, − debit, never 0
    peer_bank: str | None  # None: nobody's account (cash, a shop, abroad)
    peer_account: str | None
    balance_after: int | None = None
    kind: str = "transfer"  # transfer · fee · transit · cash · merchant · vasp · foreign · other
    link: str | None = None  # transit reference
    reverses: str | None = None  # reference of the transfer that this one gives back
    seq: int | None = None
    order_uncertain: bool = False


class BankLedgerPort(Protocol):
    """What a bank lends a trace. Orders and positions are the bank's own numbers.

    for line in port.lines("0123456789", from_order=0): ...
    """

    bank: str  # this bank's code, as it stands in `Line.peer_bank` and in asks

    def position(self) -> int:
        """The last order that exists now; a trace keeps the first one it saw."""

    def kind(self, account: str) -> str:
        """`account`, `wallet` or `transit`."""

    def lines(self, account: str, from_order: int) -> Iterable[Line]:
        """The account's lines with order ≥ from_order, in order. Transit accounts are read from 0."""

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
        """Credits that may be meant: those with the reference, else same payer, amount, time ± skew."""

    def find_debit(
        self,
        account: str,
        *,
        ref: str | None,
        amount: int | None,
        time: int | None,
        max_skew: int,
    ) -> Sequence[Line]:
        """Debits that may be meant, likewise; amount is the victim's statement, a lower bound."""

    def balance(self, account: str) -> int:
        """Now. Never disclosed."""

    def available(self, account: str) -> int:
        """What could be held now: balance less other holds and living money."""

    def covers(self, account: str) -> tuple[int, int] | None:
        """First and last second that the lines cover; None when there is none."""

    def bands(self, account: str, tainted: int) -> dict[str, bool]:
        """The yes/no bands of specs tracing §5 for this much taint; a missing one counts against."""


def seconds(moment: str | int | None) -> int | None:
    """Wire text or whole seconds to whole seconds."""
    if moment is None or isinstance(moment, int):
        return moment
    return int(from_wire(moment).timestamp())


def wire(moment: int | None) -> str | None:
    """Whole seconds to wire text."""
    return None if moment is None else to_wire(datetime.fromtimestamp(moment, UTC))
