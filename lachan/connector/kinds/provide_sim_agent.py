"""Who sold and registered this SIM? From the operator's own records; a person looks at it first."""

from __future__ import annotations

from lachan.connector.answering import Asked, Told
from lachan.exchange.kinds import from_json
from lachan.exchange.messages.provide_sim_agent import Ask, Reply
from lachan.kernel.time import to_wire


def answer(ask: Ask, on: Asked) -> Told:
    """The photograph is the desk's to add."""
    found = on.member.register.find("sim", ask.number)
    base = {"as_of": to_wire(on.now), "found": found is not None}
    return Told(from_json(Reply, {**base, **(found or {})}))
