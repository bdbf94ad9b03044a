"""What was said in a conversation short of its answer, opened for the agency that asked: parts, questions, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lachan.exchange import talks
from lachan.exchange.envelope import Envelope
from lachan.exchange.forms.showing import Shown, shown_fields
from lachan.exchange.kinds import MessageType, decode, kind
from lachan.exchange.models import ConversationRecord, MessageRecord, OutgoingRecord
from lachan.exchange.moves import MOVES
from lachan.exchange.opened import open_for
from lachan.exchange.parts import ROWS
from lachan.kernel.errors import LachanError

_OWN = "the agency's own messages, beside a conversation that it may see"


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One move in words. `elsewhere`: the holder that a refusal names; `late`: it came after the end.

    `refused`: a message of the agency's own that the centre did not take, by the error's code.
    """

    type: str
    at: datetime
    words: tuple[Shown, ...] = ()
    rows: int = 0
    reason: str = ""
    elsewhere: str = ""
    late: bool = False
    refused: str = ""


def said(
    talk: ConversationRecord, messages: Sequence[MessageRecord], names: Mapping[str, str], lang: str
) -> tuple[SaidLine, ...]:
    """Oldest first. messages: those of the conversation, by log time; names: members' names by address."""
    late = set(talks.state_of(talk).late)
    found = [
        line
        for one in messages
        if (line := _line(one, talk, names, lang, late=one.h in late)) is not None
    ]
    found += [
        SaidLine(type=one.type, at=one.created_at, refused=str((one.refusal or {}).get("code", "")))
        for one in OutgoingRecord.objects.unscoped(reason=_OWN)
        .filter(conversation=talk.pk, sender=talk.asker, state="REFUSED")
        .exclude(type="ask")
    ]
    return tuple(sorted(found, key=lambda one: one.at))


def _line(
    message: MessageRecord,
    talk: ConversationRecord,
    names: Mapping[str, str],
    lang: str,
    *,
    late: bool,
) -> SaidLine | None:
    type_ = MessageType(message.type)
    if type_ is not MessageType.PARTIAL and type_ not in MOVES and not late:
        return None
    envelope = Envelope.from_bytes(bytes(message.envelope))
    outcome = envelope.manifest.outcome
    rows = envelope.manifest.part(ROWS)
    elsewhere = "" if outcome is None else outcome.try_address or ""
    return SaidLine(
        type=message.type,
        at=message.logged_at,
        words=_words(envelope, talk, lang),
        rows=0 if rows is None else rows.rows or 0,
        reason="" if outcome is None else outcome.reason or "",
        elsewhere=names.get(elsewhere, elsewhere),
        late=late,
    )


def _words(envelope: Envelope, talk: ConversationRecord, lang: str) -> tuple[Shown, ...]:
    """Nothing for what has no words, or what its receiver could not open: the step itself still stands."""
    type_ = envelope.manifest.type
    name, form = (type_.value, MOVES.get(type_)) if type_ in MOVES else ("answer", None)
    if envelope.manifest.part(name) is None:
        return ()
    try:
        body = open_for(envelope, name, talk.asker_member).body
        value = decode(form or kind(talk.kind).answer, body)
    except LachanError:
        return ()
    return tuple(shown_fields(value, lang))
