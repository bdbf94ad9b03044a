"""What this member says: written with the state it follows from, posted until the centre's receipt verifies.

A draft is kept, not an envelope: the seal carries the time of sending, so a retry is sealed anew over the
same manifest and stays one message.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from lachan.connector import crash
from lachan.connector.centre import Centre, CentreUnreachable
from lachan.connector.member import Member
from lachan.connector.store import Received
from lachan.exchange.crypto import Jwk
from lachan.exchange.envelope import MAX_INLINE, Draft, Envelope, draft, seal
from lachan.exchange.errors import TooLarge
from lachan.exchange.kinds import Answer, MessageType, Priority, Row, kind
from lachan.exchange.manifest import Manifest, Outcome
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
    answer: Answer | None = None,
    rows: Sequence[Row] = (),
    now: datetime,
) -> str:
    """Put one message of this conversation into the outbox, in the open transaction; answers its H.

    Raises: TooLarge for lines that do not fit into a message.
    """
    ask = Manifest.parse(Envelope.from_bytes(row.envelope).manifest_bytes)
    last = member.store.db.execute(
        "SELECT seq, h FROM outbox WHERE conversation = ? ORDER BY seq DESC LIMIT 1",
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
        parts=() if answer is None else _parts(row.kind, answer, rows),
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


def _parts(kind_name: str, answer: Answer, rows: Sequence[Row]) -> tuple[PlainPart, ...]:
    form = kind(kind_name).rows
    return (body_part(answer),) if form is None else (body_part(answer), rows_part(rows, form))


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
    with member.store.transaction() as db:
        db.execute("UPDATE outbox SET state = 'refused', fault = ? WHERE id = ?", (code, row[0]))
        member.store.note("refused", member.clock.now(), member.address, h=str(row[1]), code=code)


def _later(member: Member, row: Sequence[Any], fault: str) -> None:
    longest = _LONGEST.get(str(row[3]), _LONGEST_ELSE)
    pause = min(longest, 2 ** min(int(row[4]), 6))
    member.store.db.execute(
        "UPDATE outbox SET tries = tries + 1, next_at = ?, fault = ? WHERE id = ?",
        (to_wire(member.clock.now() + timedelta(seconds=pause)), fault[:300], row[0]),
    )
