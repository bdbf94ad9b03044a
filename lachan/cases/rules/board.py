"""The order of the golden-hour board. Pure.

Money still reachable by urgency: `reachable / max(60 s, time to the next deadline)`, ties by code.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

URGENT_FLOOR = 60  # seconds: below a minute nobody acts faster
NO_DEADLINE = timedelta(hours=24)


def urgency(reachable: int, due_at: datetime | None, now: datetime) -> int:
    """Đồng per second, floored; an overdue deadline counts as one minute away."""
    due = NO_DEADLINE if due_at is None else due_at - now
    return reachable // max(URGENT_FLOOR, int(due.total_seconds()))


def loss_per_minute(unheld: Iterable[tuple[int, float]]) -> int:
    """Σ λ·τ of legs that are not held, per minute. Pairs of đồng and λ per hour; ranks and warns only."""
    return int(sum(amount * (1 - math.exp(-lam / 60)) for amount, lam in unheld))


def hazard(*, gone_80_in_60: bool | None, registry: str = "") -> float:
    """λ per hour from the bands: a pass-through empties within the hour, a resting account slowly.

    60 / median dwell in minutes (tracing §5) where only the band is known: 80 % within 60 minutes is
    −ln 0.2 per hour or more.
    """
    lam = 6.0 if gone_80_in_60 else 0.5 if gone_80_in_60 is None else 0.05
    return max(lam, 2.0 if registry == "CONFIRMED" else 0.0)


def next_act(
    *, taken: bool, red: bool, sheet: bool, reviews: int, late: int, planable: int, waiting: int
) -> str:
    """What the row proposes: take, sign, review, plan, escalate, wait or none."""
    if not taken:
        return "take"
    if sheet:
        return "sign"
    if reviews:
        return "review"
    if planable or red:
        return "plan"
    if late:
        return "escalate"
    return "wait" if waiting else "none"
