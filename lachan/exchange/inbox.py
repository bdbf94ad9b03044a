"""What waits for a hosted member's desk: its asks by time left, each with its check line by line. Reads go through `visible_to`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language

from lachan.access.actors import Actor
from lachan.access.visible import VisibleQuerySet
from lachan.exchange import catalogue, receiving
from lachan.exchange.check_words import check_view
from lachan.exchange.conversation_states import Status
from lachan.exchange.desk_models import DeskWordRecord
from lachan.exchange.desks import at_desk
from lachan.exchange.forms.answering import answer_fields
from lachan.exchange.forms.declared import FieldForm
from lachan.exchange.forms.showing import Shown, shown_fields
from lachan.exchange.kinds import Auto, MessageKind, Question, kind
from lachan.exchange.models import ConversationRecord, DeliveryRecord, OutgoingRecord
from lachan.exchange.verify_outcome import CheckedMessage, Refusal
from lachan.kernel.errors import Text
from lachan.kernel.time import FixedClock
from lachan.members import services as members

MOST = 200  # of a desk's queue on one page
_TELLING = frozenset({"account", "phone", "money", "domain", "url", "address"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """One ask in the queue. `subjects`: whom or what it is about, at most two fields."""

    conversation: UUID
    kind: str
    title: Text
    asker: str
    asker_name: str
    case_ref: str
    priority: str
    received_at: datetime | None
    due_at: datetime | None
    subjects: tuple[Shown, ...]
    sound: bool
    agreed: bool  # the first of two persons has


@dataclass(frozen=True, slots=True)
class Agreed:
    """The first person's word."""

    name: str
    at: datetime
    mine: bool
    typed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AskView:
    """One ask in full, with what its answer is made of. `checks`: see check_words.check_view."""

    line: Waiting
    h: str
    question: tuple[Shown, ...]
    checks: tuple[dict[str, Any], ...]
    fields: tuple[FieldForm, ...]
    two: bool
    first: Agreed | None


def inbox(actor: Actor) -> tuple[Waiting, ...]:
    """Asks of the actor's member that wait for a person, the least time left first."""
    if not at_desk(actor):
        return ()
    rows = list(waiting(actor).order_by("due_at", "id")[:MOST])
    came = _deliveries(actor, rows)
    agreed = set(
        DeskWordRecord.objects.visible_to(actor)
        .filter(conversation__in=rows, state="WAITING")
        .values_list("conversation_id", flat=True)
    )
    return tuple(_line(row, _check(came.get(row.pk)), agreed=row.pk in agreed) for row in rows)


def ask(actor: Actor, conversation_id: UUID) -> AskView | None:
    """One of them; None when it does not wait, or is not the actor's member's to answer."""
    row = waiting(actor).filter(pk=conversation_id).first() if at_desk(actor) else None
    if row is None:
        return None
    declared, first = kind(row.kind), _first(actor, row)
    found = _check(_deliveries(actor, [row]).get(row.pk))
    sound = isinstance(found, CheckedMessage)
    question = _question(found)
    return AskView(
        line=_line(row, found, agreed=first is not None),
        h=row.ask_h,
        question=() if question is None else tuple(shown_fields(question, _lang())),
        checks=tuple(check_view(_steps(found), catalogue.catalogue(), _lang())),
        fields=tuple(answer_fields(declared)) if sound else (),
        two=needs_two(declared),
        first=first,
    )


def waiting(actor: Actor) -> VisibleQuerySet[ConversationRecord]:
    """Conversations whose ask has come to the actor's member, is open, and has no reply on its way."""
    came = DeliveryRecord.objects.visible_to(actor).filter(
        message__conversation=OuterRef("pk"),
        message__type="ask",
        hosted=True,
        receipted_at__isnull=False,
    )
    leaving = OutgoingRecord.objects.visible_to(actor).filter(
        conversation=OuterRef("pk"), type__in=["answer", "refuse"], state="READY"
    )
    return (
        ConversationRecord.objects.visible_to(actor)
        .filter(Exists(came), answerer_member=actor.agency, status=Status.AWAITING_DISCLOSURE.value)
        .exclude(Exists(leaving))
    )


def needs_two(declared: MessageKind) -> bool:
    """Two persons of the member must agree to an answer of this kind."""
    return declared.auto is Auto.TWO_DESK


def sound(row: ConversationRecord, actor: Actor) -> bool:
    """Whether the ask passed the receiver's own check."""
    found = _check(_deliveries(actor, [row]).get(row.pk))
    return isinstance(found, CheckedMessage)


def first_word(actor: Actor, row: ConversationRecord) -> DeskWordRecord | None:
    """The answer to which a first person has agreed."""
    return (
        DeskWordRecord.objects.visible_to(actor).filter(conversation=row, state="WAITING").first()
    )


def _deliveries(actor: Actor, rows: Sequence[ConversationRecord]) -> dict[UUID, DeliveryRecord]:
    """The deliveries of asks with their messages, by conversation."""
    found = (
        DeliveryRecord.objects.visible_to(actor)
        .select_related("message")
        .filter(message__conversation__in=[row.pk for row in rows], message__type="ask")
    )
    return {one.message.conversation: one for one in found}


def _check(delivery: DeliveryRecord | None) -> CheckedMessage | Refusal | None:
    """The receiver's check as of the ask's log time; None for what cannot be opened here.

    An answer passes with the directory stale, too, so the present hour is not what it is judged by.
    """
    try:
        if delivery is None:
            return None
        return receiving.check_delivery(delivery, FixedClock(delivery.message.logged_at))
    except LookupError:
        return None


def _question(found: CheckedMessage | Refusal | None) -> Question | None:
    body = found.body if isinstance(found, CheckedMessage) else None
    return body if isinstance(body, Question) else None


def _steps(found: CheckedMessage | Refusal | None) -> list[dict[str, Any]]:
    """The check's lines; of a refused message the one that failed."""
    if isinstance(found, CheckedMessage):
        return [
            {"mandate": one.mandate, "step": one.step, "ok": one.ok, "why": None}
            for one in found.lines
        ]
    if found is None:
        return []
    error = found.error
    why = (error.message("vi"), error.message("en"))
    mandate = str(getattr(error, "mandate", "-"))
    return [{"mandate": mandate, "step": found.code, "ok": False, "why": why}]


def _line(
    row: ConversationRecord, found: CheckedMessage | Refusal | None, *, agreed: bool
) -> Waiting:
    question = _question(found)
    told = () if question is None else shown_fields(question, _lang())
    filled = [one for one in told if one.texts]
    telling = [one for one in filled if one.kind in _TELLING] or filled
    asker = members.current_directory().member(row.asker_member)
    english = _lang() == "en"
    name = "" if asker is None else (asker.name_en if english else asker.name_vi) or asker.name_vi
    return Waiting(
        conversation=row.pk,
        kind=row.kind,
        title=kind(row.kind).title,
        asker=row.asker,
        asker_name=name or row.asker,
        case_ref=row.case_ref,
        priority=row.priority,
        received_at=row.asked_at,
        due_at=row.due_at,
        subjects=tuple(telling[:2]),
        sound=isinstance(found, CheckedMessage),
        agreed=agreed,
    )


def _first(actor: Actor, row: ConversationRecord) -> Agreed | None:
    found = first_word(actor, row)
    if found is None or actor.officer_id is None:
        return None
    who, _ = members.person_of(actor.officer_id)
    return Agreed(found.name, found.at, found.person == who, dict(found.body))


def _lang() -> str:
    return "en" if (get_language() or "").startswith("en") else "vi"
