"""Let the money go, all or part. Never refused for an order that is known here; again it releases nothing more."""

from __future__ import annotations

from dataclasses import replace

from lachan.connector import crash
from lachan.connector.answering import Asked, Refused, Told
from lachan.connector.port import Order
from lachan.connector.store import Store
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.messages.release import Ask, Reply
from lachan.kernel.time import to_wire


def answer(ask: Ask, on: Asked) -> Told | Refused:
    """What was let go, and what still stands."""
    member, row = on.member, on.row
    lease = member.store.lease(ask.order)
    if lease is None:
        return Refused(RefusalReason.NOT_HELD)
    crash.point("before_execute")
    done = member.core.execute(
        Order(message=row.id, action="release", of=lease.message, amount=ask.amount), now=on.now
    )
    crash.point("after_execute")

    def keep(store: Store) -> None:
        if lease.state == "ACTIVE":
            state = "ACTIVE" if done.left else "RELEASED"
            store.put_lease(replace(lease, amount=done.left, state=state))

    return Told(
        Reply(as_of=to_wire(on.now), released=done.amount, left=done.left, at=to_wire(done.at)),
        effect="FULL",
        keep=keep,
    )
