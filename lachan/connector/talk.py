"""A conversation as this member knows it: the same state machine, fed from its own inbox and outbox (protocol §4)."""

from __future__ import annotations

from datetime import datetime

from lachan.connector.member import Member
from lachan.connector.store import Received
from lachan.exchange.conversation import Conversation, start, step
from lachan.exchange.conversation_guards import sendable
from lachan.exchange.conversation_seen import Seen
from lachan.exchange.deadlines import WorkCalendar
from lachan.exchange.envelope import Draft, Envelope
from lachan.exchange.kinds import MessageType, Priority, kind
from lachan.exchange.receipts import LOGGED, open_compact
from lachan.kernel.time import from_wire


def calendar(member: Member) -> WorkCalendar:
    """The working days of the signed profile; without it every weekday counts: earlier, never later."""
    catalogue = member.trust.catalogue
    return WorkCalendar() if catalogue is None else catalogue.calendar


def conversation_of(row: Received, member: Member) -> Conversation:
    """What has been said about an ask, both ways; what the centre refused was never said.

    Times are the centre's; a message that it has not receipted yet counts from its writing.
    """
    state = start(
        id=row.conversation,
        kind=row.kind,
        priority=Priority(row.priority),
        asker=row.sender,
        answerer=member.address,
    )
    now = member.clock.now()
    for one in (*_heard(row, member), *_told(row, member)):
        state, _ = step(state, one, now)
    return state


def may_send(row: Received, member: Member) -> frozenset[MessageType]:
    """The types that this member may send about an ask now."""
    state = conversation_of(row, member)
    return sendable(state, state.answerer, member.clock.now(), calendar(member))


def due_of(row: Received, member: Member) -> datetime | None:
    """When the answer is due: the receipt's own time until a pause or a dispute moves it."""
    state = conversation_of(row, member)
    if not state.pauses and not state.halved:
        stated = open_compact(row.centre_receipt, member.trust.log_keys, typ=LOGGED).get("due_at")
        return from_wire(str(stated)) if stated else None
    clock = state.clock(kind(row.kind), calendar(member))
    return None if clock is None else clock.due_at


def _heard(row: Received, member: Member) -> list[Seen]:
    rows = member.store.db.execute(
        "SELECT envelope, logged_at FROM inbox WHERE conversation = ? AND sender = ?",
        (row.conversation, row.sender),
    ).fetchall()
    return [Seen.of(Envelope.from_bytes(bytes(data)), from_wire(at)) for data, at in rows]


def _told(row: Received, member: Member) -> list[Seen]:
    rows = member.store.db.execute(
        "SELECT draft, receipt, created_at FROM outbox WHERE conversation = ? AND state <> 'refused'",
        (row.conversation,),
    ).fetchall()
    return [_own(bytes(data), str(text), str(at), member) for data, text, at in rows]


def _own(data: bytes, receipt: str, created: str, member: Member) -> Seen:
    at = created
    if receipt:
        at = str(open_compact(receipt, member.trust.log_keys, typ=LOGGED)["logged_at"])
    return Seen.of(Draft.from_bytes(data), from_wire(at))
