"""Asking an institution for a pause, without a person: under the shift's key, on one credit."""

from __future__ import annotations

from datetime import datetime, timedelta

from lachan.access.purposes import Purpose
from lachan.exchange import catalogue
from lachan.exchange import services as exchange
from lachan.exchange.deadlines import earliest_of
from lachan.exchange.kinds import Priority
from lachan.exchange.messages import pause as pause_kind
from lachan.holds.events import HoldChanged
from lachan.holds.models import PauseRecord
from lachan.holds.outside import never_blocked
from lachan.holds.planning import live_on
from lachan.holds.rules.amounts import PAUSE_LEASE, WORKING_DAYS_OF_PAUSE
from lachan.kernel.events import Event
from lachan.kernel.time import FixedClock, to_wire
from lachan.members import services as members

Asked = tuple[exchange.DraftView | exchange.NotSent, str, list[Event]]
REASON = "Tin báo lừa đảo: đề nghị tạm dừng đúng khoản ghi có nêu trên nếu sổ của quý đơn vị xác nhận (quy tắc A1: khoản nhỏ thì từ chối)."


def request_pause(
    *,
    case: str,
    agency: str,
    account: str,
    credit_ref: str,
    credit_at: datetime,
    credit_amount: int,
    amount: int,
    stage: str,
    now: datetime,
) -> Asked | None:
    """Ask for a pause on a credit; None when one instrument stands there already, or none may.

    The answer, and with it anything that is paused, comes later as a fact of the exchange.
    """
    if account in live_on(case, now) or never_blocked(account) or amount < 1:
        return None
    member = members.member_of_account(account)
    if member is None:
        return None
    if (
        PauseRecord.objects.unscoped(reason="once per case and account")
        .filter(case=case, account=account)
        .exists()
    ):
        return None
    receiver = members.desk_address(member, "pause")
    until = earliest_of(now, PAUSE_LEASE, WORKING_DAYS_OF_PAUSE, catalogue.profile().calendar)
    question = pause_kind.Ask(
        account=account,
        credit_time=to_wire(credit_at),
        credit_amount=credit_amount,
        amount=amount,
        until=to_wire(until),
        reason=REASON,
        credit_ref=credit_ref or None,
    )
    sent = exchange.ask_by_shift(
        asker=agency,
        kind_name="pause",
        question=question,
        receiver=receiver,
        stage=stage,
        purpose=Purpose.GLD,
        case_ref=case,
        clock=FixedClock(now),
        cap_vnd=amount,
        lease_until=until,
    )
    if isinstance(sent, exchange.NotSent):
        return sent, receiver, []
    rows = exchange.usable_rows(
        "pause", asker=agency, stage=stage, priority=Priority.P0, purpose=Purpose.GLD, now=now
    )
    record = PauseRecord.objects.create(
        case=case,
        account=account,
        institution=member.address,
        agency=agency,
        amount=amount,
        state="REQUESTED",
        conversation=sent.conversation,
        h=sent.h,
        requested_at=now,
        until=until,
        codes=[row.code for row in rows or ()],
        stage=stage,
        receiver=receiver,
    )
    fact = HoldChanged(str(record.pk), case, account, "REQUESTED", 0, now, "pause", until)
    return sent, receiver, [fact]


def fifth_working_day(now: datetime, days: int = 5) -> datetime:
    """`days` working days from now as an instant, by the signed calendar."""
    return earliest_of(now, timedelta(days=366), days, catalogue.profile().calendar)
