"""One method's replay of a bank's own lines: the same books as the central replay, leg by leg.

Each account is read from its earliest tainted credit; a tainted transfer inside the bank touches the
receiver at once, one to another bank is an out-transfer for the centre to pass on (tracing §4.1).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lachan.tracing.books import Books
from lachan.tracing.inbound import Composition
from lachan.tracing.legs import Outgoing, Rules
from lachan.tracing.lines import BankLedgerPort, Line
from lachan.tracing.model import EXITS, EventRow, Policy, Seed
from lachan.tracing.originals import Originals, balance_before
from lachan.tracing.parts import Part, merged, tainted, total
from lachan.tracing.purse import method_named


@dataclass(frozen=True, slots=True)
class Start:
    """Where the outside world's facts hang on the bank's lines."""

    credits: Mapping[str, tuple[str, Line, Composition]]  # event to account, line, what it brings
    seeds: Mapping[str, tuple[Seed, ...]]  # event to its seeds
    seeded: Iterable[tuple[str, int]]  # accounts and orders of their seeded debits
    homes: Mapping[str, frozenset[str]]
    policy: Policy
    until: int | None
    position: int

    def exists(self, line: Line) -> bool:
        """Within the life of the trace."""
        return line.order <= self.position and (self.until is None or line.time <= self.until)


@dataclass(frozen=True, slots=True)
class Out:
    """A tainted debit, or a reversal whose restored part its receiver cannot know."""

    account: str
    line: Line
    layer: int
    parts: list[Part]
    restored: int


@dataclass(slots=True)
class _Reading:
    lines: Iterator[Line]
    age: int
    start: int
    line: Line


def exit_node(line: Line) -> str | None:
    """The node of a line without a peer's account; None: outside."""
    if line.kind in EXITS:
        return f"@{line.peer_account or line.kind}"
    return None if line.peer_account is None else f"@{line.peer_account}"


