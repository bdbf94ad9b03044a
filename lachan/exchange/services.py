"""What other contexts ask of the exchange. Each is called inside a verb's (or step's) transaction; none opens one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lachan.access.purposes import Purpose
from lachan.exchange import catalogue
from lachan.exchange.bundling import export_bundle
from lachan.exchange.catalogue import MandateUse
from lachan.exchange.envelope import Act
from lachan.exchange.kinds import Priority, Question
from lachan.exchange.mandates import MandateRow
from lachan.exchange.queries import conversations
from lachan.exchange.sending import DraftView, approve, dispatch, draft, withdraw
from lachan.kernel.errors import LachanError
from lachan.kernel.time import Clock
from lachan.members import services as members
from lachan.members.directory import member_address
from lachan.members.roles import MemberKind, Role

__all__ = [
    "DraftView",
    "MandateUse",
    "NotSent",
    "approve",
    "ask_by_shift",
    "conversations",
    "dispatch",
    "draft",
    "export_bundle",
    "usable_rows",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class NotSent:
    """Why an automatic ask did not leave: NO_SHIFT, NOT_ADOPTED, or an error's code. The board says so."""

    reason: str
    kind: str
    receiver: str


def usable_rows(
    kind_name: str, *, asker: str, stage: str, priority: Priority, purpose: Purpose, now: datetime
) -> tuple[MandateRow, ...] | None:
    """Catalogue rows (one alternative, all of its codes) under which an asker may send this kind now."""
    return catalogue.usable(
        kind_name,
        stage=stage,
        priority=priority,
        purpose=purpose.value,
        sender_kind=MemberKind(asker.split("/")[1]),
        now=now,
    )


def ask_by_shift(
    *,
    asker: str,
    kind_name: str,
    question: Question,
    receiver: str,
    stage: str,
    purpose: Purpose,
    case_ref: str,
    clock: Clock,
    subjects: int = 1,
    cap_vnd: int | None = None,
    lease_until: datetime | None = None,
    batch: UUID | None = None,
) -> DraftView | NotSent:
    """Draft, sign with the open shift's key and dispatch a P0 ask, under the first adopted alternative of rows.

    Nothing is sent without a shift where the rows ask for the duty officer; the caller shows the reason.
    """
    now = clock.now()
    rows = usable_rows(
        kind_name, asker=asker, stage=stage, priority=Priority.P0, purpose=purpose, now=now
    )
    if rows is None:
        return NotSent("NOT_ADOPTED", kind_name, receiver)
    uses = [
        MandateUse(row.code, stage, subjects=subjects, cap_vnd=cap_vnd, lease_until=lease_until)
        for row in rows
    ]
    shift = members.shift_of_member(member_address(asker), now)
    needed = catalogue.required(
        kind_name,
        [row.code for row in rows],
        priority=Priority.P0,
        sender_kind=MemberKind(asker.split("/")[1]),
    )
    if needed and shift is None:
        return NotSent("NO_SHIFT", kind_name, receiver)
    try:
        made = draft(
            asker=asker,
            kind_name=kind_name,
            body=question,
            receiver=receiver,
            mandates=uses,
            purpose=purpose,
            priority=Priority.P0,
            case_ref=case_ref,
            now=now,
            batch=batch,
        )
    except LachanError as refused:
        return NotSent(refused.code, kind_name, receiver)
    if needed and shift is not None:
        approve(
            made.id,
            members.shift_key(shift),
            officer=shift.officer_id,
            role=Role.DUTY_OFFICER.value,
            unit=shift.unit.slug,
            act=Act.STANDING,
            at=now,
        )
    dispatch(made.id, now=now)
    return made
