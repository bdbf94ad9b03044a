"""What both sides have said about an ask short of its answer: parts, the question back, the reply, a dispute."""

from __future__ import annotations

from typing import Any

from lachan.connector.desk.reading import row_view
from lachan.connector.desk.words import word
from lachan.connector.member import Member
from lachan.connector.store import Received
from lachan.exchange.envelope import Draft
from lachan.exchange.forms.showing import shown_fields
from lachan.exchange.kinds import Answer, MessageType, decode, from_json, kind
from lachan.exchange.moves import MOVES, Move
from lachan.exchange.opening import open_part
from lachan.exchange.parts import ROWS
from lachan.kernel.time import from_wire, short_ict, to_wire

_HEARD = (MessageType.CLARIFICATION, MessageType.DISPUTE)
_TOLD = (MessageType.PARTIAL, MessageType.CLARIFY)


def said_view(row: Received, member: Member, lang: str) -> list[dict[str, Any]]:
    """One entry a move, oldest first: what it is, when, and its fields in words."""
    found = [*_heard(row, member, lang), *_told(row, member, lang)]
    return sorted(found, key=lambda one: str(one["wire"]))


def _heard(row: Received, member: Member, lang: str) -> list[dict[str, Any]]:
    rows = member.store.db.execute(
        "SELECT h FROM inbox WHERE conversation = ? AND type <> 'ask' AND state <> 'invalid'",
        (row.conversation,),
    ).fetchall()
    messages = [member.store.received(h=str(h)) for (h,) in rows]
    return [
        _entry(
            MessageType(one.type),
            to_wire(one.logged_at),
            _shown(_words(one), member, lang),
            lang,
        )
        for one in messages
        if one is not None and one.type in _HEARD
    ]


def _words(message: Received) -> Move:
    return from_json(MOVES[MessageType(message.type)], message.body or {})


def _told(row: Received, member: Member, lang: str) -> list[dict[str, Any]]:
    rows = member.store.db.execute(
        "SELECT draft, created_at FROM outbox WHERE conversation = ? AND state <> 'refused' ORDER BY seq",
        (row.conversation,),
    ).fetchall()
    found = []
    for data, at in rows:
        draft = Draft.from_bytes(bytes(data))
        if draft.manifest.type in _TOLD:
            words = _shown(_opened(draft, member), member, lang)
            entry = _entry(draft.manifest.type, str(at), words, lang)
            part = draft.manifest.part(ROWS)
            if part is not None and part.rows:
                entry["lines"] = word("lines_sent", lang).format(count=part.rows)
            found.append(entry)
    return found


def _opened(draft: Draft, member: Member) -> Answer | Move:
    """Our own copy: every part is encrypted to its sender, too."""
    type_ = draft.manifest.type
    if type_ is MessageType.PARTIAL:
        form = kind(draft.manifest.kind).answer
        return decode(form, open_part(draft, "answer", member.encrypt_key))
    return decode(MOVES[type_], open_part(draft, type_.value, member.encrypt_key))


def _entry(type_: MessageType, at: str, words: list[dict[str, Any]], lang: str) -> dict[str, Any]:
    what = word(f"said_{type_.value}", lang)
    return {"what": what, "wire": at, "at": short_ict(from_wire(at)), "words": words, "lines": ""}


def _shown(value: Answer | Move, member: Member, lang: str) -> list[dict[str, Any]]:
    return [row_view(one, member, lang) for one in shown_fields(value, lang)]
