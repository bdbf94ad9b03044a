"""A conversation's state: what the messages seen so far amount to. Pure.

The state is a function of the *set* of messages: they are folded in the order of the centre's log,
per sender by `seq`, and a message whose predecessor is missing waits. So any delivery order, and any
repetition, gives the same state to the asker, the centre and the receiver (protocol §4).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from lachan.exchange.conversation_guards import takes
from lachan.exchange.conversation_seen import Entered, Seen
from lachan.exchange.conversation_states import FINAL, RefusalReason, Status
from lachan.exchange.deadlines import Deadline, Pause, WorkCalendar, deadline, pause_limit
from lachan.exchange.kinds import MessageKind, MessageType, Priority
from lachan.kernel.time import from_wire, to_wire
from lachan.members.directory_rows import member_address

MAX_GAP = 32  # messages buffered behind a missing one


class Conversation(msgspec.Struct, frozen=True):
    """The state; make one with `start`, move it with `step`."""

    id: str
    kind: str
    priority: Priority
    asker: str  # member addresses
    answerer: str
    messages: tuple[Seen, ...] = ()
    marks: Mapping[str, str] = msgspec.field(
        default_factory=dict
    )  # queued, sent, delivered, working → at
    status: Status = Status.AWAITING_APPROVAL
    substate: str = "drafted"
    history: tuple[Entered, ...] = ()
    ask_h: str | None = None
    effect: str | None = None
    rows: tuple[str, ...] = ()
    pauses: tuple[tuple[str, str | None], ...] = ()
    clock_start: str | None = None
    halved: bool = False  # after a dispute: half the first period
    late: tuple[str, ...] = ()  # H of answers that came after a final state
    ignored: tuple[str, ...] = ()  # H of messages that the state did not take
    waiting: tuple[str, ...] = ()  # H of messages behind a gap

    @property
    def final(self) -> bool:
        return self.status in FINAL or self.substate == "acknowledged"

    def missing(self) -> tuple[tuple[str, int], ...]:
        """(sender, seq) that are waited for."""
        found = set()
        for sender in (self.asker, self.answerer):
            seen = {one.seq for one in self.messages if one.sender == sender}
            found |= {(sender, seq) for seq in range(1, max(seen, default=0)) if seq not in seen}
        return tuple(sorted(found))

    def clock(self, declared: MessageKind, calendar: WorkCalendar) -> Deadline | None:
        """The running clock; None before the ask is accepted."""
        if self.clock_start is None:
            return None
        stops = []
        for begin, end in self.pauses:
            start = from_wire(begin)
            limit = pause_limit(self.priority, start, calendar)
            stops.append(Pause(start, limit if end is None else min(from_wire(end), limit)))
        clock = deadline(
            declared, self.priority, from_wire(self.clock_start), calendar, pauses=stops
        )
        return dataclasses.replace(clock, length=clock.length / 2) if self.halved else clock

    def to_json(self) -> dict[str, Any]:
        """What must be stored: messages and marks; the rest follows."""
        return {
            "id": self.id,
            "kind": self.kind,
            "priority": self.priority.value,
            "asker": self.asker,
            "answerer": self.answerer,
            "messages": msgspec.to_builtins(self.messages),
            "marks": dict(self.marks),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Conversation:
        empty = cls(
            id=data["id"],
            kind=data["kind"],
            priority=Priority(data["priority"]),
            asker=data["asker"],
            answerer=data["answerer"],
            messages=msgspec.convert(data["messages"], tuple[Seen, ...]),
            marks=dict(data["marks"]),
        )
        return _fold(empty)


def start(*, id: str, kind: str, priority: Priority, asker: str, answerer: str) -> Conversation:  # noqa: A002 - the wire's own name
    """A conversation before its first message."""
    return Conversation(
        id=id,
        kind=kind,
        priority=priority,
        asker=member_address(asker),
        answerer=member_address(answerer),
    )


def step(
    state: Conversation, message: Seen, now: datetime
) -> tuple[Conversation, tuple[Entered, ...]]:
    """Take one more message; the same one again changes nothing. Returns the states newly entered."""
    if any(one.h == message.h for one in state.messages):
        return state, ()
    after = _fold(replace(state, messages=(*state.messages, message)), now=now)
    return after, tuple(entry for entry in after.history if entry not in state.history)


def mark(state: Conversation, name: str, at: datetime) -> Conversation:
    """Note a step of transport or of the desk: partly_signed, queued, sent, delivered, working, undeliverable, lapsed."""
    if name in state.marks:
        return state
    return _fold(replace(state, marks={**state.marks, name: to_wire(at)}))


_ORDER = ("partly_signed", "queued", "sent", "delivered", "accepted", "working")


def _fold(state: Conversation, *, now: datetime | None = None) -> Conversation:
    """The state from nothing but its messages and marks."""
    del now  # the fold is timeless: clocks are asked with a time of their own
    fresh = Conversation(
        id=state.id,
        kind=state.kind,
        priority=state.priority,
        asker=state.asker,
        answerer=state.answerer,
        messages=state.messages,
        marks=state.marks,
    )
    pending = sorted(state.messages, key=lambda one: (one.at, one.id))
    next_seq = {state.asker: 1, state.answerer: 1}
    known: set[str] = set()
    moved = True
    while moved:
        moved = False
        for one in pending:
            ready = one.seq == next_seq.get(one.sender) and (
                one.in_reply_to is None or one.in_reply_to in known or one.type is MessageType.ASK
            )
            if ready:
                pending.remove(one)
                next_seq[one.sender] += 1
                known.add(one.h)
                fresh = _apply(fresh, one)
                moved = True
                break
    if pending:
        fresh = replace(fresh, waiting=tuple(one.h for one in pending))
    return _with_marks(fresh)


def _with_marks(state: Conversation) -> Conversation:  # noqa: PLR0911 - one guard a line
    if "lapsed" in state.marks and state.ask_h is None:
        return replace(state, status=Status.CANCELLED, substate="lapsed")
    reached = [name for name in _ORDER if name in state.marks]
    if state.ask_h is None:
        if not reached:
            return state
        last = reached[-1]
        if last == "partly_signed":
            return replace(state, substate=last)
        return replace(state, status=Status.AWAITING_DISCLOSURE, substate=last)
    if state.status is Status.AWAITING_DISCLOSURE and state.substate == "accepted":
        if "undeliverable" in state.marks and "delivered" not in state.marks:
            return replace(state, status=Status.ERROR, substate="undeliverable")
        if "working" in state.marks:
            return replace(state, substate="working")
    return state


def _apply(state: Conversation, one: Seen) -> Conversation:
    if one.type is MessageType.ASK:
        if state.ask_h is not None or one.sender != state.asker:
            return replace(state, ignored=(*state.ignored, one.h))
        opened = replace(state, ask_h=one.h, clock_start=one.at)
        return _enter(opened, Status.AWAITING_DISCLOSURE, "accepted", one)
    names_ask = (
        one.type not in {MessageType.ANSWER, MessageType.PARTIAL, MessageType.REFUSE}
        or one.in_reply_to == state.ask_h
    )
    if not names_ask or not takes(state, one):
        return replace(state, ignored=(*state.ignored, one.h))
    return _move(state, one)


def _move(state: Conversation, one: Seen) -> Conversation:  # noqa: C901, PLR0911 - one branch a type
    if one.type is MessageType.NOTICE:
        return state
    if one.type in {MessageType.PARTIAL, MessageType.ANSWER}:
        new_rows = tuple(row for row in one.rows if row not in state.rows)
        if one.type is MessageType.ANSWER and state.status in FINAL:
            return replace(state, late=(*state.late, one.h))
        state = _resume(state, one)
        state = replace(state, rows=(*state.rows, *new_rows), effect=one.effect or state.effect)
        if one.type is MessageType.PARTIAL:
            return _enter(state, Status.AWAITING_DISCLOSURE, "partly_disclosed", one)
        return _enter(state, Status.DISCLOSED, "complete", one)
    if one.type is MessageType.CLARIFY:
        state = replace(state, pauses=(*state.pauses, (one.at, None)))
        return _enter(state, Status.AWAITING_DISCLOSURE, "clarifying", one)
    if one.type is MessageType.CLARIFICATION:
        return _enter(_resume(state, one), Status.AWAITING_DISCLOSURE, "working", one)
    if one.type is MessageType.REFUSE:
        try:
            status, substate = RefusalReason(one.reason or "").leads_to
        except ValueError:
            status, substate = Status.REJECTED, "by_desk"
        return _enter(_resume(state, one), status, substate, one)
    if one.type is MessageType.CANCEL:
        return _enter(_resume(state, one), Status.CANCELLED, "by_asker", one)
    if one.type is MessageType.DISPUTE:
        again = replace(state, halved=True, clock_start=one.at, pauses=state.pauses)
        return _enter(again, Status.AWAITING_DISCLOSURE, "working", one)
    return _enter(state, Status.DISCLOSED, "acknowledged", one)


def _resume(state: Conversation, one: Seen) -> Conversation:
    if state.pauses and state.pauses[-1][1] is None:
        begin = state.pauses[-1][0]
        return replace(state, pauses=(*state.pauses[:-1], (begin, one.at)))
    return state


def _enter(state: Conversation, status: Status, substate: str, one: Seen) -> Conversation:
    entry = Entered(status=status, substate=substate, at=one.at, h=one.h, actor=one.sender)
    return replace(state, status=status, substate=substate, history=(*state.history, entry))
