"""How far a figure can be relied on: the range over the methods, and κ with its four factors.

κ = agree · cover · order · link in [0, 1], always shown with the four, never called a probability
(specs: tracing §1.7). Exact fractions; a page rounds to two places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from lachan.tracing.movements import Movement
from lachan.tracing.trace import Trace

ASSUMED_OPENING: Final = Fraction(8, 10)
BY_REFERENCE, BY_AMOUNT, BEST_OF_SEVERAL = Fraction(1), Fraction(9, 10), Fraction(6, 10)


@dataclass(frozen=True, slots=True)
class Confidence:
    """The four factors of one account's figure."""

    agree: Fraction  # least over most taint of the methods
    cover: Fraction  # share of the time since the first tainted credit that the statement covers
    order: Fraction  # tainted debits whose place in the order is certain
    link: Fraction  # tainted inflow weighted by how its credit was found

    @property
    def kappa(self) -> Fraction:
        return self.agree * self.cover * self.order * self.link

    @property
    def percent(self) -> int:
        """κ in whole per cent, rounded half up."""
        return int(self.kappa * 100 + Fraction(1, 2))

    def to_json(self) -> dict[str, str]:
        """Two decimals each, as text."""
        factors = {
            "agree": self.agree,
            "cover": self.cover,
            "order": self.order,
            "link": self.link,
            "kappa": self.kappa,
        }
        return {name: two_decimals(value) for name, value in factors.items()}


def taint_range(traces: Mapping[str, Trace], account: str) -> tuple[int, int]:
    """Least and most taint of an account over the conserving methods."""
    sums = [one.taint(account) for name, one in traces.items() if name != "poison"]
    return min(sums, default=0), max(sums, default=0)


def agreement(least: int, most: int) -> Fraction:
    """1 when the methods agree, 0 when one of them finds nothing."""
    return Fraction(least, most) if most else Fraction(1)


def coverage(
    first_credit: int,
    as_of: int,
    covered: tuple[int, int] | None,
    *,
    opening_assumed: bool = False,
) -> Fraction:
    """Share of [first tainted credit, as_of] within the statement's own span (both in seconds)."""
    factor = ASSUMED_OPENING if opening_assumed else Fraction(1)
    if covered is None:
        return Fraction(0)
    if as_of <= first_credit:
        return factor if covered[0] <= first_credit <= covered[1] else Fraction(0)
    common = min(as_of, covered[1]) - max(first_credit, covered[0])
    return factor * Fraction(max(0, common), as_of - first_credit)


def order_certainty(debits: Iterable[Movement], uncertain: frozenset[str]) -> Fraction:
    """1 less the uncertain share of an account's tainted debits, by number; 1 if there are none."""
    names = [move.id for move in debits]
    if not names:
        return Fraction(1)
    return 1 - Fraction(sum(name in uncertain for name in names), len(names))


def link_quality(inflow: Iterable[tuple[int, Fraction]]) -> Fraction:
    """Tainted đồng and the quality of each one's link, averaged; 1 if there is none."""
    rows = list(inflow)
    whole = sum(amount for amount, _ in rows)
    if not whole:
        return Fraction(1)
    return sum((amount * quality for amount, quality in rows), Fraction(0)) / whole


def confidence_of(
    account: str,
    traces: Mapping[str, Trace],
    movements: Iterable[Movement],
    *,
    as_of: int,
    covered: tuple[int, int] | None = None,
    opening_assumed: bool = False,
    qualities: Mapping[str, Fraction] | None = None,
) -> Confidence:
    """All four for one account of a central trace.

    movements: of the chosen method; covered: the statement's span, None: the ledger covers all.
    qualities: event to link quality, 1 where it says nothing.
    """
    moves = list(movements)
    credits_in = [move for move in moves if move.dst == account]
    first = min((move.time for move in credits_in), default=as_of)
    uncertain = frozenset(name for one in traces.values() for name in one.order_uncertain)
    return Confidence(
        agree=agreement(*taint_range(traces, account)),
        cover=coverage(
            first, as_of, covered or (first, max(first, as_of)), opening_assumed=opening_assumed
        ),
        order=order_certainty((move for move in moves if move.src == account), uncertain),
        link=link_quality(
            (move.tainted, (qualities or {}).get(move.id, BY_REFERENCE)) for move in credits_in
        ),
    )


def two_decimals(value: Fraction) -> str:
    """0.52 for 0.52199…: half up, no floats."""
    hundredths = int(value * 100 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02d}"
