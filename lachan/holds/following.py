"""What follows an order in nobody's hands: the notice to its holder, and its release."""

from __future__ import annotations

from datetime import datetime

from lachan.cases import services as cases
from lachan.exchange.messages import notify_holder, release
from lachan.holds import notices, sending
from lachan.holds.models import FollowUp, HoldRecord, PauseRecord
from lachan.holds.rules.reviews import is_fast
from lachan.kernel.errors import LachanError

_SELF = "what follows an order follows its record"


def instrument(pk: str) -> HoldRecord | PauseRecord | None:
    """The hold or pause of an id, locked."""
    hold: HoldRecord | None = (
        HoldRecord.objects.unscoped(reason=_SELF).select_for_update().filter(pk=pk).first()
    )
    if hold is not None:
        return hold
    return PauseRecord.objects.unscoped(reason=_SELF).select_for_update().filter(pk=pk).first()


def end_of(record: HoldRecord | PauseRecord) -> datetime:
    """When it ends by itself."""
    return record.expires_at if isinstance(record, HoldRecord) else record.until


def kind_of(record: HoldRecord | PauseRecord) -> str:
    """`hold` or `pause`."""
    return "hold" if isinstance(record, HoldRecord) else "pause"


def fast_lane(record: HoldRecord | PauseRecord) -> bool:
    """A review of it is decided within 4 h: a pause, a small sum, a merchant."""
    if isinstance(record, PauseRecord):
        return True
    return is_fast(record.amount, merchant=record.merchant)


def send_release(
    record: HoldRecord | PauseRecord, *, amount: int | None, reason: str, now: datetime
) -> None:
    """One `release` for what is owed, signed by the agency's service."""
    question = release.Ask(
        order=record.h,
        reason=release.Reason[reason],
        amount=amount,
    )
    _follow(record, "release", question, amount=amount, reason=reason, now=now)


def send_notice(record: HoldRecord | PauseRecord, *, now: datetime) -> None:
    """The notice, with the code that opens the holder's door."""
    if not record.review_code:
        record.review_code = notices.new_review_code(now)
    text = notices.holder_text(
        instrument=kind_of(record),
        agency=record.agency,
        codes=record.codes,
        amount=record.held,
        since=record.effective_at or now,
        until=end_of(record),
        code=record.review_code,
        fast=fast_lane(record),
    )
    record.save()
    sent = _follow(
        record,
        "notify_holder",
        notify_holder.Ask(order=record.h, text=text),
        amount=None,
        reason="",
        now=now,
    )
    record.notice_state = "SENT" if sent else "DUE"
    record.save()


def _follow(
    record: HoldRecord | PauseRecord, kind: str, question: release.Ask | notify_holder.Ask, *,
    amount: int | None, reason: str, now: datetime,
) -> bool:  # fmt: skip
    try:
        made = sending.follow_by_service(
            asker=record.agency, kind=kind, question=question, receiver=record.receiver,
            stage=record.stage, case=record.case, order_h=record.h, codes=tuple(record.codes), now=now,
        )  # fmt: skip
    except LachanError as error:
        # The act stands whether or not its message could be written: a person is called to send it.
        cases.set_case_flag(record.case, "needs_person", on=True)
        cases.touch(record.case, "refusal", f"{kind} {error.code}", at=now)
        return False
    FollowUp.objects.create(
        instrument=record.pk, instrument_kind=kind_of(record), kind=kind, conversation=made.conversation,
        h=made.h, amount=amount, reason=reason, sent_at=now,
    )  # fmt: skip
    return True
