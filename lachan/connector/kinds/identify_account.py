"""Who is behind this account? From the platform's own records, by the address of the profile or the handle."""

from __future__ import annotations

from lachan.connector.answering import Asked, Told
from lachan.exchange.kinds import from_json
from lachan.exchange.messages.identify_account import Ask, Reply
from lachan.kernel.time import to_wire


def answer(ask: Ask, on: Asked) -> Told:
    """Log-ins outside the time asked for stay here."""
    register = on.member.register
    found = register.find("account", ask.url or "") or register.find("account", ask.handle or "")
    base = {"as_of": to_wire(on.now), "found": found is not None}
    kept = dict(found or {})
    kept["logins"] = [one for one in kept.get("logins", []) if _within(ask, one["at"])]
    return Told(from_json(Reply, {**base, **kept}))


def _within(ask: Ask, at: str) -> bool:
    """Wire times compare as texts do."""
    return (ask.since or "") <= at and (ask.until is None or at <= ask.until)
