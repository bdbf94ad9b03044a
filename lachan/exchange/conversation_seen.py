"""What a conversation remembers of its messages, and of the states that they led to. Pure."""

from __future__ import annotations

from datetime import datetime

import msgspec

from lachan.exchange.conversation_states import Status
from lachan.exchange.envelope import Draft, Envelope
from lachan.exchange.kinds import MessageType
from lachan.kernel.time import to_wire
from lachan.members.directory_rows import member_address


class Seen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the state machine needs of a message. `at` is the centre's log time."""

    h: str
    id: str
    sender: str
    type: MessageType
    seq: int
    at: str
    in_reply_to: str | None = None
    reason: str | None = None
    effect: str | None = None
    rows: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, message: Envelope | Draft, logged_at: datetime, *, rows: tuple[str, ...] = ()
    ) -> Seen:
        """From an accepted message and the centre's receipt time."""
        manifest = message.manifest
        return cls(
            h=message.h,
            id=manifest.id,
            sender=member_address(manifest.sender),
            type=manifest.type,
            seq=manifest.seq,
            at=to_wire(logged_at),
            in_reply_to=manifest.in_reply_to,
            reason=manifest.outcome.reason if manifest.outcome else None,
            effect=manifest.outcome.effect if manifest.outcome else None,
            rows=rows,
        )


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """A state was entered: when, by which message, by whom."""

    status: Status
    substate: str
    at: str
    h: str
    actor: str
