"""What holds make of the exchange's facts and of their own. Each may come late, twice or out of order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from lachan.access.bus import on
from lachan.cases import services as cases
from lachan.exchange.events import Answered, Delivered, NotAccepted, Noticed, RefusedByReceiver
from lachan.exchange.messages import hold as hold_kind
from lachan.exchange.messages import notify_holder, pause, release, renew
from lachan.holds import following
from lachan.holds.events import NoticeOwed, ReleaseOwed
from lachan.holds.models import FollowUp, HoldRecord, PauseRecord
from lachan.holds.rules import orders, pauses, renewals
from lachan.holds.rules.values import HoldState, Signature
from lachan.kernel.events import Event
from lachan.kernel.time import from_wire
from lachan.members.roles import Role

_SELF = "a hold follows its own conversation"


@on(Delivered)
def acknowledged(fact: Delivered) -> Iterable[Event]:
    """The institution's receipt for an order."""
    hold = _hold(fact.conversation) if fact.kind == "hold" else None
    if hold is None:
        return []
    value, facts = orders.acknowledge(hold.value(), at=fact.at)
    hold.take(value)
    return facts


@on(Answered)
def answered(fact: Answered) -> Iterable[Event]:
    """Effects, releases, renewals, notices."""
    answer = fact.answer
    if isinstance(answer, pause.Reply):
        return _pause_answered(fact, answer)
    if isinstance(answer, hold_kind.Reply):
        return _hold_answered(fact, answer)
    if isinstance(answer, renew.Reply | release.Reply | notify_holder.Reply):
        return _followed(fact, answer)
    return []


@on(RefusedByReceiver)
def refused(fact: RefusedByReceiver) -> Iterable[Event]:
    """The institution will not, by the name of a rule."""
    return _refuse(fact.conversation, fact.reason, fact.at)


@on(NotAccepted)
def not_accepted(fact: NotAccepted) -> Iterable[Event]:
    """The centre's own checks stopped it: nothing was held."""
    return _refuse(fact.conversation, fact.code, fact.at)


@on(Noticed)
def noticed(fact: Noticed) -> Iterable[Event]:
    """A lease ended by the institution's own clock, or a later tainted credit was captured."""
    event = str(fact.body.get("event") or fact.body.get("reason") or "")
    for model in (HoldRecord, PauseRecord):
        rows = model.objects.unscoped(reason=_SELF).select_for_update()
        record = rows.filter(conversation=fact.conversation).first()
        if record is not None:
            return _noticed(record, event, fact)
    return []


@on(ReleaseOwed)
def send_release(fact: ReleaseOwed) -> Iterable[Event]:
    """Tell the institution to let go; nobody needs to be at the keyboard."""
    record = following.instrument(fact.hold)
    if record is not None and record.h:
        following.send_release(record, amount=fact.amount, reason=str(fact.reason), now=fact.at)
    return []


@on(NoticeOwed)
def send_notice(fact: NoticeOwed) -> Iterable[Event]:
    """The holder is told at once; the hour is the limit, not the aim."""
    record = following.instrument(fact.hold)
    if record is None or record.notice_state:
        return []
    record.notice_due_at, record.notice_state = fact.due, "DUE"
    record.save()
    following.send_notice(record, now=fact.at)
    return []


def _pause_answered(fact: Answered, answer: pause.Reply) -> Iterable[Event]:
    record = (
        PauseRecord.objects.unscoped(reason=_SELF)
        .select_for_update()
        .filter(conversation=fact.conversation)
        .first()
    )
    if record is None:
        return []
    value, facts = pauses.take_effect(
        record.value(), held=answer.amount, carved=answer.carved, until=from_wire(answer.until),
        source=fact.h, at=fact.at, now=fact.at,
    )  # fmt: skip
    record.take(value)
    return facts


def _hold_answered(fact: Answered, answer: hold_kind.Reply) -> Iterable[Event]:
    record = _hold(fact.conversation)
    if record is None:
        return []
    before = record.state
    value, facts = orders.take_effect(
        record.value(), held=answer.held, carved=answer.carved, source=fact.h,
        at=min(from_wire(answer.at), fact.at), now=fact.at,
    )  # fmt: skip
    record.take(value)
    gone: list[Event] = []
    if (
        record.converts is not None
        and before != HoldState.EFFECTIVE
        and record.state == HoldState.EFFECTIVE
    ):
        old = PauseRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=record.converts)
        was, more = pauses.convert(old.value(), source=str(record.pk), now=fact.at)
        old.take(was)
        old.converted_by = record.pk
        old.save()
        gone = list(more)
    return [*gone, *facts]  # first out, then in: the case's sums never count the same money twice


