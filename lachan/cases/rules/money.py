"""Where a case's money is: five figures that always add up. Pure; whole đồng.

Per leg: received = held + moved on + withdrawn + unresolved. Per case: reported = held + moved on +
withdrawn + unresolved, where money moved to a followed leg counts at that leg. What nobody has
explained is `unresolved`; nothing is ever left out of a sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

CASH_EXITS = frozenset({"cash", "atm"})


class LegState(StrEnum):
    """DISCOVERED -> QUERIED -> one of the others; TIMED_OUT -> ESCALATED."""

    DISCOVERED = "DISCOVERED"
    QUERIED = "QUERIED"
    STILL_HERE = "STILL_HERE"
    MOVED = "MOVED"
    CASHED_OUT = "CASHED_OUT"
    OFF_RAIL = "OFF_RAIL"
    NOT_FOUND = "NOT_FOUND"
    TIMED_OUT = "TIMED_OUT"
    ESCALATED = "ESCALATED"


@dataclass(frozen=True, slots=True)
class Found:
    """What the trace says of one account, under one method, over all victims.

    residual: still there. followed: gone to another account that is followed. cash: withdrawn.
    off_rail: merchants, exchanges, abroad, fees. waiting: pending, behind a silent bank, truncated.
    """

    account: str
    layer: int
    residual: int = 0
    followed: int = 0
    cash: int = 0
    off_rail: int = 0
    waiting: int = 0
    answered: bool = False

    @property
    def received(self) -> int:
        return self.residual + self.followed + self.cash + self.off_rail + self.waiting


@dataclass(frozen=True, slots=True)
class LegSums:
    """One leg's figures; `received` is the sum of the other four."""

    received: int
    held: int
    moved_on: int
    withdrawn: int
    unresolved: int


@dataclass(frozen=True, slots=True)
class CaseSums:
    """A case's figures; `reported` is the sum of the next four. `returned` is shown apart."""

    reported: int = 0
    held: int = 0
    moved_on: int = 0
    withdrawn: int = 0
    unresolved: int = 0
    returned: int = 0


def counted(found: Found, held: int) -> int:
    """How much of what an institution holds is this case's money by the trace.

    Before the institution has answered a trace its own word on the pause is all there is; so it counts.
    """
    return min(held, found.residual if found.answered else found.residual + found.waiting)


def leg_sums(found: Found, held: int) -> LegSums:
    """The figures of one leg."""
    kept = counted(found, held)
    return LegSums(
        received=found.received,
        held=kept,
        moved_on=found.followed + found.off_rail,
        withdrawn=found.cash,
        unresolved=found.received - kept - found.followed - found.off_rail - found.cash,
    )


def leg_state(found: Found, *, asked: bool, late: bool, escalated: bool, missing: bool) -> LegState:
    """The state that the figures and the conversation show."""
    if missing:
        return LegState.NOT_FOUND
    if not found.answered:
        silent = LegState.ESCALATED if escalated else LegState.TIMED_OUT
        fresh = LegState.QUERIED if asked else LegState.DISCOVERED
        return silent if late else fresh
    if found.residual:
        return LegState.STILL_HERE
    if found.cash and found.cash >= found.followed + found.off_rail:
        return LegState.CASHED_OUT
    return LegState.OFF_RAIL if found.off_rail > found.followed else LegState.MOVED


def case_sums(
    reported: int, legs: Iterable[Found], held: Mapping[str, int], *, returned: int = 0
) -> CaseSums:
    """Add up a case. held: đồng held now per account, of this case's live instruments.

    Wrong or early answers cannot make the figures pass what was reported: withdrawals and moves are
    believed first, then what is held, and the rest is unresolved.
    """
    withdrawn = moved = kept = 0
    for one in legs:
        withdrawn += one.cash
        moved += one.off_rail
        kept += counted(one, held.get(one.account, 0))
    withdrawn = min(withdrawn, reported)
    moved = min(moved, reported - withdrawn)
    kept = min(kept, reported - withdrawn - moved)
    return CaseSums(reported, kept, moved, withdrawn, reported - kept - moved - withdrawn, returned)


def split(sums: CaseSums, losses: Sequence[int]) -> list[CaseSums]:
    """The case's figures shared over its reports by their losses; each report's and all sums add up.

    One đồng each of what division leaves goes to the largest remainders, earlier reports first.
    """
    total = sum(losses)
    if total == 0:
        return [CaseSums() for _ in losses]
    held = _shares(sums.held, losses, total)
    moved = _shares(sums.moved_on, losses, total)
    withdrawn = _shares(sums.withdrawn, losses, total)
    returned = _shares(sums.returned, losses, total)
    parts = []
    for n, loss in enumerate(losses):
        # Rounding may give a small report a đồng too many of one figure: the last figures yield.
        first = min(held[n], loss)
        second = min(withdrawn[n], loss - first)
        third = min(moved[n], loss - first - second)
        parts.append(
            CaseSums(loss, first, third, second, loss - first - second - third, returned[n])
        )
    return parts


def _shares(amount: int, weights: Sequence[int], total: int) -> list[int]:
    shares = [amount * weight // total for weight in weights]
    left = amount - sum(shares)
    order = sorted(range(len(weights)), key=lambda n: (-(amount * weights[n] % total), n))
    for n in order[:left]:
        shares[n] += 1
    return shares
