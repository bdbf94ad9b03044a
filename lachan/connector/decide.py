"""Who answers an ask: this process alone, the desk, or nobody. Pure.

The kind's declaration says who may at most; the member's own policy can only be stricter than that,
except that it may itself answer alone what the declaration leaves to conditions it has checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lachan.connector.config import PolicyRow
from lachan.exchange.kinds import Auto, MessageKind, Priority
from lachan.kernel.time import to_ict


class Way(StrEnum):
    """How an ask goes on."""

    AUTO = "auto"
    DESK = "desk"
    TWO_DESK = "two_desk"
    REFUSE = "refuse"
    BY_HAND = "by_hand"  # the core's part alone: who decides stays as declared


@dataclass(frozen=True, slots=True)
class Decision:
    """`why` is a code for the desk page and the log; for a refusal, the reason on the wire."""

    way: Way
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an ask when it is decided. `participation` None: holds no accounts."""

    kind: MessageKind
    ask: Mapping[str, Any]
    mandates: frozenset[str]
    priority: Priority
    participation: int | None
    core_ready: bool
    anchored: bool


_LEVELS = {"confirm_transfer": 2, "trace_credit": 3, "pause": 5}


def decide(facts: Facts, policy: Sequence[PolicyRow], now: datetime) -> Decision:
    """The first of: core down, level of participation, declaration, own policy."""
    declared, own = _declared(facts), _own(facts, policy, now)
    core_ready = facts.core_ready or own is Way.BY_HAND
    if declared.way is Way.AUTO and not core_ready:
        return Decision(Way.DESK, "core_unavailable")  # a refusal is never invented
    level = _LEVELS.get(facts.kind.name)
    if level is not None and facts.participation is not None and facts.participation < level:
        return Decision(Way.DESK, "participation")
    if own is None or own is Way.BY_HAND:
        return declared
    if facts.kind.auto is Auto.TWO_DESK or (own is Way.AUTO and facts.kind.auto is Auto.DESK):
        return declared  # the member may be stricter than the declaration, never looser
    if own is Way.AUTO and not facts.core_ready:
        return Decision(Way.DESK, "core_unavailable")
    return Decision(own, "policy")


def by_hand(facts: Facts, policy: Sequence[PolicyRow], now: datetime) -> bool:
    """A person carries it out in the core, by the member's own policy."""
    return _own(facts, policy, now) is Way.BY_HAND


def _declared(facts: Facts) -> Decision:
    auto = facts.kind.auto
    if auto is Auto.ALONE:
        return Decision(Way.AUTO)
    if auto is Auto.DESK:
        return Decision(Way.DESK, "declared")
    if auto is Auto.TWO_DESK:
        return Decision(Way.TWO_DESK, "declared")
    if facts.kind.auto_only_p0 and facts.priority is not Priority.P0:
        return Decision(Way.DESK, "not_golden_hour")
    if facts.kind.anchored and not facts.anchored:
        return Decision(Way.DESK, "not_anchored")
    return Decision(Way.AUTO)


def _own(facts: Facts, policy: Sequence[PolicyRow], now: datetime) -> Way | None:
    """The first row that speaks of this kind; outside its hours or above its sum, the desk."""
    for row in policy:
        if row.kind != facts.kind.name:
            continue
        if row.mandates and not facts.mandates <= set(row.mandates):
            continue
        amount = facts.ask.get(facts.kind.money or "")
        over = row.max_vnd is not None and isinstance(amount, int) and amount > row.max_vnd
        if over or not _open(row.hours, now):
            return Way.DESK
        return Way(row.action)
    return None


def _open(hours: str, now: datetime) -> bool:
    """`HH-HH` in ICT, the second may be smaller (over midnight); empty: always."""
    if not hours:
        return True
    start, _, end = hours.partition("-")
    first, last, hour = int(start), int(end), to_ict(now).hour
    return first <= hour < last if first <= last else hour >= first or hour < last
