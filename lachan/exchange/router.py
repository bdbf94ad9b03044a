"""The centre's own checks, log entry, receipt and queue for every message, whoever sends it.

`accept` runs in the caller's transaction: acceptance, log entry, receipt and delivery are one. A refusal is returned, not
raised, since it must be remembered: it is logged here and answered with a signed body. The same message again gets the
stored receipt, byte for byte.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from lachan.access.compiled import insert, update
from lachan.evidence import services as evidence
from lachan.evidence.keys import log_key
from lachan.exchange import catalogue, conversation, lateness, lookups
from lachan.exchange.conversation_seen import Seen
from lachan.exchange.conversation_states import Status
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import (
    ConversationUnknown,
    Duplicate,
    ReplayConflict,
    ReplyHash,
    SequenceGap,
    StateConflict,
)
from lachan.exchange.kinds import MessageType, Priority
from lachan.exchange.mandate_facts import OrderFollowed
from lachan.exchange.manifest import Manifest
from lachan.exchange.models import ConversationRecord, DeliveryRecord, MessageRecord, RefusedRecord
from lachan.exchange.verify import check_envelope
from lachan.exchange.verify_outcome import CheckedMessage, Refusal, refusal
from lachan.kernel.canonical import canonical
from lachan.kernel.errors import LachanError
from lachan.kernel.time import from_wire, to_wire
from lachan.members import services as members
from lachan.members.directory_rows import member_address
from lachan.members.roles import Connection

REFUSAL = "lachan-refusal+jws"
OVERTAKING = frozenset({"release", "unfreeze"})
_STATE = ("state", "status", "substate")
_RETRY = frozenset({"exchange.sequence_gap", "exchange.clock", "exchange.directory_stale"})
_ALL = "the centre routes every member's messages"


@dataclass(frozen=True, slots=True)
class Accepted:
    """In the queue of its receiver. `receipt` is the centre's JWS; `again` says that it was here before."""

    receipt: str
    record: MessageRecord
    again: bool


@dataclass(frozen=True, slots=True)
class Rejected:
    """Refused and logged. `refusal` is signed by the log key; `retry` says that time may heal it."""

    refusal: str
    code: str
    body: dict[str, Any]
    retry: bool


def accept(given: Envelope | bytes, *, now: datetime) -> Accepted | Rejected:
    """Check a message as the centre does and queue it for its receiver."""
    try:
        envelope = Envelope.from_bytes(given) if isinstance(given, bytes) else given
        manifest = envelope.manifest
    except LachanError as error:
        return _reject(refusal(error, None), sender="", now=now)
    before = _seen(manifest)
    if before is not None:
        if before.h == envelope.h:
            return Accepted(before.receipt, before, again=True)
        return _reject(refusal(ReplayConflict(), envelope.h), sender=manifest.sender, now=now)
    checked = check_envelope(
        envelope,
        directory=members.current_directory(),
        catalogue=catalogue.catalogue(),
        now=now,
        checker="centre",
        follows=followed(manifest),
    )
    if isinstance(checked, Refusal):
        return _reject(checked, sender=manifest.sender, now=now)
    try:
        talk = _conversation(checked, now)
    except LachanError as error:
        return _reject(refusal(error, envelope.h), sender=manifest.sender, now=now)
    return _queue(checked, talk, now)


def followed(manifest: Manifest) -> OrderFollowed | None:
    """The order that a release, notice or renewal names in `in_reply_to`, as the centre has it on record."""
    if manifest.type is not MessageType.ASK or manifest.in_reply_to is None:
        return None
    record = lookups.ask_by_hash.first(manifest.in_reply_to, "ask")
    if record is None:
        return None
    order = Envelope.from_bytes(bytes(record.envelope))
    ends = [ref.lease_until for ref in order.manifest.mandates if ref.lease_until is not None]
    renewals = (
        MessageRecord.objects.unscoped(reason=_ALL)
        .filter(in_reply_to=record.h, kind="renew", type="ask")
        .count()
    )
    return OrderFollowed(
        h=record.h,
        kind=record.kind,
        sender=member_address(record.sender),
        mandates=order.manifest.mandates,
        logged_at=record.logged_at,
        officers=frozenset(one.officer for one in order.approvals),
        units=frozenset(one.unit for one in order.approvals),
        renewals=renewals,
        lease_until=from_wire(min(ends)) if ends else None,
    )


def _seen(manifest: Manifest) -> MessageRecord | None:
    return lookups.message_by_id.first(manifest.sender, manifest.id)


def _conversation(checked: CheckedMessage, now: datetime) -> ConversationRecord:
    """The conversation that the message belongs to, with its order kept. Raises: exchange errors of state."""
    manifest = checked.manifest
    talk = lookups.talk.first(manifest.conversation)
    if manifest.type is MessageType.ASK:
        if talk is not None and talk.ask_h != checked.h:
            raise Duplicate(h=talk.ask_h)
        talk = talk or _opened(checked, now)
        _move(talk, checked, now)
        return talk
    if talk is None:
        raise ConversationUnknown(field="conversation")
    if member_address(manifest.sender) not in (talk.asker_member, talk.answerer_member):
        raise ConversationUnknown(field="conversation")
    _ensure_order(checked)
    _ensure_reply(manifest, talk)
    _move(talk, checked, now)
    return talk


