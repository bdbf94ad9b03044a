"""The values of a pause and a hold. Amounts are whole đồng, instants aware UTC, persons keyed ids.

A person is known by the keyed hash of the citizen number, not by the login: one human with two
logins is one signer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from lachan.members.roles import Role


class HoldState(StrEnum):
    """`hold` of cases-and-holds §3.1."""

    PROPOSED = "PROPOSED"
    SIGNED_1 = "SIGNED_1"
    SIGNED_2 = "SIGNED_2"
    SENT = "SENT"
    ACKED = "ACKED"
    EFFECTIVE = "EFFECTIVE"
    CONVERTED = "CONVERTED"
    SETTLED = "SETTLED"
    RELEASED = "RELEASED"
    WITHDRAWN = "WITHDRAWN"
    STALE = "STALE"
    REFUSED = "REFUSED"
    SILENT = "SILENT"


class PauseState(StrEnum):
    """`pause` of cases-and-holds §3.1."""

    REQUESTED = "REQUESTED"
    EFFECTIVE = "EFFECTIVE"
    DECLINED = "DECLINED"
    NOT_FOUND = "NOT_FOUND"
    SILENT = "SILENT"
    CONVERTED = "CONVERTED"
    RELEASED = "RELEASED"
    LAPSED = "LAPSED"


class Extent(StrEnum):
    """How much of the amount took effect."""

    FULL = "FULL"
    PARTIAL = "PARTIAL"
    ZERO = "ZERO"


class Reason(StrEnum):
    """Why money was let go."""

    APPEAL = "APPEAL"
    EXPIRY = "EXPIRY"
    TAINT_FELL = "TAINT_FELL"
    LOW_VALUE = "LOW_VALUE"
    HARDSHIP = "HARDSHIP"
    CANCEL = "CANCEL"
    STOP = "STOP"
    ERROR = "ERROR"


class LineKind(StrEnum):
    """A line of the held money; only the first two may be positive."""

    CAPTURE = "CAPTURE"
    TOPUP = "TOPUP"
    REDUCE = "REDUCE"
    RELEASE = "RELEASE"
    HARDSHIP = "HARDSHIP"
    SETTLE = "SETTLE"
    CONVERT = "CONVERT"


RISING = frozenset({LineKind.CAPTURE, LineKind.TOPUP})
UNSENT = frozenset({HoldState.PROPOSED, HoldState.SIGNED_1, HoldState.SIGNED_2})
WAITING = frozenset({HoldState.SENT, HoldState.ACKED, HoldState.SILENT})
BINDING = WAITING | {HoldState.EFFECTIVE}
LIVE = UNSENT | BINDING
LIVE_PAUSE = frozenset({PauseState.REQUESTED, PauseState.SILENT, PauseState.EFFECTIVE})

STALE_URGENT = timedelta(hours=1)  # §3.1: P0 1 h, else 24 h
STALE_OTHERWISE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the human (`person`), and where he stands."""

    person: str
    officer: str
    unit: str
    agency: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's signature over the exact sheet."""

    person: str
    officer: str
    unit: str
    role: Role
    sheet_hash: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One movement of held money; `source` (the H of an answer, or an act's id) makes it count once."""

    kind: LineKind
    amount: int
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A leased order on an amount. There is no hold without `expires_at`."""

    id: str
    case: str
    account: str
    agency: str
    proposer: str
    amount: int
    drafted_at: datetime
    expires_at: datetime
    sheet_hash: str
    urgent: bool = True
    state: HoldState = HoldState.PROPOSED
    signatures: tuple[Signature, ...] = ()
    renewals: tuple[Signature, ...] = ()
    sent_at: datetime | None = None
    acked_at: datetime | None = None
    effective_at: datetime | None = None
    extent: Extent | None = None
    carved: int = 0
    lines: tuple[Line, ...] = ()
    ended: Reason | None = None
    ended_at: datetime | None = None
    refused: str = ""
    silence: int = -1  # the highest level of §3.1 that was noted

    @property
    def stale_at(self) -> datetime:
        """When an unsent order lapses for want of signatures."""
        return self.drafted_at + (STALE_URGENT if self.urgent else STALE_OTHERWISE)

    @property
    def persons(self) -> frozenset[str]:
        """Everybody who had a part in it."""
        return frozenset(
            {self.proposer}
            | {one.person for one in self.signatures}
            | {one.person for one in self.renewals}
        )

    def state_at(self, now: datetime) -> HoldState:
        """The state with lapses counted: a stopped clock process prolongs nothing."""
        if self.state in BINDING and now >= self.expires_at:
            return HoldState.RELEASED
        if self.state in UNSENT and now >= min(self.stale_at, self.expires_at):
            return HoldState.STALE
        return self.state

    def held_at(self, now: datetime) -> int:
        """Đồng that are held at this instant."""
        return balance(self.lines) if self.state_at(now) is HoldState.EFFECTIVE else 0


@dataclass(frozen=True, slots=True)
class Pause:
    """A request to an institution to use its own short power on one credit."""

    id: str
    case: str
    account: str
    agency: str
    amount: int
    requested_at: datetime
    until: datetime
    state: PauseState = PauseState.REQUESTED
    effective_at: datetime | None = None
    extent: Extent | None = None
    carved: int = 0
    lines: tuple[Line, ...] = field(default=())
    refused: str = ""
    silence: int = -1

    def state_at(self, now: datetime) -> PauseState:
        """The state with the lapse counted."""
        if self.state in LIVE_PAUSE and now >= self.until:
            return PauseState.LAPSED
        return self.state

    def held_at(self, now: datetime) -> int:
        """Đồng that are paused at this instant."""
        return balance(self.lines) if self.state_at(now) is PauseState.EFFECTIVE else 0


def balance(lines: tuple[Line, ...]) -> int:
    """What is still captured: the sum of the lines."""
    return sum(one.amount for one in lines)


def extent_of(asked: int, got: int) -> Extent:
    """FULL, PARTIAL or ZERO."""
    if got <= 0:
        return Extent.ZERO
    return Extent.FULL if got >= asked else Extent.PARTIAL
