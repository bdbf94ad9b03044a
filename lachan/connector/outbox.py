"""What this member says: written with the state it follows from, posted until the centre's receipt verifies.

A draft is kept, not an envelope: the seal carries the time of sending, so a retry is sealed anew over the
same manifest and stays one message.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from lachan.connector import crash, talk
from lachan.connector.centre import Centre, CentreUnreachable
from lachan.connector.member import Member
from lachan.connector.store import Received
from lachan.exchange.crypto import Jwk
from lachan.exchange.envelope import MAX_INLINE, Draft, Envelope, draft, seal
from lachan.exchange.errors import StateConflict, TooLarge
from lachan.exchange.kinds import Answer, MessageType, Priority, Row, kind
from lachan.exchange.manifest import Manifest, Outcome
from lachan.exchange.moves import Move
from lachan.exchange.parts import PlainPart, body_part, rows_part
from lachan.exchange.receipts import LOGGED, open_compact
from lachan.kernel.errors import LachanError
from lachan.kernel.time import to_wire

BATCH = 50
_RETRY = frozenset({"exchange.sequence_gap", "exchange.clock", "exchange.directory_stale"})
_LONGEST = {Priority.P0.value: 5}  # seconds between tries
_LONGEST_ELSE = 60


def say(
    row: Received,
    member: Member,
    *,
    type_: MessageType,
    outcome: Outcome,
    body: Answer | Move | None = None,
    rows: Sequence[Row] = (),
    now: datetime,
) -> str:
    """Put one message of this conversation into the outbox, in the open transaction; answers its H.

    Raises: TooLarge for lines that do not fit into a message.
    """
    ask = Manifest.parse(Envelope.from_bytes(row.envelope).manifest_bytes)
    last = member.store.db.execute(
        "SELECT seq, h FROM outbox WHERE conversation = ? AND state <> 'refused' ORDER BY seq DESC LIMIT 1",
        (row.conversation,),
    ).fetchone()
    seq, prev = (1, None) if last is None else (int(last[0]) + 1, str(last[1]))
    directory = member.trust.directory
    message = draft(
        type=type_,
        kind_name=row.kind,
        sender=member.address,
        receiver=row.sender,
        created_at=now,
        purpose=ask.purpose,
        directory_version=1 if directory is None else directory.version,
        encrypt_to=_readers(row.sender, member, now),
        parts=() if body is None else _parts(row.kind, body, rows),
        priority=row.priority,
        conversation=row.conversation,
        seq=seq,
        prev=prev,
        in_reply_to=row.h,
        outcome=outcome,
        test=ask.test,
    )
    _ensure_inline(message)
    member.store.db.execute(
        "INSERT INTO outbox (id, h, conversation, seq, priority, draft, state, next_at, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, 'ready', ?, ?)",
        (
            message.manifest.id, message.h, row.conversation, seq, row.priority, message.to_bytes(),
            to_wire(now), to_wire(now),
        ),
    )  # fmt: skip
    return message.h


def _ensure_inline(message: Draft) -> None:
    """Nothing carries a larger part yet. Raises: TooLarge, and the answer waits for a person."""
    for name, data in message.parts.items():
        if len(data) > MAX_INLINE:
            raise TooLarge(what=name, size=len(data), right=MAX_INLINE)


def _parts(kind_name: str, body: Answer | Move, rows: Sequence[Row]) -> tuple[PlainPart, ...]:
    form = kind(kind_name).rows
    if form is None or isinstance(body, Move):
        return (body_part(body),)
    return (body_part(body), rows_part(rows, form))


def _readers(address: str, member: Member, now: datetime) -> list[Jwk]:
    """The asker's key and our own: the sender keeps a readable copy."""
    directory = member.trust.directory
    theirs = None if directory is None else directory.encrypt_key(address, now)
    own = member.encrypt_key.as_dict(private=False)
    return [own] if theirs is None else [theirs.jwk, own]


