"""Let a page work again: never refused for an order that is known here; again it changes nothing more."""

from __future__ import annotations

from lachan.connector.answering import Asked, Refused, Told
from lachan.connector.store import Store
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.messages.lift_block import Ask, Reply
from lachan.kernel.time import to_wire


def answer(ask: Ask, on: Asked) -> Told | Refused:
    """All addresses of the order, or those named of them."""
    order = on.member.store.received(h=ask.order)
    if order is None or order.body is None:
        return Refused(RefusalReason.NOT_HELD)
    register = on.member.register
    ordered = [url for url in order.body.get("urls", []) if not ask.subjects or url in ask.subjects]
    locked = [url for url in ordered if (register.find("page", url) or {}).get("state") == "LOCKED"]

    def keep(_store: Store) -> None:
        for url in locked:
            register.change("page", url, state="ONLINE", until="")

    at = to_wire(on.now)
    return Told(Reply(as_of=at, lifted=len(locked), at=at), effect="FULL", keep=keep)
