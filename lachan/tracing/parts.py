"""A composition: what a sum of money consists of, as an ordered list of (label or clean, đồng).

The label is a victim; `None` is clean money. Whole numbers only: a share that loses one đồng is
not evidence (specs: tracing §1.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Part = tuple[str | None, int]


def merged(parts: Iterable[Part]) -> list[Part]:
    """The same composition with neighbours of equal label joined and empty parts left out."""
    out: list[Part] = []
    for label, amount in parts:
        if amount == 0:
            continue
        if out and out[-1][0] == label:
            out[-1] = (label, out[-1][1] + amount)
        else:
            out.append((label, amount))
    return out


def total(parts: Iterable[Part]) -> int:
    """Everything, clean money included."""
    return sum(amount for _, amount in parts)


def taint_of(parts: Iterable[Part]) -> dict[str, int]:
    """Victim to đồng, clean money left out."""
    found: dict[str, int] = {}
    for label, amount in parts:
        if label is not None and amount:
            found[label] = found.get(label, 0) + amount
    return found


def tainted(parts: Iterable[Part]) -> int:
    """Sum of all victims' parts."""
    return sum(amount for label, amount in parts if label is not None)


def cleaned(parts: Iterable[Part], labels: frozenset[str] | None = None) -> list[Part]:
    """The same sums with these labels (None: all) turned into clean money."""
    return merged(
        (None if labels is None or label in labels else label, amount) for label, amount in parts
    )


def shared(amount: int, weights: Sequence[int]) -> list[int]:
    """Split in proportion, by largest remainder; ties go to the earlier weight.

    amount: 0 ≤ amount ≤ Σ weights, so that no share is above its weight.
    """
    whole = sum(weights)
    if amount == 0 or whole == 0:
        return [0] * len(weights)
    shares = [amount * weight // whole for weight in weights]
    missing = amount - sum(shares)
    if missing:
        by_remainder = sorted(
            range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i)
        )
        for index in by_remainder[:missing]:
            shares[index] += 1
    return shares