class Branch:
    """Runs one method over one bank, once: `run()`, then read `books`, `outs` and `undelivered`."""

    def __init__(self, method: str, port: BankLedgerPort, start: Start) -> None:
        self.port = port
        self.start = start
        self.outs: list[Out] = []
        self.undelivered: dict[str, tuple[str, Outgoing, int | None]] = {}  # inside the bank
        self._links: dict[str, str | None] = {}
        self._kinds: dict[str, str] = {}
        self._originals = Originals(port)
        self._heap: list[tuple[int, int, str, int]] = []
        self._readings: dict[str, _Reading] = {}
        self.books = Books(
            method_named(method),
            Rules(
                kind=self._kind,
                opening=lambda _account: 0,  # `touch` sets the balance
                policy=start.policy,
                seeds=start.seeds,
                homes=start.homes,
                reversed_events=self._links,
            ),
        )

    def run(self) -> None:
        for account, line, brings in self.start.credits.values():
            if tainted(brings.parts):
                self._touch(account, line.order)
        for account, order in self.start.seeded:
            self._touch(account, order)
        while self._heap:
            _, _, account, age = heapq.heappop(self._heap)
            reading = self._readings[account]
            if reading.age == age:  # else the account has been touched earlier since
                line = reading.line
                self._advance(account, reading)
                self._leg(account, line)

    def event(self, account: str, line: Line, ref: str | None = None) -> str:
        """One name for both legs of a transfer: the parties and the reference."""
        src, dst = self._parties(account, line)
        return f"{src}>{dst}#{ref or line.ref}"

    # -- reading ---------------------------------------------------------------------------------

    def _touch(self, account: str, order: int) -> None:
        if self._kind(account) == "transit":
            order = 0  # a reference's earlier money is in its pot
        reading = self._readings.get(account)
        if reading is not None and reading.start <= order:
            return
        lines = filter(self.start.exists, self.port.lines(account, order))
        first = next(lines, None)
        if first is None:
            return
        if account not in self.books.purses:
            self.books.balances[account] = balance_before(self.port, account, first)
        age = 0 if reading is None else reading.age + 1
        self._readings[account] = reading = _Reading(lines, age, order, first)
        self._push(account, reading)

    def _advance(self, account: str, reading: _Reading) -> None:
        following = next(reading.lines, None)
        if following is not None:
            reading.line = following
            self._push(account, reading)

    def _push(self, account: str, reading: _Reading) -> None:
        line = reading.line
        heapq.heappush(self._heap, (line.order, int(line.amount > 0), account, reading.age))

    # -- legs ------------------------------------------------------------------------------------

    def _leg(self, account: str, line: Line) -> None:
        row = self._row(account, line)
        self._links[row.id] = row.link
        if line.amount > 0:
            self._credit(account, line, row)
        elif line.kind == "fee":
            self.books.charge(row, row.amount)
        else:
            self._debit(account, line, row)

    def _debit(self, account: str, line: Line, row: EventRow) -> None:
        expected = self._originals.restored(account, line)
        layer = self.books.layer_of(row)
        out = self.books.capped(row, self.books.debit(row))
        moved = tainted(out.all)
        surprising = row.reverses is not None and total(out.restored) != expected
        if line.peer_bank is None or line.peer_account is None:
            self.books.credit(row, out, layer)
        elif line.peer_bank == self.port.bank:
            self._deliver(line, row, out, layer)
        if moved or (surprising and line.peer_bank is not None):
            hop = 1 if row.id in self.start.seeds else (layer or 0) + 1
            restored = total(out.restored)
            parts = [*merged(out.restored), *merged(out.parts)]
            count = len(merged(out.restored)) if restored else 0
            self.outs.append(Out(account, line, hop, parts, count))

    def _deliver(self, line: Line, row: EventRow, out: Outgoing, layer: int | None) -> None:
        moved = tainted(out.all)
        peer = line.peer_account or ""
        if not moved and row.reverses is None:
            return
        self.undelivered[row.id] = (peer, out, layer)
        if moved:
            for credit in self.port.lines(peer, line.order):
                if credit.amount > 0 and self.event(peer, credit) == row.id:
                    self._touch(peer, credit.order)
                    return

    def _credit(self, account: str, line: Line, row: EventRow) -> None:
        layer: int | None = None
        if row.id in self.start.credits:
            brings = self.start.credits[row.id][2]
            out = Outgoing(
                row.amount, brings.parts[brings.restored :], brings.parts[: brings.restored]
            )
            layer = brings.layer - 1
        elif row.id in self.undelivered:
            _, out, layer = self.undelivered.pop(row.id)
        elif line.peer_bank is None or line.peer_account is None:
            out = self.books.debit(row)
        else:
            back = self._originals.restored(account, line)
            out = Outgoing(
                row.amount,
                [(None, row.amount - back)] if back < row.amount else [],
                [(None, back)] if back else [],
            )
        self.books.credit(row, out, layer)

    # -- names and reversals ---------------------------------------------------------------------

    def _remember(self, account: str, line: Line) -> str | None:
        """The original's event, its parts known: clean when it lies before this account's taint."""
        original = self._originals.of(account, line)
        if original is None:
            return None
        event = self.event(account, original)
        giving = line.amount < 0 or line.peer_bank is None  # the side whose money is taken back
        if giving and event not in self.books.entered:
            left = self._originals.left(account, original, line)
            self.books.entered[event] = [(None, left)] if left else []
        self._links.setdefault(event, original.link)
        return event

    def _row(self, account: str, line: Line) -> EventRow:
        src, dst = self._parties(account, line)
        return EventRow(
            id=self.event(account, line),
            time=line.time,
            src=src,
            dst=dst,
            amount=abs(line.amount),
            seq=line.seq,
            link=line.link,
            reverses=self._remember(account, line),
        )

    def _parties(self, account: str, line: Line) -> tuple[str | None, str | None]:
        peer: str | None
        if line.peer_bank is None:
            peer = exit_node(line)
            if peer is not None:
                self._kinds[peer] = line.kind if line.kind in EXITS else "other"
        elif line.peer_account is None:
            peer = None
        elif line.peer_bank == self.port.bank:
            peer = line.peer_account
        else:
            peer = f"{line.peer_bank}|{line.peer_account}"
            self._kinds[peer] = "transit" if line.kind == "transit" else "account"
        return (peer, account) if line.amount > 0 else (account, peer)

    def _kind(self, node: str | None) -> str:
        if node is None:
            return "outside"
        kind = self._kinds.get(node)
        if kind is None:
            kind = self._kinds[node] = self.port.kind(node)
        return kind
