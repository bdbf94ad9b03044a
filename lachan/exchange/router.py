"""The centre's own checks, log entry, receipt and queue for every message, whoever sends it.

`accept` runs in the caller's transaction: acceptance, log entry, receipt and delivery are one. A refusal is returned, not
raised, since it must be remembered: it is logged here and answered with a signed body. The same message again gets the
stored receipt, byte for byte.
"""

from datetime import datetime
from typing import Any

import msgspec

from lachan.access.compiled import fresh, insert, insert_later, update
from lachan.evidence import services as evidence
from lachan.evidence.driver import here, query
from lachan.evidence.keys import log_key
from lachan.exchange import catalogue, lateness, lookups, taking, talks
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import ReplayConflict
from lachan.exchange.kinds import MessageType
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
_RETRY = frozenset({"exchange.sequence_gap", "exchange.clock", "exchange.directory_stale"})
_NOT_NOW = frozenset({429, 503})  # nothing is wrong with the message itself
_ALL = "the centre routes every member's messages"


class Accepted(msgspec.Struct, frozen=True):
    """In the queue of its receiver. `receipt` is the centre's JWS; `again` says that it was here before."""

    receipt: str
    record: MessageRecord
    again: bool


class Rejected(msgspec.Struct, frozen=True):
    """Refused and logged. `refusal` is signed by the log key; `retry` says that time may heal it.

    status: of the HTTP answer; 425 asks for the same message again.
    """

    refusal: str
    code: str
    body: dict[str, Any]
    retry: bool
    status: int


def accept(
    given: Envelope | bytes, *, now: datetime, never_seen: bool = False
) -> Accepted | Rejected:
    """Check a message as the centre does and queue it for its receiver.

    never_seen: the caller holds the outbox row of a message that has not been accepted yet.
    """
    try:
        envelope = Envelope.from_bytes(given) if isinstance(given, bytes) else given
        manifest = envelope.manifest
    except LachanError as error:
        return _reject(refusal(error, None), sender="", now=now)
    before = None if never_seen else _seen(manifest)
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
        taking.ensure_taken(checked.manifest.kind, checked.manifest.type, now)
        talk = talks.taken_by(checked, now)
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


def _queue(checked: CheckedMessage, talk: ConversationRecord, now: datetime) -> Accepted:
    manifest = checked.manifest
    if manifest.type is MessageType.ASK:
        lateness.start_clock(talk, logged_at=now)
        update(talk, *talks.STATE, *lateness.CLOCK)
    else:
        update(talk, *talks.STATE, *lateness.MOVED)
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
    record = fresh(
        MessageRecord,
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
    insert_later(
        fresh(
            DeliveryRecord,
            message_id=record.id,
            receiver_member=receiver,
            overtakes=manifest.kind in OVERTAKING or manifest.type is MessageType.CANCEL,
            hosted=checked.receiver.connection is Connection.HOSTED,
        )
    )
    return Accepted(record.receipt, record, again=False)


def _commit_in_order(receiver: str) -> None:
    """A poll reads a queue by rising id, so ids of one receiver must become visible in their order."""
    link = here()
    if link.vendor == "postgresql":
        query("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"delivery:{receiver}"], link)


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
    retry = refused.code in _RETRY
    own = refused.error.status if refused.error.status in _NOT_NOW else 422
    return Rejected(signed, refused.code, refused.body(), retry, 425 if retry else own)
