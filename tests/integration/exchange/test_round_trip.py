"""An automatic ask leaves, is logged and receipted; its answer comes back once, whatever is sent twice."""

from datetime import timedelta
from uuid import UUID

import pytest

from lachan.access.bus import on
from lachan.access.purposes import Purpose
from lachan.access.steps import step
from lachan.evidence.models import Entry
from lachan.exchange import receiving, router, sending, writing
from lachan.exchange.envelope import Envelope
from lachan.exchange.events import Answered, Sent
from lachan.exchange.kinds import MessageType, Priority, kind
from lachan.exchange.letters import Letter
from lachan.exchange.manifest import Manifest
from lachan.exchange.models import ConversationRecord, DeliveryRecord, MessageRecord, OutgoingRecord
from lachan.exchange.opening import open_part
from lachan.exchange.services import DraftView, NotSent, ask_by_shift
from lachan.kernel.time import to_wire
from tests.integration.exchange.conftest import A05, BANK, Bank
from tests.integration.members.conftest import Deployment

WHY = "the test looks at everything"
HEARD: list[Answered] = []


@on(Answered)
def hear(fact: Answered) -> None:
    HEARD.append(fact)


@pytest.fixture(autouse=True)
def forget() -> None:
    HEARD.clear()


@step
def _ask(
    country: Deployment, *, kind_name: str = "confirm_transfer"
) -> tuple[DraftView | NotSent, list[object]]:
    at = country.clock.now() - timedelta(minutes=5)
    question = kind(kind_name).ask(
        ref="FT1",
        time=to_wire(at),
        amount=60_000_000,
        from_account="970436:1001001001",
        to_account="970418:2002002002",
    )
    made = ask_by_shift(
        asker=f"{A05}/duty", kind_name=kind_name, question=question, receiver=f"{BANK}/fraud-desk", stage="report",
        purpose=Purpose.GLD, case_ref="VA-26-000001", clock=country.clock,
    )  # fmt: skip
    return made, []


@step
def _ask_trace(country: Deployment) -> tuple[DraftView | NotSent, list[object]]:
    question = kind("trace_credit").ask(
        trace="t1", round=1, methods=["fifo"], policy={}, until=None, items=[], home={}
    )
    made = ask_by_shift(
        asker=f"{A05}/duty", kind_name="trace_credit", question=question,
        receiver=f"{BANK}/fraud-desk", stage="report", purpose=Purpose.GLD, case_ref="VA-26-000001",
        clock=country.clock,
    )  # fmt: skip
    return made, []


@step
def _post(
    envelope: Envelope | bytes, country: Deployment
) -> tuple[router.Accepted | router.Rejected, list[object]]:
    return router.accept(envelope, now=country.clock.now()), []


def _send_all(country: Deployment) -> list[str]:
    return [
        sending.send_one(outgoing_id=one, clock=country.clock)
        for one in sending.ready(now=country.clock.now())
    ]


def _ask_on_the_wire() -> Envelope:
    record = MessageRecord.objects.unscoped(reason=WHY).filter(type="ask").get()
    return Envelope.from_bytes(bytes(record.envelope))


def _reply(country: Deployment) -> object:
    return kind("confirm_transfer").answer(as_of=to_wire(country.clock.now()), outcome="SETTLED")


def test_an_ask_by_shift_is_on_the_wire_and_the_bank_can_open_it(
    shift: None, bank: Bank, country: Deployment
) -> None:
    made = _ask(country)
    assert isinstance(made, DraftView)
    assert _send_all(country) == ["SENT"]
    envelope = _ask_on_the_wire()
    assert envelope.h == made.h
    assert b"60000000" in open_part(envelope, "ask", bank.encrypt)
    assert DeliveryRecord.objects.unscoped(reason=WHY).get().receipted_at is None
    assert Entry.objects.filter(h=made.h).exists()


def test_without_a_shift_the_transfer_is_asked_about_under_the_row_that_needs_nobody(
    bank: Bank, country: Deployment
) -> None:
    made = _ask(country)
    assert isinstance(made, DraftView)
    assert made.required == ()
    assert _send_all(country) == ["SENT"]
    assert [ref.code for ref in _ask_on_the_wire().manifest.mandates] == ["VN.CD29.4B"]


def test_without_a_shift_a_trace_does_not_leave_and_the_reason_is_said(
    bank: Bank, country: Deployment
) -> None:
    made = _ask_trace(country)
    assert isinstance(made, NotSent)
    assert made.reason == "NO_SHIFT"
    assert not OutgoingRecord.objects.unscoped(reason=WHY).exists()


def test_the_answer_is_opened_and_heard_once(shift: None, bank: Bank, country: Deployment) -> None:
    _ask(country)
    _send_all(country)
    answer = bank.answer(_ask_on_the_wire(), _reply(country))
    first, second = _post(answer, country), _post(answer, country)
    assert isinstance(first, router.Accepted)
    assert isinstance(second, router.Accepted)
    assert second.again
    assert second.receipt == first.receipt
    for delivery in receiving.waiting(now=country.clock.now()):
        assert receiving.take(delivery=delivery, clock=country.clock) == "taken"
    assert receiving.waiting(now=country.clock.now()) == []
    assert [fact.answer.outcome for fact in HEARD] == ["SETTLED"]
    talk = ConversationRecord.objects.unscoped(reason=WHY).get()
    assert (talk.status, talk.substate, talk.next_level_at) == ("Disclosed", "complete", None)


