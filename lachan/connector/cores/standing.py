"""What stands on an account, as far as this member's own software knows."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lachan.adapters.ledgers.book import Book
from lachan.connector.core import living
from lachan.connector.store import Store


class Standing(Protocol):
    """What a trace needs beside the ledger."""

    def held(self, account: str, *, but_case: str | None = None, but: str = "") -> int:
        """What effects hold on an account, those of one case or one message left out."""

    def living(self, account: str, now: datetime) -> int:
        """Living money on it, never disclosed."""


class Leased:
    """By the connector's own leases: for a core that answers five questions and not this one."""

    def __init__(self, book: Book, store: Store) -> None:
        self._book = book
        self._store = store

    def held(self, account: str, *, but_case: str | None = None, but: str = "") -> int:
        return sum(
            one.amount
            for one in self._store.leases()
            if one.account == account and one.case_ref != but_case and one.message != but
        )

    def living(self, account: str, now: datetime) -> int:
        return living(self._book, account, now)
