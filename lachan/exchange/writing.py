"""The outbox of hosted members: write a message, let officers approve it, dispatch it.

A draft is a row; its manifest bytes never change, so every officer signs what the receiver will read. What needs no person is
written, approved and dispatched in one insert.
"""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from lachan.access.compiled import fresh, insert, insert_later, update
from lachan.evidence import services as evidence
from lachan.evidence.driver import here, query
from lachan.exchange import catalogue, lookups, taking
from lachan.exchange import envelope as wire
from lachan.exchange.approvals import Act, Approval
from lachan.exchange.crypto import PrivateKey, b64encode
from lachan.exchange.errors import StateConflict
from lachan.exchange.kinds import Answer, MessageType, Question, encode, kind
from lachan.exchange.letters import DraftView, Letter, Signer
from lachan.exchange.manifest import Manifest, SignerNeed
from lachan.exchange.models import ConversationRecord, OutgoingRecord
from lachan.exchange.parts import PlainPart, body_part, rows_part
from lachan.exchange.signer_errors import ApprovalsWrong
from lachan.kernel.ids import uuid7
from lachan.members import services as members
from lachan.members.directory_rows import member_address
from lachan.members.roles import MemberKind, Role

_OWN = "the outbox of hosted members"


def draft(letter: Letter, *, now: datetime) -> DraftView:
    """Write a message that waits for its officers' signatures.

    Raises: StateConflict when the receiver has no key; SchemaMismatch; EvidenceStopped.
    """
    record, needs = _write(letter, now)
    insert(record)
    return _view(record, needs)


def post(letter: Letter, signer: Signer | None = None, *, now: datetime) -> DraftView:
    """Write a message that needs no person, approve it by `signer` where its rows ask for one, and let it leave.

    Raises: StateConflict, SchemaMismatch, EvidenceStopped; ApprovalsWrong when it needs more than that.
    """
    record, needs = _write(letter, now)
    if signer is not None:
        _sign(record, signer, Act.STANDING, now)
    _ensure_signed(record)
    record.state, record.ready_at = "READY", now
    if letter.conversation is None:
        insert_later(record)
    else:
        insert(record)  # the next in this conversation counts on from it
    if letter.type_ is MessageType.ASK:
        _open_conversation(record, letter.purpose.value, now)
    return _view(record, needs)


def _write(letter: Letter, now: datetime) -> tuple[OutgoingRecord, tuple[SignerNeed, ...]]:
    taking.ensure_taken(letter.kind_name, letter.type_, now)
    directory = members.current_directory()
    keys = [directory.encrypt_key(address, now) for address in (letter.receiver, letter.asker)]
    if None in keys:
        raise StateConflict(state="no encryption key", allowed="a member with a valid key")
    last = None if letter.conversation is None else _last(letter.conversation, letter.asker)
    needs = _needs(letter)
    talk = letter.conversation or uuid7()
    message = wire.draft(
        type=letter.type_,
        kind_name=letter.kind_name,
        sender=letter.asker,
        receiver=letter.receiver,
        created_at=now,
        purpose=letter.purpose.value,
        directory_version=directory.version,
        encrypt_to=[key.jwk for key in keys if key is not None],
        parts=(*_parts(letter), *letter.beside),
        priority=letter.priority,
        expires_at=None if letter.expires_in is None else now + letter.expires_in,
        conversation=str(talk),
        seq=1 if last is None else 1 + last[0],
        prev=None if last is None else last[1],
        in_reply_to=letter.in_reply_to,
        mandates=[
            catalogue.reference(use, case_ref=letter.case_ref, now=now) for use in letter.mandates
        ],
        required=needs,
        batch=None if letter.batch is None else str(letter.batch),
        supersedes=letter.supersedes,
        sheet_hash=letter.sheet_hash,
        outcome=letter.outcome,
    )
    record = fresh(
        OutgoingRecord,
        conversation=talk,
        h=message.h,
        kind=letter.kind_name,
        type=letter.type_.value,
        sender=letter.asker,
        receiver=letter.receiver,
        case_ref=letter.case_ref,
        priority=letter.priority.value,
        manifest=message.manifest_bytes,
        parts={name: b64encode(data) for name, data in message.parts.items()},
        required=[
            {"role": need.role, "distinct_unit_from": need.distinct_unit_from} for need in needs
        ],
        question=encode(letter.body) if isinstance(letter.body, Question) else None,
        sheet_hash=letter.sheet_hash or "",
        created_at=now,
    )
    return record, needs


def _parts(letter: Letter) -> tuple[PlainPart, ...]:
    if letter.body is None:
        return ()
    form = kind(letter.kind_name).rows
    if form is None or not isinstance(letter.body, Answer):
        return (body_part(letter.body),)
    return body_part(letter.body), rows_part(letter.rows, form)


def _needs(letter: Letter) -> tuple[SignerNeed, ...]:
    if letter.type_ is not MessageType.ASK or letter.unsigned:
        return letter.needs
    return catalogue.required(
        letter.kind_name,
        [use.code for use in letter.mandates],
        priority=letter.priority,
        sender_kind=MemberKind(letter.asker.split("/")[1]),
    )


