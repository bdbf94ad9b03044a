"""A conversation's state is what its messages amount to, in whatever order they came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.exchange.conversation import Conversation, mark, start, step
from lachan.exchange.conversation_guards import ensure_takes
from lachan.exchange.conversation_seen import Seen
from lachan.exchange.conversation_states import FINAL, RefusalReason, Status
from lachan.exchange.conversation_turns import TAKES
from lachan.exchange.deadlines import WorkCalendar
from lachan.exchange.errors import ReplyHash, StateConflict
from lachan.exchange.kinds import MessageType, Priority, kind
from lachan.kernel.time import from_wire, to_wire

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # Tuesday 10:00 ICT
ASKER, BANK = "vn/police/a05", "vn/bank/970416"
CALENDAR = WorkCalendar()


def seen(h: str, kind_: str, *, seq: int = 1, minute: int = 0, **more) -> Seen:
    by_asker = kind_ in {"ask", "clarification", "cancel", "acknowledge", "dispute"}
    given_fields = {
        "h": h,
        "id": h,
        "sender": ASKER if by_asker else BANK,
        "type": MessageType(kind_),
        "seq": seq,
        "at": to_wire(NOW + timedelta(minutes=minute)),
        "in_reply_to": None if kind_ == "ask" else "ask",
    }
    return Seen(**{**given_fields, **more})


def begin(priority: Priority = Priority.P1, name: str = "identify_subscriber") -> Conversation:
    return start(id="c", kind=name, priority=priority, asker=f"{ASKER}/duty", answerer=BANK)


def after(*messages: Seen, priority: Priority = Priority.P1) -> Conversation:
    state = begin(priority)
    for one in messages:
        state, _ = step(state, one, NOW)
    return state


ASK = seen("ask", "ask")


def test_an_ask_starts_the_clock_at_the_centres_receipt():
    state, entered = step(begin(), ASK, NOW)
    assert (state.status, state.substate) == (Status.AWAITING_DISCLOSURE, "accepted")
    assert [one.actor for one in entered] == [ASKER]
    clock = state.clock(kind("identify_subscriber"), CALENDAR)
    assert clock is not None
    assert clock.due_at == NOW + timedelta(days=1)  # one working day from Tuesday 10:00
    assert begin().clock(kind("identify_subscriber"), CALENDAR) is None


def test_the_usual_course_ends_acknowledged():
    answer = seen("answer", "answer", minute=5, effect="FULL", rows=("r1", "r2"))
    thanks = seen("ack", "acknowledge", seq=2, minute=6, in_reply_to="answer")
    state = after(ASK, answer, thanks)
    assert (state.status, state.substate) == (Status.DISCLOSED, "acknowledged")
    assert state.effect == "FULL"
    assert state.final
    assert [one.substate for one in state.history] == ["accepted", "complete", "acknowledged"]


def test_partial_answers_add_up_each_row_once():
    state = after(
        ASK,
        seen("p1", "partial", minute=1, rows=("r1", "r2")),
        seen("p2", "partial", seq=2, minute=2, rows=("r2", "r3")),
        seen("a", "answer", seq=3, minute=3, rows=("r1", "r4")),
    )
    assert state.rows == ("r1", "r2", "r3", "r4")


def test_a_clarification_stops_the_clock_once_and_not_for_ever():
    asked = seen("q", "clarify", minute=60)
    state = after(ASK, asked)
    assert state.substate == "clarifying"
    told = seen("t", "clarification", seq=2, minute=120, in_reply_to="q")
    resumed = after(ASK, asked, told)
    assert resumed.substate == "working"
    declared = kind("identify_subscriber")
    assert resumed.clock(declared, CALENDAR).due_at == NOW + timedelta(days=1, hours=1)
    forever = state.clock(declared, CALENDAR).due_at
    assert forever == NOW + timedelta(days=2)  # after 24 h it runs on by itself
    again = seen("q2", "clarify", seq=2, minute=130)
    assert again.h in after(ASK, asked, told, again).ignored
    assert "q" in after(ASK, asked, priority=Priority.P0).ignored


@pytest.mark.parametrize("reason", list(RefusalReason))
def test_every_reason_of_refusal_leads_to_its_state(reason):
    state = after(ASK, seen("r", "refuse", minute=1, reason=reason.value))
    assert (state.status, state.substate) == reason.leads_to
    assert state.final or reason is RefusalReason.TECHNICAL


def test_an_unknown_reason_counts_as_the_desks():
    state = after(ASK, seen("r", "refuse", minute=1, reason="WHY_NOT"))
    assert (state.status, state.substate) == (Status.REJECTED, "by_desk")


def test_a_technical_fault_may_still_be_answered():
    state = after(
        ASK,
        seen("r", "refuse", minute=1, reason="TECHNICAL"),
        seen("a", "answer", seq=2, minute=3),
    )
    assert state.status is Status.DISCLOSED


def test_cancelling_ends_a_question_but_not_an_effect():
    cancel = seen("x", "cancel", seq=2, minute=2)
    assert after(ASK, cancel).status is Status.CANCELLED
    held = seen("a", "answer", minute=1, effect="FULL")
    state = after(ASK, held, cancel)
    assert state.status is Status.DISCLOSED
    assert state.ignored == ("x",)


def test_a_late_answer_is_kept_and_marked():
    cancel = seen("x", "cancel", seq=2, minute=2)
    late = seen("a", "answer", minute=10)
    state = after(ASK, cancel, late)
    assert (state.status, state.late) == (Status.CANCELLED, ("a",))
    too_late = seen("a", "answer", minute=60 * 24 * 31)
    assert after(ASK, cancel, too_late).ignored == ("a",)


def test_a_dispute_opens_it_once_more_with_half_the_time():
    answer = seen("a", "answer", minute=1)
    dispute = seen("d", "dispute", seq=2, minute=2, in_reply_to="a")
    state = after(ASK, answer, dispute)
    assert state.substate == "working"
    clock = state.clock(kind("identify_subscriber"), CALENDAR)
    assert clock.length == timedelta(hours=4.5)
    assert clock.start == from_wire(dispute.at)
    again = after(
        ASK,
        answer,
        dispute,
        seen("a2", "answer", seq=2, minute=3),
        seen("d2", "dispute", seq=3, minute=4, in_reply_to="a2"),
    )
    assert again.ignored == ("d2",)


def test_messages_of_strangers_and_wrong_sides_change_nothing():
    stranger = seen("s", "answer", minute=1, sender="vn/bank/970436")
    own_answer = seen("o", "answer", seq=2, minute=1, sender=ASKER)
    second_ask = seen("ask2", "ask", seq=2, minute=2)
    state = after(ASK, stranger, own_answer)
    assert state.status is Status.AWAITING_DISCLOSURE
    assert state.waiting == ("s",)
    assert state.ignored == ("o",)
    assert after(ASK, second_ask).ignored == ("ask2",)
    notice = seen("n", "notice", minute=1, in_reply_to=None)
    assert after(ASK, notice).ignored == ()


def test_a_gap_is_waited_for_and_named():
    state = after(ASK, seen("a", "answer", seq=2, minute=5))
    assert state.waiting == ("a",)
    assert state.missing() == ((BANK, 1),)
    filled, entered = step(state, seen("p", "partial", seq=1, minute=4), NOW)
    assert filled.status is Status.DISCLOSED
    assert [one.substate for one in entered] == ["partly_disclosed", "complete"]


def test_the_centre_refuses_what_the_state_does_not_take():
    state = after(ASK, seen("r", "refuse", minute=1, reason="NOT_FOUND"))
    with pytest.raises(StateConflict):
        ensure_takes(state, seen("x", "cancel", seq=2), CALENDAR)
    with pytest.raises(ReplyHash):
        ensure_takes(after(ASK), seen("a", "answer", in_reply_to="other"), CALENDAR)
    with pytest.raises(StateConflict):
        ensure_takes(after(ASK), seen("ask2", "ask", seq=2), CALENDAR)
    ensure_takes(after(ASK), seen("a", "answer"), CALENDAR)
    ensure_takes(begin(), ASK, CALENDAR)
    ensure_takes(begin(), seen("a", "answer"), CALENDAR)
    wrong = after(ASK, seen("a", "answer", minute=1, in_reply_to="other"))
    assert wrong.status is Status.AWAITING_DISCLOSURE


def test_steps_of_transport_show_before_and_after_the_ask_is_logged():
    state = begin()
    assert (state.status, state.substate) == (Status.AWAITING_APPROVAL, "drafted")
    assert mark(state, "partly_signed", NOW).substate == "partly_signed"
    queued = mark(state, "queued", NOW)
    assert (queued.status, queued.substate) == (Status.AWAITING_DISCLOSURE, "queued")
    assert mark(queued, "queued", NOW) is queued
    assert mark(state, "lapsed", NOW).status is Status.CANCELLED
    asked, _ = step(queued, ASK, NOW)
    assert asked.substate == "accepted"
    assert mark(asked, "working", NOW).substate == "working"
    assert mark(asked, "undeliverable", NOW).status is Status.ERROR


def test_it_is_stored_as_its_messages():
    state = mark(after(ASK, seen("p", "partial", minute=1, rows=("r",))), "working", NOW)
    assert Conversation.from_json(state.to_json()) == state


def test_final_states_have_no_successors():
    for status, substate in TAKES:
        assert status not in FINAL, substate


TYPES = ["partial", "answer", "clarify", "refuse", "notice"]
BY_ASKER = ["clarification", "cancel", "acknowledge", "dispute"]


@st.composite
def talks(draw):
    """An ask and a random course of both sides, each numbered without gaps."""
    messages = [ASK]
    for side, types in ((1, BY_ASKER), (0, TYPES)):
        for number in range(draw(st.integers(0, 5))):
            name = draw(st.sampled_from(types))
            messages.append(
                seen(
                    f"{side}{number}",
                    name,
                    seq=number + 1 + side,
                    minute=draw(st.integers(0, 30)),
                    reason=draw(st.sampled_from(["NOT_FOUND", "DECLINED", "TECHNICAL"])),
                    effect=draw(st.sampled_from([None, "FULL"])),
                    rows=(f"row{draw(st.integers(0, 3))}",),
                )
            )
    return messages


@given(talks(), st.data())
def test_any_order_and_repetition_gives_the_same_state(messages, data):
    shuffled = data.draw(st.permutations(messages))
    repeated = [*shuffled, *data.draw(st.lists(st.sampled_from(messages), max_size=5))]
    once, again = after(*messages), after(*repeated)
    assert sorted(one.h for one in again.messages) == sorted(one.h for one in once.messages)
    for name in ("status", "substate", "history", "rows", "effect", "pauses", "ignored", "late"):
        assert getattr(again, name) == getattr(once, name)


@given(talks(), st.sampled_from(list(Priority)))
def test_a_final_state_is_never_left(messages, priority):
    state, was = begin(priority), None
    for one in sorted(messages, key=lambda each: (each.at, each.id)):
        state, _ = step(state, one, NOW)
        if state.waiting:
            return
        if was in FINAL:
            assert state.status is was
        was = state.status
