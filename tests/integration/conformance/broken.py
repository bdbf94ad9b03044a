"""A connector with one planted fault, as a member elsewhere: `python broken.py FAULT CONFIG FOLDER URL`.

The kit gets its public keys and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from lachan.connector import inbox, outbox
from lachan.connector.conformance import own
from lachan.connector.member import Member
from lachan.exchange import verify
from lachan.exchange.mandates import Catalogue
from lachan.exchange.receipts import receiver_receipt
from lachan.members.directory import Directory
from lachan.members.directory_trusted import Trusted


def nothing(*_: Any, **__: Any) -> Any:
    return []


def any_receiver() -> None:
    real = verify.parties_of
    verify.parties_of = lambda manifest, directory, _own: real(manifest, directory, None)


def new_receipts() -> None:
    real = inbox.take

    def take(item: Mapping[str, Any], member: Member) -> str | None:
        text = real(item, member)
        h = inbox.Envelope.from_bytes(inbox.canonical(item["envelope"])).h
        return text and receiver_receipt(h, member.sign_key, at=member.clock.now())

    inbox.take = take


def any_cancel() -> None:
    inbox._gap = nothing
    inbox._cancel = lambda row, member: member.store.cancel(row.conversation)


def twice() -> None:
    """Says everything two times."""
    real = outbox.say

    def say(*given: Any, **named: Any) -> str:
        real(*given, **named)
        return real(*given, **named)

    outbox.say = say


def setter(place: Any, name: str, value: Any = nothing) -> Callable[[], None]:
    return lambda: setattr(place, name, value)


FAULTS: dict[str, Callable[[], None]] = {
    "none": lambda: None,
    "no_seal": setter(verify, "check_seal"),
    "no_approvals": setter(verify, "check_needs"),
    "no_clock": setter(verify, "_check_clock"),
    "no_catalogue": setter(Catalogue, "check"),
    "stale": setter(Directory, "ensure_fresh"),
    "revoked": setter(Trusted, "lasts", lambda *_: True),
    "suspended": setter(verify, "_check_state"),
    "any_receiver": any_receiver,
    "new_receipts": new_receipts,
    "any_cancel": any_cancel,
    "twice": twice,
}

if __name__ == "__main__":
    FAULTS[sys.argv[1]]()
    own.main(*sys.argv[2:])
