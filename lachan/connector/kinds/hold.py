"""An authority's leased order: no more than it says, no more than is there, living money left."""

from __future__ import annotations

from lachan.connector import crash
from lachan.connector.answering import Asked, Refused, Told
from lachan.connector.kinds.pause import effect_name, lease_of
from lachan.connector.port import Order
from lachan.connector.store import Store
from lachan.connector.view import bands
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.messages.hold import Ask, Effect, Reply
from lachan.kernel.time import from_wire, to_wire


def answer(ask: Ask, on: Asked) -> Told | Refused:
    """Take the amount, converting the pause that it names without a gap."""
    member, row = on.member, on.row
    account = member.local(ask.account)
    if account is None:
        return Refused(RefusalReason.NOT_HOLDER)
    if member.book.account(account) is None:
        return Refused(RefusalReason.NOT_FOUND)
    if member.book.kind(account) == "transit":
        return Refused(RefusalReason.PROTECTED_SUBJECT, "TRANSIT")
    if from_wire(ask.lease_until) <= on.now and not on.acted:
        return Refused(RefusalReason.MANDATE_EXPIRED)
    before = member.store.lease(ask.converts) if ask.converts else None
    if before is not None and before.account != account:
        return Refused(RefusalReason.CONFLICTING_ORDER)
    crash.point("before_execute")
    done = member.core.execute(
        Order(
            message=row.id,
            action="hold",
            h=row.h,
            account=account,
            case_ref=row.case_ref,
            amount=ask.amount,
            until=from_wire(ask.lease_until),
            converts="" if before is None else before.message,
            authority=row.sender,
            text=ask.appeal_link,
        ),
        now=on.now,
    )
    crash.point("after_execute")
    effect = effect_name(done.amount, ask.amount)

    def keep(store: Store) -> None:
        store.put_lease(lease_of(on, account, done.amount, "hold", ask.lease_until))
        if before is not None:
            store.db.execute("UPDATE lease SET state = 'CONVERTED' WHERE h = ?", (before.h,))

    entries, known = member.book.entries(account), member.book.account(account)
    return Told(
        Reply(
            as_of=to_wire(on.now),
            effect=Effect[effect],
            held=done.amount,
            carved=done.carved,
            at=to_wire(done.at),
            bands=bands(entries, known, ask.amount, now=on.now),
            core_ref=done.core_ref,
        ),
        effect=effect,
        keep=keep,
    )
