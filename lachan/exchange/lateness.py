"""The clock of each conversation at the centre, and the sweep that tells each level of lateness once (exchange.md §4).

What has been told stands in the conversation's own row, which the sweep holds while it tells: a restart, and two sweeps at
once, repeat nothing and leave nothing out. Each level of the protocol is also one entry of the log.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from lachan.access.steps import step
from lachan.evidence import services as evidence
from lachan.exchange import catalogue, deadlines
from lachan.exchange.conversation import Conversation
from lachan.exchange.conversation_states import Status
from lachan.exchange.deadlines import Deadline, Level
from lachan.exchange.events import Late
from lachan.exchange.kinds import Priority, kind
from lachan.exchange.models import ConversationRecord
from lachan.exchange.punctuality import judged
from lachan.kernel.events import Event
from lachan.kernel.time import Clock

AUTOMATIC_PASSED = -1  # the connector's own target went by; not yet a level of the protocol
_NOTHING = AUTOMATIC_PASSED - 1
_OWN = "the sweep over deadlines"

# What a message sets: the clock, and how the first period ended.
MOVED = ("due_at", "next_level_at", "ended_at", "ending", "end_reason", "late", "worked_seconds")
CLOCK = ("asked_at", "automatic_at", "level", "test", *MOVED)  # what the ask sets


def start_clock(record: ConversationRecord, *, logged_at: datetime, test: bool) -> None:
    """Fix the deadline of an ask from the centre's receipt time. The caller saves the record."""
    declared, priority = kind(record.kind), Priority(record.priority)
    running = deadlines.deadline(declared, priority, logged_at, catalogue.profile().calendar)
    record.asked_at, record.due_at, record.test = logged_at, running.due_at, test
    record.automatic_at = deadlines.target_at(declared, logged_at)
    record.level = _NOTHING
    record.next_level_at = _next(record, running)


def follow(record: ConversationRecord, state: Conversation, *, at: datetime) -> None:
    """The conversation was moved by a message: its clock stops, pauses, or runs anew. The caller saves the record."""
    declared, calendar = kind(record.kind), catalogue.profile().calendar
    if not record.ending:
        _keep_end(record, state, calendar)
    running = state.clock(declared, calendar)
    if state.final or state.status is Status.DISCLOSED:
        record.ended_at, record.next_level_at = at, None
    elif record.asked_at is not None and running is not None:
        record.ended_at = None
        if running.pauses or state.halved:
            record.due_at = running.due_at
        record.next_level_at = _next(record, running)


def _keep_end(
    record: ConversationRecord, state: Conversation, calendar: deadlines.WorkCalendar
) -> None:
    end = judged(state, kind(record.kind), calendar)
    if end is not None:
        record.ending, record.end_reason, record.late = end.ending.value, end.reason, end.late
        record.worked_seconds = int(end.worked.total_seconds())


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
    state = Conversation.from_json(record.state)
    running = state.clock(kind(record.kind), catalogue.profile().calendar)
    if record.ended_at is not None or record.due_at is None or running is None:
        return record.level, ()
    reached = int(running.level(now))
    if reached < 0 and not (record.automatic_at is not None and now >= record.automatic_at):
        reached = _NOTHING
    told = range(record.level + 1, reached + 1)
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
        for level in told
    ]
    for level in told:
        _log(record, level, now)
    record.level = max(record.level, reached)
    record.next_level_at = _next(record, running)
    record.save(update_fields=["level", "next_level_at"])
    return record.level, facts


def _log(record: ConversationRecord, level: int, now: datetime) -> None:
    if level >= Level.L0:
        evidence.append(
            "late",
            "clock",
            now,
            h=record.ask_h,
            conversation=record.id,
            receiver=record.answerer,
            kind=record.kind,
            code=Level(level).name,
        )


def _next(record: ConversationRecord, running: Deadline) -> datetime | None:
    """When the first level that was not told is reached; None after the last."""
    instants = running.instants()
    at = [when for level, when in instants.items() if level > record.level]
    if record.level < AUTOMATIC_PASSED and record.automatic_at is not None:
        at.append(record.automatic_at)
    return min(at, default=None)
