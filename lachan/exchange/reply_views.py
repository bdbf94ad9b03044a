"""Replies that came on paper, as the person sees them who is to sign. Each look at one is logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.verbs import verb
from lachan.exchange import lookups
from lachan.exchange.forms.declared import fields
from lachan.exchange.forms.showing import Shown, shown_fields
from lachan.exchange.forms.tables import shown_rows
from lachan.exchange.kinds import decode, from_json, kind
from lachan.exchange.paper_models import PaperReply
from lachan.exchange.replies import DESKS, OFFICES
from lachan.kernel.canonical import parse_canonical
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock
from lachan.members import services as members

FIRST_LINES = 50
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One that waits, without what it says."""

    id: UUID
    title: Text
    member: Text
    asker: Text
    at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReplyView:
    """One in full: the answer, the first of its lines as a field with columns, and the scan to hold beside it."""

    line: ReplyLine
    answer: tuple[Shown, ...]
    rows: int
    scan_hash: str
    sent_h: str


def waiting_replies(actor: Actor) -> tuple[ReplyLine, ...]:
    """Those that the actor may sign, oldest first."""
    rows = PaperReply.objects.visible_to(actor).filter(sent_h="").order_by("at", "id")
    return tuple(_line(one) for one in rows.defer("answer", "rows")[:MOST_SHOWN])


@verb("paper.look", roles={*DESKS, *OFFICES}, title=Text(vi="Xem trả lời giấy", en="See a reply that came on paper"))  # fmt: skip
def look(
    actor: Actor, *, reply_id: UUID, lang: str, clock: Clock
) -> tuple[ReplyView, Sequence[Event]]:
    """One reply in the words of a language. Raises: NotVisible."""
    _ = clock
    reply = PaperReply.objects.visible_to(actor).get_or_refuse(reply_id)
    talk = lookups.talk.first(reply.conversation)
    declared = kind("" if talk is None else talk.kind)
    shown = shown_fields(decode(declared.answer, bytes(reply.answer)), lang)
    count = 0
    if reply.rows is not None and declared.rows is not None:
        lines = parse_canonical(bytes(reply.rows))
        count = len(lines)
        cells = shown_rows([from_json(declared.rows, one) for one in lines[:FIRST_LINES]], lang)
        heads = tuple(one.label for one in fields(declared.rows))
        label = Text(vi="Các dòng kèm trả lời", en="Lines beside the answer")
        shown.append(Shown("rows", label, "rows", (), heads, tuple(tuple(row) for row in cells)))
    return ReplyView(_line(reply), tuple(shown), count, reply.scan_hash, reply.sent_h), ()


def _line(reply: PaperReply) -> ReplyLine:
    talk = lookups.talk.first(reply.conversation)
    if talk is None:
        raise LookupError(f"conversation {reply.conversation}")
    return ReplyLine(
        id=reply.pk,
        title=kind(talk.kind).title,
        member=_name(talk.answerer),
        asker=_name(talk.asker),
        at=reply.at,
        due_at=talk.due_at,
    )


def _name(address: str) -> Text:
    row = members.current_directory().member(address)
    return Text(vi=row.name_vi, en=row.name_en) if row else Text(vi=address, en=address)
