"""The outbox of hosted members: draft, approve, dispatch; and the step that puts a ready message on the wire.

A draft is a row; its manifest bytes never change, so every officer signs what the receiver will read. Sealing and the
centre's acceptance are one transaction: a message is SENT and logged, or it is still READY.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from lachan.access.purposes import Purpose
from lachan.access.steps import step
from lachan.evidence import services as evidence
from lachan.exchange import catalogue, router
from lachan.exchange import envelope as wire
from lachan.exchange.catalogue import MandateUse
from lachan.exchange.crypto import PrivateKey, b64decode, b64encode
from lachan.exchange.envelope import Act, Approval, Draft, Outcome, SignerNeed
from lachan.exchange.errors import ApprovalsWrong, StateConflict
from lachan.exchange.events import NotAccepted, Sent
from lachan.exchange.kinds import Answer, MessageType, Priority, Question, encode
from lachan.exchange.models import ConversationRecord, OutgoingRecord
from lachan.kernel.events import Event
from lachan.kernel.ids import uuid7
from lachan.kernel.time import Clock
from lachan.members import services as members
from lachan.members.directory import member_address
from lachan.members.roles import KeyUse, MemberKind

RETRY = timedelta(seconds=1)
_OWN = "the outbox of hosted members"


@dataclass(frozen=True, slots=True)
class DraftView:
    """A message that waits for its signatures. `manifest` is exactly what they cover."""

    id: UUID
    h: str
    conversation: UUID
    required: tuple[SignerNeed, ...]
    manifest: bytes


def draft(
    *,
    asker: str,
    kind_name: str,
    body: Question | Answer | None,
    receiver: str,
    mandates: Sequence[MandateUse],
    purpose: Purpose,
    priority: Priority | str,
    case_ref: str,
    now: datetime,
    type_: MessageType = MessageType.ASK,
    sheet_hash: str | None = None,
    batch: UUID | None = None,
    in_reply_to: str | None = None,
    conversation: UUID | None = None,
    supersedes: str | None = None,
    expires_in: timedelta | None = None,
    outcome: Outcome | None = None,
    unsigned: bool = False,
) -> DraftView:
    """Write a hosted member's message with its parts encrypted to the receiver and to the member itself.

    Raises: StateConflict when the receiver has no key; SchemaMismatch.
    """
    directory = members.current_directory()
    keys = [directory.encrypt_key(address, now) for address in (receiver, asker)]
    if None in keys:
        raise StateConflict(state="no encryption key", allowed="a member with a valid key")
    talk = conversation or uuid7()
    last = (
        OutgoingRecord.objects.unscoped(reason=_OWN)
        .filter(conversation=talk, sender=asker)
        .exclude(state="CANCELLED")
        .order_by("-created_at", "-id")
        .first()
    )
    declared = MemberKind(asker.split("/")[1])
    message = wire.draft(
        type=type_,
        kind_name=kind_name,
        sender=asker,
        receiver=receiver,
        created_at=now,
        purpose=purpose.value,
        directory_version=directory.version,
        encrypt_to=[key.jwk for key in keys if key is not None],
        parts=() if body is None else (wire.body_part(body),),
        priority=priority,
        expires_at=None if expires_in is None else now + expires_in,
        conversation=str(talk),
        seq=1 if last is None else 1 + _seq(last),
        prev=None if last is None else last.h,
        in_reply_to=in_reply_to,
        mandates=[catalogue.reference(use, case_ref=case_ref, now=now) for use in mandates],
        required=catalogue.required(
            kind_name,
            [use.code for use in mandates],
            priority=Priority(priority),
            sender_kind=declared,
        )
        if type_ is MessageType.ASK and not unsigned
        else (),
        batch=None if batch is None else str(batch),
        supersedes=supersedes,
        sheet_hash=sheet_hash,
        outcome=outcome,
    )
    record = OutgoingRecord(
        conversation=talk,
        h=message.h,
        kind=kind_name,
        type=type_.value,
        sender=asker,
        receiver=receiver,
        case_ref=case_ref,
        priority=Priority(priority).value,
        manifest=message.manifest_bytes,
        parts={name: b64encode(data) for name, data in message.parts.items()},
        required=[
            {"role": need.role, "distinct_unit_from": need.distinct_unit_from}
            for need in message.manifest.required
        ],
        question=encode(body) if isinstance(body, Question) else None,
        sheet_hash=sheet_hash or "",
        created_at=now,
    )
    record.save(force_insert=True)
    return DraftView(record.id, record.h, talk, message.manifest.required, message.manifest_bytes)


def approve(
    draft_id: UUID, key: PrivateKey, *, officer: UUID, role: str, unit: str, act: Act, at: datetime
) -> None:
    """One person's signature (or the shift's) over the exact manifest bytes, kept with the draft."""
    record = OutgoingRecord.objects.unscoped(reason=_OWN).select_for_update().get(pk=draft_id)
    if record.state != "DRAFTED":
        raise StateConflict(state=record.state, allowed="DRAFTED")
    approval = wire.approve(
        bytes(record.manifest), key, officer=str(officer), role=role, unit=unit, act=act, at=at
    )
    record.approvals = [*record.approvals, approval.to_json()]
    record.save()
    evidence.append(
        "approval", str(officer), at, h=record.h, conversation=record.conversation, kind=record.kind
    )


def dispatch(draft_id: UUID, *, now: datetime) -> None:
    """Put a draft with all its signatures into the outbox. Raises: ApprovalsWrong, StateConflict."""
    record = OutgoingRecord.objects.unscoped(reason=_OWN).select_for_update().get(pk=draft_id)
    if record.state != "DRAFTED":
        raise StateConflict(state=record.state, allowed="DRAFTED")
    if len(record.approvals) < len(record.required):
        right = ", ".join(str(need["role"]) for need in record.required)
        raise ApprovalsWrong(why=f"{len(record.approvals)}/{len(record.required)}", right=right)
    record.state, record.ready_at = "READY", now
    record.save()
    if record.type == MessageType.ASK.value:
        _open_conversation(record, now)


def withdraw(draft_id: UUID) -> None:
    """A draft that will not be sent."""
    OutgoingRecord.objects.unscoped(reason=_OWN).filter(pk=draft_id, state="DRAFTED").update(
        state="CANCELLED"
    )


def ready(*, now: datetime, limit: int = 50) -> list[UUID]:
    """Messages waiting to be sealed, most urgent first."""
    rows = OutgoingRecord.objects.unscoped(reason=_OWN).filter(state="READY")
    rows = rows.filter(Q(try_at=None) | Q(try_at__lte=now)).order_by("priority", "ready_at", "id")
    return list(rows.values_list("pk", flat=True)[:limit])


@step
def send_one(*, outgoing_id: UUID, clock: Clock) -> tuple[str, Iterable[Event]]:
    """Seal one message and give it to the router; answers its new state. Safe to repeat at any moment."""
    now = clock.now()
    record = OutgoingRecord.objects.unscoped(reason=_OWN).select_for_update().get(pk=outgoing_id)
    if record.state != "READY":
        return record.state, ()
    key = members.member_private_key(member_address(record.sender), KeyUse.SIGN, clock=clock)
    message = Draft(
        bytes(record.manifest), {name: b64decode(text) for name, text in record.parts.items()}
    )
    approvals = [Approval.from_json(one) for one in record.approvals]
    verdict = router.accept(wire.seal(message, approvals, key, now), now=now)
    if isinstance(verdict, router.Accepted):
        record.state, record.sent_at = "SENT", now
        record.save()
        return "SENT", (
            Sent(record.h, record.conversation, record.kind, record.receiver, record.case_ref, now),
        )
    record.tries += 1
    if verdict.retry and record.tries < 60:  # noqa: PLR2004 - a minute of one-second tries, then a person looks
        record.try_at = now + RETRY
        record.save()
        return "READY", ()
    record.state, record.refusal = "REFUSED", verdict.body
    record.save()
    fact = NotAccepted(
        record.h,
        record.conversation,
        record.kind,
        record.receiver,
        record.case_ref,
        verdict.code,
        now,
    )
    return "REFUSED", (fact,)


def _seq(record: OutgoingRecord) -> int:
    return wire.Manifest.parse(bytes(record.manifest)).seq


def _open_conversation(record: OutgoingRecord, now: datetime) -> None:
    ConversationRecord(
        id=record.conversation,
        kind=record.kind,
        asker=record.sender,
        answerer=record.receiver,
        asker_member=member_address(record.sender),
        answerer_member=member_address(record.receiver),
        case_ref=record.case_ref,
        purpose=wire.Manifest.parse(bytes(record.manifest)).purpose,
        priority=record.priority,
        ask_h=record.h,
        question=record.question,
        state={},
        status="AwaitingDisclosure",
        substate="queued",
        created_at=now,
    ).save(force_insert=True)
