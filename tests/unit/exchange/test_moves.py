"""What a side may send next, and what the words of a move must say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from lachan.exchange.conversation import step
from lachan.exchange.conversation_guards import dispute_until, ensure_takes, sendable
from lachan.exchange.conversation_states import FINAL
from lachan.exchange.conversation_turns import BY_ANSWERER, BY_ASKER
from lachan.exchange.crypto import PrivateKey, new_encrypt_key, public_jwk
from lachan.exchange.deadlines import Level, WorkCalendar, deadline
from lachan.exchange.envelope import Draft, draft
from lachan.exchange.errors import SchemaMismatch, StateConflict
from lachan.exchange.forms.reading import FormWrong, read_form
from lachan.exchange.kinds import Answer, Coverage, MessageType, Priority, kind
from lachan.exchange.manifest import Outcome
from lachan.exchange.moves import (
    MOVES,
    Clarification,
    Clarify,
    Dispute,
    Move,
    RefusalWords,
    check_parts,
    check_words,
    part_name,
)
from lachan.exchange.opening import open_part
from lachan.exchange.parts import body_part
from lachan.kernel.ids import uuid7
from lachan.kernel.time import to_wire
from tests.unit.exchange.test_conversation import (
    ASK,
    ASKER,
    BANK,
    CALENDAR,
    NOW,
    after,
    begin,
    seen,
    talks,
)

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def written(type_: MessageType, words: Move | Answer | None, *, reason: str | None = None,
            elsewhere: str | None = None, key: PrivateKey | None = None) -> Draft:  # fmt: skip
    outcome = Outcome(status="Rejected", substate="by_desk", reason=reason, try_address=elsewhere)
    return draft(
        type=type_, kind_name="identify_subscriber", sender=BANK, receiver=f"{ASKER}/duty",
        created_at=AT, purpose="INV", directory_version=1,
        encrypt_to=[public_jwk(key or new_encrypt_key())],
        parts=() if words is None else (body_part(words),), priority=Priority.P1,
        conversation=str(uuid7()), seq=1, prev=None, in_reply_to="ab" * 32, outcome=outcome,
    )  # fmt: skip


def test_what_may_be_sent_is_what_the_state_takes() -> None:
    asked = seen("q", "clarify", minute=1)
    told = seen("t", "clarification", seq=2, minute=2, in_reply_to="q")
    answer = seen("a", "answer", seq=2, minute=3)

    def may(state, sender: str = BANK) -> set[str]:
        return {one.value for one in sendable(state, sender, NOW, CALENDAR)}

    assert may(after(ASK)) == {"partial", "answer", "clarify", "refuse"}
    assert may(after(ASK, priority=Priority.P0)) == {"partial", "answer", "refuse"}
    assert may(after(ASK), ASKER) == {"cancel"}
    assert may(after(ASK, asked)) == {"partial", "answer", "refuse"}
    assert may(after(ASK, asked), ASKER) == {"clarification", "cancel"}
    assert may(after(ASK, asked, told)) == {"partial", "answer", "refuse"}
    assert may(after(ASK, asked, told, answer), ASKER) == {"acknowledge", "dispute"}
    assert may(after(ASK, seen("p", "partial", minute=1, effect="FULL")), ASKER) == set()


@given(talks())
def test_a_message_is_taken_exactly_when_it_may_be_sent(messages) -> None:
    state = begin()
    for one in sorted(messages, key=lambda each: (each.at, each.id)):
        late = one.type is MessageType.ANSWER and state.status in FINAL
        if one.type not in {MessageType.ASK, MessageType.NOTICE} and not late:
            allowed = one.type in sendable(state, one.sender, NOW, CALENDAR)
            was = len(state.ignored)
            state, _ = step(state, one, NOW)
            if state.waiting:
                return
            assert (len(state.ignored) == was) is allowed
        else:
            state, _ = step(state, one, NOW)


def test_no_type_is_sent_by_both_sides_but_a_notice() -> None:
    assert {MessageType.NOTICE} == BY_ASKER & BY_ANSWERER


def test_a_dispute_has_ten_working_days_and_is_refused_after_them() -> None:
    answered = after(ASK, seen("a", "answer", minute=0))
    until = dispute_until(answered, CALENDAR)
    assert until == NOW + timedelta(days=14)  # two weeks of five days from a Tuesday
    within = seen("d", "dispute", seq=2, in_reply_to="a", at=to_wire(until))
    ensure_takes(answered, within, CALENDAR)
    after_it = replace_at(within, until + timedelta(minutes=1))
    with pytest.raises(StateConflict) as refused:
        ensure_takes(answered, after_it, CALENDAR)
    assert "dispute" not in refused.value.allowed
    assert dispute_until(begin(), CALENDAR) is None


def replace_at(one, at: datetime):
    return seen(one.h, one.type.value, seq=one.seq, in_reply_to=one.in_reply_to, at=to_wire(at))


def test_an_effect_is_not_cancelled_and_the_refusal_does_not_offer_it() -> None:
    held = after(ASK, seen("p", "partial", minute=1, effect="PARTIAL"))
    with pytest.raises(StateConflict) as refused:
        ensure_takes(held, seen("x", "cancel", seq=2, minute=2), CALENDAR)
    assert refused.value.allowed == "-"


def test_levels_rise_and_are_reached_in_order() -> None:
    for priority in Priority:
        clock = deadline(kind("identify_subscriber"), priority, AT, WorkCalendar())
        levels = list(clock.instants().values())
        assert levels == sorted(levels)
        assert [clock.level(at) for at in levels] == [Level.L0, Level.L1, Level.L2, Level.L3]
        assert clock.level(levels[0] - timedelta(seconds=1)) is Level.NONE
        half = replace(clock, length=clock.length / 2)
        assert half.due_at < clock.due_at


@pytest.mark.parametrize("type_", list(MOVES))
def test_words_travel_in_a_part_of_their_own_that_only_the_reader_opens(type_: MessageType) -> None:
    words = {
        MessageType.CLARIFY: Clarify(question="Thuê bao nào?", fields=["number"]),
        MessageType.CLARIFICATION: Clarification(text="Số thứ nhất."),
        MessageType.REFUSE: RefusalWords(text="Không đúng thẩm quyền.", officer="Lê Thị B"),
        MessageType.DISPUTE: Dispute(reason="Thiếu ngày 3."),
    }[type_]
    key = new_encrypt_key()
    made = written(type_, words, key=key)
    assert part_name(type(words)) == type_.value
    assert made.manifest.part(type_.value) is not None
    assert b"thu" not in made.manifest_bytes.lower().replace(b"authority", b"")
    check_parts(made.manifest)
    assert type(words).__struct_fields__[0].encode() in open_part(made, type_.value, key)


@pytest.mark.parametrize(
    "type_",
    [MessageType.CLARIFY, MessageType.CLARIFICATION, MessageType.DISPUTE, MessageType.PARTIAL],
)
def test_a_move_without_its_words_is_refused_by_whoever_cannot_even_read_them(
    type_: MessageType,
) -> None:
    with pytest.raises(SchemaMismatch):
        check_parts(written(type_, None).manifest)


def test_a_legal_objection_has_words_and_an_officer() -> None:
    bare = written(MessageType.REFUSE, None, reason="LEGAL_OBJECTION").manifest
    with pytest.raises(SchemaMismatch):
        check_parts(bare)
    check_parts(written(MessageType.REFUSE, None, reason="DECLINED").manifest)
    words = RefusalWords(text="Không đúng thẩm quyền.")
    said = written(MessageType.REFUSE, words, reason="LEGAL_OBJECTION").manifest
    with pytest.raises(SchemaMismatch):
        check_words(said, words)
    check_words(said, RefusalWords(text="Không đúng thẩm quyền.", officer="Lê Thị B"))


def test_a_partial_answer_says_what_is_missing() -> None:
    declared = kind("identify_subscriber").answer
    whole = declared(as_of=to_wire(AT), found=True)
    manifest = written(MessageType.PARTIAL, whole).manifest
    with pytest.raises(SchemaMismatch):
        check_words(manifest, whole)
    coverage = Coverage(missing="tháng 3", expected_at=to_wire(AT))
    check_words(manifest, declared(as_of=to_wire(AT), found=True, coverage=coverage))


def test_another_address_stands_beside_not_holder_alone() -> None:
    written(MessageType.REFUSE, None, reason="NOT_HOLDER", elsewhere="vn/telecom/khac")
    with pytest.raises(SchemaMismatch):
        written(
            MessageType.REFUSE, None, reason="DECLINED", elsewhere="vn/telecom/khac"
        ).manifest.check()


def test_the_forms_of_moves_are_read_like_any_other() -> None:
    read = read_form(Clarify, {"question": "Thuê bao nào?", "fields": "number\nimei"})
    assert read == Clarify(question="Thuê bao nào?", fields=["number", "imei"])
    with pytest.raises(FormWrong) as wrong:
        read_form(Dispute, {"reason": "  "})
    assert set(wrong.value.errors) == {"reason"}
