"""One order for the events of several statements, in which every account keeps its own line order.

Times of two banks differ by their clocks, so lines are ordered as a dependency graph and times only
choose among what may come next (tracing.md §1.2, confluence).
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Step:
    """One event while it is being built. `lines`: (account, position) of its one or two lines, and its fee."""

    id: str
    src: str | None
    dst: str | None
    amount: int
    time: int
    lines: tuple[tuple[str, int], ...]
    quality: int
    ref: str | None = None
    text: str = ""
    reversal: bool = False
    fee: int = 0
    link: str | None = None
    reverses: str | None = None


def in_total_order(steps: Iterable[Step]) -> tuple[list[Step], list[Step]]:
    """Every step, and those of rings that had to be cut.

    In a ring, the credit with the smallest (time, id) gives up its place among its receiver's lines
    and so falls behind its debit; it is uncertain. Times are raised so that they never fall along
    the order.
    """
    queue = _Queue(steps)
    ordered: list[Step] = []
    cut: list[Step] = []
    while queue.pending:
        step = queue.take()
        if step is None:
            cut.append(queue.cut_ring())
        else:
            ordered.append(step)
    latest = ordered[0].time if ordered else 0
    for step in ordered:
        latest = step.time = max(latest, step.time)
    return ordered, cut


class _Queue:
    """Each account's steps in line order; a step may go when it heads all the queues that it is in."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.pending = {step.id: step for step in steps}
        places: dict[str, dict[str, int]] = {}
        for step in self.pending.values():
            for account, place in step.lines:
                places.setdefault(account, {}).setdefault(step.id, place)
        self.chains = {
            account: deque(sorted(of, key=of.__getitem__)) for account, of in places.items()
        }
        self.accounts = {
            step.id: list(dict.fromkeys(account for account, _ in step.lines))
            for step in self.pending.values()
        }
        self.ready: list[tuple[int, str]] = []
        for step in self.pending.values():
            self._offer(step.id)

    def _offer(self, key: str) -> None:
        if all(self.chains[account][0] == key for account in self.accounts[key]):
            heapq.heappush(self.ready, (self.pending[key].time, key))

    def take(self) -> Step | None:
        """The earliest step that may go; None when the rest waits for itself."""
        if not self.ready:
            return None
        _, key = heapq.heappop(self.ready)
        step = self.pending.pop(key)
        for account in self.accounts[key]:
            self.chains[account].popleft()
            self._offer_head(account)
        return step

    def _offer_head(self, account: str) -> None:
        chain = self.chains[account]
        if chain:
            key = chain[0]
            # A step that heads its last queue now is offered once: its other queues had it first before.
            self._offer(key)

    def cut_ring(self) -> Step:
        """Take one credit of a ring out of its receiver's queue."""
        ring = self._ring()
        at = {
            key: self.pending[key].dst
            for key in ring
            if self.pending[key].dst in self.accounts[key] and len(self.accounts[key]) > 1
        }
        key = min(at, key=lambda one: (self.pending[one].time, one))
        account = at[key] or ""
        self.chains[account].remove(key)
        self.accounts[key].remove(account)
        self._offer(key)
        if self.chains[account] and self.chains[account][0] != key:
            self._offer_head(account)
        return self.pending[key]

    def _ring(self) -> list[str]:
        """Walk back along who heads the queue in which a step waits, until one comes again."""
        here = min(self.pending, key=lambda key: (self.pending[key].time, key))
        walk: list[str] = []
        while here not in walk:
            walk.append(here)
            heads = [self.chains[account][0] for account in self.accounts[here]]
            here = min(head for head in heads if head != here)
        return walk[walk.index(here) :]
