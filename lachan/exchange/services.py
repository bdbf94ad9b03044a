"""What other contexts ask of the exchange. Each is called inside a verb's (or step's) transaction; none opens one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lachan.access.purposes import Purpose
from lachan.exchange import catalogue
from lachan.exchange.asker_moves import cancel, clarify, dispute, review_objection, turns
from lachan.exchange.bundling import export_bundle
from lachan.exchange.catalogue import MandateUse
from lachan.exchange.key_signing import admitted_forms, approve_by_key, ensure_form
from lachan.exchange.kinds import Priority, Question
from lachan.exchange.letters import DraftView, Letter, Signer
from lachan.exchange.mandate_rows import MandateRow
from lachan.exchange.queries import conversations
from lachan.exchange.writing import approve, dispatch, draft, post, withdraw
from lachan.kernel.errors import LachanError
from lachan.kernel.time import Clock
from lachan.members import services as members
from lachan.members.directory_rows import member_address
from lachan.members.roles import MemberKind, Role

__all__ = [
    "DraftView",
    "Letter",
    "MandateUse",
    "NotSent",
    "Signer",
    "admitted_forms",
    "approve",
    "approve_by_key",
    "ask_by_shift",
    "cancel",
    "clarify",
    "conversations",
    "dispatch",
    "dispute",
    "draft",
    "ensure_form",
    "export_bundle",
    "post",
    "review_objection",
    "turns",
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
    now, sender = clock.now(), MemberKind(asker.split("/")[1])
    shift = members.shift_of_member(member_address(asker), now)
    found = catalogue.usable_all(
        kind_name,
        stage=stage,
        priority=Priority.P0,
        purpose=purpose.value,
        sender_kind=sender,
        now=now,
    )
    if not found:
        return NotSent("NOT_ADOPTED", kind_name, receiver)
    rows = next(
        (one for one in found if shift is not None or _needs_nobody(kind_name, one, sender)), None
    )
    if rows is None:
        return NotSent("NO_SHIFT", kind_name, receiver)
    uses = [
        MandateUse(row.code, stage, subjects=subjects, cap_vnd=cap_vnd, lease_until=lease_until)
        for row in rows
    ]
    letter = Letter(
        asker=asker,
        kind_name=kind_name,
        body=question,
        receiver=receiver,
        mandates=uses,
        purpose=purpose,
        priority=Priority.P0,
        case_ref=case_ref,
        batch=batch,
        unsigned=shift is None,
    )
    try:
        return post(letter, _on_duty(letter, shift), now=now)
    except LachanError as refused:
        return NotSent(refused.code, kind_name, receiver)


def _on_duty(letter: Letter, shift: members.Shift | None) -> Signer | None:
    """The shift's signature, where the rows ask for one."""
    sender = MemberKind(letter.asker.split("/")[1])
    needed = catalogue.required(
        letter.kind_name,
        [use.code for use in letter.mandates],
        priority=letter.priority,
        sender_kind=sender,
    )
    if shift is None or not needed:
        return None
    key = members.shift_key(shift)
    return Signer(key, str(shift.officer_id), Role.DUTY_OFFICER, shift.unit.slug)


def _needs_nobody(kind_name: str, rows: Sequence[MandateRow], sender: MemberKind) -> bool:
    """Whether these rows serve while no shift is open: `pause` and `confirm_transfer` only (exchange.md §4)."""
    if all(row.unsigned_without_shift for row in rows):
        return True
    return not catalogue.required(
        kind_name, [row.code for row in rows], priority=Priority.P0, sender_kind=sender
    )
