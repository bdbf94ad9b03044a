"""What follows a question on both sides: parts, a question back, a cancel, a dispute, a late answer; and what crosses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lachan.access.actors import Actor
from lachan.access.bus import on
from lachan.access.errors import NotAllowed, PurposeNotServed
from lachan.access.purposes import Purpose
from lachan.access.steps import step
from lachan.evidence.models import Entry
from lachan.exchange import asker_moves, catalogue, lateness, queries, receiving, router
from lachan.exchange import envelope as wire
from lachan.exchange import lines as beside
from lachan.exchange.approvals import Act
from lachan.exchange.catalogue import MandateUse
from lachan.exchange.deadlines import Pause, deadline
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import ConversationUnknown
from lachan.exchange.events import Late, TurnChanged
from lachan.exchange.forms.reading import FormWrong
from lachan.exchange.kinds import Coverage, MessageType, Priority, Question, kind
from lachan.exchange.letters import Letter
from lachan.exchange.manifest import Outcome
from lachan.exchange.messages import provide_account_holder, provide_statement
from lachan.exchange.models import (
    ConversationRecord,
    DeliveryRecord,
    MessageRecord,
    OutgoingRecord,
    RefusedRecord,
)
from lachan.exchange.move_errors import (
    NoClarificationWanted,
    NotCancellable,
    NotDisputable,
    NothingToReview,
)
from lachan.exchange.moves import Clarify, Move, RefusalWords
from lachan.exchange.opening import open_part
from lachan.exchange.parts import body_part, rows_part
from lachan.exchange.services import DraftView
from lachan.exchange.writing import approve, dispatch, draft
from lachan.kernel.time import to_wire
from lachan.members import services as members
from lachan.members.roles import Role
from tests.integration.exchange.conftest import A05, BANK, Bank
from tests.integration.exchange.test_round_trip import _post, _send_all
from tests.integration.members.conftest import PASSPHRASE, Deployment

WHY = "the test looks at everything"
ACCOUNT = "970436:0123456789"
HEARD: list[TurnChanged] = []
TOLD: list[Late] = []


@on(TurnChanged)
def hear(fact: TurnChanged) -> None:
    HEARD.append(fact)


@on(Late)
def hear_late(fact: Late) -> None:
    TOLD.append(fact)


@pytest.fixture(autouse=True)
def forget() -> None:
    HEARD.clear()
    TOLD.clear()


class Talk:
    """One conversation from both sides: the hosted agency's officer, and the bank by hand."""

    def __init__(self, country: Deployment, bank: Bank, kind_name: str, question: Question) -> None:
        self.country, self.bank = country, bank
        made = _asked(country, kind_name, question)
        self.id = made.conversation
        self.sent: list[Envelope] = []
        assert _send_all(country) == ["SENT"]
        row = MessageRecord.objects.unscoped(reason=WHY).get(h=made.h)
        self.ask = Envelope.from_bytes(bytes(row.envelope))

    def hears(self, type_: str, body: Any = None, *, rows: list[Any] | None = None,
              **outcome: Any) -> router.Accepted | router.Rejected:  # fmt: skip
        """The bank says something; what the centre takes is delivered to the agency."""
        manifest, now = self.ask.manifest, self.country.clock.now()
        directory = members.current_directory()
        keys = [directory.encrypt_key(one, now) for one in (A05, BANK)]
        parts = () if body is None else (body_part(body),)
        if rows is not None:
            parts = (*parts, rows_part(rows, kind(manifest.kind).rows))
        message = wire.draft(
            type=MessageType(type_), kind_name=manifest.kind, sender=manifest.receiver,
            receiver=manifest.sender, created_at=now, purpose=manifest.purpose,
            directory_version=directory.version, encrypt_to=[key.jwk for key in keys if key],
            parts=parts, priority=manifest.priority, conversation=manifest.conversation,
            seq=len(self.sent) + 1, prev=self.sent[-1].h if self.sent else None, in_reply_to=self.ask.h,
            outcome=Outcome(**{"status": "Disclosed", "substate": "complete", **outcome}),
        )  # fmt: skip
        envelope = wire.seal(message, (), self.bank.sign, now)
        verdict = _post(envelope, self.country)
        if isinstance(verdict, router.Accepted):
            self.sent.append(envelope)
        return verdict

    def arrives(self) -> None:
        for one in receiving.waiting(now=self.country.clock.now()):
            assert receiving.take(delivery=one, clock=self.country.clock) == "taken"

    @property
    def record(self) -> ConversationRecord:
        return ConversationRecord.objects.unscoped(reason=WHY).get(pk=self.id)

    @property
    def state(self) -> tuple[str, str]:
        return self.record.status, self.record.substate

    def view(self, actor: Actor) -> queries.ConversationView:
        found = queries.conversation(actor, self.id, clock=self.country.clock)
        assert found is not None
        return found

    def own(self, type_: str) -> Envelope:
        """The agency's own message of a type, as it went on the wire."""
        row = MessageRecord.objects.unscoped(reason=WHY).get(
            conversation=self.id, type=type_, sender=self.ask.manifest.sender
        )
        return Envelope.from_bytes(bytes(row.envelope))


