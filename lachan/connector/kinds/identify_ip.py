"""Who used this address at that minute? From the provider's own assignment log."""

from __future__ import annotations

from lachan.connector.answering import Asked, Refused, Told
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.kinds import from_json
from lachan.exchange.messages.identify_ip import Ask, Reply
from lachan.kernel.time import to_wire


def answer(ask: Ask, on: Asked) -> Told | Refused:
    """Behind carrier-grade NAT an address without its port names a thousand households: too broad."""
    found = on.member.register.find("ip", ask.ip)
    if found is not None and found.get("shared") and ask.port is None:
        return Refused(RefusalReason.TOO_BROAD, "PORT")
    base = {"as_of": to_wire(on.now), "found": found is not None}
    return Told(from_json(Reply, {**base, **(found or {})}))