def _last(conversation: UUID, sender: str) -> tuple[int, str] | None:
    """`seq` and H of the sender's newest message in a conversation, sent or about to be."""
    link = here()
    key = conversation if link.features.has_native_uuid_field else conversation.hex
    rows = query(_LAST, [key, sender], link)
    return (Manifest.parse(bytes(rows[0][0])).seq, str(rows[0][1])) if rows else None


# Plain, for it leaves the ciphertexts where they are (see access.compiled).
_LAST = (
    "SELECT manifest, h FROM exchange_outgoingrecord WHERE conversation = %s AND sender = %s "
    "AND state NOT IN ('CANCELLED', 'REFUSED') ORDER BY created_at DESC, id DESC LIMIT 1"
)


def _view(record: OutgoingRecord, needs: tuple[SignerNeed, ...]) -> DraftView:
    return DraftView(record.id, record.h, record.conversation, needs, bytes(record.manifest))


def approve(
    draft_id: UUID, key: PrivateKey, *, officer: UUID, role: str, unit: str, act: Act, at: datetime
) -> None:
    """One person's signature over the exact manifest bytes, kept with the draft."""
    record = drafted(draft_id)
    _sign(record, Signer(key, str(officer), Role(role), unit), act, at)
    update(record, "approvals")


def keep_approval(record: OutgoingRecord, approval: Approval, at: datetime) -> None:
    """An approval that was made elsewhere, kept with its draft; whoever brings it has checked it."""
    _note(record, approval, at)
    update(record, "approvals")


def dispatch(draft_id: UUID, *, now: datetime) -> None:
    """Put a draft with all its signatures into the outbox; while nothing is taken it stays a draft.

    Raises: ApprovalsWrong, StateConflict, EvidenceStopped.
    """
    record = drafted(draft_id)
    taking.ensure_taken(record.kind, MessageType(record.type), now)
    _ensure_signed(record)
    record.state, record.ready_at = "READY", now
    update(record, "state", "ready_at")
    if record.type == MessageType.ASK.value:
        purpose = Manifest.parse(bytes(record.manifest)).purpose
        _open_conversation(record, purpose, now)


def drafted(draft_id: UUID) -> OutgoingRecord:
    """A draft that still waits, its row locked. Raises: StateConflict."""
    record = lookups.outgoing.first(draft_id)
    if record is None or record.state != "DRAFTED":
        raise StateConflict(state="-" if record is None else record.state, allowed="DRAFTED")
    return record


def _sign(record: OutgoingRecord, by: Signer, act: Act, at: datetime) -> None:
    approval = wire.approve(
        bytes(record.manifest),
        by.key,
        officer=by.officer,
        role=by.role,
        unit=by.unit,
        act=act,
        at=at,
    )
    _note(record, approval, at)


def _note(record: OutgoingRecord, approval: Approval, at: datetime) -> None:
    record.approvals = [*record.approvals, approval.to_json()]
    evidence.append(
        "approval", approval.officer, at, h=record.h, conversation=record.conversation,
        kind=record.kind,
    )  # fmt: skip


def _ensure_signed(record: OutgoingRecord) -> None:
    if len(record.approvals) < len(record.required):
        right = ", ".join(str(need["role"]) for need in record.required)
        raise ApprovalsWrong(why=f"{len(record.approvals)}/{len(record.required)}", right=right)


def withdraw(draft_id: UUID) -> None:
    """A draft that will not be sent."""
    OutgoingRecord.objects.unscoped(reason=_OWN).filter(pk=draft_id, state="DRAFTED").update(
        state="CANCELLED"
    )


def close_gap(conversation: UUID, sender: str) -> None:
    """A message was refused, so it holds no place in the order: what waits behind it moves up. No officer has signed any of it."""
    rows = OutgoingRecord.objects.unscoped(reason=_OWN).filter(
        conversation=conversation, sender=sender
    )
    sent = rows.filter(state="SENT").order_by("-created_at", "-id").first()
    last = None if sent is None else (Manifest.parse(bytes(sent.manifest)).seq, sent.h)
    for record in rows.filter(state="READY").order_by("created_at", "id"):
        seq, prev = (1, None) if last is None else (last[0] + 1, last[1])
        moved = replace(Manifest.parse(bytes(record.manifest)), seq=seq, prev=prev).to_bytes()
        record.manifest, record.h = moved, wire.message_hash(moved)
        record.save(update_fields=["manifest", "h"])
        last = (seq, record.h)


def _open_conversation(record: OutgoingRecord, purpose: str, now: datetime) -> None:
    talk = fresh(
        ConversationRecord,
        id=record.conversation,
        kind=record.kind,
        asker=record.sender,
        answerer=record.receiver,
        asker_member=member_address(record.sender),
        answerer_member=member_address(record.receiver),
        case_ref=record.case_ref,
        purpose=purpose,
        priority=record.priority,
        ask_h=record.h,
        question=record.question,
        state={},
        status="AwaitingDisclosure",
        substate="queued",
        created_at=now,
    )
    insert_later(talk)