SIGNERS = (
    ("Trần Minh Trực", Role.INVESTIGATOR, Act.DRAFTED),
    ("Nguyễn Thị Trưởng", Role.UNIT_HEAD, Act.APPROVED),
)


@step
def _asked(
    country: Deployment, kind_name: str, question: Question
) -> tuple[DraftView, list[object]]:
    """An ask of the agency, signed by an investigator and a unit head as its rows require."""
    now = country.clock.now()
    uses = [MandateUse(code, "verify") for code in ("VN.BLTTHS.88", "VN.LCTCTD.13")]
    letter = Letter(
        asker=f"{A05}/duty", kind_name=kind_name, body=question, receiver=f"{BANK}/fraud-desk",
        mandates=uses, purpose=Purpose.INV, priority=Priority.P2, case_ref="VA-26-000001",
        expires_in=timedelta(days=7),
    )  # fmt: skip
    made = draft(letter, now=now)
    country.machine.advance(60)
    for name, role, act in SIGNERS:
        officer = country.officers[name].pk
        with members.unlock_officer_key(
            officer, PASSPHRASE, country.code(name), clock=country.clock, machine=country.machine
        ) as key:
            approve(made.id, key.key, officer=officer, role=role, unit="duty", act=act, at=now)
    dispatch(made.id, now=now)
    return made, []


@pytest.fixture
def lead(country: Deployment) -> Actor:
    return country.actor("Trần Minh Trực", Purpose.INV)


@pytest.fixture
def head(country: Deployment) -> Actor:
    return country.actor("Nguyễn Thị Trưởng", Purpose.INV)


@pytest.fixture
def talk(country: Deployment, bank: Bank) -> Talk:
    ask = provide_account_holder.Ask(accounts=[ACCOUNT])
    return Talk(country, bank, "provide_account_holder", ask)


def reply(country: Deployment, **coverage: str) -> provide_account_holder.Reply:
    given = Coverage(**coverage) if coverage else None
    return provide_account_holder.Reply(
        as_of=to_wire(country.clock.now()), holders=[], coverage=given
    )


def right_due(talk: Talk, *pauses: tuple[datetime, datetime]) -> datetime:
    start = talk.record.asked_at
    assert start is not None
    declared = kind(talk.record.kind)
    stops = [Pause(*one) for one in pauses]
    calendar = catalogue.profile().calendar
    return deadline(declared, Priority.P2, start, calendar, pauses=stops).due_at


def near(one: datetime | None, other: datetime) -> bool:
    """To the millisecond, which is what the wire carries."""
    return one is not None and abs(one - other) < timedelta(milliseconds=2)


def test_partials_add_up_with_the_answer_and_each_row_counts_once(
    country: Deployment, bank: Bank, lead: Actor
) -> None:
    at = to_wire(country.clock.now())
    ask = provide_statement.Ask(account=ACCOUNT, since="2025-12-01T00:00:00.000Z", until=at)
    talk = Talk(country, bank, "provide_statement", ask)
    due = talk.record.due_at

    def line(name: str, amount: int) -> provide_statement.StatementLine:
        return provide_statement.StatementLine(
            id=name, seq=1, time=at, direction="CRDT", amount=amount, balance=amount
        )

    part = provide_statement.Reply(
        as_of=at, account=ACCOUNT, coverage=Coverage(missing="tháng 12", expected_at=at)
    )
    working = {"status": "AwaitingDisclosure", "substate": "partly_disclosed"}
    talk.hears("partial", part, rows=[line("FT1", 5), line("FT2", 7)], **working)
    talk.arrives()
    assert talk.state == ("AwaitingDisclosure", "partly_disclosed")
    assert talk.record.due_at == due
    seen = talk.view(lead)
    assert [(one.type, one.rows) for one in seen.said] == [("partial", 2)]
    assert "tháng 12" in [field.text for field in seen.said[0].words]
    whole = provide_statement.Reply(as_of=at, account=ACCOUNT)
    talk.hears("answer", whole, rows=[line("FT2", 8), line("FT3", 9)])
    talk.arrives()
    found = beside.lines(lead, talk.id)
    assert found is not None
    assert [(one.id, one.amount) for one in found.rows] == [("FT1", 5), ("FT2", 8), ("FT3", 9)]


