"""A hold's lease goes on until a later instant; what has ended cannot be renewed."""

from __future__ import annotations

from dataclasses import replace

from lachan.connector import crash
from lachan.connector.answering import Asked, Refused, Told
from lachan.connector.port import Order
from lachan.connector.store import Store
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.messages.renew import Ask, Reply
from lachan.kernel.time import from_wire, to_wire


def answer(ask: Ask, on: Asked) -> Told | Refused:
    """NOT_HELD when the lease is over; the amount never grows."""
    member, row = on.member, on.row
    lease = member.store.lease(ask.order)
    if lease is None or ask.order != on.manifest.in_reply_to:
        return Refused(RefusalReason.NOT_HELD)
    done = member.core.look_up(row.id)
    if done is None and (lease.state != "ACTIVE" or lease.until <= on.now):
        return Refused(RefusalReason.NOT_HELD)
    until = from_wire(ask.until)
    crash.point("before_execute")
    done = member.core.execute(
        Order(message=row.id, action="renew", of=lease.message, amount=ask.amount, until=until),
        now=on.now,
    )
    crash.point("after_execute")
    held = done.amount

    def keep(store: Store) -> None:
        renewed = replace(lease, until=until, amount=held, renewals=lease.renewals + 1)
        store.put_lease(renewed)

    return Told(Reply(as_of=to_wire(on.now), until=ask.until, held=held), effect="FULL", keep=keep)
