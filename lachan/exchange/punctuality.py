"""How a conversation ended for the one who was asked: with what, in time or late, after how much work. Pure.

The first period is judged and nothing after it: a dispute opens a second clock, which escalates as any other and changes
no figure of the first (exchange.md §4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from msgspec.structs import replace

from lachan.exchange.conversation import Conversation
from lachan.exchange.conversation_states import Status
from lachan.exchange.deadlines import WorkCalendar
from lachan.exchange.kinds import MessageKind
from lachan.kernel.time import from_wire


class Ending(StrEnum):
    """What ended the first period. That nothing is found or held is an answer; a technical fault ends nothing."""

    ANSWERED = "ANSWERED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"  # by the asker


_ENDS = {
    Status.DISCLOSED: Ending.ANSWERED,
    Status.NOT_AVAILABLE: Ending.ANSWERED,
    Status.REJECTED: Ending.REFUSED,
    Status.CANCELLED: Ending.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """`reason`: of a refusal, or of an answer that nothing is there; `worked`: time of the ask's own clock, pauses out."""

    ending: Ending
    reason: str
    late: bool
    worked: timedelta


def judged(state: Conversation, declared: MessageKind, calendar: WorkCalendar) -> Judged | None:
    """The end of the first period; None while it runs."""
    end = next((one for one in state.history if one.status in _ENDS), None)
    if end is None or state.ask_h is None:
        return None
    begun = replace(state, clock_start=state.history[0].at, halved=False)
    clock = begun.clock(declared, calendar)
    if clock is None:
        return None
    at = from_wire(end.at)
    reason = next((one.reason for one in state.messages if one.h == end.h), None)
    return Judged(
        ending=_ENDS[end.status],
        reason=reason or "",
        late=at > clock.due_at,
        worked=clock.worked(at),
    )
