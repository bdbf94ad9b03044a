"""The sweep over running deadlines: each level of lateness is told once, as a fact (exchange.md §4)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from lachan.access.steps import step
from lachan.exchange import catalogue, deadlines
from lachan.exchange.events import Late
from lachan.exchange.kinds import Priority, kind
from lachan.exchange.models import ConversationRecord
from lachan.kernel.events import Event
from lachan.kernel.time import Clock

AUTOMATIC_PASSED = -1  # the connector's own target went by; not yet a level of the protocol
_AGAIN = timedelta(seconds=60)
_OWN = "the sweep over deadlines"


CLOCK = ("asked_at", "due_at", "automatic_at", "level", "next_level_at", "ended_at")  # what it sets
STOPPED = ("next_level_at", "ended_at")  # what its end sets


def start_clock(record: ConversationRecord, *, logged_at: datetime) -> None:
    """Fix the deadline of an ask from the centre's receipt time. The caller saves the record."""
    declared, priority = kind(record.kind), Priority(record.priority)
    record.asked_at = logged_at
    record.due_at = deadlines.due_at(declared, priority, logged_at, catalogue.profile().calendar)
    record.automatic_at = deadlines.target_at(declared, logged_at)
    record.level = AUTOMATIC_PASSED - 1
    record.next_level_at = record.automatic_at or record.due_at


def stop_clock(record: ConversationRecord, *, at: datetime) -> None:
    """The conversation has ended. The caller saves the record."""
    record.ended_at, record.next_level_at = at, None


def due(*, now: datetime, limit: int = 500) -> list[UUID]:
    """Conversations whose next level may have been reached."""
    rows = ConversationRecord.objects.unscoped(reason=_OWN).filter(
        next_level_at__lte=now, ended_at=None
    )
    return list(rows.order_by("next_level_at", "id").values_list("pk", flat=True)[:limit])


@step
def tell(*, conversation: UUID, clock: Clock) -> tuple[int, Iterable[Event]]:
    """Publish every level that was newly reached; answers the highest."""
    now = clock.now()
    record = (
        ConversationRecord.objects.unscoped(reason=_OWN).select_for_update().get(pk=conversation)
    )
    if record.ended_at is not None or record.asked_at is None or record.due_at is None:
        return record.level, ()
    running = deadlines.deadline(
        kind(record.kind), Priority(record.priority), record.asked_at, catalogue.profile().calendar
    )
    reached = int(running.level(now))
    if reached < 0 and not (record.automatic_at is not None and now >= record.automatic_at):
        reached = AUTOMATIC_PASSED - 1
    facts = [
        Late(
            record.id,
            record.ask_h,
            record.kind,
            record.asker,
            record.answerer,
            record.case_ref,
            level,
            record.due_at,
            now,
        )
        for level in range(record.level + 1, reached + 1)
    ]
    record.level = max(record.level, reached)
    record.next_level_at = None if record.level >= deadlines.Level.L3 else _next(record, now)
    record.save()
    return record.level, facts


def _next(record: ConversationRecord, now: datetime) -> datetime:
    """The next instant at which a level may be reached; when the working calendar moves it, a minute later again."""
    if record.asked_at is None or record.due_at is None:
        return now + _AGAIN
    length = record.due_at - record.asked_at
    instants = (
        record.due_at - length / 4,
        record.due_at,
        record.due_at + max(length / 2, timedelta(minutes=15)),
        record.due_at + max(length, timedelta(hours=1)),
    )
    return min((at for at in instants if at > now), default=now + _AGAIN)
