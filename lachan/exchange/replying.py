"""The verbs of a hosted member's desk: answer by the declared form, or refuse with a reason of the protocol (exchange.md §4, §6).

Where the kind asks for two persons, the first one's answer is kept with its hash, and the same answer by another human sends it.
The member's key seals what leaves; who gave the word stands in the log.
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
from lachan.exchange import inbox, writing
from lachan.exchange.conversation_states import BY_DESK, RefusalReason, Status
from lachan.exchange.desk_errors import (
    AskUnsound,
    NotByHand,
    NotWaiting,
    ObjectionUnexplained,
    ReasonMissing,
    SamePerson,
)
from lachan.exchange.desk_models import DeskWordRecord
from lachan.exchange.desks import DESKS, SERVED, ensure_at_desk
from lachan.exchange.forms.answering import answer_fields, read_answer
from lachan.exchange.kinds import Answer, MessageType, Priority, Row, kind, to_json
from lachan.exchange.letters import Letter
from lachan.exchange.manifest import Outcome
from lachan.exchange.models import ConversationRecord
from lachan.exchange.moves import RefusalWords
from lachan.kernel.canonical import canonical
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, to_wire
from lachan.members import services as members

MAX_EXPLANATION = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a desk's word. `h`: of the message that left; "" while a second person is missing."""

    conversation: UUID
    h: str


@verb(
    "inbox.answer",
    roles=DESKS,
    purposes=SERVED,
    title=Text(vi="Trả lời yêu cầu gửi tới đơn vị", en="Answer what the member is asked"),
)
def answer_ask(
    *, actor: Actor, conversation_id: UUID, typed: Mapping[str, str], clock: Clock
) -> tuple[Said, Sequence[Event]]:
    """Answer by the declared form; of two persons the first agrees, and the second sends.

    Another answer than the first one's begins the agreement anew.
    Raises: NotVisible, NotWaiting, AskUnsound, NotByHand, FormWrong, SamePerson.
    """
    talk, now = _locked(actor, conversation_id), clock.now()
    if not inbox.sound(talk, actor):
        raise AskUnsound
    declared = kind(talk.kind)
    forms = answer_fields(declared)
    if not forms:
        raise NotByHand
    answer, rows = read_answer(declared, typed, as_of=to_wire(now))
    body = {one.name: typed[one.name] for one in forms if typed.get(one.name)}
    word = _word(actor, talk, "answer", body, _hash(answer, rows), now)
    if inbox.needs_two(declared) and not _seconded(actor, talk, word):
        word.save(force_insert=True)
        _log(actor, talk, word, now)
        return Said(talk.pk, ""), ()
    effect = getattr(answer, "effect", None)
    outcome = Outcome(
        status=Status.DISCLOSED.value,
        substate="complete",
        effect=None if effect is None else str(effect),
    )
    return _leave(actor, talk, word, outcome, answer=answer, rows=rows, now=now), ()


@verb(
    "inbox.refuse",
    roles=DESKS,
    purposes=SERVED,
    title=Text(vi="Từ chối yêu cầu gửi tới đơn vị", en="Refuse what the member is asked"),
)
def refuse_ask(
    *, actor: Actor, conversation_id: UUID, reason: str, explanation: str, clock: Clock
) -> tuple[Said, Sequence[Event]]:
    """Say no; the asker gets the reason, and the explanation with the name of who gives it.

    Raises: NotVisible, NotWaiting, ReasonMissing, ObjectionUnexplained.
    """
    talk, now = _locked(actor, conversation_id), clock.now()
    if reason not in {one.value for one in BY_DESK}:
        raise ReasonMissing(field="reason")
    text = explanation.strip()[:MAX_EXPLANATION]
    if reason == RefusalReason.LEGAL_OBJECTION and not text:
        raise ObjectionUnexplained(field="explanation")
    body = {"reason": reason, "explanation": text}
    word = _word(actor, talk, "refuse", body, hashlib.sha256(canonical(body)).hexdigest(), now)
    _replace(actor, talk)
    status, substate = RefusalReason(reason).leads_to
    outcome = Outcome(status=status.value, substate=substate, reason=reason)
    words = RefusalWords(text=text, officer=word.name) if text else None
    return _leave(actor, talk, word, outcome, words=words, now=now), ()


