"""Where to hold money first: the đồng that acting now is expected to save, account by account.

Floats rank only; every amount is whole đồng. Equal inputs give equal bytes (specs: tracing §5). What the law lets a plan
do comes in from outside: why an account may not be held, and the forecast of harm. This module knows no holder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any, Final, Protocol

from lachan.tracing.model import canonical_bytes

HORIZON_HOURS: Final = 1.0
DEFAULT_DELAY: Final = 0.25  # hours, of a bank without answers in the last 30 days
LEAST_HAZARD, MOST_HAZARD, CONFIRMED_HAZARD = 0.05, 60.0, 2.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account with taint, and what is known of how fast it empties."""

    bank: str
    account: str
    tau: int
    holdable: int
    most: int | None = None  # τ over all cases less what others hold here
    barred: str = ""  # the rule by which it may not be held at all, a code
    dwell_minutes: float | None = None  # median stay of tainted money
    left_last_hour: float = 0.0  # share of the balance
    confirmed: bool = False  # in the registry
    cash_cap_per_day: int | None = None  # when only cash is open
    delay_hours: float | None = None

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
        """Hours until this bank acts."""
        return DEFAULT_DELAY if self.delay_hours is None else self.delay_hours

    @property
    def score(self) -> float:
        """Đồng expected to be saved by acting now."""
        return saved(self.reachable, self.hazard, self.delay)


class Verdict(Protocol):
    """What the forecast says of one account of the plan."""

    @property
    def decision(self) -> str: ...  # keep | tick | leave_out
    @property
    def innocent(self) -> int: ...  # expected đồng of people who did nothing


class Forecast(Protocol):
    """The rules of harm, passed in."""

    def judge(self, one: Candidate, amount: int) -> Verdict: ...
    def colour(
        self, kept: Sequence[Verdict]
    ) -> str: ...  # GREEN, AMBER, or RED, which is never sent


@dataclass(frozen=True, slots=True)
class Decided:
    """One candidate in the order of the scores. `why`: the rule that left it out, "" when it is in."""

    candidate: Candidate
    amount: int
    verdict: Verdict
    why: str

    @property
    def tick(self) -> bool:
        """Both signers have to say that they saw the doubt."""
        return not self.why and self.verdict.decision == "tick"


@dataclass(frozen=True, slots=True)
class Plan:
    """Every candidate with its decision; what is lost and unreachable is said."""

    method: str
    at: str
    colour: str
    decided: tuple[Decided, ...]
    lost: int  # in exits already
    unreachable: int  # frontier and pending

    @property
    def messages(self) -> Mapping[str, tuple[Decided, ...]]:
        """One message a bank, its accounts by score; all banks in parallel."""
        kept = [one for one in self.decided if not one.why]
        banks = sorted({one.candidate.bank for one in kept})
        return {bank: tuple(one for one in kept if one.candidate.bank == bank) for bank in banks}

    @property
    def left_out(self) -> tuple[tuple[str, str, int, str], ...]:
        """Bank, account, its tainted đồng, the rule."""
        out = [(one.candidate, one.why) for one in self.decided if one.why]
        return tuple(sorted((one.bank, one.account, one.tau, why) for one, why in out))

    @property
    def amount(self) -> int:
        return sum(one.amount for one in self.decided if not one.why)

    @property
    def innocent(self) -> int:
        return sum(one.verdict.innocent for one in self.decided if not one.why)

    def to_json(self) -> dict[str, Any]:
        """Whole numbers and text only."""
        return {
            "method": self.method,
            "at": self.at,
            "colour": self.colour,
            "messages": {
                bank: [
                    {
                        "account": one.candidate.account,
                        "amount": one.amount,
                        "score": int(one.candidate.score),
                        "innocent": one.verdict.innocent,
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
    least: int = 1,
    lost: int = 0,
    unreachable: int = 0,
) -> Plan:
    """Choose and size the holds, the most urgent đồng first.

    limit: the case's verified losses less what was returned and is held already; Σ amounts ≤ limit. least: below it a
    hold costs its bystander more than it saves its victim.
    """
    ranked = sorted(candidates, key=lambda one: (-one.score, one.reachable, one.bank, one.account))
    decided: list[Decided] = []
    for one in ranked:
        room = one.reachable if one.most is None else max(0, min(one.reachable, one.most))
        amount = max(0, min(room, limit))
        verdict = forecast.judge(one, amount)
        why = _why_not(one, amount, least, verdict)
        decided.append(Decided(one, amount, verdict, why))
        if not why:
            limit -= amount
    kept = [one.verdict for one in decided if not one.why]
    return Plan(method, at, forecast.colour(kept), tuple(decided), lost, unreachable)


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


def _why_not(one: Candidate, amount: int, least: int, verdict: Verdict) -> str:
    reasons = (
        (bool(one.barred), one.barred),
        (amount == 0, "no_loss_left" if one.reachable else "no_balance"),
        (amount < least, "low_value"),
        (verdict.decision == "leave_out", "forecast"),
    )
    return next((why for holds, why in reasons if holds), "")


def _amounts(one: Plan | None) -> dict[tuple[str, str], int]:
    if one is None:
        return {}
    return {
        (bank, row.candidate.account): row.amount
        for bank, rows in one.messages.items()
        for row in rows
    }
