"""Statements of one account from several files become one: each row once, in the bank's order."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from lachan.adapters.statements.lines import Gap, Line, Reading, Statement


@dataclass(slots=True)
class Account:
    """Everything known of one account. `name` is its number, with the bank before it if two banks share it."""

    name: str
    number: str
    bank: str | None
    lines: list[Line] = field(default_factory=list)
    opening: int | None = None
    opening_assumed: bool = False
    gaps: list[Gap] = field(default_factory=list)
    periods: list[tuple[int, int]] = field(default_factory=list)
    repeated: int = 0  # rows that another file already gave


def opening_of(lines: list[Line], stated: int | None) -> tuple[int, bool]:
    """The balance before the first line, and whether it had to be assumed (tracing.md §1.5)."""
    running, lowest = 0, 0
    for line in lines:
        running += line.amount
        if line.balance_after is not None:
            return line.balance_after - running, False
        lowest = min(lowest, running)
    return (stated, False) if stated is not None else (-lowest, True)


class Book:
    """The port `StatementSource` over parsed files.

    openings: account number or name → đồng, as told by the user; a balance in a line is stronger.
    """

    def __init__(self, readings: Iterable[Reading], openings: dict[str, int] | None = None) -> None:
        self.accounts: dict[str, Account] = {}
        self._stated = openings or {}
        files = [reading.statements for reading in readings]
        statements = [one for file in files for one in file]
        banks: dict[str, set[str]] = {}
        for one in statements:
            if one.bank:
                banks.setdefault(one.account, set()).add(one.bank)
        self._shared = {number for number, held in banks.items() if len(held) > 1}
        for file in files:
            before: dict[str, Counter[tuple[object, ...]]] = {}  # twins inside one file both count
            for one in file:
                if not one.references_only:
                    self._add(one, before)
        for one in statements:
            if one.references_only:
                self._enrich(one)
        for account in self.accounts.values():
            account.lines = [replace(line, sequence=n) for n, line in enumerate(account.lines)]
            told = self._stated.get(account.name, self._stated.get(account.number))
            account.opening, account.opening_assumed = opening_of(
                account.lines, told if told is not None else account.opening
            )

    def lines(self, account: str, from_order: int) -> Iterator[Line]:
        """Lines with order ≥ from_order, oldest first."""
        known = self.accounts.get(account)
        return (line for line in (known.lines if known else ()) if line.order >= from_order)

    def covers(self, account: str) -> tuple[int, int] | None:
        """First and last Unix second of the lines, or of the period that the bank states."""
        known = self.accounts.get(account)
        if known is None:
            return None
        times = [line.time for line in known.lines] + [at for one in known.periods for at in one]
        return (min(times), max(times)) if times else None

    def name(self, number: str, bank: str | None) -> str:
        """The name of an account in the ledger: its number, unless two banks use that number."""
        if number in self._shared and bank:
            return f"{bank}:{number}"
        known = self.accounts.get(number)
        both = known and known.bank and bank and known.bank.isdigit() and bank.isdigit()
        return f"{bank}:{number}" if known and both and known.bank != bank else number

    def _account(self, statement: Statement) -> Account:
        bank = statement.bank
        name = (
            f"{bank}:{statement.account}"
            if statement.account in self._shared and bank
            else statement.account
        )
        account = self.accounts.setdefault(name, Account(name, statement.account, bank))
        account.bank = account.bank or bank
        return account

    def _add(self, statement: Statement, seen: dict[str, Counter[tuple[object, ...]]]) -> None:
        account = self._account(statement)
        if account.name not in seen:
            seen[account.name] = Counter(line.same_row() for line in account.lines)
        before = seen[account.name]
        fresh: list[Line] = []
        for line in statement.lines:
            key = line.same_row()
            if before[key] > 0:
                before[key] -= 1
                account.repeated += 1
            else:
                fresh.append(line)
        earlier = not account.lines or (fresh and fresh[0].time < account.lines[0].time)
        if earlier and statement.opening is not None:
            account.opening = statement.opening
        account.gaps += statement.gaps
        if statement.period:
            account.periods.append(statement.period)
        account.lines = _interleave(account.lines, fresh)

    def _enrich(self, statement: Statement) -> None:
        """A notification names references and parties of lines that a statement already has."""
        account = self._account(statement)
        free = list(range(len(account.lines)))
        unmatched: list[Line] = []
        for told in statement.lines:
            place = next((n for n in free if _same_booking(account.lines[n], told)), None)
            if place is None:
                unmatched.append(told)
                continue
            free.remove(place)
            line = account.lines[place]
            account.lines[place] = replace(
                line,
                ref=line.ref or told.ref,
                peer=line.peer or told.peer,
                peer_bank=line.peer_bank or told.peer_bank,
                kind="transfer" if told.peer and line.kind != "reversal" else line.kind,
            )
        if not account.lines or not any(line.balance_after for line in account.lines):
            account.lines = _interleave(account.lines, unmatched)


def _same_booking(line: Line, told: Line) -> bool:
    if line.amount != told.amount:
        return False
    if line.local_ref and told.local_ref:
        return line.local_ref == told.local_ref
    if line.ref and told.ref:
        return line.ref == told.ref
    return abs(line.time - told.time) < 86_400  # noqa: PLR2004 - one day: the notification may lack a clock


def _interleave(first: list[Line], second: list[Line]) -> list[Line]:
    """Merge two files by time, each keeping its own order; equal times keep the first file first."""
    merged: list[Line] = []
    left, right = deque(first), deque(second)
    while left and right:
        merged.append((right if right[0].time < left[0].time else left).popleft())
    return [*merged, *left, *right]
