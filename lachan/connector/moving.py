"""Moves short of an answer: a part of it, a question back, and what the asker says while the desk works (protocol §4)."""

from __future__ import annotations

from collections.abc import Sequence

from lachan.connector import outbox, talk
from lachan.connector.member import Member
from lachan.connector.store import Received
from lachan.exchange.conversation_states import Status
from lachan.exchange.deadlines import pause_limit
from lachan.exchange.kinds import Answer, MessageType, Priority, Row
from lachan.exchange.manifest import Outcome
from lachan.exchange.moves import Clarify
from lachan.members.directory_rows import member_address

CLARIFIED, UNCLARIFIED, DISPUTED = "clarified", "unclarified", "disputed"


def tell_partly(
    row: Received, member: Member, answer: Answer, rows: Sequence[Row], *, by: str
) -> None:
    """Send what is known; the ask stays at the desk and its clock runs on."""
    now = member.clock.now()
    outcome = Outcome(status=Status.AWAITING_DISCLOSURE.value, substate="partly_disclosed")
    with member.store.transaction():
        h = outbox.say(
            row, member, type_=MessageType.PARTIAL, outcome=outcome, body=answer, rows=rows, now=now,
        )  # fmt: skip
        member.store.note("delivered", now, by, h=h, conversation=row.conversation, kind=row.kind)


def ask_back(row: Received, member: Member, words: Clarify, *, by: str) -> None:
    """Ask the asker; the clock stops and the ask leaves the queue until the reply, or the limit, brings it back."""
    now = member.clock.now()
    outcome = Outcome(status=Status.AWAITING_DISCLOSURE.value, substate="clarifying")
    until = pause_limit(Priority(row.priority), now, talk.calendar(member))
    with member.store.transaction():
        h = outbox.say(row, member, type_=MessageType.CLARIFY, outcome=outcome, body=words, now=now)
        member.store.set_aside(row.h, "clarifying", until=until)
        member.store.put_due(row.h, talk.due_of(row, member))
        member.store.note("delivered", now, by, h=h, conversation=row.conversation, kind=row.kind)


def resume(row: Received, member: Member) -> None:
    """The pause has run out without a reply: the clock runs again, and the desk sees the ask."""
    member.store.to_desk(row.h, UNCLARIFIED)


def take(row: Received, member: Member) -> None:
    """What the asker said of its own ask, in the transaction that stores it."""
    ask = member.store.ask_of(row.conversation)
    if ask is None or member_address(ask.sender) != member_address(row.sender):
        return
    if row.type == MessageType.CLARIFICATION.value:
        member.store.put_due(ask.h, talk.due_of(ask, member))
        if ask.state in {"clarifying", "desk"}:
            member.store.to_desk(ask.h, CLARIFIED)
    elif row.type == MessageType.DISPUTE.value and ask.state == "answered":
        member.store.put_due(ask.h, talk.due_of(ask, member))
        member.store.db.execute("DELETE FROM desk_act WHERE h = ?", (ask.h,))
        member.store.to_desk(ask.h, DISPUTED)
