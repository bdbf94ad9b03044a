"""Who registered this domain? From the registrar's own records; a name below it is asked for the name itself."""

from __future__ import annotations

from lachan.connector.answering import Asked, Told
from lachan.exchange.kinds import from_json
from lachan.exchange.messages.identify_domain_holder import Ask, Reply
from lachan.kernel.time import to_wire


def answer(ask: Ask, on: Asked) -> Told:
    """The nearest registered name above counts."""
    labels = ask.domain.lower().split(".")
    names = (".".join(labels[at:]) for at in range(len(labels) - 1))
    found = next((one for name in names if (one := on.member.register.find("domain", name))), None)
    base = {"as_of": to_wire(on.now), "found": found is not None}
    return Told(from_json(Reply, {**base, **(found or {})}))
