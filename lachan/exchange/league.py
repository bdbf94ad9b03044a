"""Who answers in time: counts of one month for each kind and member, and an order that small numbers cannot win. Pure.

The order is the lower bound of the 95 % Wilson score interval of the share answered in time (E. B. Wilson, JASA 22, 1927), so
that three of three stand below 97 of 100 (exchange.md §4). A refusal in time counts neither way; one that comes late is late,
else silence could be refused away. A deadline whose law is not verified is a service target: counted the same, ranked apart.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import NamedTuple, Protocol

from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.deadlines import DAY, measure, parse_duration
from lachan.exchange.kinds import MessageKind, Priority
from lachan.exchange.punctuality import Ending

Z = 1.959963984540054  # the normal quantile of 97.5 %: two-sided 95 %
FEWEST = 5  # members below which a spread would name somebody
LAWFUL = frozenset(
    {
        RefusalReason.OUT_OF_SCOPE, RefusalReason.MANDATE_UNKNOWN, RefusalReason.MANDATE_EXPIRED, RefusalReason.NOT_ADOPTED,
        RefusalReason.STAGE_NOT_PERMITTED, RefusalReason.SIGNERS_INSUFFICIENT, RefusalReason.AMOUNT_OVER_CAP,
        RefusalReason.LEASE_TOO_LONG, RefusalReason.ASKER_NOT_ALLOWED, RefusalReason.TOO_BROAD, RefusalReason.PROTECTED_SUBJECT,
        RefusalReason.DUPLICATE, RefusalReason.CONFLICTING_ORDER, RefusalReason.LEGAL_OBJECTION,
    }
)  # fmt: skip


class Period(Protocol):
    """What is read of a row of the profile's deadlines."""

    @property
    def clock(self) -> str: ...
    @property
    def length(self) -> int | str: ...
    @property
    def owner(self) -> str: ...
    @property
    def verified(self) -> bool: ...


class Talk(NamedTuple):
    """One conversation as its row has it; `by_law`: its deadline is one of verified law."""

    kind: str
    member: str
    by_law: bool
    ending: str
    reason: str
    late: bool
    worked_seconds: int | None
    due_at: datetime
    open: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One line: all of `asked` = on_time + late + overdue + refused + pending + withdrawn.

    overdue: open and past its end; pending: open and in time; refused: in time, `lawfully` of them for a reason of law;
    median_seconds, p95_seconds: of the answers' working time (None without one); bound: None where nothing counts.
    """

    kind: str
    member: str
    by_law: bool
    asked: int
    on_time: int
    late: int
    overdue: int
    refused: int
    lawfully: int
    pending: int
    withdrawn: int
    median_seconds: int | None
    p95_seconds: int | None
    bound: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """Quartiles of the bound over all members of a kind; nobody is named, and fewer than five members have none."""

    kind: str
    by_law: bool
    members: int
    low: float
    middle: float
    high: float


@dataclass(slots=True)
class _Count:
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    worked: list[int] = field(default_factory=list)


def wilson(successes: int, trials: int) -> float | None:
    """Lower bound of the 95 % interval; None without a trial."""
    if not trials:
        return None
    share, square = successes / trials, Z * Z
    middle = share + square / (2 * trials)
    width = Z * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    return max(0.0, (middle - width) / (1 + square / trials))


def percentile(values: Sequence[int], percent: int) -> int | None:
    """The nearest rank: the smallest value that at least so many percent do not exceed. It is one that was measured."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] if ordered else None


def standings(talks: Iterable[Talk], now: datetime) -> list[Standing]:
    """A line for each kind, member and sort of deadline, the best bound first, without any last.

    A pause that was declined is left out: nobody is bound to grant one.
    """
    found: dict[tuple[str, str, bool], _Count] = defaultdict(_Count)
    for one in talks:
        what = _counts_as(one, now)
        if not what:
            continue
        line = found[one.kind, one.member, one.by_law]
        line.counts["asked"] += 1
        line.counts[what] += 1
        line.counts["lawfully"] += what == "refused" and one.reason in LAWFUL
        if one.ending == Ending.ANSWERED and one.worked_seconds is not None:
            line.worked.append(one.worked_seconds)
    lines = [_standing(*key, one) for key, one in found.items()]
    return sorted(lines, key=lambda one: (one.bound is None, -(one.bound or 0), one.member, one.kind))  # fmt: skip


def _counts_as(one: Talk, now: datetime) -> str:
    if one.kind == "pause" and one.reason == RefusalReason.DECLINED:
        return ""
    if not one.ending:
        return "" if not one.open else "overdue" if now > one.due_at else "pending"
    if one.late:
        return "late"
    return {
        Ending.ANSWERED.value: "on_time",
        Ending.REFUSED.value: "refused",
        Ending.WITHDRAWN.value: "withdrawn",
    }[one.ending]


def _standing(kind: str, member: str, by_law: bool, line: _Count) -> Standing:  # noqa: FBT001 - a part of the key
    n = line.counts
    return Standing(
        kind=kind,
        member=member,
        by_law=by_law,
        asked=n["asked"],
        on_time=n["on_time"],
        late=n["late"],
        overdue=n["overdue"],
        refused=n["refused"],
        lawfully=n["lawfully"],
        pending=n["pending"],
        withdrawn=n["withdrawn"],
        median_seconds=round(median(line.worked)) if line.worked else None,
        p95_seconds=percentile(line.worked, 95),
        bound=wilson(n["on_time"], n["on_time"] + n["late"] + n["overdue"]),
    )


def spreads(lines: Iterable[Standing]) -> list[Spread]:
    """For each kind and sort of deadline with at least five members that have a bound."""
    bounds: dict[tuple[str, bool], list[float]] = defaultdict(list)
    for one in lines:
        if one.bound is not None:
            bounds[one.kind, one.by_law].append(one.bound)
    return [
        Spread(kind, by_law, len(values), *quantiles(values, n=4, method="inclusive"))
        for (kind, by_law), values in sorted(bounds.items())
        if len(values) >= FEWEST
    ]


def by_law(
    declared: MessageKind, priority: Priority, member_kind: str, periods: Mapping[str, Period]
) -> bool:
    """The clock that runs is a member's period of verified law: a row `<kind>` or `<kind>.<member kind>` of that length."""
    rows = (periods.get(f"{declared.name}.{member_kind}"), periods.get(declared.name))
    row = next((one for one in rows if one is not None), None)
    if row is None or row.owner != "member" or not row.verified:
        return False
    length, business = measure(declared.due.limit(priority))
    return (length, business) == _length(row)


def _length(row: Period) -> tuple[timedelta, bool] | None:
    if row.clock == "elapsed" and isinstance(row.length, str):
        return parse_duration(row.length), False
    if row.clock == "working_days" and isinstance(row.length, int):
        return row.length * DAY, True
    return None
