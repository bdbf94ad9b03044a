"""Is this printed order real? What anybody may ask who holds the paper (exchange.md §6).

Answered is the fact alone: kind, issuer, receiver, time, standing; never a person, an account or an amount. Every look-up
is counted, whatever comes of it, and a wrong code costs the same reads as a right one and gets one answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lachan.access.actors import Actor
from lachan.access.verbs import verb
from lachan.evidence import services as evidence
from lachan.exchange import standing
from lachan.exchange.errors import ExchangeError
from lachan.exchange.kinds import kind
from lachan.exchange.models import MessageRecord
from lachan.exchange.paper_models import CheckAttempt
from lachan.exchange.printed_code import PRINTED, PrintedCode, read_printed_code
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.ids import keyed_hash
from lachan.kernel.time import Clock
from lachan.members import services as members
from lachan.members.vault import secret

PER_ADDRESS = (30, timedelta(hours=1))  # a desk behind one address checks a day's post
KEPT = timedelta(days=1)
_ANYBODY = "whoever holds the paper may ask for the fact"


class OrderUnknown(ExchangeError):
    """A code that names no order, for whatever reason."""

    code = "exchange.order_unknown"
    text = Text(
        vi="Không có văn bản nào mang mã này. Xem lại từng ký tự; mã có dạng LC1-4182-XXXXX-XXXXX, không có chữ I, O và số 0, 1 ở hai nhóm cuối. Nếu mã đúng như in trên giấy thì văn bản này không có trong nhật ký: đừng thực hiện, gọi cơ quan ban hành theo số bạn tự tìm được.",
        en="No order carries this code. Check each character; it looks like LC1-4182-XXXXX-XXXXX, without I, O, 0 and 1 in the last two groups. If it is what the paper says, the order is not in the log: do not carry it out, call the issuer at a number that you looked up yourself.",
    )


class ChecksLimited(ExchangeError):
    """Too many look-ups from one place."""

    code = "exchange.checks_limited"
    status = 429
    text = Text(
        vi="Đã tra cứu quá nhiều lần từ địa chỉ này. Thử lại sau {minutes} phút.",
        en="Too many look-ups from this address. Try again in {minutes} minutes.",
    )
    minutes: int


class Standing(StrEnum):
    """Whether the paper still counts."""

    IN_FORCE = "in_force"
    ENDED = "ended"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class PrintedOrder:
    """What the public may know of one order. `eased`: a later message releases all of it or a part."""

    code: str
    title: Text
    issuer: Text
    receiver: Text
    logged_at: datetime
    ends_at: datetime | None
    standing: Standing
    eased: bool


def check_order(*, actor: Actor, text: str, address: str, clock: Clock) -> PrintedOrder:
    """The order of a scanned text or a typed code. Raises: OrderUnknown, ChecksLimited."""
    found = _look(actor=actor, text=text, address=address, clock=clock)
    if isinstance(found, int):
        raise ChecksLimited(minutes=found)
    if found is None:
        raise OrderUnknown(field="code")
    return found


@verb("order.check", public=True, title=Text(vi="Kiểm tra văn bản in", en="Check a printed order"))
def _look(
    *, actor: Actor, text: str, address: str, clock: Clock
) -> tuple[PrintedOrder | int | None, Sequence[Event]]:
    """The fact, or minutes to wait, or None; returned, so that the look-up stays counted."""
    now = clock.now()
    minutes = _count(address, now)
    if minutes:
        return minutes, ()
    given = read_printed_code(text)
    record, named = _candidate(given)
    if record is None:
        return None, ()
    told = _told(record, given, now)  # before it is known whether it will be said: the same work
    right = given.belongs_to(record.h, secret(PRINTED))
    return (told if right and named else None), ()


def _candidate(given: PrintedCode) -> tuple[MessageRecord | None, bool]:
    """The ask at that place of the log, else any ask, to do the same work on; and whether it is the one named."""
    asks = MessageRecord.objects.unscoped(reason=_ANYBODY).filter(type="ask")
    other = asks.order_by("-logged_at", "-id").first()
    entry, h = evidence.message_at(given.place) or (None, "")
    record = asks.filter(h=h).first()
    named = record is not None and record.entry == entry
    return (record if named else other), named


def _told(record: MessageRecord, given: PrintedCode, now: datetime) -> PrintedOrder:
    course = standing.course_of(record)
    return PrintedOrder(
        code=given.typed,
        title=kind(record.kind).title,
        issuer=_name(record.sender),
        receiver=_name(record.receiver),
        logged_at=record.logged_at,
        ends_at=course.ends_at,
        standing=Standing(course.at(now)),
        eased=course.eased,
    )


def _name(address: str) -> Text:
    row = members.current_directory().member(address)
    if row is None:
        return Text(vi=address, en=address)
    return Text(vi=row.name_vi, en=row.name_en or row.name_vi)


def _count(address: str, now: datetime) -> int:
    """Minutes until another look-up is heard; 0 when this one is, which is then counted."""
    most, span = PER_ADDRESS
    rows = CheckAttempt.objects.unscoped(reason="rate limit")
    rows.filter(at__lt=now - KEPT).delete()
    key = keyed_hash(secret("index"), "order-check", address)
    if rows.filter(key=key, at__gt=now - span).count() >= most:
        return int(span.total_seconds() // 60)
    CheckAttempt(key=key, at=now).save(force_insert=True)
    return 0
