"""A member's conversations outside its own cases: what it asked without one, and what it was asked. Reads go through `visible_to`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language

from lachan.access.actors import Actor
from lachan.access.tables import page_of
from lachan.exchange.desks import at_desk
from lachan.exchange.kinds import kind
from lachan.exchange.models import ConversationRecord, OutgoingRecord
from lachan.kernel.errors import Text
from lachan.members import services as members

# Column of the table → field of the record; by the deadline only those that have one.
ORDERS = {"sent_at": "created_at", "due_at": "due_at", "state": "substate", "title": "kind"}
SIZE = 50


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One conversation in the list. own: the actor's member asked. state: a substate of the protocol, or `refused` by the centre."""

    conversation: UUID
    title: Text
    own: bool
    party: str
    state: str
    sent_at: datetime
    due_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class TalkPage:
    """One page of the list; `after` is the cursor of the next, "" for none."""

    rows: tuple[TalkLine, ...]
    sort: str
    after: str


def talks(actor: Actor, *, sort: str = "", after: str = "") -> TalkPage:
    """The newest first unless `sort` names another of ORDERS. Raises: CursorUnreadable."""
    if not at_desk(actor):
        return TalkPage((), f"-{next(iter(ORDERS))}", "")
    rows = ConversationRecord.objects.visible_to(actor).filter(
        Q(answerer_member=actor.agency) | Q(asker_member=actor.agency, case_ref="")
    )
    if sort.removeprefix("-") == "due_at":
        rows = rows.filter(due_at__isnull=False)
    found, sort, after = page_of(rows, ORDERS, sort, after, key="id", size=SIZE)
    stopped = set(
        OutgoingRecord.objects.visible_to(actor)
        .filter(conversation__in=[one.pk for one in found], type="ask", state="REFUSED")
        .values_list("conversation", flat=True)
    )
    names = _names()
    return TalkPage(tuple(_line(one, actor, names, stopped) for one in found), sort, after)


def _line(
    row: ConversationRecord, actor: Actor, names: dict[str, str], stopped: set[UUID]
) -> TalkLine:
    own = row.asker_member == actor.agency
    other = row.answerer_member if own else row.asker_member
    return TalkLine(
        conversation=row.pk,
        title=kind(row.kind).title,
        own=own,
        party=names.get(other, other),
        state="refused" if row.pk in stopped else row.substate,
        sent_at=row.created_at,
        due_at=row.due_at,
        late=row.level >= 1,
    )


def _names() -> dict[str, str]:
    english = (get_language() or "").startswith("en")
    rows = members.current_directory().members()
    return {row.address: (row.name_en if english else row.name_vi) or row.name_vi for row in rows}
