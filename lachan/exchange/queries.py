"""Reads of conversations, each through `visible_to`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import get_language

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.exchange import asker_moves
from lachan.exchange.crypto import b64decode
from lachan.exchange.envelope import Draft, Envelope
from lachan.exchange.errors import DecryptFailed
from lachan.exchange.forms.showing import Shown, shown_fields
from lachan.exchange.kinds import MessageType, decode, kind
from lachan.exchange.models import ConversationRecord, MessageRecord, OutgoingRecord
from lachan.exchange.own_copy import open_own
from lachan.exchange.paper import ToPrint, printed_code_of
from lachan.exchange.printed_code import PrintedCode
from lachan.exchange.said import SaidLine, said
from lachan.kernel.errors import Text
from lachan.kernel.time import Clock, clock_from_env
from lachan.members import services as members


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One conversation as a case lists it."""

    conversation: UUID
    kind: str
    title: Text
    receiver: str
    receiver_name: str
    state: str
    sent_at: datetime | None
    due_at: datetime | None
    answered_at: datetime | None
    late: bool
    refused: str
    h: str


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature on a message."""

    person: str
    role: str
    unit: str
    act: str
    at: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One message of a conversation, with its place in time."""

    at: datetime
    type: str
    sender: str
    h: str


@dataclass(frozen=True, slots=True)
class ConversationView:
    """One request in full: what was asked and answered, by what right, signed by whom, step by step.

    own: the actor's member asked; else it answers.
    """

    own: bool
    line: MessageLine
    asker_name: str
    case_ref: str
    purpose: Text
    priority: str
    question: tuple[Shown, ...]
    answer: tuple[Shown, ...]
    mandates: tuple[dict[str, Any], ...]
    signatures: tuple[Signed, ...]
    steps: tuple[StepLine, ...]
    printed: PrintedCode | None  # of the ask, once the log has given it a place
    said: tuple[SaidLine, ...]
    may: frozenset[MessageType]
    review_by: datetime | None
    review: Mapping[str, str]


def conversations(actor: Actor, case_ref: str) -> tuple[MessageLine, ...]:
    """The conversations of a case that the actor may see, oldest first."""
    rows = (
        ConversationRecord.objects.visible_to(actor)
        .filter(case_ref=case_ref)
        .order_by("created_at", "id")
    )
    names = _names()
    return tuple(_line(row, names) for row in rows)


def conversation(
    actor: Actor, conversation_id: UUID, *, clock: Clock | None = None
) -> ConversationView | None:
    """One conversation, with what its asker may say now; None when it is not the actor's to see."""
    row = ConversationRecord.objects.visible_to(actor).filter(pk=conversation_id).first()
    if row is None:
        return None
    messages = MessageRecord.objects.visible_to(actor).filter(conversation=row.pk)
    rows = list(messages.order_by("logged_at", "id"))
    return _view(row, rows, actor.agency, clock or clock_from_env())


def printed_view(printed: ToPrint) -> ConversationView:
    """A conversation as its paper shows it: the question as the receiver opened it, in Vietnamese."""
    row = printed.conversation
    messages = MessageRecord.objects.unscoped(reason="printed for its receiver")
    rows = messages.filter(conversation=row.pk).order_by("logged_at", "id")
    view = _view(row, list(rows), row.asker_member, clock_from_env())
    if printed.body is None:
        return view
    return replace(view, question=tuple(shown_fields(printed.body, "vi")))


def _view(
    row: ConversationRecord, messages: Sequence[MessageRecord], reader: str, clock: Clock
) -> ConversationView:
    """As one of its two parties reads it. reader: that member's address."""
    declared, names = kind(row.kind), _names()
    ask = next((one for one in messages if one.type == "ask"), None)
    envelope = None if ask is None else Envelope.from_bytes(bytes(ask.envelope))
    directory = members.current_directory()
    lang, units = _lang(), members.unit_names(row.asker_member)
    own = row.asker_member == reader
    hosted = own and row.question is not None
    question = row.question if own else _own_copy(reader, envelope, "ask")
    reply = None if own else _own_reply(row, messages)
    answer = row.answer if own else _own_copy(reader, reply, "answer")
    line = _line(row, names)
    if reply is not None and reply.manifest.type is MessageType.REFUSE:
        told = reply.manifest.outcome
        line = replace(line, refused="" if told is None else told.reason or "")
    return ConversationView(
        own=own,
        line=line,
        asker_name=names.get(row.asker_member, row.asker_member),
        case_ref=row.case_ref,
        purpose=Purpose(row.purpose).title,
        priority=row.priority,
        question=()
        if question is None
        else tuple(shown_fields(decode(declared.ask, bytes(question)), lang)),
        answer=()
        if answer is None
        else tuple(shown_fields(decode(declared.answer, bytes(answer)), lang)),
        mandates=()
        if envelope is None
        else tuple(msgspec.to_builtins(ref) for ref in envelope.manifest.mandates),
        signatures=()
        if envelope is None
        else tuple(
            Signed(
                person=getattr(directory.officer(one.officer), "name", ""),
                role=one.role,
                unit=units.get(one.unit, one.unit),
                act=one.act,
                at=one.at,
            )
            for one in envelope.approvals
        ),
        steps=tuple(StepLine(one.logged_at, one.type, one.sender, one.h) for one in messages),
        printed=None if ask is None else printed_code_of(ask),
        said=said(row, messages, names, lang) if hosted else (),
        may=asker_moves.may_say(row, clock) if hosted else frozenset(),
        review_by=asker_moves.review_due(row) if hosted else None,
        review=row.outcome.get("review", {}),
    )


def _own_reply(
    row: ConversationRecord, messages: Sequence[MessageRecord]
) -> Envelope | Draft | None:
    """What the answerer has said last, on its way to the centre or there."""
    said = {"answer", "refuse"}
    leaving = (
        OutgoingRecord.objects.unscoped(reason="of a conversation that its answerer already sees")
        .filter(conversation=row.pk, type__in=said, state="READY")
        .first()
    )
    if leaving is not None:
        parts = {name: b64decode(text) for name, text in leaving.parts.items()}
        return Draft(bytes(leaving.manifest), parts)
    logged = [one for one in messages if one.type in said]
    return Envelope.from_bytes(bytes(logged[-1].envelope)) if logged else None


def _own_copy(reader: str, message: Envelope | Draft | None, part: str) -> bytes | None:
    """A part as the answerer reads it; None before it came, and for a member whose keys are not here."""
    if message is None or message.manifest.part(part) is None:
        return None
    try:
        return open_own(message, reader, part).body
    except DecryptFailed:
        return None


def _lang() -> str:
    return "en" if (get_language() or "").startswith("en") else "vi"


def _names() -> dict[str, str]:
    """Members' names in the reader's language."""
    english = _lang() == "en"
    rows = members.current_directory().members()
    return {row.address: (row.name_en if english else row.name_vi) or row.name_vi for row in rows}


def _line(row: ConversationRecord, names: dict[str, str]) -> MessageLine:
    return MessageLine(
        conversation=row.pk,
        kind=row.kind,
        title=kind(row.kind).title,
        receiver=row.answerer,
        receiver_name=names.get(row.answerer_member, row.answerer_member),
        state=row.substate,
        sent_at=row.asked_at,
        due_at=row.due_at,
        answered_at=row.ended_at,
        late=row.level >= 1,
        refused=str(row.outcome.get("reason", "")) if row.status == "Rejected" else "",
        h=row.ask_h,
    )
