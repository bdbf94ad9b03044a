"""The holder reads it in the bank's own channel; a delay is only by an order that names its end."""

from __future__ import annotations

from lachan.connector.answering import Asked, Refused, Told
from lachan.connector.port import Order
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.messages.notify_holder import Ask, Channel, Reply
from lachan.kernel.time import from_wire, to_wire


def answer(ask: Ask, on: Asked) -> Told | Refused:
    """Shown at once in the app, or from `delay_until` on."""
    lease = on.member.store.lease(ask.order)
    if lease is None:
        return Refused(RefusalReason.NOT_HELD)
    delayed = ask.delay_order is not None and ask.delay_until is not None
    until = from_wire(ask.delay_until) if delayed and ask.delay_until else None
    done = on.member.core.execute(
        Order(
            message=on.row.id,
            action="notice",
            h=on.row.h,
            of=lease.message,
            authority=on.row.sender,
            text=ask.text,
            until=until,
        ),
        now=on.now,
    )
    channel = Channel.DELAYED if delayed else Channel.APP
    return Told(Reply(as_of=to_wire(on.now), channel=channel, at=to_wire(done.at)))
