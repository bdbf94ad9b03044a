"""A core that may have done what we never heard of: it is asked before an order is given a second time.

The attempt is on disk before the order leaves. After a crash, a lost answer or a time that ran out, `look_up` comes
first, and only "not done" lets the order go again.
"""

from __future__ import annotations

import time
from datetime import datetime

from lachan.connector.cores.wire import ensure_within
from lachan.connector.port import Core, Done, Order
from lachan.connector.store import Store
from lachan.kernel.checks import Check

_REST_SECONDS = (
    5.0  # a core that was down is not asked again at once: each asking may cost its whole time
)


class Attempted:
    """The member's own core, with the memory of what was asked of it."""

    def __init__(self, core: Core, store: Store) -> None:
        self._core = core
        self._store = store
        self._down_until = 0.0

    def ready(self) -> bool:
        if time.monotonic() < self._down_until:
            return False
        found = self._core.ready()
        if not found:
            self._down_until = time.monotonic() + _REST_SECONDS
        return found

    def look_up(self, message: str) -> Done | None:
        return self._core.look_up(message)

    def execute(self, order: Order, *, now: datetime) -> Done:
        if not self._store.attempt(order.message, now):
            done = self._core.look_up(order.message)
            if done is not None:
                return ensure_within(order, done)
        return self._core.execute(order, now=now)

    def undo(self, message: str, *, now: datetime, why: str) -> Done:
        return self._core.undo(message, now=now, why=why)

    def self_test(self) -> list[Check]:
        return self._core.self_test()
