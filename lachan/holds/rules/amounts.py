"""How much may be held. Pure; whole đồng.

A = min(τ(c,a), L(c) − R(c) − Σ other live holds of c, τ_all(a) − Σ other cases' holds on a): no more
than was traced, no more than was lost and verified, no more than all cases' traces reach together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lachan.holds.errors import (
    AmountAboveBalance,
    AmountAboveLoss,
    AmountAboveTaint,
    AmountTooSmall,
    ExpiryPast,
    ExpiryRequired,
    ExpiryTooLong,
    LowValue,
    WholeAccount,
)
from lachan.kernel.money import Vnd
from lachan.kernel.time import short_ict

LOW_VALUE = 500_000  # §3.2: below it a hold costs its bystander more than it saves its victim
FAST_LANE = 5_000_000  # §3.2: below it a review is decided in 4 h
FIRST_LEASE = timedelta(hours=72)
PAUSE_LEASE = timedelta(hours=24)
PAUSE_CAP = timedelta(hours=72)
WORKING_DAYS_OF_PAUSE = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds an order on one account in one case, at one instant.

    taint: τ(c,a) of the chosen method. taint_all: τ_all(a) over the live cases on the account.
    losses: verified, counted once. returned: given back. case_holds: the case's other live
    instruments. other_cases: other cases' live instruments on this account. balance: what the bank
    said can be held (already capped there), None when it has not said.
    """

    taint: int
    taint_all: int
    losses: int
    returned: int
    case_holds: int
    other_cases: int
    balance: int | None = None

    @property
    def of_taint(self) -> int:
        return max(0, min(self.taint, self.taint_all - self.other_cases))

    @property
    def of_loss(self) -> int:
        return max(0, self.losses - self.returned - self.case_holds)

    def room(self) -> int:
        """The most that may be asked; the over-hold factor is 1 and no setting."""
        room = min(self.of_taint, self.of_loss)
        return room if self.balance is None else max(0, min(room, self.balance))


def check_amount(
    asked: int | None, limits: Limits, *, victims_paying: int = 0, paid_by_them: int = 0
) -> int:
    """The amount, when it may be asked.

    victims_paying, paid_by_them: victims who paid this account within 24 h and their sum; three or
    more who together reach the line lift it.
    Raises: WholeAccount (None), AmountTooSmall, AmountAboveTaint, AmountAboveLoss,
    AmountAboveBalance, LowValue.
    """
    if asked is None:
        raise WholeAccount(field="amount")
    if asked < 1:
        raise AmountTooSmall(field="amount")
    if asked > limits.of_taint:
        raise AmountAboveTaint(field="amount", asked=Vnd(asked), taint=Vnd(limits.of_taint))
    if asked > limits.of_loss:
        raise AmountAboveLoss(field="amount", asked=Vnd(asked), left=Vnd(limits.of_loss))
    if limits.balance is not None and asked > limits.balance:
        raise AmountAboveBalance(field="amount", asked=Vnd(asked), balance=Vnd(limits.balance))
    lifted = victims_paying >= 3 and paid_by_them >= LOW_VALUE  # noqa: PLR2004 - §3.2, three victims
    if asked < LOW_VALUE and not lifted:
        raise LowValue(field="amount", amount=Vnd(asked), line=Vnd(LOW_VALUE))
    return asked


def check_expiry(
    until: datetime | None,
    *,
    now: datetime,
    cap: timedelta = FIRST_LEASE,
    never_past: datetime | None = None,
) -> datetime:
    """The end of the lease, when it may be so late.

    never_past: the statutory date of the case's earliest undecided report.
    Raises: ExpiryRequired, ExpiryPast, ExpiryTooLong (with the latest end).
    """
    latest = now + cap if never_past is None else min(now + cap, never_past)
    if until is None:
        raise ExpiryRequired(field="until", latest=short_ict(latest))
    if until <= now:
        raise ExpiryPast(field="until", now=short_ict(now))
    if until > latest:
        raise ExpiryTooLong(field="until", latest=short_ict(latest))
    return until


def pause_until(requested_at: datetime, *, third_working_day: datetime) -> datetime:
    """When a pause lapses: 24 h, never past min(72 h, 3 working days)."""
    return min(requested_at + PAUSE_LEASE, requested_at + PAUSE_CAP, third_working_day)
