"""Where to hold money first: the đồng that acting now is expected to save, account by account.

Floats rank only; every amount is whole đồng. Equal inputs give equal bytes (specs: tracing §5). What
the law lets a plan do, the collateral forecast, comes in as a function: this module knows no holder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp
from typing import Any, Final, Protocol

from lachan.tracing.model import canonical_bytes

HORIZON_HOURS: Final = 1.0
DEFAULT_DELAY: Final = 0.25  # hours, of a bank without answers in the last 30 days
LEAST_HAZARD, MOST_HAZARD, CONFIRMED_HAZARD = 0.05, 60.0, 2.0
GREEN_BP, AMBER_BP = 200, 500  # innocent đồng per 10,000 held
HOLDABLE_KINDS: Final = frozenset({"account", "wallet"})


class Colour(StrEnum):
    GREEN = "GREEN"
    AMBER = "AMBER"
    RED = "RED"  # never sent


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account with taint, and what is known of how fast it empties."""

    bank: str
    account: str
    tau: int
    tau_min: int
    tau_max: int
    holdable: int
    kappa_percent: int = 100
    layer: int = 1
    kind: str = "account"
    never_block: bool = False
    low_value: bool = False
    thin: bool = False  # the share rule: almost all of the inflow is somebody else's
    dwell_minutes: float | None = None  # median stay of tainted money
    left_last_hour: float = 0.0  # share of the balance
    confirmed: bool = False  # in the registry
    cash_cap_per_day: int | None = None  # when only cash is open
    delay_hours: float | None = None
    most: int | None = None  # τ over all cases less what others hold here

    @property
    def reachable(self) -> int:
        """R: what a hold could take."""
        return max(0, min(self.holdable, self.tau))

    @property
    def hazard(self) -> float:
        """λ per hour: how fast the money goes."""
        found = [LEAST_HAZARD, self.left_last_hour]
        if self.dwell_minutes is not None:
            found.append(60 / self.dwell_minutes if self.dwell_minutes > 0 else MOST_HAZARD)
        if self.confirmed:
            found.append(CONFIRMED_HAZARD)
        hazard = min(MOST_HAZARD, max(found))
        if self.cash_cap_per_day is not None and self.reachable:
            hazard = min(hazard, self.cash_cap_per_day / self.reachable)
        return hazard

    @property
    def delay(self) -> float:
        """D hours until this bank acts."""
        return DEFAULT_DELAY if self.delay_hours is None else self.delay_hours

    @property
    def score(self) -> float:
        """Đồng expected to be saved by acting now."""
        return saved(self.reachable, self.hazard, self.delay)


class Verdict(Protocol):
    """What the forecast says of one candidate, in the order given."""

    @property
    def decision(self) -> str: ...  # keep | tick | leave_out
    @property
    def innocent(self) -> int: ...
    @property
    def reasons(self) -> Sequence[str]: ...


Forecast = Callable[[Sequence[tuple[Candidate, int]]], Sequence[Verdict]]


@dataclass(frozen=True, slots=True)
class Planned:
    """One account of the plan; tick: both signers have to."""

    bank: str
    account: str
    amount: int
    score: int
    innocent: int
    tick: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """One message per bank, its accounts by score; what is lost and unreachable is said."""

    method: str
    at: str
    colour: Colour
    messages: Mapping[str, tuple[Planned, ...]]
    left_out: tuple[tuple[str, str, int, str], ...]  # bank, account, đồng, reason
    lost: int  # in exits already
    unreachable: int  # frontier and pending

    @property
    def amount(self) -> int:
        return sum(one.amount for rows in self.messages.values() for one in rows)

    @property
    def innocent(self) -> int:
        return sum(one.innocent for rows in self.messages.values() for one in rows)

    def to_json(self) -> dict[str, Any]:
        """Whole numbers and text only."""
        return {
            "method": self.method,
            "at": self.at,
            "colour": self.colour.value,
            "messages": {
                bank: [
                    {
                        "account": one.account,
                        "amount": one.amount,
                        "score": one.score,
                        "innocent": one.innocent,
                        "tick": one.tick,
                    }
                    for one in rows
                ]
                for bank, rows in self.messages.items()
            },
            "left_out": [list(one) for one in self.left_out],
            "lost": self.lost,
            "unreachable": self.unreachable,
        }

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return canonical_bytes(self.to_json())


