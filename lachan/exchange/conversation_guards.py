"""Whether a conversation takes a message now, and what a side may send next. Pure (protocol §4).

Guards of the table of moves: a clarification is asked once and never in the golden hour, an effect ends only through its own
kind, an answer is disputed once and within ten business days, a late answer is taken for thirty days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lachan.exchange.conversation_states import FINAL, Status
from lachan.exchange.conversation_turns import BY_ANSWERER, BY_ASKER, TAKES
from lachan.exchange.deadlines import DAY, WorkCalendar
from lachan.exchange.errors import ReplyHash, StateConflict
from lachan.exchange.kinds import MessageType, Priority
from lachan.kernel.time import from_wire

if TYPE_CHECKING:
    from lachan.exchange.conversation import Conversation
    from lachan.exchange.conversation_seen import Seen

LATE_ANSWERS = timedelta(days=30)
DISPUTE_DAYS = 10  # business days after the answer
_NAMES_ASK = frozenset({MessageType.ANSWER, MessageType.PARTIAL, MessageType.REFUSE})


def takes(state: Conversation, one: Seen) -> bool:
    """Whether the message moves the state. Timeless but for late answers: a dispute's time is the centre's to judge."""
    if one.sender not in {state.asker, state.answerer} or one.type not in _side(state, one.sender):
        return False
    if one.type is MessageType.NOTICE:
        return True
    if one.type is MessageType.ANSWER and state.status in FINAL and not state.late:
        return from_wire(one.at) <= from_wire(state.history[-1].at) + LATE_ANSWERS
    return one.type in _open(state)


def sendable(
    state: Conversation, sender: str, at: datetime, calendar: WorkCalendar
) -> frozenset[MessageType]:
    """What a side (a member's address) may send at that time; notices, which pass always, apart."""
    found = _open(state) & _side(state, sender)
    until = dispute_until(state, calendar)
    if until is None or at > until:
        found -= {MessageType.DISPUTE}
    return found


def dispute_until(state: Conversation, calendar: WorkCalendar) -> datetime | None:
    """The last instant for a dispute of the newest answer; None when there is none."""
    ends = [one.at for one in state.history if one.substate == "complete"]
    return calendar.add(from_wire(ends[-1]), DISPUTE_DAYS * DAY) if ends else None


def ensure_takes(state: Conversation, message: Seen, calendar: WorkCalendar) -> None:
    """What the centre asks before it accepts a message, so that a wrong one is refused and not ignored.

    Raises: StateConflict with the state and the types that it takes; ReplyHash.
    """
    if message.type is MessageType.ASK:
        if state.ask_h not in {None, message.h}:
            raise _conflict(state, message, calendar)
        return
    if state.ask_h is None:
        return  # it waits for its ask
    if message.type in _NAMES_ASK and message.in_reply_to != state.ask_h:
        raise ReplyHash(field="in_reply_to")
    until = dispute_until(state, calendar)
    out_of_time = (
        message.type is MessageType.DISPUTE and until is not None and from_wire(message.at) > until
    )
    if out_of_time or not takes(state, message):
        raise _conflict(state, message, calendar)


def _conflict(state: Conversation, message: Seen, calendar: WorkCalendar) -> StateConflict:
    allowed = sendable(state, message.sender, from_wire(message.at), calendar)
    return StateConflict(
        state=f"{state.status}/{state.substate}", allowed=", ".join(sorted(allowed)) or "-"
    )


def _side(state: Conversation, sender: str) -> frozenset[MessageType]:
    return BY_ASKER if sender == state.asker else BY_ANSWERER


def _open(state: Conversation) -> frozenset[MessageType]:
    """The types that the state takes, its guards applied."""
    found = TAKES.get((state.status, state.substate), frozenset())
    if state.priority is Priority.P0 or state.pauses:
        found -= {MessageType.CLARIFY}
    if state.effect is not None or state.status is Status.DISCLOSED:
        found -= {MessageType.CANCEL}
    if state.halved:
        found -= {MessageType.DISPUTE}
    return found
