"""The person asked about may be told: noted for the ask that it names."""

from __future__ import annotations

from lachan.connector.answering import Asked, Refused, Told
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.messages.lift_confidentiality import Ask, Reply
from lachan.kernel.time import to_wire


def answer(ask: Ask, on: Asked) -> Told | Refused:
    """The note is this conversation itself, in the member's own store and log."""
    if on.member.store.received(h=ask.order) is None:
        return Refused(RefusalReason.NOT_HELD)
    return Told(Reply(as_of=to_wire(on.now), noted=True))