def test_a_partial_that_does_not_say_what_is_missing_is_refused_by_its_receiver(
    talk: Talk, country: Deployment
) -> None:
    assert isinstance(talk.hears("partial", reply(country)), router.Accepted)
    waiting = receiving.waiting(now=country.clock.now())
    assert [receiving.take(delivery=one, clock=country.clock) for one in waiting] == ["refused"]
    assert "missing" in DeliveryRecord.objects.unscoped(reason=WHY).get(pk=waiting[0]).fault


def clarified(talk: Talk) -> None:
    words = Clarify(question="Tài khoản nào?", fields=["accounts"])
    assert isinstance(talk.hears("clarify", words, substate="clarifying"), router.Accepted)
    talk.arrives()


def test_a_question_back_is_read_answered_and_stops_the_clock_meanwhile(
    talk: Talk, country: Deployment, lead: Actor
) -> None:
    with pytest.raises(NoClarificationWanted):
        asker_moves.clarify(
            actor=lead, conversation=talk.id, typed={"text": "x"}, clock=country.clock
        )
    country.clock.advance(600)
    began = country.clock.now()
    clarified(talk)
    assert talk.state[1] == "clarifying"
    assert [one.what for one in HEARD] == ["clarify"]
    assert asker_moves.turns("VA-26-000001") == {"clarify"}
    stopped = talk.record.due_at
    view = talk.view(lead)
    assert view.may == {MessageType.CLARIFICATION, MessageType.CANCEL}
    assert "Tài khoản nào?" in [field.text for field in view.said[0].words]
    with pytest.raises(FormWrong):
        asker_moves.clarify(
            actor=lead, conversation=talk.id, typed={"text": " "}, clock=country.clock
        )
    country.clock.advance(1800)
    asker_moves.clarify(
        actor=lead, conversation=talk.id, typed={"text": "Cả hai."}, clock=country.clock
    )
    assert talk.view(lead).may == {MessageType.CANCEL}  # it is on its way; no second one
    assert _send_all(country) == ["SENT"]
    told = talk.own("clarification")
    assert told.manifest.in_reply_to == talk.sent[-1].h
    assert "Cả hai.".encode() in open_part(told, "clarification", talk.bank.encrypt)
    assert "Cả hai.".encode() not in told.manifest_bytes
    assert talk.state[1] == "working"
    assert near(talk.record.due_at, right_due(talk, (began, country.clock.now())))
    assert stopped is not None
    assert talk.record.due_at < stopped
    assert Entry.objects.filter(h=told.h).exists()
    again = talk.hears("clarify", Clarify(question="Lại nữa?"), substate="clarifying")
    assert isinstance(again, router.Rejected)
    assert (again.code, again.body["h"]) == ("exchange.state", RefusedRecord.objects.unscoped(reason=WHY).latest("id").h)  # fmt: skip


def test_lateness_waits_while_the_clock_is_stopped(talk: Talk, country: Deployment) -> None:
    plain = right_due(talk)
    country.clock.advance(60)
    clarified(talk)
    country.clock.at = plain + timedelta(seconds=1)
    for one in lateness.due(now=country.clock.now()):
        lateness.tell(conversation=one, clock=country.clock)
    assert [one.level for one in TOLD if one.level >= 1] == []
    due = talk.record.due_at
    assert due is not None
    country.clock.at = due + timedelta(seconds=1)
    for one in lateness.due(now=country.clock.now()):
        lateness.tell(conversation=one, clock=country.clock)
    assert max(one.level for one in TOLD) == 1


def test_a_clarification_after_the_pause_ran_out_still_arrives_and_buys_no_time(
    talk: Talk, country: Deployment, lead: Actor
) -> None:
    clarified(talk)
    limit = talk.record.due_at
    country.clock.advance(7 * 24 * 3600)
    _publish(country)
    asker_moves.clarify(
        actor=lead, conversation=talk.id, typed={"text": "Cả hai."}, clock=country.clock
    )
    assert _send_all(country) == ["SENT"]
    assert (talk.state[1], talk.record.due_at) == ("working", limit)


