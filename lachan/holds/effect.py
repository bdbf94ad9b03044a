"""What an order takes from a balance. Pure; the bank's connector and the centre compute the same.

`E = max(0, min(A, B - already held - P))`: no more than the order, no more than what is there and
free, and living money P stays (cases-and-holds §3.2). Only the bank knows P; it reports it as `carved`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LIVING_MONEY_CAP = 10_000_000  # đồng per holder; invented, uncalibrated until outcomes exist
LIVING_MONEY_DAYS = 30


class EffectKind(StrEnum):
    """How much of what was asked was there."""

    FULL = "FULL"
    PARTIAL = "PARTIAL"
    ZERO = "ZERO"


@dataclass(frozen=True, slots=True)
class Effect:
    """`amount` đồng are held; `carved` of living money were left; `short` could not be held."""

    amount: int
    carved: int
    short: int

    @property
    def kind(self) -> EffectKind:
        if self.amount == 0:
            return EffectKind.ZERO
        return EffectKind.FULL if self.short == 0 else EffectKind.PARTIAL


@dataclass(frozen=True, slots=True)
class ProtectedCredit:
    """A salary, pension, benefit or maintenance credit."""

    at: datetime
    amount: int


def effect(*, asked: int, balance: int, already_held: int, living: int) -> Effect:
    """E and what it leaves. All in đồng; the balance may be negative, the others not.

    Raises: ValueError for a negative order, hold or living money (a defect of the caller).
    """
    if min(asked, already_held, living) < 0:
        raise ValueError("an order, what is held and living money are never negative")
    free = max(0, balance - already_held)
    amount = max(0, min(asked, free - living))
    return Effect(amount=amount, carved=min(living, free), short=asked - amount)


def living_money(
    protected: Iterable[ProtectedCredit],
    lowest_since: int,
    *,
    now: datetime,
    natural_person: bool = True,
    cap: int = LIVING_MONEY_CAP,
) -> int:
    """P: protected credits of the last 30 days that are still there, at most `cap`.

    lowest_since: the lowest balance since the first of them; what went below was spent. Legal
    persons have none, nor an accused holder under a freeze (the caller passes natural_person=False).
    """
    if not natural_person:
        return 0
    since = now - timedelta(days=LIVING_MONEY_DAYS)
    total = sum(one.amount for one in protected if since <= one.at <= now)
    return max(0, min(total, lowest_since, cap))


def lowest_since(
    lines: Iterable[tuple[datetime, int]], since: datetime, *, balance_now: int
) -> int:
    """Lowest running balance from `since` on; lines are (time, balance after), in the account's order."""
    return min([balance_now, *(after for at, after in lines if at >= since)])