def post(member: Member, centre: Centre) -> int:
    """Send what is ready, oldest first; answers how many are done. A failure waits, with growing pauses."""
    now = member.clock.now()
    rows = member.store.db.execute(
        "SELECT id, h, draft, priority, tries FROM outbox WHERE state = 'ready' AND next_at <= ? "
        "ORDER BY created_at, seq LIMIT ?",
        (to_wire(now), BATCH),
    ).fetchall()
    if not rows:
        return 0
    envelopes = [_sealed(bytes(row[2]), member) for row in rows]
    crash.point("before_post")
    try:
        results = centre.send([json.loads(one.to_bytes()) for one in envelopes])
    except CentreUnreachable as cause:
        for row in rows:
            _later(member, row, str(cause))
        raise
    crash.point("after_post")
    for row, result in zip(rows, results, strict=False):
        _settle(member, row, result)
    for row in rows[len(results) :]:
        _later(member, row, "no result")
    return len(results)


def _sealed(data: bytes, member: Member) -> Envelope:
    return seal(Draft.from_bytes(data), (), member.sign_key, member.clock.now())


def _settle(member: Member, row: Sequence[Any], result: dict[str, Any]) -> None:
    text = str(result.get("receipt", ""))
    if text:
        try:
            good = open_compact(text, member.trust.log_keys, typ=LOGGED).get("h") == row[1]
        except LachanError:
            good = False
        if good:
            member.store.db.execute(
                "UPDATE outbox SET state = 'sent', receipt = ? WHERE id = ?", (text, row[0])
            )
        else:
            _later(member, row, "a receipt that does not verify")
        return
    code = str((result.get("error") or {}).get("code", ""))
    if code in _RETRY or not code:
        _later(member, row, code or "no receipt")
        return
    _refused(member, str(row[0]), code)


def _refused(member: Member, message: str, code: str) -> None:
    """The centre did not take it, so it was never said; what was written after it, counting on it, was not either."""
    with member.store.transaction() as db:
        found = db.execute(
            "SELECT conversation, seq FROM outbox WHERE id = ? AND state = 'ready'", (message,)
        ).fetchone()
        if found is None:
            return  # fell with one before it
        conversation, seq = found
        lost = db.execute(
            "SELECT id, h FROM outbox WHERE conversation = ? AND seq >= ? AND state = 'ready'",
            (conversation, seq),
        ).fetchall()
        for one, h in lost:
            # A place in the order is free again: rowids are never negative, so neither clash.
            db.execute(
                "UPDATE outbox SET state = 'refused', seq = -rowid, fault = ? WHERE id = ?",
                (code, one),
            )
            member.store.note("refused", member.clock.now(), member.address, h=h, code=code)
        if code == StateConflict.code:
            _bring_back(member, str(conversation))


def _bring_back(member: Member, conversation: str) -> None:
    """The conversation went another way meanwhile: cancelled, or the desk sees the ask again, its clock as it was."""
    member.store.db.execute(
        "UPDATE inbox SET try_at = NULL, reason = 'not_taken', state = CASE WHEN EXISTS ("
        "SELECT 1 FROM inbox AS other WHERE other.conversation = inbox.conversation AND other.type = 'cancel'"
        ") THEN 'cancelled' ELSE 'desk' END "
        "WHERE conversation = ? AND type = 'ask' AND state IN ('refused', 'clarifying')",
        (conversation,),
    )
    ask = member.store.ask_of(conversation)
    if ask is not None:
        member.store.put_due(ask.h, talk.due_of(ask, member))


def _later(member: Member, row: Sequence[Any], fault: str) -> None:
    longest = _LONGEST.get(str(row[3]), _LONGEST_ELSE)
    pause = min(longest, 2 ** min(int(row[4]), 6))
    member.store.db.execute(
        "UPDATE outbox SET tries = tries + 1, next_at = ?, fault = ? WHERE id = ?",
        (to_wire(member.clock.now() + timedelta(seconds=pause)), fault[:300], row[0]),
    )
