"""What an officer of the agency that asked may say in a conversation: clarify, cancel, dispute; and review an objection.

Each is one verb: permission, purpose, log entry, and one message through `writing`, sealed by the agency's key. The ask keeps its
signatures; none of these widens it (protocol §4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.access.verbs import verb
from lachan.exchange import catalogue, talks, writing
from lachan.exchange.askable import by_hand
from lachan.exchange.conversation import Conversation
from lachan.exchange.conversation_guards import sendable
from lachan.exchange.deadlines import DAY
from lachan.exchange.errors import ConversationUnknown
from lachan.exchange.events import AskCancelled, TurnChanged
from lachan.exchange.fields import Words, about
from lachan.exchange.forms.reading import read_form
from lachan.exchange.kinds import MessageType, Priority
from lachan.exchange.letters import Letter
from lachan.exchange.models import ConversationRecord, OutgoingRecord
from lachan.exchange.move_errors import (
    MoveRefused,
    NoClarificationWanted,
    NotCancellable,
    NotDisputable,
    NothingToReview,
)
from lachan.exchange.moves import Clarification, Dispute, Move
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, from_wire, to_wire
from lachan.members.roles import Role

_MAY = frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.DUTY_OFFICER})
_FOR = frozenset({Purpose.GLD, Purpose.INV, Purpose.TKD})
_OWN = "the agency's own message on its way"
OBJECTION = "LEGAL_OBJECTION"


class Conclusion(msgspec.Struct, frozen=True, kw_only=True):
    """What the unit head makes of a legal objection; kept by the agency, sent to nobody."""

    conclusion: Annotated[
        Words,
        about(
            "Kết luận xem xét",
            "Conclusion of the review",
            "B",
            help_vi="Chấp nhận phản đối, hoặc lập yêu cầu mới đã sửa. Không nêu tên, số tài khoản",
            help_en="Accept the objection, or make a corrected new request. No names, no account numbers",
        ),
    ]


@verb(
    "request.clarify",
    roles=_MAY,
    purposes=_FOR,
    title=Text(vi="Làm rõ yêu cầu", en="Clarify a request"),
)
def clarify(
    *, actor: Actor, conversation: UUID, typed: Mapping[str, str], clock: Clock
) -> tuple[UUID, Sequence[Event]]:
    """Answer the receiver's question; its clock runs on. Raises: NoClarificationWanted, FormWrong."""
    talk, state = _own(actor, conversation)
    _ensure(talk, MessageType.CLARIFICATION, clock, NoClarificationWanted)
    asked = _last(state, MessageType.CLARIFY)
    return _send(talk, MessageType.CLARIFICATION, read_form(Clarification, typed), asked, clock)


@verb(
    "request.cancel",
    roles=_MAY,
    purposes=_FOR,
    title=Text(vi="Hủy yêu cầu", en="Cancel a request"),
)
def cancel(*, actor: Actor, conversation: UUID, clock: Clock) -> tuple[UUID, Sequence[Event]]:
    """End a request for information that nobody has answered yet. Raises: NotCancellable."""
    talk, _ = _own(actor, conversation)
    _ensure(talk, MessageType.CANCEL, clock, NotCancellable)
    _send(talk, MessageType.CANCEL, None, talk.ask_h, clock)
    now = clock.now()
    return talk.pk, (
        AskCancelled(talk.pk, talk.kind, talk.answerer, talk.case_ref, now),
        TurnChanged(talk.pk, talk.kind, talk.answerer, talk.case_ref, "", now),
    )


@verb(
    "request.dispute",
    roles=_MAY,
    purposes=_FOR,
    title=Text(vi="Đề nghị xem lại trả lời", en="Dispute an answer"),
)
def dispute(
    *, actor: Actor, conversation: UUID, typed: Mapping[str, str], clock: Clock
) -> tuple[UUID, Sequence[Event]]:
    """Say what is wrong with an answer; half the first period begins. Raises: NotDisputable, FormWrong."""
    talk, state = _own(actor, conversation)
    _ensure(talk, MessageType.DISPUTE, clock, NotDisputable)
    answered = _last(state, MessageType.ANSWER)
    return _send(talk, MessageType.DISPUTE, read_form(Dispute, typed), answered, clock)


