"""The sweep over running deadlines: each level of lateness is told once, as a fact (exchange.md §4)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from lachan.access.steps import step
from lachan.exchange import catalogue, deadlines
from lachan.exchange.conversation import Conversation
from lachan.exchange.deadlines import Deadline, Level
from lachan.exchange.events import Late
from lachan.exchange.kinds import Priority, kind
from lachan.exchange.models import ConversationRecord
from lachan.kernel.events import Event
from lachan.kernel.time import Clock

AUTOMATIC_PASSED = -1  # the connector's own target went by; not yet a level of the protocol
_AGAIN = timedelta(seconds=60)
_OWN = "the sweep over deadlines"


CLOCK = ("asked_at", "due_at", "automatic_at", "level", "next_level_at", "ended_at")  # what it sets
MOVED = ("due_at", "next_level_at", "ended_at")  # what a later message sets


def start_clock(record: ConversationRecord, *, logged_at: datetime) -> None:
    """Fix the deadline of an ask from the centre's receipt time. The caller saves the record."""
    declared, priority = kind(record.kind), Priority(record.priority)
    record.asked_at = logged_at
    record.due_at = deadlines.due_at(declared, priority, logged_at, catalogue.profile().calendar)
    record.automatic_at = deadlines.target_at(declared, logged_at)
    record.level = AUTOMATIC_PASSED - 1
    record.next_level_at = record.automatic_at or record.due_at


def move_clock(record: ConversationRecord, clock: Deadline, *, at: datetime) -> None:
    """A clarification stopped the clock or let it run on, or a dispute started another. The caller saves the record."""
    record.due_at, record.ended_at = clock.due_at, None
    record.next_level_at = _next(clock, at) if record.level < Level.L3 else None


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
    running = _running(record)
    if running is None:
        return record.level, ()
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
    record.next_level_at = None if record.level >= Level.L3 else _next(running, now)
    record.save()
    return record.level, facts


def _running(record: ConversationRecord) -> Deadline | None:
    """The clock with its pauses, and after a dispute the half one; None before the ask was accepted."""
    state = Conversation.from_json(record.state)
    return state.clock(kind(record.kind), catalogue.profile().calendar)


def _next(clock: Deadline, now: datetime) -> datetime:
    """The next instant at which a level is reached."""
    return min((at for at in clock.levels() if at > now), default=now + _AGAIN)