def _move(talk: ConversationRecord, checked: CheckedMessage, now: datetime) -> None:
    """Let the state machine take the message. Raises: StateConflict, ReplyHash."""
    state = _state(talk)
    seen = Seen.of(checked.envelope, now)
    conversation.ensure_takes(state, seen)
    after, _ = conversation.step(state, seen, now)
    _keep(talk, after)
    if after.final or after.status is Status.DISCLOSED:
        lateness.stop_clock(talk, at=now)


def mark_delivered(talk: ConversationRecord, *, at: datetime) -> None:
    """The receiver's receipt came. The caller saves nothing further."""
    _keep(talk, conversation.mark(_state(talk), "delivered", at))
    update(talk, *_STATE)


def _state(talk: ConversationRecord) -> conversation.Conversation:
    if talk.state:
        return conversation.Conversation.from_json(talk.state)
    begun = conversation.start(
        id=str(talk.pk),
        kind=talk.kind,
        priority=Priority(talk.priority),
        asker=talk.asker,
        answerer=talk.answerer,
    )
    return conversation.mark(begun, "queued", talk.created_at)


def _keep(talk: ConversationRecord, state: conversation.Conversation) -> None:
    talk.state = state.to_json()
    talk.status, talk.substate = state.status.value, state.substate


def _opened(checked: CheckedMessage, now: datetime) -> ConversationRecord:
    manifest = checked.manifest
    talk = ConversationRecord(
        id=manifest.conversation,
        kind=manifest.kind,
        asker=manifest.sender,
        answerer=manifest.receiver,
        asker_member=member_address(manifest.sender),
        answerer_member=member_address(manifest.receiver),
        case_ref=manifest.mandates[0].case_ref if manifest.mandates else "",
        purpose=manifest.purpose,
        priority=manifest.priority.value,
        ask_h=checked.h,
        state={},
        status="AwaitingDisclosure",
        substate="queued",
        created_at=now,
    )
    insert(talk)
    return talk


def _ensure_order(checked: CheckedMessage) -> None:
    """The seq counts 1, 2, 3… per conversation and sender, each naming the one before. Raises: SequenceGap."""
    manifest = checked.manifest
    last = lookups.last_of_sender.first(manifest.conversation, manifest.sender)
    expected, prev = (1, None) if last is None else (last.seq + 1, last.h)
    if manifest.seq > expected:
        raise SequenceGap(missing=expected)
    if manifest.seq < expected or manifest.prev != prev:
        raise StateConflict(state=f"seq {expected}", allowed=f"seq {expected}")


def _ensure_reply(manifest: Manifest, talk: ConversationRecord) -> None:
    named = manifest.in_reply_to
    if named is None:
        return
    if named != talk.ask_h and lookups.message_in_talk.first(talk.pk, named) is None:
        raise ReplyHash
    names_ask = {MessageType.ANSWER, MessageType.PARTIAL, MessageType.REFUSE}
    if manifest.type in names_ask and manifest.in_reply_to != talk.ask_h:
        raise ReplyHash


def _queue(checked: CheckedMessage, talk: ConversationRecord, now: datetime) -> Accepted:
    manifest = checked.manifest
    if manifest.type is MessageType.ASK:
        lateness.start_clock(talk, logged_at=now)
    update(talk, *_STATE, *lateness.CLOCK)
    entry = evidence.append(
        "accepted",
        member_address(manifest.sender),
        now,
        h=checked.h,
        conversation=manifest.conversation,
        sender=manifest.sender,
        receiver=manifest.receiver,
        kind=manifest.kind,
    )
    record = MessageRecord(
        message_id=manifest.id,
        h=checked.h,
        conversation=manifest.conversation,
        sender=manifest.sender,
        receiver=manifest.receiver,
        type=manifest.type.value,
        kind=manifest.kind,
        seq=manifest.seq,
        in_reply_to=manifest.in_reply_to or "",
        case_ref=talk.case_ref,
        envelope=checked.envelope.to_bytes(),
        receipt=evidence.receipt(
            entry, due_at=talk.due_at if manifest.type is MessageType.ASK else None
        ),
        entry=entry.id,
        directory_version=members.current_directory().version,
        logged_at=now,
        due_at=talk.due_at,
    )
    insert(record)
    receiver = member_address(manifest.receiver)
    _commit_in_order(receiver)
    insert(
        DeliveryRecord(
            message=record,
            receiver_member=receiver,
            overtakes=manifest.kind in OVERTAKING or manifest.type is MessageType.CANCEL,
            hosted=checked.receiver.connection is Connection.HOSTED,
        )
    )
    return Accepted(record.receipt, record, again=False)


def _commit_in_order(receiver: str) -> None:
    """A poll reads a queue by rising id, so ids of one receiver must become visible in their order."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"delivery:{receiver}"])


def _reject(refused: Refusal, *, sender: str, now: datetime) -> Rejected:
    """Log, sign and keep a refusal."""
    body = {key: value for key, value in refused.body().items() if value is not None}
    signed = log_key().sign(canonical({**body, "at": to_wire(now)}), typ=REFUSAL)
    evidence.append(
        "refused",
        member_address(sender) or "unknown",
        now,
        h=refused.h,
        code=refused.code,
        sender=sender or None,
    )
    RefusedRecord(
        h=refused.h or "",
        sender=sender,
        code=refused.code,
        detail=refused.detail[:300],
        refusal=signed,
        at=now,
    ).save(force_insert=True)
    return Rejected(signed, refused.code, refused.body(), retry=refused.code in _RETRY)
