"""What passes between the two legs of an event, and what a replay keeps fixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lachan.tracing.model import Policy, Seed
from lachan.tracing.parts import Part
from lachan.tracing.purse import Purse

Sums = dict[str, dict[str, int]]  # node (or event, or cap) to victim to đồng
Diverted = tuple[str, str, str, dict[str, int]]  # event, account, exit or cap, victim to đồng
Held = tuple[str, str]  # (account that the money left or came to, exit or cap)


@dataclass(slots=True)
class Outgoing:
    """What leaves one account for another: first what a reversal gives back, then the rest."""

    amount: int
    parts: list[Part]
    restored: list[Part] = field(default_factory=list)

    @property
    def all(self) -> list[Part]:
        return [*self.restored, *self.parts]


@dataclass(slots=True)
class Pot:
    """The money of one reference in a transit account."""

    purse: Purse
    layer: int | None = None


@dataclass(frozen=True)
class Rules:
    """What does not change during a replay."""

    kind: Callable[[str | None], str]
    opening: Callable[[str], int]
    policy: Policy
    seeds: Mapping[str, tuple[Seed, ...]]  # event to its seeds, victims in label order
    homes: Mapping[str, frozenset[str]]  # account to the victims whose own it is
    reversed_events: Mapping[str, str | None]  # whose parts must be remembered, to their links
    bad_reversals: frozenset[str] = frozenset()


def add(sums: dict[str, int], more: Mapping[str, int]) -> None:
    """Add victim by victim; a zero leaves no row."""
    for victim, amount in more.items():
        value = sums.get(victim, 0) + amount
        if value:
            sums[victim] = value
        else:
            sums.pop(victim, None)
