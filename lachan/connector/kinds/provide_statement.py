"""What moved on this account? The bank's own lines of that time, in the order of its books."""

from __future__ import annotations

from datetime import UTC, datetime

from lachan.adapters.ledgers.port import Entry
from lachan.connector.answering import Asked, Refused, Told
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.messages.provide_statement import Ask, Direction, Reply, StatementLine
from lachan.kernel.time import from_wire, to_wire


def answer(ask: Ask, on: Asked) -> Told | Refused:
    """NOT_HOLDER for an account of somebody else; no lines is an answer."""
    number = on.member.local(ask.account)
    if number is None or on.member.book.account(number) is None:
        return Refused(RefusalReason.NOT_HOLDER)
    since, until = (int(from_wire(one).timestamp()) for one in (ask.since, ask.until))
    least = ask.min_amount or 0
    rows = tuple(
        _line(one)
        for one in on.member.book.entries(number)
        if since <= one.line.time <= until and abs(one.line.amount) >= least
    )
    return Told(Reply(as_of=to_wire(on.now), account=ask.account), rows=rows)


def _line(one: Entry) -> StatementLine:
    line = one.line
    return StatementLine(
        id=line.ref[:64],
        seq=line.order,
        time=to_wire(datetime.fromtimestamp(line.time, UTC)),
        direction=Direction.CREDIT if line.amount > 0 else Direction.DEBIT,
        amount=abs(line.amount),
        balance=line.balance_after,
        other_bank=line.peer_bank or None,
        other_account=line.peer_account or None,
    )
