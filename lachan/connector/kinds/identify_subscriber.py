"""Who holds this number? From the telecom's own records."""

from __future__ import annotations

from lachan.connector.answering import Asked, Told
from lachan.exchange.kinds import from_json
from lachan.exchange.messages.identify_subscriber import Ask, Reply
from lachan.kernel.time import to_wire


def answer(ask: Ask, on: Asked) -> Told:
    """Found by number alone; the other keys are for the desk."""
    found = on.member.register.find("subscriber", ask.number or "")
    base = {"as_of": to_wire(on.now), "found": found is not None}
    if ask.number is not None and found is not None:
        base["number"] = ask.number
    return Told(from_json(Reply, {**base, **(found or {})}))
