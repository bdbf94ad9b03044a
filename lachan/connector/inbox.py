"""Takes messages in: verify as the receiver, store with log entry and receipt in one transaction.

The same message again gets the stored receipt, byte for byte. A message that cannot be judged yet (the
directory it relies on is not here) gets none, so that the centre offers it again.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from lachan.connector import crash, moving, tasks
from lachan.connector.member import Member
from lachan.connector.never_block import load_never_block
from lachan.connector.store import Received
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import Malformed
from lachan.exchange.kinds import MessageType, Question, to_json
from lachan.exchange.mandate_facts import OrderFollowed
from lachan.exchange.manifest import Manifest
from lachan.exchange.moves import Move
from lachan.exchange.receipts import LOGGED, open_compact, receiver_receipt
from lachan.exchange.verify import check_envelope
from lachan.exchange.verify_outcome import CheckedMessage, Refusal
from lachan.kernel.canonical import canonical
from lachan.kernel.errors import LachanError
from lachan.kernel.time import from_wire
from lachan.members.directory_rows import member_address


def take(item: Mapping[str, Any], member: Member) -> str | None:
    """One item of a poll; answers the receipt to send back, or None: not yet.

    Raises: Malformed, SignatureBad when the item is not what a centre sends.
    """
    envelope = Envelope.from_bytes(canonical(item["envelope"]))
    manifest, h = envelope.manifest, envelope.h
    before = member.store.received(sender=manifest.sender, message=manifest.id)
    if before is not None:
        if before.h == h:
            return before.receipt
        _conflict(manifest, h, member)
        return None
    if _gap(manifest, member):
        return None
    text = str(item["centre_receipt"])
    stated = open_compact(text, member.trust.log_keys, typ=LOGGED)
    if stated.get("h") != h:
        raise Malformed(why="a receipt of another message")
    logged_at = from_wire(str(stated["logged_at"]))
    due = stated.get("due_at")
    checked = _check(envelope, member, logged_at)
    if isinstance(checked, Refusal) and checked.code == "exchange.directory_stale":
        return None
    row = _row(
        envelope,
        checked,
        member,
        centre_receipt=text,
        logged_at=logged_at,
        due_at=from_wire(str(due)) if due else None,
    )
    crash.point("before_store")
    with contextlib.suppress(sqlite3.IntegrityError), member.store.transaction():
        member.store.put(row)
        member.store.note(
            "refused" if isinstance(checked, Refusal) else "accepted",
            row.received_at,
            member.address,
            h=h,
            conversation=row.conversation,
            sender=row.sender,
            receiver=member.address,
            kind=row.kind,
            code=checked.code if isinstance(checked, Refusal) else None,
        )
        if isinstance(checked, CheckedMessage) and row.type == MessageType.CANCEL.value:
            _cancel(row, member)
        elif isinstance(checked, CheckedMessage) and row.type != MessageType.ASK.value:
            moving.take(row, member)
    crash.point("after_store")
    stored = member.store.received(h=h)
    return None if stored is None else stored.receipt


def followed(manifest: Manifest, member: Member) -> OrderFollowed | None:
    """The order that a release, notice or renewal names, as this member has it on record."""
    if manifest.type is not MessageType.ASK or manifest.in_reply_to is None:
        return None
    row = member.store.received(h=manifest.in_reply_to)
    if row is None or row.type != MessageType.ASK.value:
        return None
    order = Envelope.from_bytes(row.envelope)
    ends = [ref.lease_until for ref in order.manifest.mandates if ref.lease_until is not None]
    caps = [ref.cap_vnd for ref in order.manifest.mandates if ref.cap_vnd is not None]
    lease = member.store.lease(row.h)
    return OrderFollowed(
        h=row.h,
        kind=row.kind,
        sender=member_address(row.sender),
        mandates=order.manifest.mandates,
        logged_at=row.logged_at,
        officers=frozenset(one.officer for one in order.approvals),
        units=frozenset(one.unit for one in order.approvals),
        renewals=0 if lease is None else lease.renewals,
        lease_until=from_wire(min(ends)) if ends else None,
        amount=min(caps) if caps else None,
    )


def _check(envelope: Envelope, member: Member, logged_at: datetime) -> CheckedMessage | Refusal:
    directory, catalogue = member.trust.directory, member.trust.catalogue
    if directory is None or catalogue is None:
        raise Malformed(why="no directory yet")
    listed = load_never_block(Path(member.config.file).parent, member.trust)
    return check_envelope(
        envelope,
        directory=directory,
        catalogue=catalogue,
        now=member.clock.now(),
        checker="receiver",
        own_address=member.address,
        logged_at=logged_at,
        private_key=member.encrypt_key,
        follows=followed(envelope.manifest, member),
        protected=listed.protects,
    )


def _row(
    envelope: Envelope,
    checked: CheckedMessage | Refusal,
    member: Member,
    *,
    centre_receipt: str,
    logged_at: datetime,
    due_at: datetime | None,
) -> Received:
    manifest, now = envelope.manifest, member.clock.now()
    ask = manifest.type is MessageType.ASK
    lines: list[dict[str, Any]] = []
    body: dict[str, Any] | None = None
    state, reason = ("new" if ask else "noted"), ""
    if isinstance(checked, Refusal):
        state = "new" if ask else "invalid"
        reason = f"{checked.substate}:{checked.reason or ''}:{checked.code}"
        error: LachanError = checked.error
        lines = [
            {
                "mandate": "-",
                "step": checked.code,
                "ok": False,
                "why": [error.message("vi"), error.message("en")],
            }
        ]
    else:
        body = to_json(checked.body) if isinstance(checked.body, Question | Move) else None
        lines = [{"mandate": one.mandate, "step": one.step, "ok": one.ok} for one in checked.lines]
    return Received(
        sender=manifest.sender,
        id=manifest.id,
        h=envelope.h,
        conversation=manifest.conversation,
        type=manifest.type.value,
        kind=manifest.kind,
        priority=manifest.priority.value,
        case_ref=manifest.mandates[0].case_ref if manifest.mandates else "",
        envelope=envelope.to_bytes(),
        centre_receipt=centre_receipt,
        receipt=receiver_receipt(envelope.h, member.sign_key, at=now),
        logged_at=logged_at,
        due_at=due_at,
        received_at=now,
        state=state,
        reason=reason,
        body=body,
        lines=lines,
    )


def _gap(manifest: Manifest, member: Member) -> bool:
    """What the sender said before this in the conversation has not come yet: it waits (protocol §6)."""
    if manifest.seq == 1:
        return False
    before = member.store.received(h=manifest.prev or "")
    return (
        before is None
        or before.conversation != manifest.conversation
        or before.sender != manifest.sender
    )


def _cancel(row: Received, member: Member) -> None:
    """An ask that nobody has answered yet is over, by the word of its own sender; an effect ends only through its own kind."""
    open_ = member.store.asks_of(row.conversation)
    if {member_address(one) for one in open_} != {member_address(row.sender)}:
        return
    tasks.withdraw(member.store, row.conversation, row.received_at)
    member.store.cancel(row.conversation)


def _conflict(manifest: Manifest, h: str, member: Member) -> None:
    member.store.note(
        "refused",
        member.clock.now(),
        member.address,
        h=h,
        conversation=manifest.conversation,
        sender=manifest.sender,
        code="exchange.replay_conflict",
    )
