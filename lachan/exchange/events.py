"""Facts about conversations that other contexts hear; published in the transaction that records them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lachan.exchange.kinds import Answer, Question
from lachan.kernel.events import Event


@dataclass(frozen=True)
class Sent(Event):
    """A hosted member's message was sealed, accepted by the centre and logged: it is on the wire."""

    h: str
    conversation: UUID
    kind: str
    receiver: str
    case_ref: str
    at: datetime


@dataclass(frozen=True)
class NotAccepted(Event):
    """The centre's own checks refused a hosted member's message; `code` is the error's."""

    h: str
    conversation: UUID
    kind: str
    receiver: str
    case_ref: str
    code: str
    at: datetime


@dataclass(frozen=True)
class Delivered(Event):
    """The receiver's signed receipt came."""

    h: str
    conversation: UUID
    kind: str
    receiver: str
    case_ref: str
    at: datetime


@dataclass(frozen=True)
class Answered(Event):
    """An answer (or a part of one) to a hosted member, verified and decrypted."""

    conversation: UUID
    h: str
    ask_h: str
    kind: str
    asker: str
    answerer: str
    case_ref: str
    ask: Question
    answer: Answer
    outcome: dict[str, Any]
    final: bool
    at: datetime


@dataclass(frozen=True)
class RefusedByReceiver(Event):
    """The receiver refused, with a reason of exchange.md §4."""

    conversation: UUID
    h: str
    ask_h: str
    kind: str
    asker: str
    answerer: str
    case_ref: str
    ask: Question
    reason: str
    text: str
    at: datetime


@dataclass(frozen=True)
class AskCancelled(Event):
    """The agency that asked no longer waits for an answer."""

    conversation: UUID
    kind: str
    receiver: str
    case_ref: str
    at: datetime


@dataclass(frozen=True)
class TurnChanged(Event):
    """A conversation waits for its asker, or no longer does. what: `clarify`, `objection`, or "" when the turn is over."""

    conversation: UUID
    kind: str
    receiver: str
    case_ref: str
    what: str
    at: datetime


@dataclass(frozen=True)
class Noticed(Event):
    """A notice: something ended or changed at the sender by its own clock."""

    conversation: UUID
    kind: str
    sender: str
    receiver: str
    case_ref: str
    body: dict[str, Any]
    at: datetime


@dataclass(frozen=True)
class Late(Event):
    """A deadline's level was reached. -1: the automatic target passed; 0 to 3 as in exchange.md §4."""

    conversation: UUID
    ask_h: str
    kind: str
    asker: str
    receiver: str
    case_ref: str
    level: int
    due_at: datetime
    at: datetime