@verb(
    "request.review",
    roles=frozenset({Role.UNIT_HEAD, Role.AGENCY_HEAD}),
    purposes=_FOR,
    title=Text(vi="Xem xét phản đối về pháp lý", en="Review a legal objection"),
)
def review_objection(
    *, actor: Actor, conversation: UUID, typed: Mapping[str, str], clock: Clock
) -> tuple[UUID, Sequence[Event]]:
    """The unit head's review of a refusal on legal grounds. Raises: NothingToReview, FormWrong."""
    talk, _ = _own(actor, conversation)
    if not objected(talk):
        raise NothingToReview
    said, now = read_form(Conclusion, typed), clock.now()
    review = {"by": actor.name, "at": to_wire(now), "conclusion": said.conclusion}
    talk.outcome = {**talk.outcome, "review": review}
    talk.save(update_fields=["outcome"])
    return talk.pk, (TurnChanged(talk.pk, talk.kind, talk.answerer, talk.case_ref, "", now),)


def cancellable(kind_name: str) -> bool:
    """What an officer asks by hand: what binds money has its own way to end, and the shift's own asks end with their case."""
    return any(one.name == kind_name for one in by_hand())


def objected(talk: ConversationRecord) -> bool:
    """A refusal on legal grounds that the unit head has not reviewed."""
    return talk.outcome.get("reason") == OBJECTION and "review" not in talk.outcome


def turns(case_ref: str) -> frozenset[str]:
    """What of a case's conversations waits for the agency that asked: `clarify`, `objection`."""
    rows = ConversationRecord.objects.unscoped(reason=_OWN).filter(case_ref=case_ref)
    found = {"clarify"} if rows.filter(substate="clarifying").exists() else set()
    if any(objected(one) for one in rows.filter(status="Rejected", substate="by_desk")):
        found.add("objection")
    return frozenset(found)


def may_say(talk: ConversationRecord, clock: Clock) -> frozenset[MessageType]:
    """The moves of the asker that this conversation takes now, what already waits to leave apart."""
    state = talks.state_of(talk)
    found = sendable(state, talk.asker_member, clock.now(), catalogue.profile().calendar)
    if not cancellable(talk.kind):
        found -= {MessageType.CANCEL}
    waiting = OutgoingRecord.objects.unscoped(reason=_OWN).filter(
        conversation=talk.pk, sender=talk.asker, state="READY"
    )
    return found - {MessageType(one) for one in waiting.values_list("type", flat=True)}


def _own(actor: Actor, conversation: UUID) -> tuple[ConversationRecord, Conversation]:
    """The conversation, locked; only the agency that asked speaks as the asker. Raises: ConversationUnknown."""
    rows = ConversationRecord.objects.visible_to(actor).select_for_update()
    talk = rows.filter(pk=conversation).first()
    if talk is None or talk.asker_member != actor.agency or talk.question is None:
        raise ConversationUnknown
    return talk, talks.state_of(talk)


def _ensure(
    talk: ConversationRecord, type_: MessageType, clock: Clock, wrong: type[MoveRefused]
) -> None:
    """Before anything is written, as the centre will before it accepts. Raises: the error given."""
    if type_ not in may_say(talk, clock):
        raise wrong


def _last(state: Conversation, type_: MessageType) -> str:
    return [one.h for one in state.messages if one.type is type_][-1]


def _send(
    talk: ConversationRecord, type_: MessageType, words: Move | None, replies: str, clock: Clock
) -> tuple[UUID, Sequence[Event]]:
    letter = Letter(
        asker=talk.asker,
        kind_name=talk.kind,
        body=words,
        receiver=talk.answerer,
        mandates=(),
        purpose=Purpose(talk.purpose),
        priority=Priority(talk.priority),
        case_ref=talk.case_ref,
        type_=type_,
        in_reply_to=replies,
        conversation=talk.pk,
    )
    writing.post(letter, now=clock.now())
    return talk.pk, ()


def review_due(talk: ConversationRecord) -> datetime | None:
    """When the review of a legal objection is due: one working day after it was logged; None when none waits."""
    refused = [one for one in talks.state_of(talk).messages if one.type is MessageType.REFUSE]
    if not objected(talk) or not refused:
        return None
    return catalogue.profile().calendar.add(from_wire(refused[-1].at), DAY)