def saved(reachable: int, hazard: float, delay: float) -> float:
    """R·(1 − e^(−λh))·e^(−λd). Ranks only."""
    return reachable * (1 - exp(-hazard * HORIZON_HOURS)) * exp(-hazard * delay)


def plan(
    candidates: Sequence[Candidate],
    *,
    method: str,
    at: str,
    limit: int,
    forecast: Forecast,
    lost: int = 0,
    unreachable: int = 0,
) -> Plan:
    """Choose and size the holds.

    limit: the case's verified losses less what was returned and is held already; Σ amounts ≤ limit.
    """
    ranked = sorted(candidates, key=lambda one: (-one.score, one.reachable, one.bank, one.account))
    left_out: list[tuple[str, str, int, str]] = []
    sized: list[tuple[Candidate, int]] = []
    for one in ranked:
        amount = one.reachable if one.most is None else max(0, min(one.reachable, one.most))
        why = _why_not(one, amount)
        amount = min(amount, limit)
        if why is None and not amount:
            why = "limit"
        if why is not None:
            left_out.append((one.bank, one.account, one.tau, why))
            continue
        limit -= amount
        sized.append((one, amount))
    kept: list[Planned] = []
    for (one, amount), verdict in zip(sized, forecast(sized), strict=True):
        if verdict.decision == "leave_out":
            why = "forecast" + "".join(f":{reason}" for reason in verdict.reasons[:1])
            left_out.append((one.bank, one.account, one.tau, why))
        else:
            tick = verdict.decision == "tick"
            kept.append(
                Planned(one.bank, one.account, amount, int(one.score), verdict.innocent, tick)
            )
    messages = {
        bank: tuple(one for one in kept if one.bank == bank)
        for bank in sorted({one.bank for one in kept})
    }
    return Plan(
        method=method,
        at=at,
        colour=_colour(kept),
        messages=messages,
        left_out=tuple(sorted(left_out)),
        lost=lost,
        unreachable=unreachable,
    )


def changes(before: Plan | None, after: Plan) -> tuple[tuple[str, str, str, int], ...]:
    """What a new plan asks beyond the old: ("hold" | "release", bank, account, đồng)."""
    was = _amounts(before)
    will = _amounts(after)
    steps: list[tuple[str, str, str, int]] = []
    for bank, account in sorted(was.keys() | will.keys()):
        difference = will.get((bank, account), 0) - was.get((bank, account), 0)
        if difference:
            act = "hold" if difference > 0 else "release"
            steps.append((act, bank, account, abs(difference)))
    return tuple(steps)


def _why_not(one: Candidate, amount: int) -> str | None:
    if one.kind not in HOLDABLE_KINDS:
        return one.kind
    reasons = (
        (one.never_block, "never_block"),
        (one.low_value, "low_value"),
        (one.thin, "share"),
        (one.kappa_percent == 0, "confidence"),
        (amount == 0, "nothing_left"),
    )
    return next((why for holds, why in reasons if holds), None)


def _colour(kept: Sequence[Planned]) -> Colour:
    amount = sum(one.amount for one in kept)
    innocent = sum(one.innocent for one in kept)
    if innocent * 10_000 <= GREEN_BP * amount:
        return Colour.GREEN
    return Colour.AMBER if innocent * 10_000 <= AMBER_BP * amount else Colour.RED


def _amounts(one: Plan | None) -> dict[tuple[str, str], int]:
    if one is None:
        return {}
    return {(bank, row.account): row.amount for bank, rows in one.messages.items() for row in rows}
