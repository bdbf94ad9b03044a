"""What a hosted member wants to say, before it is a message, and what it becomes when it is written."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from lachan.access.purposes import Purpose
from lachan.exchange.catalogue import MandateUse
from lachan.exchange.crypto import PrivateKey
from lachan.exchange.kinds import Answer, MessageType, Priority, Question, Row
from lachan.exchange.manifest import Outcome, SignerNeed
from lachan.exchange.moves import Move
from lachan.exchange.parts import PlainPart
from lachan.members.roles import Role


class DraftView(msgspec.Struct, frozen=True):
    """A message that waits for its signatures. `manifest` is exactly what they cover."""

    id: UUID
    h: str
    conversation: UUID
    required: tuple[SignerNeed, ...]
    manifest: bytes


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What a hosted member wants to say, before it is a message. `body` is encrypted to the receiver and to itself."""

    asker: str
    kind_name: str
    body: Question | Answer | Move | None
    receiver: str
    mandates: Sequence[MandateUse]
    purpose: Purpose
    priority: Priority
    case_ref: str
    type_: MessageType = MessageType.ASK
    sheet_hash: str | None = None
    batch: UUID | None = None
    in_reply_to: str | None = None
    conversation: UUID | None = None
    supersedes: str | None = None
    expires_in: timedelta | None = None
    outcome: Outcome | None = None
    unsigned: bool = False
    beside: tuple[PlainPart, ...] = ()  # parts that travel with the body
    needs: tuple[SignerNeed, ...] = ()  # who signs what is no ask: a reply typed from paper
    rows: Sequence[Row] = ()  # beside an answer of a kind that has lines


class Signer(msgspec.Struct, frozen=True):
    """Whose key approves, as what. Without a person at hand: the shift's, or the member's own service."""

    key: PrivateKey
    officer: str
    role: Role
    unit: str
