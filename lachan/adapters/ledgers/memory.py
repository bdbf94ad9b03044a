"""A ledger in memory: the reference adapter, for tests."""

from collections.abc import Iterable, Sequence

from lachan.adapters.ledgers.port import AccountRow, Entry


class MemoryReader:
    """Lines and accounts kept in lists; `append` is the core posting."""

    def __init__(self, accounts: Iterable[AccountRow] = ()) -> None:
        self._accounts = {row.number: row for row in accounts}
        self._lines: dict[str, list[Entry]] = {}
        self._last = 0
        self._changed = False

    def append(self, account: str, entry: Entry) -> None:
        """Post one line; orders never fall."""
        self._lines.setdefault(account, []).append(entry)
        self._last = max(self._last, entry.line.order)
        self._changed = True

    def entries(self, account: str) -> Sequence[Entry]:
        return tuple(self._lines.get(account, ()))

    def account(self, number: str) -> AccountRow | None:
        return self._accounts.get(number)

    def position(self) -> int:
        return self._last

    def refresh(self) -> bool:
        changed, self._changed = self._changed, False
        return changed

    def close(self) -> None:
        """Nothing is open."""
