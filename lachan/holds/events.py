"""Facts about holds, pauses and reviews. Listen to these; nothing else of this context is public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lachan.kernel.events import Event


@dataclass(frozen=True, slots=True)
class Proposed(Event):
    """A sheet of orders was laid before signers."""

    sheet: str
    case: str
    agency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Signed(Event):
    """One person signed one order; `ready` when no signature is missing."""

    hold: str
    person: str
    ready: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class HoldChanged(Event):
    """A hold or pause moved, or its sums did. Boards and case sums follow from it."""

    hold: str
    case: str
    account: str
    state: str
    held: int
    at: datetime
    kind: str = "hold"
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReleaseOwed(Event):
    """The institution must be told to let go of `amount` (None: of everything)."""

    hold: str
    amount: int | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoticeOwed(Event):
    """The holder must be told, by the institution, before `due`."""

    hold: str
    due: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class SilenceNoted(Event):
    """No effect answer: level 0 the board's alarm, 1 call sheet, 2 unit head and liaison, 3 regulator."""

    hold: str
    level: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewFiled(Event):
    """A holder asked for a review (đề nghị xem xét lại)."""

    review: str
    hold: str
    decide_by: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewDecided(Event):
    """A review ended; `by_default` when silence decided it."""

    review: str
    hold: str
    outcome: str
    by_default: bool
    at: datetime