def _locked(actor: Actor, conversation_id: UUID) -> ConversationRecord:
    """Two persons at once: the second waits, and finds what the first has done. Raises: NotVisible, NotWaiting."""
    ensure_at_desk(actor)
    talk = (
        ConversationRecord.objects.visible_to(actor)
        .select_for_update()
        .get_or_refuse(conversation_id, answerer_member=actor.agency)
    )
    if not inbox.waiting(actor).filter(pk=talk.pk).exists():
        raise NotWaiting
    return talk


def _word(
    actor: Actor, talk: ConversationRecord, act: str, body: Mapping[str, str], body_hash: str, now: datetime
) -> DeskWordRecord:  # fmt: skip
    if actor.officer_id is None:
        raise NotWaiting
    who, name = members.person_of(actor.officer_id)
    return DeskWordRecord(
        conversation=talk, member=actor.agency, act=act, officer=actor.officer_id, person=who, name=name, body=dict(body),
        body_hash=body_hash, state="WAITING", at=now,
    )  # fmt: skip


def _hash(answer: Answer, rows: Sequence[Row]) -> str:
    """Of what two persons must agree to: all but the instant of writing."""
    said = {name: value for name, value in to_json(answer).items() if name != "as_of"}
    return hashlib.sha256(
        canonical({"answer": said, "rows": [to_json(one) for one in rows]})
    ).hexdigest()


def _seconded(actor: Actor, talk: ConversationRecord, word: DeskWordRecord) -> bool:
    """Another human has agreed to exactly this before. Raises: SamePerson."""
    first = inbox.first_word(actor, talk)
    if first is None:
        return False
    if first.body_hash != word.body_hash:
        _replace(actor, talk)
        return False
    if first.person == word.person:
        raise SamePerson
    return True


def _replace(actor: Actor, talk: ConversationRecord) -> None:
    DeskWordRecord.objects.visible_to(actor).filter(conversation=talk, state="WAITING").update(
        state="REPLACED"
    )


def _leave(
    actor: Actor, talk: ConversationRecord, word: DeskWordRecord, outcome: Outcome, *,
    answer: Answer | None = None, words: RefusalWords | None = None, rows: Sequence[Row] = (),
    now: datetime,
) -> Said:  # fmt: skip
    """Into the outbox, where the member's key seals it; both persons' words name the message."""
    letter = Letter(
        asker=talk.answerer,
        kind_name=talk.kind,
        body=words if answer is None else answer,
        receiver=talk.asker,
        mandates=(),
        purpose=Purpose(talk.purpose),
        priority=Priority(talk.priority),
        case_ref=talk.case_ref,
        type_=MessageType.REFUSE if answer is None else MessageType.ANSWER,
        in_reply_to=talk.ask_h,
        conversation=talk.pk,
        outcome=outcome,
        rows=rows,
    )
    sent = writing.post(letter, now=now)
    DeskWordRecord.objects.visible_to(actor).filter(conversation=talk, state="WAITING").update(
        state="SENT", h=sent.h
    )
    word.state, word.h = "SENT", sent.h
    word.save(force_insert=True)
    _log(actor, talk, word, now)
    return Said(talk.pk, sent.h)


def _log(actor: Actor, talk: ConversationRecord, word: DeskWordRecord, now: datetime) -> None:
    evidence.append(
        "approval", actor.log_name, now, h=word.h or talk.ask_h, conversation=talk.pk, kind=talk.kind,
        code=str(word.body["reason"]) if word.act == "refuse" else None, extra_hash=word.body_hash,
    )  # fmt: skip
