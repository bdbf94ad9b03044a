"""Deliveries to members that are not connected (`paper`): checked and opened as the receiver would, then printed.

The centre keeps such a member's keys, as it does a hosted one's. Its receipt says that the printed form stands in the
member's folder. What the centre cannot know is when somebody reads it: clocks run from the log, as for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lachan.access.compiled import update_later
from lachan.access.steps import step
from lachan.evidence import services as evidence
from lachan.exchange import lookups, receiving, talks
from lachan.exchange.events import Delivered
from lachan.exchange.kinds import MessageKind, MessageType, Question
from lachan.exchange.models import ConversationRecord, DeliveryRecord, MessageRecord
from lachan.exchange.printed_code import PRINTED, PrintedCode, printed_code
from lachan.exchange.verify_outcome import CheckedMessage, Refusal
from lachan.kernel.events import Event
from lachan.kernel.time import Clock
from lachan.members import services as members
from lachan.members.roles import Connection
from lachan.members.vault import secret

_OWN = "deliveries to members that are not connected"
PRINTED_TYPES = frozenset({MessageType.ASK, MessageType.CANCEL})  # the rest only closes something


@dataclass(frozen=True, slots=True)
class ToPrint:
    """One message for paper. `code`: of the order itself, also on what cancels it; `body`: of an ask."""

    member: str
    delivery: int
    kind: MessageKind
    type: MessageType
    conversation: ConversationRecord
    code: PrintedCode
    body: Question | None


@dataclass(frozen=True, slots=True)
class Looked:
    """A delivery as its receiver would have checked it, and what of it goes on paper."""

    delivery: int
    checked: CheckedMessage | Refusal
    to_print: ToPrint | None


def paper_members() -> list[str]:
    """Addresses of the members that are reached by printed orders."""
    rows = members.current_directory().members()
    return sorted(row.address for row in rows if row.connection is Connection.PAPER)


def waiting(*, limit: int = 50) -> list[int]:
    """Deliveries that nobody has printed, oldest first, those that were tried before included."""
    rows = DeliveryRecord.objects.unscoped(reason=_OWN).filter(
        receiver_member__in=paper_members(), receipted_at=None
    )
    return list(rows.order_by("-overtakes", "faults", "id").values_list("pk", flat=True)[:limit])


def is_done(delivery: int) -> bool:
    """Whether a delivery is remembered as printed."""
    rows = DeliveryRecord.objects.unscoped(reason=_OWN).filter(pk=delivery)
    return rows.exclude(receipted_at=None).exists()


def printed_code_of(ask: MessageRecord) -> PrintedCode | None:
    """None until the log has given the order its place."""
    place = evidence.place(ask.entry)
    if place is None or place.index is None:
        return None
    return printed_code(ask.h, place.index, secret(PRINTED))


def look(*, delivery: int, clock: Clock) -> Looked | None:
    """Check and open one delivery, writing nothing; None when it is done or has no place in the log yet.

    Printing takes longer than a transaction should: it comes between this and `remember`.
    """
    rows = DeliveryRecord.objects.unscoped(reason=_OWN).select_related("message")
    record = rows.filter(pk=delivery, receipted_at=None).first()
    if record is None:
        return None
    talk = lookups.talk.first(record.message.conversation)
    ask = lookups.ask_by_hash.first("" if talk is None else talk.ask_h, "ask")
    if talk is None or ask is None:
        raise LookupError(f"conversation {record.message.conversation}")
    code = printed_code_of(ask)
    if code is None:
        return None
    checked = receiving.check_delivery(record, clock)
    if not isinstance(checked, CheckedMessage) or checked.manifest.type not in PRINTED_TYPES:
        return Looked(delivery, checked, None)
    body = checked.body if isinstance(checked.body, Question) else None
    return Looked(
        delivery,
        checked,
        ToPrint(
            record.receiver_member,
            delivery,
            checked.kind,
            checked.manifest.type,
            talk,
            code,
            body,
        ),
    )


@step
def remember(looked: Looked, *, clock: Clock) -> tuple[str, Iterable[Event]]:
    """Receipt a delivery whose files are durable, or that has none; again is nothing.

    Answers `printed`, `closed` (nothing to print), `refused` or `done` before.
    """
    record = lookups.delivery.first(looked.delivery)
    if record is None or record.receipted_at is not None:
        return "done", ()
    message = record.message = receiving.message_of(record)
    receiving.note_receipt(record, looked.checked, clock)
    if not isinstance(looked.checked, CheckedMessage):
        return "refused", ()
    now, talk = clock.now(), lookups.talk.first(message.conversation)
    if talk is not None and message.h == talk.ask_h:
        talks.mark_delivered(talk, at=now)
    fact = Delivered(
        message.h, message.conversation, message.kind, message.receiver, message.case_ref, now
    )
    return "closed" if looked.to_print is None else "printed", (fact,)


@step
def note_fault(*, delivery: int, why: str) -> tuple[None, Iterable[Event]]:
    """What went wrong with a delivery, kept with it; it is tried again behind those without faults."""
    record = lookups.delivery.first(delivery)
    if record is not None and record.receipted_at is None:
        record.fault, record.faults = why[:300], record.faults + 1
        update_later(record, "fault", "faults")
    return None, ()
