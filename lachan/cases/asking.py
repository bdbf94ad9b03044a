"""Asks of a case that leave by themselves, and the note of each until it is answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lachan.access.purposes import Purpose
from lachan.cases.events import FirstAskSent
from lachan.cases.models import AskRecord, CaseRecord
from lachan.cases.rules.procedure import Procedure, stage
from lachan.cases.timeline import Kind, note
from lachan.exchange import services as exchange
from lachan.exchange.kinds import Priority, Question, kind
from lachan.kernel.events import Event
from lachan.kernel.time import FixedClock
from lachan.members import services as members

_SELF = "a case's own asks"
STAGE_FREE = "none"  # rows of an institution's own power know no stage of a procedure


def ask(
    case: CaseRecord,
    kind_name: str,
    question: Question,
    account: str,
    *,
    now: datetime,
    subject: str = "",
    detail: dict[str, Any] | None = None,
    subjects: int = 1,
    cap_vnd: int | None = None,
    lease_until: datetime | None = None,
) -> exchange.DraftView | exchange.NotSent:
    """Ask the institution of an account under the shift's key; what cannot be sent is kept for the board."""
    member = members.member_of_account(account)
    if member is None:
        return keep_back(case, exchange.NotSent("NO_MEMBER", kind_name, account.partition(":")[0]))
    receiver = members.desk_address(member, kind_name)
    sent = exchange.ask_by_shift(
        asker=case.member,
        kind_name=kind_name,
        question=question,
        receiver=receiver,
        stage=stage_for(case, kind_name, now),
        purpose=Purpose.GLD,
        case_ref=case.code,
        clock=FixedClock(now),
        subjects=subjects,
        cap_vnd=cap_vnd,
        lease_until=lease_until,
    )
    if isinstance(sent, exchange.NotSent):
        return keep_back(case, sent)
    case.not_sent = [one for one in case.not_sent if one.get("kind") != kind_name]
    remember(
        case,
        sent,
        kind_name,
        receiver,
        now=now,
        subject=subject or account,
        automatic=True,
        detail=detail or {},
    )
    return sent


def remember(
    case: CaseRecord,
    sent: exchange.DraftView,
    kind_name: str,
    receiver: str,
    *,
    now: datetime,
    subject: str,
    automatic: bool,
    detail: dict[str, Any],
) -> AskRecord:
    """Note an ask that was dispatched, until its answer comes."""
    due = kind(kind_name).due
    limit = due.automatic if automatic and due.automatic is not None else due.golden_hour
    note(case, Kind.ASK, kind_name, at=now, field=receiver, evidence=sent.h)
    return AskRecord.objects.create(
        case=case,
        conversation=sent.conversation,
        kind=kind_name,
        receiver=receiver,
        subject=subject[:300],
        h=sent.h,
        asked_at=now,
        due_at=now + timedelta(seconds=limit.total_seconds),
        automatic=automatic,
        detail=detail,
    )


def stage_for(case: CaseRecord, kind_name: str, now: datetime) -> str:
    """The case's stage, or `none` where only rows without a stage carry the kind."""
    here = stage(Procedure(case.procedure))
    for one in (here, STAGE_FREE):
        rows = exchange.usable_rows(
            kind_name,
            asker=case.member,
            stage=one,
            priority=Priority.P0,
            purpose=Purpose.GLD,
            now=now,
        )
        if rows is not None:
            return one
    return here


def first_ask(case: CaseRecord, now: datetime) -> list[Event]:
    """The fact that the first institution was asked; once."""
    if case.first_ask_at is not None:
        return []
    if not AskRecord.objects.unscoped(reason=_SELF).filter(case=case).exists():
        return []
    case.first_ask_at = now
    case.save(update_fields=["first_ask_at"])
    return [FirstAskSent(case.code, now)]


def keep_back(case: CaseRecord, not_sent: exchange.NotSent) -> exchange.NotSent:
    row = {"kind": not_sent.kind, "reason": not_sent.reason, "receiver": not_sent.receiver}
    if row not in case.not_sent:
        case.not_sent = [*case.not_sent, row]
    case.save(update_fields=["not_sent"])
    return not_sent
