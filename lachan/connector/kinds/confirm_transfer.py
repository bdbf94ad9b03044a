"""Did this transfer take place? Answered from the lines of whichever of its accounts lies here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from lachan.connector.answering import Asked, Refused, Told
from lachan.connector.store import Store
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.messages.confirm_transfer import Ask, Outcome, Reply
from lachan.kernel.time import from_wire, to_wire
from lachan.tracing.lines import Line

_SKEW_SECONDS = 3600  # a victim often remembers the hour


def answer(ask: Ask, on: Asked) -> Told | Refused:
    """SETTLED with the booked line, REVERSED when it was given back, else NOT_FOUND."""
    member, book, time = on.member, on.member.book, int(from_wire(ask.time).timestamp())
    payer, payee = member.local(ask.from_account), member.local(ask.to_account)
    if payer is None and payee is None:
        return Refused(RefusalReason.NOT_HOLDER)
    if payer is not None:
        found = book.find_debit(
            payer, ref=ask.ref, amount=ask.amount, time=time, max_skew=_SKEW_SECONDS
        )
        other = ask.to_account.partition(":")[2]
    else:
        found = book.find_credit(
            payee or "",
            ref=ask.ref,
            payer_bank=None,
            amount=ask.amount,
            time=time,
            max_skew=_SKEW_SECONDS,
        )
        other = ask.from_account.partition(":")[2]
    line = _meant(found, ask.amount, other, time)
    if line is None:
        return Told(Reply(as_of=to_wire(on.now), outcome=Outcome.NOT_FOUND))
    lines = book.lines(payer or payee or "", line.order)
    reversed_ = any(one.reverses == line.ref for one in lines)

    def keep(store: Store) -> None:
        for account in (ask.from_account, ask.to_account):
            store.anchor(on.row.case_ref, account)

    return Told(
        Reply(
            as_of=to_wire(on.now),
            outcome=Outcome.REVERSED if reversed_ else Outcome.SETTLED,
            ref=line.ref,
            booked_at=to_wire(datetime.fromtimestamp(line.time, UTC)),
            seq=line.order,
            amount=abs(line.amount),
            counterparty_bank=line.peer_bank,
        ),
        keep=keep,
    )


def _meant(found: Sequence[Line], amount: int, other: str, time: int) -> Line | None:
    """The same sum with the other party named; the nearest in time of several."""
    lines = [one for one in found if abs(one.amount) == amount]
    named = [one for one in lines if one.peer_account == other]
    return min(named, key=lambda one: abs(one.time - time), default=None)