def _publish(country: Deployment) -> None:
    members.publish_directory(
        country.system, clock=country.clock, mandates_hash=catalogue.catalogue().hash,
        calendar_hash=catalogue.calendar_hash(),
    )  # fmt: skip


def test_a_request_without_effect_is_cancelled_once(
    talk: Talk, country: Deployment, lead: Actor
) -> None:
    asker_moves.cancel(actor=lead, conversation=talk.id, clock=country.clock)
    with pytest.raises(NotCancellable):
        asker_moves.cancel(actor=lead, conversation=talk.id, clock=country.clock)
    assert _send_all(country) == ["SENT"]
    assert talk.state == ("Cancelled", "by_asker")
    assert DeliveryRecord.objects.unscoped(reason=WHY).get(message__type="cancel").overtakes
    assert talk.record.next_level_at is None
    assert isinstance(talk.hears("partial", reply(country, missing="x")), router.Rejected)


def test_an_answer_after_a_cancel_is_kept_and_marked_late_for_thirty_days(
    talk: Talk, country: Deployment, lead: Actor
) -> None:
    asker_moves.cancel(actor=lead, conversation=talk.id, clock=country.clock)
    _send_all(country)
    country.clock.advance(29 * 24 * 3600)
    _publish(country)
    assert isinstance(talk.hears("answer", reply(country)), router.Accepted)
    talk.arrives()
    assert talk.state == ("Cancelled", "by_asker")
    view = talk.view(lead)
    assert [(one.type, one.late) for one in view.said] == [("answer", True)]
    assert view.answer
    assert isinstance(talk.hears("answer", reply(country)), router.Rejected)


def test_an_answer_after_thirty_days_is_refused(
    talk: Talk, country: Deployment, lead: Actor
) -> None:
    asker_moves.cancel(actor=lead, conversation=talk.id, clock=country.clock)
    _send_all(country)
    country.clock.advance(31 * 24 * 3600)
    _publish(country)
    late = talk.hears("answer", reply(country))
    assert isinstance(late, router.Rejected)
    assert late.code == "exchange.state"


def test_a_cancel_that_an_answer_overtakes_is_refused_and_nothing_hangs_behind_it(
    talk: Talk, country: Deployment, lead: Actor
) -> None:
    asker_moves.cancel(actor=lead, conversation=talk.id, clock=country.clock)
    country.clock.advance(1)
    talk.hears("answer", reply(country))
    talk.arrives()  # writes the acknowledgement, counting on the cancel before it
    assert sorted(_send_all(country)) == ["REFUSED", "SENT"]
    assert talk.state == ("Disclosed", "acknowledged")
    refused = OutgoingRecord.objects.unscoped(reason=WHY).get(conversation=talk.id, type="cancel")
    assert refused.refusal["code"] == "exchange.state"
    assert [(one.type, one.refused) for one in talk.view(lead).said] == [("cancel", "exchange.state")]  # fmt: skip
    thanks = talk.own("acknowledge").manifest
    assert (thanks.seq, thanks.prev) == (2, talk.ask.h)
    asker_moves.dispute(
        actor=lead, conversation=talk.id, typed={"reason": "Thiếu chủ."}, clock=country.clock
    )
    assert _send_all(country) == ["SENT"]


def answered(talk: Talk, country: Deployment) -> None:
    talk.hears("answer", reply(country))
    talk.arrives()
    _send_all(country)


def test_a_dispute_starts_half_the_period_once(
    talk: Talk, country: Deployment, lead: Actor
) -> None:
    with pytest.raises(NotDisputable):
        asker_moves.dispute(
            actor=lead, conversation=talk.id, typed={"reason": "x"}, clock=country.clock
        )
    answered(talk, country)
    assert talk.view(lead).may == {MessageType.DISPUTE}
    country.clock.advance(3600)
    with pytest.raises(FormWrong):
        asker_moves.dispute(actor=lead, conversation=talk.id, typed={}, clock=country.clock)
    asker_moves.dispute(
        actor=lead, conversation=talk.id, typed={"reason": "Thiếu chủ."}, clock=country.clock
    )
    assert _send_all(country) == ["SENT"]
    told = talk.own("dispute")
    assert told.manifest.in_reply_to == talk.sent[-1].h
    assert "Thiếu chủ.".encode() in open_part(told, "dispute", talk.bank.encrypt)
    record = talk.record
    assert (record.status, record.substate, record.ended_at) == ("AwaitingDisclosure", "working", None)  # fmt: skip
    calendar = catalogue.profile().calendar
    assert near(record.due_at, calendar.add(country.clock.now(), timedelta(hours=4, minutes=30)))
    assert record.next_level_at is not None
    country.clock.advance(60)
    answered(talk, country)
    assert talk.state == ("Disclosed", "acknowledged")
    with pytest.raises(NotDisputable):
        asker_moves.dispute(
            actor=lead, conversation=talk.id, typed={"reason": "x"}, clock=country.clock
        )


