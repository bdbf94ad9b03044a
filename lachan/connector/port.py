"""The one port to a member's core system: five methods. An order is idempotent by its message's id.

    done = core.execute(Order(message="…", action="pause", account="0123456789", amount=2_000_000, …))

After a crash the connector asks `look_up` before it would execute again. Whoever writes an adapter for
a core of their own (HTTP, a desk task) runs the tests of tests/unit/connector/test_core.py over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lachan.kernel.checks import Check
from lachan.kernel.errors import LachanError, Text


class CoreUnavailable(LachanError):
    """The core does not answer: the ask waits at the desk with its clock running."""

    code = "connector.core_unavailable"
    status = 503
    text = Text(
        vi="Hệ thống lõi không trả lời: {why}.", en="The core system does not answer: {why}."
    )
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to do to an account. `of` is the order's message that a release, renewal or notice follows.

    action: pause, hold, renew, release, notice. amount: đồng; None releases all. until: end of the lease.
    converts: the message whose effect this hold takes over without a gap.
    """

    message: str
    action: str
    h: str = ""
    account: str = ""
    case_ref: str = ""
    amount: int | None = None
    until: datetime | None = None
    of: str = ""
    converts: str = ""
    authority: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What the core did. `carved` is living money left; `left` what still stands on that order."""

    amount: int
    carved: int
    left: int
    at: datetime
    core_ref: str
    until: datetime | None = None


class Core(Protocol):
    """A member's core system."""

    def ready(self) -> bool:
        """It answers now."""

    def look_up(self, message: str) -> Done | None:
        """What was done for this message, if anything."""

    def execute(self, order: Order, *, now: datetime) -> Done:
        """Do it, once: again with the same message gives the first result. Raises: CoreUnavailable."""

    def undo(self, message: str, *, now: datetime, why: str) -> Done:
        """End the effect of a message; nothing happens when it has ended already."""

    def self_test(self) -> list[Check]:
        """What `lachan connector test` prints."""
