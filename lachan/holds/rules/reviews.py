"""A holder's request for review (đề nghị xem xét lại): clocks, deciders and what silence does. Pure.

Every instant is fixed when it starts and never moves: `decide_by` and `extended_by` at filing,
`default_at` at the holder's identification. Silence releases for an identified holder only; nobody
else can free money by waiting. An extension moves the date of the answer, not of the default.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from lachan.holds.errors import (
    DeciderInvolved,
    ReasonRequired,
    ReviewExtended,
    StateForbids,
)
from lachan.holds.events import ReviewDecided, ReviewFiled
from lachan.holds.rules.amounts import FAST_LANE
from lachan.holds.rules.values import Signer
from lachan.kernel.events import Event

FAST_CLOCK = timedelta(hours=4)
CLOCK = timedelta(hours=24)
ACK_WITHIN = timedelta(minutes=1)
EXTENSION_WORKING_DAYS = 5
REASON_LENGTH = 10


class ReviewState(StrEnum):
    """FILED -> ACKED -> DECIDED_1 -> [ESCALATED -> DECIDED_2] -> CLOSED."""

    FILED = "FILED"
    ACKED = "ACKED"
    DECIDED_1 = "DECIDED_1"
    ESCALATED = "ESCALATED"
    DECIDED_2 = "DECIDED_2"
    CLOSED = "CLOSED"


class Outcome(StrEnum):
    """What was decided."""

    UPHELD = "UPHELD"
    REDUCED = "REDUCED"
    RELEASED = "RELEASED"


OPEN = frozenset({ReviewState.FILED, ReviewState.ACKED})


@dataclass(frozen=True, slots=True)
class Review:
    """One request. `persons` and `unit_of_signer_1`: who may not decide it."""

    id: str
    code: str
    hold: str
    filed_at: datetime
    decide_by: datetime
    extended_by: datetime
    fast: bool
    persons: frozenset[str]
    unit_of_signer_1: str
    state: ReviewState = ReviewState.FILED
    identified_at: datetime | None = None
    default_at: datetime | None = None
    extended: bool = False
    outcome: Outcome | None = None
    by_default: bool = False
    decided_at: datetime | None = None

    @property
    def due_at(self) -> datetime:
        """When the answer is due: the extension's instant once it was used."""
        return self.extended_by if self.extended else self.decide_by


def is_fast(amount: int, *, merchant: bool) -> bool:
    """The 4-hour lane: small sums and merchants."""
    return merchant or amount < FAST_LANE


def file(
    *,
    id: str,  # noqa: A002 - the field's own name
    code: str,
    hold: str,
    fast: bool,
    persons: frozenset[str],
    unit_of_signer_1: str,
    identified: bool,
    fifth_working_day: datetime,
    now: datetime,
) -> tuple[Review, tuple[Event, ...]]:
    """Open a review; it is never refused.

    fifth_working_day: 5 working days from now as an instant, by the signed calendar.
    """
    clock = FAST_CLOCK if fast else CLOCK
    review = Review(
        id=id,
        code=code,
        hold=hold,
        filed_at=now,
        decide_by=now + clock,
        extended_by=max(now + clock, fifth_working_day),
        fast=fast,
        persons=persons,
        unit_of_signer_1=unit_of_signer_1,
    )
    if identified:
        review = identify(review, now=now)
    return review, (ReviewFiled(id, hold, review.decide_by, now),)


def identify(review: Review, *, now: datetime) -> Review:
    """The holder proved who he is; the instant of the default release is fixed, once."""
    if review.identified_at is not None or review.state not in OPEN:
        return review
    clock = FAST_CLOCK if review.fast else CLOCK
    return replace(review, identified_at=now, default_at=now + clock)


def acknowledge(review: Review) -> Review:
    """Said to the holder that it arrived."""
    return replace(review, state=ReviewState.ACKED) if review.state is ReviewState.FILED else review


def extend(review: Review, *, reason: str) -> Review:
    """Answer later, once, with a reason. Raises: StateForbids, ReviewExtended, ReasonRequired."""
    _expect_open(review, "extend")
    if review.extended or review.fast:
        raise ReviewExtended
    if len(reason.strip()) < REASON_LENGTH:
        raise ReasonRequired(field="reason", length=REASON_LENGTH)
    return replace(review, extended=True)


def check_decider(review: Review, by: Signer) -> None:
    """None of proposer, signers, renewer; nobody of the first signer's unit. Raises: DeciderInvolved."""
    if by.person in review.persons or (
        review.unit_of_signer_1 and by.unit == review.unit_of_signer_1
    ):
        raise DeciderInvolved


def decide(
    review: Review, by: Signer, *, outcome: Outcome, reason: str, now: datetime
) -> tuple[Review, tuple[Event, ...]]:
    """Decide in the first instance.

    Raises: StateForbids, DeciderInvolved, ReasonRequired.
    """
    _expect_open(review, "decide")
    check_decider(review, by)
    if len(reason.strip()) < REASON_LENGTH:
        raise ReasonRequired(field="reason", length=REASON_LENGTH)
    done = replace(review, state=ReviewState.DECIDED_1, outcome=outcome, decided_at=now)
    return done, (ReviewDecided(review.id, review.hold, outcome, by_default=False, at=now),)


def silence(review: Review, *, now: datetime) -> tuple[Review, tuple[Event, ...]]:
    """Nobody decided: an identified holder's money is released at the instant fixed."""
    if review.state not in OPEN or review.default_at is None or now < review.default_at:
        return review, ()
    done = replace(
        review,
        state=ReviewState.DECIDED_1,
        outcome=Outcome.RELEASED,
        by_default=True,
        decided_at=review.default_at,
    )
    fact = ReviewDecided(review.id, review.hold, Outcome.RELEASED, by_default=True, at=now)
    return done, (fact,)


def _expect_open(review: Review, command: str) -> None:
    if review.state not in OPEN:
        raise StateForbids(state=review.state, command=command, allowed="–")
