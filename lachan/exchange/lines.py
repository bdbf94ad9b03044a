"""The lines beside an answer, as the two parties read them: opened with the reader's own key, each checked against its commitment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from lachan.access.actors import Actor
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import DecryptFailed
from lachan.exchange.kinds import Row, from_json, kind
from lachan.exchange.models import ConversationRecord, MessageRecord
from lachan.exchange.own_copy import open_own
from lachan.exchange.parts import ROWS


@dataclass(frozen=True, slots=True)
class Lines:
    """What came beside the answers of one conversation, in the order of the answerer's books."""

    form: type[Row]
    rows: tuple[Row, ...]
    case_ref: str


def lines(actor: Actor, conversation_id: UUID) -> Lines | None:
    """None for a kind without lines, before an answer, and for an agency whose keys are not here."""
    talk = ConversationRecord.objects.visible_to(actor).filter(pk=conversation_id).first()
    if talk is None:
        return None
    form = kind(talk.kind).rows
    if form is None:
        return None
    answers = (
        MessageRecord.objects.visible_to(actor)
        .filter(conversation=talk.pk, type__in=["partial", "answer"])
        .order_by("logged_at", "id")
    )
    envelopes = [Envelope.from_bytes(bytes(one.envelope)) for one in answers]
    given = [one for one in envelopes if one.manifest.part(ROWS) is not None]
    if not given:
        return None
    try:
        opened = [open_own(one, actor.agency, ROWS) for one in given]
    except DecryptFailed:
        return None
    rows = [from_json(form, row) for part in opened for row in part.rows]
    return Lines(form, _each_once(rows), talk.case_ref)


def _each_once(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The union of partials and answer: a row by its `id`, where its form has one, as it was told last; else by all it says."""
    found = {getattr(one, "id", None) or one: one for one in rows}
    return tuple(found.values())
