"""How a conversation ended, in time or late, and after how much work: by hand-counted clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lachan.exchange.conversation import Conversation, start, step
from lachan.exchange.conversation_seen import Seen
from lachan.exchange.deadlines import Deadline, Level, Pause, WorkCalendar
from lachan.exchange.kinds import MessageType, Priority, kind
from lachan.exchange.punctuality import Ending, judged
from lachan.kernel.time import ICT, to_wire

ASKER, BANK = "vn/police/a05", "vn/telecom/viettel"
PLAIN = WorkCalendar()
T = MessageType
KIND = "identify_subscriber"  # one working day for P2


def ict(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ICT).astimezone(UTC)


def talk(
    *moves: tuple[MessageType, datetime] | tuple[MessageType, datetime, str],
    priority: Priority = Priority.P2,
) -> Conversation:
    """A conversation from (type, time[, reason]); who sends follows from the type."""
    state = start(id="c", kind=KIND, priority=priority, asker=ASKER, answerer=BANK)
    seq = {ASKER: 0, BANK: 0}
    for n, (type_, at, *reason) in enumerate(moves):
        own = type_ in {T.ASK, T.CLARIFICATION, T.CANCEL, T.ACKNOWLEDGE, T.DISPUTE}
        sender = ASKER if own else BANK
        seq[sender] += 1
        message = Seen(
            h=f"{n:064x}", id=f"{n:04}", sender=sender, type=type_, seq=seq[sender], at=to_wire(at),
            in_reply_to=None if n == 0 else f"{0:064x}", reason=reason[0] if reason else None,
        )  # fmt: skip
        state, _ = step(state, message, at)
    return state


ASKED = ict(2026, 11, 24, 10)  # a Tuesday: due on Wednesday at 10:00


@pytest.mark.parametrize(
    ("end", "late", "hours"),
    [
        (ict(2026, 11, 24, 16), False, 6),
        (ict(2026, 11, 25, 9), False, 8),  # the night is not worked
        (ict(2026, 11, 25, 10), False, 9),
        (ict(2026, 11, 25, 11), True, 10),
    ],
)
def test_an_answer_is_late_after_its_working_day(end: datetime, late: bool, hours: int) -> None:
    found = judged(talk((T.ASK, ASKED), (T.ANSWER, end)), kind(KIND), PLAIN)
    assert found is not None
    assert (found.ending, found.late, found.worked) == (
        Ending.ANSWERED, late, timedelta(hours=hours),
    )  # fmt: skip


def test_what_a_clarification_takes_is_not_the_members_time() -> None:
    """Asked 10:00, asks back 11:00, told 15:00, answers the next day 12:00: 1 + 2 + 4 hours of nine."""
    state = talk(
        (T.ASK, ASKED), (T.CLARIFY, ict(2026, 11, 24, 11)), (T.CLARIFICATION, ict(2026, 11, 24, 15)),
        (T.ANSWER, ict(2026, 11, 25, 12)),
    )  # fmt: skip
    found = judged(state, kind(KIND), PLAIN)
    assert found is not None
    assert (found.late, found.worked) == (False, timedelta(hours=7))


def test_a_clarification_that_nobody_answers_stops_the_clock_for_two_working_days() -> None:
    state = talk(
        (T.ASK, ASKED), (T.CLARIFY, ict(2026, 11, 24, 11)), (T.ANSWER, ict(2026, 11, 27, 12))
    )
    found = judged(state, kind(KIND), PLAIN)
    assert found is not None
    # 1 h, then stopped until Thursday 11:00; 6 h on Thursday and 4 h on Friday make eleven of nine.
    assert (found.late, found.worked) == (True, timedelta(hours=11))


def test_a_partial_answer_ends_nothing_and_a_fault_neither() -> None:
    state = talk((T.ASK, ASKED), (T.PARTIAL, ict(2026, 11, 24, 11)))
    assert judged(state, kind(KIND), PLAIN) is None
    state = talk((T.ASK, ASKED), (T.REFUSE, ict(2026, 11, 24, 11), "TECHNICAL"))
    assert judged(state, kind(KIND), PLAIN) is None


@pytest.mark.parametrize(
    ("type_", "reason", "ending"),
    [
        (T.REFUSE, "OUT_OF_SCOPE", Ending.REFUSED),
        (T.REFUSE, "NOT_FOUND", Ending.ANSWERED),
        (T.CANCEL, "", Ending.WITHDRAWN),
    ],
)
def test_refusals_and_withdrawals_are_told_apart(
    type_: MessageType, reason: str, ending: Ending
) -> None:
    state = talk((T.ASK, ASKED), (type_, ict(2026, 11, 24, 11), reason))
    found = judged(state, kind(KIND), PLAIN)
    assert found is not None
    assert (found.ending, found.reason) == (ending, reason)


def test_a_dispute_changes_nothing_of_the_first_period() -> None:
    first = ((T.ASK, ASKED), (T.ANSWER, ict(2026, 11, 24, 12)))
    again = (*first, (T.DISPUTE, ict(2026, 11, 26, 9)), (T.ANSWER, ict(2026, 12, 8, 9)))
    assert judged(talk(*again), kind(KIND), PLAIN) == judged(talk(*first), kind(KIND), PLAIN)


def test_instants_are_those_at_which_the_level_changes() -> None:
    """Asked on a Friday at 16:00 with nine working hours: 75 % is on Monday 13:45, not in the week-end."""
    clock = Deadline(
        rule="x", start=ict(2026, 11, 27, 16), length=timedelta(hours=9), business=True, calendar=PLAIN
    )  # fmt: skip
    assert clock.instants() == {
        Level.L0: ict(2026, 11, 30, 13, 45),
        Level.L1: ict(2026, 11, 30, 16),
        Level.L2: ict(2026, 12, 1, 11, 30),
        Level.L3: ict(2026, 12, 1, 16),
    }
    for level, at in clock.instants().items():
        assert clock.level(at) is level
        assert clock.level(at - timedelta(seconds=1)) < level


def test_work_before_its_start_is_none_and_pauses_count_once() -> None:
    begin = ict(2026, 11, 24, 10)
    pauses = tuple(
        Pause(begin + timedelta(hours=a), begin + timedelta(hours=b)) for a, b in ((1, 3), (2, 4))
    )
    clock = Deadline("x", begin, timedelta(hours=9), business=False, calendar=PLAIN, pauses=pauses)
    assert clock.worked(begin - timedelta(hours=1)) == timedelta(0)
    assert clock.worked(begin + timedelta(hours=2)) == timedelta(hours=1)
    assert clock.worked(begin + timedelta(hours=6)) == timedelta(hours=3)
