"""A hosted member asks outside a case: one officer signs, the other member's desk answers, both read the conversation."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pyotp
import pytest
from django.test import Client

from lachan.access.purposes import Purpose
from lachan.access.services import _secret
from lachan.access.sessions import begin
from lachan.access.steps import step
from lachan.exchange import (
    enquiring,
    inbox,
    queries,
    receiving,
    replying,
    sending,
    talking,
    writing,
)
from lachan.exchange.approvals import Act
from lachan.exchange.catalogue import MandateUse, profile
from lachan.exchange.desk_errors import AskUnsound, NotAskable, ReceiverUnfit
from lachan.exchange.envelope import Envelope
from lachan.exchange.forms.reading import FormWrong
from lachan.exchange.kinds import Priority
from lachan.exchange.letters import Letter
from lachan.exchange.messages import disclose_finding
from lachan.exchange.models import ConversationRecord, MessageRecord
from lachan.members import services as members
from lachan.members.errors import PassphraseWrong
from lachan.members.roles import MemberState, Role
from tests.integration.exchange.hosting import BORDER, CUSTOMS, TELECOM, WHY, at, deliver, host
from tests.integration.members.conftest import A05, BANK, PASSPHRASE, Deployment

GUARD, CUSTOMS_HEAD, POLICE, DESK = (
    "Lò Văn Biên",
    "Trịnh Thị Hải",
    "Trần Minh Trực",
    "Mạc Thị Viễn",
)
QUESTION = {"matter": "TT-26-0007", "topic": "VEHICLE", "question": "Xe 14C-000.00 qua lối nào?"}


@pytest.fixture
def hosted(adopted: None, country: Deployment) -> Deployment:
    host(country)
    return country


def ask(country: Deployment, name: str = GUARD, purpose: Purpose = Purpose.BDR, **more: Any) -> UUID:  # fmt: skip
    country.machine.advance(30)  # a one-time code counts once
    given: dict[str, Any] = {
        "kind_name": "border_enquiry", "receiver": CUSTOMS, "typed": QUESTION, "passphrase": PASSPHRASE,
        "totp": country.code(name),
    }  # fmt: skip
    return enquiring.ask_alone(
        actor=at(country, name, purpose), clock=country.clock, machine=country.machine, **(given | more),
    )  # fmt: skip


def test_border_guard_asks_customs_and_reads_what_its_desk_answers(hosted: Deployment) -> None:
    conversation = ask(hosted)
    deliver(hosted.clock)
    message = MessageRecord.objects.unscoped(reason=WHY).get(conversation=conversation)
    manifest = Envelope.from_bytes(bytes(message.envelope)).manifest
    assert [(ref.code, ref.stage, ref.case_ref) for ref in manifest.mandates] == [("VN.CD29.3B", "none", "")]  # fmt: skip
    assert (manifest.purpose, manifest.receiver) == ("BDR", f"{CUSTOMS}/desk")
    desk = at(hosted, CUSTOMS_HEAD)
    [waits] = inbox.inbox(desk)
    assert (waits.conversation, waits.sound) == (conversation, True)
    answer: Mapping[str, str] = {"found": "1", "facts": "Nội dung\tNguồn\nQua lối mở số 3\tSổ trực\n"}  # fmt: skip
    assert replying.answer_ask(actor=desk, conversation_id=conversation, typed=answer, clock=hosted.clock).h  # fmt: skip
    deliver(hosted.clock)
    asked = queries.conversation(at(hosted, GUARD, Purpose.BDR), conversation)
    answered = queries.conversation(desk, conversation)
    assert asked is not None
    assert answered is not None
    assert (asked.own, answered.own) == (True, False)
    assert asked.question == answered.question
    assert asked.answer == answered.answer
    assert ("Qua lối mở số 3", "Sổ trực") in [row for one in asked.answer for row in one.rows]
    assert [one.person for one in answered.signatures] == [GUARD]
    assert queries.conversation(at(hosted, DESK), conversation) is None


def test_each_officer_is_offered_what_his_role_signs_alone_and_nothing_more(
    hosted: Deployment,
) -> None:
    now = hosted.clock.now()

    def offered(name: str, purpose: Purpose = Purpose.GLD) -> set[str]:
        return set(enquiring.possible(at(hosted, name, purpose), now=now))

    assert offered(GUARD, Purpose.BDR) == {"border_enquiry"}
    assert {"border_enquiry", "disclose_finding"} <= offered(CUSTOMS_HEAD)
    assert "border_enquiry" in offered(POLICE)
    for name in (POLICE, CUSTOMS_HEAD, DESK):
        assert not {"provide_statement", "take_down", "hold", "identify_subscriber"} & offered(name)
    with pytest.raises(NotAskable):
        ask(hosted, kind_name="disclose_finding")
    with pytest.raises(NotAskable):
        ask(hosted, POLICE, Purpose.GLD, kind_name="provide_statement")


def test_customs_tells_the_police_what_it_found(hosted: Deployment) -> None:
    typed = {"finding": "Tờ khai khống", "subjects": "Công ty Giả Định\nNguyễn Văn Không"}
    conversation = ask(
        hosted, CUSTOMS_HEAD, Purpose.GLD, kind_name="disclose_finding", receiver=A05, typed=typed
    )
    deliver(hosted.clock)
    [waits] = inbox.inbox(at(hosted, POLICE))
    assert waits.conversation == conversation
    message = MessageRecord.objects.unscoped(reason=WHY).get(conversation=conversation)
    [ref] = Envelope.from_bytes(bytes(message.envelope)).manifest.mandates
    assert (ref.code, ref.subjects) == ("VN.CD29.6", 2)


def test_a_row_that_nobody_adopted_carries_nothing(hosted: Deployment, settings: Any) -> None:
    settings.LACHAN_PROFILE = "vn"
    profile.cache_clear()
    assert enquiring.possible(at(hosted, GUARD, Purpose.BDR), now=hosted.clock.now()) == {}
    profile.cache_clear()


def test_a_suspended_member_answers_but_does_not_ask(hosted: Deployment) -> None:
    members.change_state(
        hosted.system, BORDER, MemberState.SUSPENDED, reason="kiểm tra", clock=hosted.clock
    )
    members.publish_directory(hosted.system, clock=hosted.clock)
    assert enquiring.possible(at(hosted, GUARD, Purpose.BDR), now=hosted.clock.now()) == {}


def test_what_is_wrong_leaves_nothing_behind(hosted: Deployment) -> None:
    with pytest.raises(FormWrong):
        ask(hosted, typed={"topic": "VEHICLE"})
    for receiver in (BORDER, TELECOM, BANK, "vn/customs/khong-co", ""):
        with pytest.raises(ReceiverUnfit):
            ask(hosted, receiver=receiver)
    with pytest.raises(PassphraseWrong):
        ask(hosted, passphrase="sai rồi")
    with pytest.raises(PassphraseWrong):
        ask(hosted, totp="000000")
    assert not ConversationRecord.objects.unscoped(reason=WHY).exists()


def test_the_list_has_both_directions_is_ordered_and_goes_on(
    hosted: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for _ in range(3):
        hosted.clock.advance(60)
        made.append(ask(hosted))
    deliver(hosted.clock)
    guard, customs = at(hosted, GUARD, Purpose.BDR), at(hosted, CUSTOMS_HEAD)
    assert [one.conversation for one in talking.talks(guard).rows] == made[::-1]
    assert {one.own for one in talking.talks(guard).rows} == {True}
    assert {one.own for one in talking.talks(customs).rows} == {False}
    assert all(one.due_at for one in talking.talks(customs).rows)
    assert talking.talks(at(hosted, DESK)).rows == ()
    monkeypatch.setattr(talking, "SIZE", 2)
    for sort in ("sent_at", "due_at", "-state", "title"):
        first = talking.talks(guard, sort=sort)
        rest = talking.talks(guard, sort=sort, after=first.after)
        assert first.sort == rest.sort == sort
        assert {one.conversation for one in (*first.rows, *rest.rows)} == set(made)


@step
def _too_broad(country: Deployment) -> tuple[UUID, list[Any]]:
    """Customs says that it writes of one subject, and writes of two: the centre cannot see it, the receiver does."""
    now, officer = country.clock.now(), country.officers[CUSTOMS_HEAD]
    letter = Letter(
        asker=CUSTOMS, kind_name="disclose_finding", receiver=f"{A05}/duty", case_ref="", purpose=Purpose.INV,
        body=disclose_finding.Ask(finding="Tờ khai khống", subjects=["Công ty Một", "Công ty Hai"]),
        mandates=[MandateUse("VN.CD29.6", "none", subjects=1)], priority=Priority.P2,
    )  # fmt: skip
    made = writing.draft(letter, now=now)
    with members.unlock_officer_key(
        officer.pk, PASSPHRASE, country.code(CUSTOMS_HEAD), clock=country.clock, machine=country.machine,
    ) as key:  # fmt: skip
        writing.approve(
            made.id, key.key, officer=officer.pk, role="desk_head", unit="desk", act=Act.APPROVED, at=now,
        )  # fmt: skip
    writing.dispatch(made.id, now=now)
    return made.conversation, []


def test_what_fails_the_receivers_check_is_shown_as_failed_and_only_refused(
    hosted: Deployment,
) -> None:
    conversation = _too_broad(hosted)
    clock = hosted.clock
    assert sending.send(sending.ready(now=clock.now()), clock=clock) == ["SENT"]
    assert receiving.take_all(receiving.waiting(now=clock.now()), clock=clock) == ["refused"]
    police = at(hosted, POLICE)
    [waits] = inbox.inbox(police)
    assert not waits.sound
    found = inbox.ask(police, conversation)
    assert found is not None
    assert found.fields == found.question == ()
    [check] = found.checks
    assert check["code"] == "VN.CD29.6"
    assert "1" in check["failed"]["said"]
    with pytest.raises(AskUnsound):
        replying.answer_ask(actor=police, conversation_id=conversation, typed={"noted": "1"}, clock=clock)  # fmt: skip
    replying.refuse_ask(actor=police, conversation_id=conversation, reason="TOO_BROAD", explanation="", clock=clock)  # fmt: skip
    deliver(clock)
    told = queries.conversation(at(hosted, CUSTOMS_HEAD), conversation)
    assert told is not None
    assert told.line.refused == "TOO_BROAD"


def client_of(country: Deployment, name: str) -> Client:
    client = Client()
    client.force_login(country.logins[name])
    session = client.session
    begin(session, datetime.now(UTC))
    session.save()
    return client


def test_the_pages_of_an_ask_keep_what_was_typed_but_no_secret(hosted: Deployment) -> None:
    hosted.clock.at = datetime.now(UTC)
    members.publish_directory(hosted.system, clock=hosted.clock)
    guard = client_of(hosted, GUARD)
    assert guard.get("/lam-viec")["Location"] == "/hop-den"
    assert "Trao đổi thông tin biên giới" in guard.get("/yeu-cau-rieng").content.decode()
    assert guard.get("/yeu-cau-rieng/khong-co").status_code == 404
    assert guard.get("/yeu-cau-rieng/hold").status_code == 409
    page = "/yeu-cau-rieng/border_enquiry"
    form = guard.get(page).content.decode()
    assert CUSTOMS in form
    assert A05 in form
    assert TELECOM not in form
    code = str(pyotp.TOTP(_secret(hosted.logins[GUARD])).at(datetime.now(UTC)))
    sent = {**QUESTION, "receiver": CUSTOMS, "passphrase": PASSPHRASE, "totp": code}
    wrong = guard.post(page, {**sent, "passphrase": "một câu sai hẳn"})
    assert wrong.status_code in {403, 422}
    assert QUESTION["question"] in wrong.content.decode()
    assert "một câu sai hẳn" not in wrong.content.decode()
    done = guard.post(page, sent)
    assert done.status_code == 302, done.content.decode()
    assert done["Location"].startswith("/yeu-cau/")
    assert QUESTION["question"] in guard.get(done["Location"]).content.decode()
    assert "Trao đổi thông tin biên giới" in guard.get("/trao-doi").content.decode()
    assert client_of(hosted, DESK).get(done["Location"]).status_code == 404


def test_a_desk_that_reads_no_cases_does_not_open_its_agencys_case_conversations(
    hosted: Deployment,
) -> None:

    conversation = ask(hosted, POLICE, Purpose.GLD)
    ConversationRecord.objects.unscoped(reason=WHY).filter(pk=conversation).update(case_ref="VA-26-000007")  # fmt: skip
    hosted.enrol("Tiếp Thị Dân", A05, "duty", Role.CITIZEN_OFFICE)
    assert client_of(hosted, "Tiếp Thị Dân").get(f"/yeu-cau/{conversation}").status_code == 404
    assert client_of(hosted, POLICE).get(f"/yeu-cau/{conversation}").status_code == 200
    assert talking.talks(at(hosted, "Tiếp Thị Dân", Purpose.RPT)).rows == ()