def test_another_content_under_the_same_id_is_refused_and_logged(
    shift: None, bank: Bank, country: Deployment
) -> None:
    _ask(country)
    _send_all(country)
    ask = _ask_on_the_wire()
    answer = bank.answer(ask, _reply(country))
    _post(answer, country)
    forged = bytearray(answer.to_bytes())
    other = bank.answer(
        ask,
        kind("confirm_transfer").answer(as_of=to_wire(country.clock.now()), outcome="NOT_FOUND"),
    )
    again = _post(bytes(forged), country)
    assert isinstance(again, router.Accepted)
    gap = _post(other, country)
    assert isinstance(gap, router.Rejected)
    assert gap.code == "exchange.state"
    assert Entry.objects.filter(h=other.h).exists()


@pytest.mark.parametrize("part", ["manifest", "seal", "approvals"])
def test_an_altered_message_is_refused_and_changes_nothing(
    part: str, shift: None, bank: Bank, country: Deployment
) -> None:
    import json

    _ask(country)
    _send_all(country)
    data = json.loads(_ask_on_the_wire().to_bytes())
    if part == "manifest":
        data["manifest"] = (
            data["manifest"][:-8]
            + ("AAAAAAA" if data["manifest"][-8] != "A" else "BBBBBBB")
            + data["manifest"][-1]
        )
    elif part == "seal":
        data["seal"]["signature"] = data["approvals"][0]["signature"]
    else:
        data["approvals"] = []
    before = MessageRecord.objects.unscoped(reason=WHY).count()
    MessageRecord.objects.unscoped(reason=WHY)
    verdict = _post(json.dumps(data, sort_keys=True, separators=(",", ":")).encode(), country)
    same = (
        isinstance(verdict, router.Accepted) and verdict.again
    )  # the id is known, its own bytes are what counts
    assert same or isinstance(verdict, router.Rejected)
    assert MessageRecord.objects.unscoped(reason=WHY).count() == before


def test_a_sent_message_is_tracked_as_a_fact(shift: None, bank: Bank, country: Deployment) -> None:
    sent: list[Sent] = []
    on(Sent)(sent.append)
    made = _ask(country)
    assert isinstance(made, DraftView)
    _send_all(country)
    assert [(fact.h, fact.case_ref) for fact in sent][-1:] == [(made.h, "VA-26-000001")]
    assert UUID(str(sent[-1].conversation)) == made.conversation


def test_a_final_answer_is_acknowledged_by_itself_and_that_closes_the_conversation(
    shift: None, bank: Bank, country: Deployment
) -> None:
    _ask(country)
    _send_all(country)
    ask = _ask_on_the_wire()
    answer = bank.answer(ask, _reply(country))
    assert isinstance(_post(answer, country), router.Accepted)
    for one in receiving.waiting(now=country.clock.now()):
        assert receiving.take(delivery=one, clock=country.clock) == "taken"
    assert _send_all(country) == ["SENT"]
    thanks = MessageRecord.objects.unscoped(reason=WHY).get(type="acknowledge")
    assert (thanks.in_reply_to, thanks.receiver) == (answer.h, f"{BANK}/fraud-desk")
    talk = ConversationRecord.objects.unscoped(reason=WHY).get()
    assert (talk.status, talk.substate) == ("Disclosed", "acknowledged")


def test_an_acknowledgement_leaves_after_what_still_asks(
    shift: None, bank: Bank, country: Deployment
) -> None:
    _ask(country)
    _send_all(country)
    _post(bank.answer(_ask_on_the_wire(), _reply(country)), country)
    for one in receiving.waiting(now=country.clock.now()):
        receiving.take(delivery=one, clock=country.clock)
    country.clock.advance(1)
    later = _ask(country)
    assert isinstance(later, DraftView)
    first, last = sending.ready(now=country.clock.now())
    assert first == later.id
    assert OutgoingRecord.objects.unscoped(reason=WHY).get(pk=last).type == "acknowledge"


def test_a_message_that_fails_is_tried_again_later_and_holds_up_nobody(
    shift: None, bank: Bank, country: Deployment
) -> None:
    broken, whole = _ask(country), _ask(country)
    assert isinstance(broken, DraftView)
    assert isinstance(whole, DraftView)
    kept = OutgoingRecord.objects.unscoped(reason=WHY).get(pk=broken.id)
    parts, kept.parts = kept.parts, {"ask": "!"}
    kept.save()
    assert _send_all(country) == ["FAULT", "SENT"]
    assert _send_all(country) == []
    kept.refresh_from_db()
    assert (kept.state, kept.faults) == ("READY", 1)
    assert "Malformed" in kept.fault
    kept.parts = parts
    kept.save()
    country.clock.advance(1)
    assert _send_all(country) == ["SENT"]


def test_two_messages_of_one_conversation_and_transaction_are_counted(
    shift: None, bank: Bank, country: Deployment
) -> None:
    made = _ask(country)
    assert isinstance(made, DraftView)

    @step
    def twice() -> tuple[list[DraftView], list[object]]:
        letter = Letter(
            asker=f"{A05}/duty", kind_name="confirm_transfer", body=None, receiver=f"{BANK}/fraud-desk", mandates=(),
            purpose=Purpose.GLD, priority=Priority.P0, case_ref="VA-26-000001", type_=MessageType.CANCEL,
            in_reply_to=made.h, conversation=made.conversation,
        )  # fmt: skip
        return [writing.post(letter, now=country.clock.now()) for _ in range(2)], []

    first, second = twice()
    one, two = Manifest.parse(first.manifest), Manifest.parse(second.manifest)
    assert (one.seq, one.prev) == (2, made.h)
    assert (two.seq, two.prev) == (3, first.h)
