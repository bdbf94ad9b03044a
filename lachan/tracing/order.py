"""The total order of events: (time, seq, id), and the rule inside a second that has no order.

Statements give seconds. Where a second lacks sequence numbers, credits come before the debits of the
same account, and everything that hangs on that choice is reported as uncertain (specs: tracing §1.2).
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lachan.tracing.model import EventRow

Binds = Callable[[str | None], bool]  # does this node tie events of one second together?


def in_order(rows: Iterable[EventRow], binds: Binds) -> tuple[list[EventRow], frozenset[str]]:
    """All rows in the total order, and the ids whose place is uncertain.

    binds: true for replayed accounts, transit and unknown nodes; false for exits and None.
    """
    out: list[EventRow] = []
    uncertain: set[str] = set()
    by_time = sorted(rows, key=attrgetter("time", "id"))
    for _, same_second in groupby(by_time, key=attrgetter("time")):
        second = list(same_second)
        if len(second) == 1:
            out.extend(second)
        elif all(row.seq is not None for row in second):
            out.extend(sorted(second, key=lambda row: (row.seq or 0, row.id)))
        else:
            out.extend(_credits_first(second, binds))
            uncertain |= _entangled(second, binds)
    return out, frozenset(uncertain)


def _credits_first(second: list[EventRow], binds: Binds) -> list[EventRow]:
    """Repeatedly the smallest id that waits for no credit; in a ring, the smallest id of all."""
    due = Counter(row.dst for row in second if binds(row.dst))  # credits still to come, per node
    waiting: dict[str | None, list[EventRow]] = defaultdict(list)
    free: list[tuple[str, int]] = []
    every: list[tuple[str, int]] = []
    for index, row in enumerate(second):
        every.append((row.id, index))
        if binds(row.src) and due[row.src]:
            waiting[row.src].append(row)
        else:
            free.append((row.id, index))
    heapq.heapify(free)
    heapq.heapify(every)
    place = {row.id: index for index, row in enumerate(second)}
    done: set[int] = set()
    out: list[EventRow] = []
    while len(out) < len(second):
        heap = free or every
        _, index = heapq.heappop(heap)
        if index in done:
            continue
        done.add(index)
        row = second[index]
        out.append(row)
        if binds(row.dst):
            due[row.dst] -= 1
            if not due[row.dst]:
                for freed in waiting.pop(row.dst, ()):
                    heapq.heappush(free, (freed.id, place[freed.id]))
    return out


def _entangled(second: list[EventRow], binds: Binds) -> set[str]:
    """Events that share a binding node with another event of the second."""
    touching: dict[str | None, list[str]] = defaultdict(list)
    for row in second:
        for node in {row.src, row.dst}:
            if binds(node):
                touching[node].append(row.id)
    return {event for events in touching.values() if len(events) > 1 for event in events}
