"""What a replay reads: the port behind which a ledger in memory or a columnar store stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from lachan.tracing.model import Account, EventRow, Policy, Seed


class LedgerSource(Protocol):
    """Events in the total order and what hangs on them. `model.Ledger` is the reference."""

    @property
    def accounts(self) -> Mapping[str, Account]:
        """Openings and kinds; a name without an entry is an account with opening 0."""

    @property
    def policy(self) -> Policy: ...

    @property
    def sorted_seeds(self) -> tuple[Seed, ...]: ...

    @property
    def end(self) -> int | None:
        """The last second that exists."""

    @property
    def ordered(self) -> Sequence[EventRow]:
        """The events that exist, in the total order (specs: tracing §1.2)."""

    @property
    def order_uncertain(self) -> frozenset[str]: ...

    @property
    def bad_reversals(self) -> Mapping[str, str]:
        """Events whose `reverses` is not meant; replayed as ordinary."""

    def kind(self, node: str | None) -> str: ...

    def digest(self) -> str:
        """Equal content, equal digest."""
