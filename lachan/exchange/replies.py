"""Answers that came on paper: read by the form that the kind declares, kept, then signed by whoever typed or checked them.

Nothing leaves by itself: an officer of the member's own desk, or of the centre's registrar or citizen office, signs
(`act: transcribed`); the signed answer commits to the scan by its SHA-256 (exchange.md §6).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.access.verbs import verb
from lachan.evidence import services as evidence
from lachan.exchange import lookups, writing
from lachan.exchange.approvals import Act
from lachan.exchange.conversation_states import Status
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import DecryptFailed, ExchangeError, StateConflict
from lachan.exchange.forms.declared import fields
from lachan.exchange.forms.reading import read_form
from lachan.exchange.forms.showing import write_form
from lachan.exchange.forms.tables import read_table
from lachan.exchange.kinds import (
    Answer,
    MessageKind,
    MessageType,
    Priority,
    Question,
    Row,
    decode,
    encode,
    from_json,
    kind,
)
from lachan.exchange.letters import Letter
from lachan.exchange.manifest import Outcome, SignerNeed
from lachan.exchange.models import ConversationRecord, MessageRecord
from lachan.exchange.opening import open_part
from lachan.exchange.paper_models import PaperReply
from lachan.exchange.parts import PlainPart
from lachan.exchange.printed_code import PRINTED, read_printed_code
from lachan.exchange.public_check import OrderUnknown
from lachan.kernel.canonical import canonical, parse_canonical
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, to_wire
from lachan.members import services as members
from lachan.members.directory_rows import member_address
from lachan.members.roles import Role
from lachan.members.vault import secret

_PAPER = "a reply that came on paper, by the code of its order"
DESKS = (Role.DESK, Role.DESK_HEAD)
OFFICES = (Role.REGISTRAR, Role.CITIZEN_OFFICE)
SCAN = "scan"


class ReplyUnfit(ExchangeError):
    """Files that are no reply to their order."""

    code = "exchange.reply_unfit"
    text = Text(
        vi="Tệp trả lời không dùng được: {why}. Cần: {right}.",
        en="The reply cannot be used: {why}. Needed: {right}.",
    )
    why: str
    right: str


@dataclass(frozen=True, slots=True)
class Replied:
    """What a reply says, read. `rows`: None for a kind without lines or a reply without a table."""

    answer: Answer
    rows: tuple[Row, ...] | None


@dataclass(frozen=True, slots=True)
class Order:
    """The order that a reply names, opened with its receiver's own key."""

    talk: ConversationRecord
    kind: MessageKind
    question: Question


def order_named(code: str, *, member: str) -> Order:
    """The open order of that code, addressed to that member. Raises: OrderUnknown, StateConflict."""
    given = read_printed_code(code)
    entry, h = evidence.message_at(given.place) or (None, "")
    ask = MessageRecord.objects.unscoped(reason=_PAPER).filter(type="ask", h=h).first()
    if (
        ask is None
        or ask.entry != entry
        or member_address(ask.receiver) != member
        or not given.belongs_to(ask.h, secret(PRINTED))
    ):
        raise OrderUnknown(field="code")
    talk = lookups.talk.first(ask.conversation)
    if talk is None or talk.status != Status.AWAITING_DISCLOSURE:
        state = "-" if talk is None else talk.substate
        raise StateConflict(state=state, allowed=Status.AWAITING_DISCLOSURE.value)
    declared = kind(ask.kind)
    return Order(talk, declared, decode(declared.ask, _opened(ask, member)))


def _opened(ask: MessageRecord, member: str) -> bytes:
    envelope = Envelope.from_bytes(bytes(ask.envelope))
    for key in members.decryption_keys(member):
        try:
            return open_part(envelope, "ask", key)
        except DecryptFailed:
            continue
    raise DecryptFailed(name="ask")


