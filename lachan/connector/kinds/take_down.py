"""Lock or remove a page: always a person's act; this is the draft that the desk sees, and what it does when confirmed."""

from __future__ import annotations

from lachan.connector.answering import Asked, Told
from lachan.connector.store import Store
from lachan.exchange.messages.take_down import Ask, Outcome, Reply
from lachan.kernel.time import to_wire


def answer(ask: Ask, on: Asked) -> Told:
    """LOCKED when every address is known here, else NOT_FOUND; the pages are locked with the answer."""
    register = on.member.register
    known = [url for url in ask.urls if register.find("page", url) is not None]
    outcome = Outcome.LOCKED if len(known) == len(ask.urls) else Outcome.NOT_FOUND

    def keep(_store: Store) -> None:
        for url in known:
            register.change("page", url, state="LOCKED", until=ask.until)

    at = to_wire(on.now)
    return Told(Reply(as_of=at, outcome=outcome, at=at), effect="FULL", keep=keep)