def _followed(
    fact: Answered, answer: renew.Reply | release.Reply | notify_holder.Reply
) -> Iterable[Event]:
    row = FollowUp.objects.unscoped(reason=_SELF).filter(conversation=fact.conversation).first()
    if row is None or row.state == "DONE":
        return []
    row.state, row.done_at = "DONE", fact.at
    row.outcome = {**row.outcome, **fact.outcome}
    row.save()
    record = following.instrument(str(row.instrument))
    if record is None:
        return []
    if isinstance(answer, notify_holder.Reply):
        record.notice_state, record.notice_at = "DONE", from_wire(answer.at)
        record.save()
        return cases.touch(record.case, "notice", "DELIVERED", at=fact.at, evidence=fact.h)
    if isinstance(answer, renew.Reply) and isinstance(record, HoldRecord):
        return _renewed(record, row, from_wire(answer.until), fact.at)
    return cases.touch(record.case, "hold", "RELEASE_CONFIRMED", at=fact.at, evidence=fact.h)


def _renewed(record: HoldRecord, row: FollowUp, said: datetime, now: datetime) -> Iterable[Event]:
    value = record.value()
    if value.state_at(now) is not HoldState.EFFECTIVE:
        return []
    signature = Signature(
        row.outcome["person"], row.outcome["officer"], row.outcome["unit"], Role(row.outcome["role"]),
        record.body_hash, row.sent_at,
    )  # fmt: skip
    until = min(said, from_wire(row.reason))
    if until <= record.expires_at:
        return []
    later, facts = renewals.renew(value, signature, until=until, now=now)
    record.take(later)
    cases.set_case_flag(record.case, "last_lease", on=False)
    return facts


def _noticed(record: HoldRecord | PauseRecord, event: str, fact: Noticed) -> Iterable[Event]:
    if event == "lease_ended":
        if isinstance(record, HoldRecord):
            # The institution's own clock is the last word: it may only be earlier than ours.
            early = replace(record.value(), expires_at=min(record.expires_at, fact.at))
            value, facts = orders.expire(early, now=fact.at)
            record.take(value)
            return facts
        was = replace(record.value(), until=min(record.until, fact.at))
        gone, more = pauses.lapse(was, now=fact.at)
        record.take(gone)
        return more
    if event == "topped_up" and isinstance(record, HoldRecord):
        topped, facts = orders.top_up(
            record.value(), amount=int(fact.body.get("amount", 0)),
            source=str(fact.body.get("id", fact.conversation)), at=fact.at,
        )  # fmt: skip
        record.take(topped)
        return facts
    return []


def _refuse(conversation: UUID, reason: str, at: datetime) -> Iterable[Event]:
    hold = _hold(conversation)
    if hold is not None:
        value, facts = orders.refuse(hold.value(), reason=reason, at=at)
        hold.take(value)
        return facts
    paused = (
        PauseRecord.objects.unscoped(reason=_SELF)
        .select_for_update()
        .filter(conversation=conversation)
        .first()
    )
    if paused is not None:
        gone, more = pauses.decline(paused.value(), reason=reason, at=at)
        paused.take(gone)
        return more
    row = (
        FollowUp.objects.unscoped(reason=_SELF)
        .filter(conversation=conversation, state="SENT")
        .first()
    )
    if row is None:
        return []
    row.state, row.done_at, row.outcome = "REFUSED", at, {**row.outcome, "reason": reason}
    row.save()
    record = following.instrument(str(row.instrument))
    if record is None:
        return []
    if row.kind == "notify_holder":
        record.notice_state = "FAILED"
        record.save()
    cases.set_case_flag(record.case, "needs_person", on=True)
    return cases.touch(record.case, "refusal", f"{row.kind} {reason}", at=at)


def _hold(conversation: UUID) -> HoldRecord | None:
    return (
        HoldRecord.objects.unscoped(reason=_SELF)
        .select_for_update()
        .filter(conversation=conversation)
        .first()
    )