def read_reply(
    order: Order, *, form: Mapping[str, str] | None, table: str | None, now: datetime
) -> Replied:
    """The answer of a form (names of fields → text) and a table's text; what the question says already need not be said.

    Raises: ReplyUnfit, FormWrong, TableWrong.
    """
    declared, names = order.kind, {one.name for one in fields(order.kind.answer)}
    if table is not None and declared.rows is None:
        raise ReplyUnfit(why="csv/xlsx", right="json")
    unknown = sorted(set(form or ()) - names)
    if unknown:
        raise ReplyUnfit(why=", ".join(unknown)[:200], right=", ".join(sorted(names)))
    asked = {name: text for name, text in write_form(order.question).items() if name in names}
    said = {**asked, **(form or {})}
    given = {} if said.get("as_of") else {"as_of": to_wire(now)}
    answer = read_form(declared.answer, said, **given)
    if table is None or declared.rows is None:
        return Replied(answer, None)
    return Replied(answer, tuple(read_table(declared.rows, table)))


def keep_reply(
    order: Order,
    replied: Replied,
    *,
    member: str,
    files: Sequence[bytes],
    scan: bytes,
    now: datetime,
) -> PaperReply:
    """Keep a reply for its signer, once: the same files for the same order are the same reply. Inside a step."""
    digest = hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in files)).hexdigest()
    rows = replied.rows
    reply, _ = PaperReply.objects.unscoped(reason=_PAPER).get_or_create(
        conversation=order.talk.pk,
        digest=digest,
        defaults={
            "member": member,
            "answer": encode(replied.answer),
            "rows": None
            if rows is None
            else canonical([parse_canonical(encode(row)) for row in rows]),
            "scan_hash": hashlib.sha256(scan).hexdigest(),
            "scan_size": len(scan),
            "at": now,
        },
    )
    return reply


@verb(
    "paper.transcribe",
    roles={*DESKS, *OFFICES},
    title=Text(vi="Ký trả lời đến bằng giấy", en="Sign a reply that came on paper"),
)
def transcribe(
    actor: Actor, *, reply_id: UUID, passphrase: str, totp: str, clock: Clock
) -> tuple[str, Sequence[Event]]:
    """Sign and send a kept reply; answers the H of the answer.

    Raises: NotVisible, StateConflict, PassphraseWrong, NoKey.
    """
    now = clock.now()
    reply = PaperReply.objects.visible_to(actor).select_for_update().get_or_refuse(reply_id)
    talk = lookups.talk.first(reply.conversation)
    if reply.sent_h or talk is None or actor.officer_id is None:
        raise StateConflict(state="signed", allowed="a reply that waits / trả lời đang chờ")
    own = actor.agency == reply.member
    role = next(one for one in (DESKS if own else OFFICES) if one in actor.roles)
    draft = writing.draft(_letter(reply, talk, role, own=own), now=now)
    with members.unlock_officer_key(actor.officer_id, passphrase, totp, clock=clock) as unlocked:
        writing.approve(
            draft.id, unlocked.key, officer=actor.officer_id, role=role.value, unit=actor.unit,
            act=Act.TRANSCRIBED, at=now,
        )  # fmt: skip
    writing.dispatch(draft.id, now=now)
    reply.sent_h = draft.h
    reply.save(update_fields=["sent_h"])
    return draft.h, ()


def _letter(reply: PaperReply, talk: ConversationRecord, role: Role, *, own: bool) -> Letter:
    declared = kind(talk.kind)
    answer = decode(declared.answer, bytes(reply.answer))
    scan = {"sha256": reply.scan_hash, "size": reply.scan_size}
    rows: list[Row] = []
    if reply.rows is not None and declared.rows is not None:
        rows = [from_json(declared.rows, row) for row in parse_canonical(bytes(reply.rows))]
    effect = getattr(answer, "effect", None)
    return Letter(
        asker=talk.answerer,
        kind_name=talk.kind,
        body=answer,
        receiver=talk.asker,
        mandates=(),
        purpose=Purpose(talk.purpose),
        priority=Priority(talk.priority),
        case_ref=talk.case_ref,
        type_=MessageType.ANSWER,
        in_reply_to=talk.ask_h,
        conversation=talk.pk,
        outcome=Outcome(
            status=Status.DISCLOSED.value,
            substate="complete",
            effect=None if effect is None else str(effect),
        ),
        rows=rows,
        beside=(PlainPart(name=SCAN, body=canonical(scan)),),
        needs=(SignerNeed(role=role.value, same_agency=own),),
    )
