"""The bank's own short power, asked for: it pauses only what its own ledger confirms, and may decline."""

from __future__ import annotations

from datetime import timedelta

from lachan.connector import crash
from lachan.connector.answering import Asked, Refused, Told
from lachan.connector.port import Order
from lachan.connector.store import Lease, Store
from lachan.connector.view import bands, low_share
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.messages.pause import Ask, Effect, Reply
from lachan.kernel.time import from_wire, to_wire

SKEW_SECONDS = 600  # the credit's time ± 10 minutes (cases-and-holds §1)


def answer(ask: Ask, on: Asked) -> Told | Refused:
    """NOT_FOUND without such a credit; DECLINED (LOW_SHARE) for rule A1; else the effect."""
    member, book, row = on.member, on.member.book, on.row
    account = member.local(ask.account)
    if account is None:
        return Refused(RefusalReason.NOT_HOLDER)
    if book.kind(account) == "transit":
        return Refused(RefusalReason.PROTECTED_SUBJECT, "TRANSIT")
    found = book.find_credit(
        account,
        ref=ask.credit_ref,
        payer_bank=None,
        amount=ask.credit_amount,
        time=int(from_wire(ask.credit_time).timestamp()),
        max_skew=SKEW_SECONDS,
    )
    matching = [line for line in found if line.amount == ask.credit_amount]
    if not matching:
        return Refused(RefusalReason.NOT_FOUND)
    entries, known = book.entries(account), book.account(account)
    if low_share(entries, known, ask.credit_amount, now=on.now) and not on.acted:
        return Refused(RefusalReason.DECLINED, "LOW_SHARE")
    ends = [from_wire(ref.lease_until) for ref in on.manifest.mandates if ref.lease_until]
    own = on.now + timedelta(hours=member.config.read.limits.pause_hours)
    until = min([from_wire(ask.until), own, *ends])
    if until <= on.now and not on.acted:
        return Refused(RefusalReason.MANDATE_EXPIRED)
    crash.point("before_execute")
    done = member.core.execute(
        Order(
            message=row.id,
            action="pause",
            h=row.h,
            account=account,
            case_ref=row.case_ref,
            amount=min(ask.amount, ask.credit_amount),
            until=until,
            authority=row.sender,
            text=ask.reason,
        ),
        now=on.now,
    )
    crash.point("after_execute")
    until = done.until or until
    effect = effect_name(done.amount, min(ask.amount, ask.credit_amount))

    def keep(store: Store) -> None:
        store.anchor(row.case_ref, ask.account)
        store.put_lease(lease_of(on, account, done.amount, "pause", to_wire(until)))

    return Told(
        Reply(
            as_of=to_wire(on.now),
            effect=Effect[effect],
            amount=done.amount,
            carved=done.carved,
            until=to_wire(until),
            bands=bands(entries, known, ask.credit_amount, now=on.now),
        ),
        effect=effect,
        keep=keep,
    )


def effect_name(held: int, asked: int) -> str:
    """FULL, PARTIAL or ZERO."""
    if held == 0:
        return "ZERO"
    return "FULL" if held >= asked else "PARTIAL"


def lease_of(on: Asked, account: str, amount: int, kind: str, until: str) -> Lease:
    """The lease that an effect starts; nothing to wait for when nothing is held."""
    return Lease(
        h=on.row.h,
        message=on.row.id,
        kind=kind,
        account=account,
        case_ref=on.row.case_ref,
        sender=on.row.sender,
        conversation=on.row.conversation,
        amount=amount,
        until=from_wire(until),
        state="ACTIVE" if amount else "ZERO",
        renewals=0,
    )