def test_after_ten_working_days_an_answer_stands(
    talk: Talk, country: Deployment, lead: Actor
) -> None:
    answered(talk, country)
    country.clock.advance(21 * 24 * 3600)
    assert talk.view(lead).may == set()
    with pytest.raises(NotDisputable):
        asker_moves.dispute(
            actor=lead, conversation=talk.id, typed={"reason": "x"}, clock=country.clock
        )


def refuse(talk: Talk, words: Move | None, reason: str, **more: Any) -> object:
    return talk.hears("refuse", words, status="Rejected", substate="by_desk", reason=reason, **more)


def test_a_legal_objection_is_read_and_waits_for_the_unit_head(
    talk: Talk, country: Deployment, lead: Actor, head: Actor
) -> None:
    assert isinstance(refuse(talk, None, "LEGAL_OBJECTION"), router.Rejected)
    words = RefusalWords(text="Thiếu số vụ việc.", officer="Lê Thị B", law="Điều 13")
    assert isinstance(refuse(talk, words, "LEGAL_OBJECTION"), router.Accepted)
    talk.arrives()
    view = talk.view(lead)
    assert {"Thiếu số vụ việc.", "Lê Thị B", "Điều 13"} <= {one.text for one in view.said[0].words}
    nine_hours = catalogue.profile().calendar.add(country.clock.now(), timedelta(hours=9))
    assert near(view.review_by, nine_hours)
    assert asker_moves.turns("VA-26-000001") == {"objection"}
    typed = {"conclusion": "Lập yêu cầu mới, nêu số vụ việc."}
    with pytest.raises(NotAllowed):
        asker_moves.review_objection(
            actor=lead, conversation=talk.id, typed=typed, clock=country.clock
        )
    asker_moves.review_objection(actor=head, conversation=talk.id, typed=typed, clock=country.clock)
    assert talk.view(head).review["conclusion"] == typed["conclusion"]
    assert asker_moves.turns("VA-26-000001") == set()
    assert [one.what for one in HEARD] == ["objection", ""]
    with pytest.raises(NothingToReview):
        asker_moves.review_objection(
            actor=head, conversation=talk.id, typed=typed, clock=country.clock
        )


def test_another_holder_is_named(talk: Talk, lead: Actor) -> None:
    refuse(talk, None, "NOT_HOLDER", try_address=A05)
    talk.arrives()
    line = talk.view(lead).said[0]
    assert (line.reason, line.elsewhere) == ("NOT_HOLDER", f"Thành viên {A05}")


def test_what_binds_money_is_not_cancelled_from_here() -> None:
    assert not asker_moves.cancellable("hold")
    assert not asker_moves.cancellable("pause")
    assert asker_moves.cancellable("provide_statement")


ACTS: list[Callable[[Actor, UUID, Deployment], object]] = [
    lambda actor, one, at: asker_moves.cancel(actor=actor, conversation=one, clock=at.clock),
    lambda actor, one, at: asker_moves.clarify(
        actor=actor, conversation=one, typed={"text": "x"}, clock=at.clock
    ),
    lambda actor, one, at: asker_moves.dispute(
        actor=actor, conversation=one, typed={"reason": "x"}, clock=at.clock
    ),
]


@pytest.mark.parametrize("act", ACTS, ids=["cancel", "clarify", "dispute"])
def test_only_the_agency_that_asked_speaks_and_only_for_a_purpose(
    act: Callable[[Actor, UUID, Deployment], object], talk: Talk, country: Deployment
) -> None:
    with pytest.raises(PurposeNotServed):
        act(
            replace(country.actor("Trần Minh Trực", Purpose.INV), purpose=Purpose.BDR),
            talk.id,
            country,
        )
    with pytest.raises(NotAllowed):
        act(replace(country.actor("Lê Thị Một"), purpose=Purpose.INV), talk.id, country)
    ConversationRecord.objects.unscoped(reason=WHY).filter(pk=talk.id).update(
        asker_member="vn/police/khac"
    )
    with pytest.raises(ConversationUnknown):
        act(country.actor("Trần Minh Trực", Purpose.INV), talk.id, country)
