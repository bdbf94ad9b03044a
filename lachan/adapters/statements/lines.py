"""What every statement parser gives: lines of one account, and what was wrong with the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from lachan.kernel.errors import LachanError

EPOCH_2000 = 946_684_800  # 2000-01-01Z in Unix seconds: the origin of `order` (tracing.md §7)
EXACT, BY_TEXT = 100, 90  # hundredths of link quality


@dataclass(frozen=True, slots=True)
class Line:
    """One booked line. `amount` is signed đồng, credits positive; `time` Unix seconds."""

    account: str
    time: int
    amount: int
    row: int  # of the file, from 1: what an error message names
    has_clock: bool = True  # False: the row told a day only, so time ± 120 s means nothing
    balance_after: int | None = None
    peer: str | None = None
    peer_bank: str | None = None
    kind: str = "transfer"  # transfer fee reversal cash merchant interest
    channel: str | None = None
    ref: str | None = None  # end-to-end: the same on both sides
    local_ref: str | None = None  # the bank's own
    link: str | None = None
    text: str = ""
    quality: int = EXACT
    sequence: int = 0  # position among the account's lines

    @property
    def order(self) -> int:
        """Seconds since 2000 << 30 | position: sorts as the account's own line order."""
        return (self.time - EPOCH_2000) << 30 | self.sequence

    def same_row(self) -> tuple[object, ...]:
        """What makes a row of another file the same line (tracing.md §6)."""
        return (self.ref or self.local_ref, self.amount, self.time)


@dataclass(frozen=True, slots=True)
class Gap:
    """A balance that does not follow from the one before: rows are missing or wrong."""

    account: str
    row: int
    difference: int


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken. `cells` is what stood there, in the file's own form."""

    row: int
    cells: tuple[object, ...]
    error: LachanError


@dataclass(slots=True)
class Statement:
    """Lines of one account, oldest first, in the bank's own order."""

    account: str
    bank: str | None
    lines: list[Line] = field(default_factory=list)
    opening: int | None = None
    closing: int | None = None
    gaps: list[Gap] = field(default_factory=list)
    period: tuple[int, int] | None = None  # what the bank says it covers, in Unix seconds
    references_only: bool = False  # camt.054: adds references, never lines already known

    def check_bridge(self) -> None:
        """Note every place where balance[i] ≠ balance[i−1] + amount[i], and a closing that is off."""
        running = self.opening
        for line in self.lines:
            expected = None if running is None else running + line.amount
            if line.balance_after is not None:
                if expected is not None and expected != line.balance_after:
                    self.gaps.append(Gap(self.account, line.row, line.balance_after - expected))
                expected = line.balance_after
            running = expected
        if running is not None and self.closing is not None and running != self.closing:
            last = self.lines[-1].row if self.lines else 0
            self.gaps.append(Gap(self.account, last, self.closing - running))


@dataclass(slots=True)
class Reading:
    """One file, read. Good lines are in `statements`; `rejects` holds the others."""

    path: Path
    format: str
    statements: list[Statement] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    header: tuple[str, ...] = ()
    rows: int = 0
    blake2b: str = ""
    account_uncertain: bool = False  # the account is only the file's name


@dataclass(frozen=True, slots=True)
class Options:
    """What the reader of a file may be told: a bank's own column names, and whose file it is."""

    columns: dict[str, list[str]] = field(default_factory=dict)
    account: str | None = None
    bank: str | None = None


class Format(Protocol):
    """A parser: one module of this package (`sniff.py` finds it by these names)."""

    NAME: str
    SUFFIX: str

    def sniff(self, head: bytes) -> bool:
        """Whether the first 4 KiB of a file look like this format."""

    def read(self, path: Path, options: Options) -> Reading:
        """Raises: StatementError when the file as a whole is unreadable."""

    def write_rejects(self, path: Path, reading: Reading) -> None:
        """The rows not taken, in the same format, each with its reason."""


class StatementSource(Protocol):
    """The port of tracing.md §6: an account's lines in order, and what they cover."""

    def lines(self, account: str, from_order: int) -> Iterator[Line]:
        """Lines with order ≥ from_order, oldest first."""

    def covers(self, account: str) -> tuple[int, int] | None:
        """First and last Unix second; None when there is no statement."""


def in_order(lines: Sequence[Line]) -> list[Line]:
    """Oldest first, each with its position; newest-first files are turned round.

    The balances decide when they bridge one way only; without balances, the times do.
    """
    rows = list(lines)
    if _bridges(rows[::-1]) > _bridges(rows) or (
        _bridges(rows) == _bridges(rows[::-1]) and _falls(rows)
    ):
        rows.reverse()
    return [replace(line, sequence=place) for place, line in enumerate(rows)]


def _bridges(rows: Sequence[Line]) -> int:
    return sum(
        1
        for before, line in pairwise(rows)
        if before.balance_after is not None
        and line.balance_after is not None
        and line.balance_after == before.balance_after + line.amount
    )


def _falls(rows: Sequence[Line]) -> bool:
    steps = [after.time - before.time for before, after in pairwise(rows)]
    return sum(step < 0 for step in steps) > sum(step > 0 for step in steps)
