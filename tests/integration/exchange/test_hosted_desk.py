"""A hosted member answers in the web interface: by its declared form, by two persons where the kind says so, or by a refusal."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.test import Client

from lachan.access.errors import NotAllowed, NotVisible
from lachan.access.purposes import Purpose
from lachan.access.sessions import begin
from lachan.evidence.models import Entry
from lachan.exchange import inbox, queries, replying
from lachan.exchange.desk_errors import (
    NotWaiting,
    ObjectionUnexplained,
    ReasonMissing,
    SamePerson,
)
from lachan.exchange.desk_models import DeskWordRecord
from lachan.exchange.forms.reading import FormWrong
from lachan.exchange.lines import lines
from lachan.exchange.models import MessageRecord, OutgoingRecord
from lachan.members.roles import Role
from tests.integration.exchange.hosting import (
    BORDER,
    HEAD,
    INVESTIGATOR,
    NUMBER,
    TELECOM,
    WHY,
    ask_for_calls,
    at,
    calls,
    deliver,
    host,
    talk,
)
from tests.integration.members.conftest import Deployment

FIRST, SECOND, STRANGER = "Mạc Thị Viễn", "Cao Văn Thông", "Đỗ Thị Bên"


@pytest.fixture
def hosted(adopted: None, country: Deployment) -> Deployment:
    host(country)
    return country


def client_of(country: Deployment, name: str) -> Client:
    client = Client()
    client.force_login(country.logins[name])
    session = client.session
    begin(session, datetime.now(UTC))
    session.save()
    return client


def answer(country: Deployment, conversation: UUID, name: str, *parties: str) -> replying.Said:
    purpose = Purpose.AUD if name.startswith("Kiểm") else Purpose.GLD
    return replying.answer_ask(
        actor=at(country, name, purpose), conversation_id=conversation, typed=calls(*parties), clock=country.clock,
    )  # fmt: skip


def test_an_ask_waits_at_its_member_with_its_question_and_each_step_of_its_check(
    hosted: Deployment,
) -> None:
    conversation = ask_for_calls(hosted)
    [one] = inbox.inbox(at(hosted, FIRST))
    assert (one.conversation, one.sound, one.agreed) == (conversation, True, False)
    assert one.due_at is not None
    found = inbox.ask(at(hosted, FIRST), conversation)
    assert found is not None
    assert found.two
    assert [check["code"] for check in found.checks] == ["VN.BLTTHS.88", "VN.ND163"]
    assert all(check["failed"] is None and len(check["passed"]) == 13 for check in found.checks)
    assert NUMBER in [one.text for one in found.question]


def test_nobody_but_the_members_own_desk_sees_it(hosted: Deployment) -> None:
    conversation = ask_for_calls(hosted)
    for name in (STRANGER, "Lò Văn Biên", "Trịnh Thị Hải", INVESTIGATOR):
        purpose = Purpose.BDR if name.startswith("Lò") else Purpose.GLD
        actor = at(hosted, name, purpose)
        assert inbox.inbox(actor) == ()
        assert inbox.ask(actor, conversation) is None
        with pytest.raises(NotVisible):
            replying.refuse_ask(
                actor=actor, conversation_id=conversation, reason="DECLINED", explanation="", clock=hosted.clock,
            )  # fmt: skip
    stranger = at(hosted, STRANGER)  # of a member whose address begins with the other's
    assert not MessageRecord.objects.visible_to(stranger).exists()
    assert queries.conversation(stranger, conversation) is None
    assert not OutgoingRecord.objects.visible_to(stranger).exists()


def test_a_role_that_sits_at_no_desk_of_this_member_answers_nothing(hosted: Deployment) -> None:
    conversation = ask_for_calls(hosted)
    hosted.enrol("Kiểm Thị Toán", TELECOM, "desk", Role.AUDITOR)
    hosted.enrol("Nghiệp Văn Lạ", TELECOM, "desk", Role.INVESTIGATOR)
    with pytest.raises(NotAllowed):
        answer(hosted, conversation, "Kiểm Thị Toán", "0900000001")
    with pytest.raises(NotVisible):
        answer(hosted, conversation, "Nghiệp Văn Lạ", "0900000001")


def test_two_persons_agree_to_the_same_answer_and_it_reaches_the_asker_with_its_lines(
    hosted: Deployment,
) -> None:
    conversation = ask_for_calls(hosted)
    assert answer(hosted, conversation, FIRST, "0900000001", "0900000002").h == ""
    assert talk(conversation).answer is None
    with pytest.raises(SamePerson):
        answer(hosted, conversation, FIRST, "0900000001", "0900000002")
    said = answer(hosted, conversation, SECOND, "0900000001", "0900000002")
    leaving = queries.conversation(at(hosted, SECOND), conversation)
    assert leaving is not None
    assert NUMBER in [one.text for one in leaving.answer]  # its own copy, before the centre has it
    deliver(hosted.clock)
    assert (talk(conversation).status, talk(conversation).substate) == ("Disclosed", "acknowledged")
    view = queries.conversation(at(hosted, INVESTIGATOR), conversation)
    assert view is not None
    assert NUMBER in [one.text for one in view.answer]
    came = lines(at(hosted, INVESTIGATOR), conversation)
    assert came is not None
    assert [row.party for row in came.rows] == ["0900000001", "0900000002"]  # type: ignore[attr-defined]
    words = DeskWordRecord.objects.unscoped(reason=WHY).filter(conversation=conversation)
    assert {(one.state, one.h) for one in words} == {("SENT", said.h)}
    assert len({one.body_hash for one in words}) == 1
    logged = b"".join(
        bytes(one.bytes) for one in Entry.objects.filter(conversation=str(conversation))
    )
    for name in (FIRST, SECOND):
        assert str(hosted.officers[name].pk).encode() in logged
    assert words[0].body_hash.encode() in logged


def test_another_answer_begins_the_agreement_anew(hosted: Deployment) -> None:
    conversation = ask_for_calls(hosted)
    answer(hosted, conversation, FIRST, "0900000001")
    assert answer(hosted, conversation, SECOND, "0900000009").h == ""
    with pytest.raises(SamePerson):
        answer(hosted, conversation, SECOND, "0900000009")
    assert answer(hosted, conversation, FIRST, "0900000009").h


def test_one_human_with_two_logins_is_one_person(hosted: Deployment) -> None:
    conversation = ask_for_calls(hosted)
    for name in (FIRST, SECOND):
        hosted.officers[name].person_key = "ab" * 16
        hosted.officers[name].save()
    answer(hosted, conversation, FIRST, "0900000001")
    with pytest.raises(SamePerson):
        answer(hosted, conversation, SECOND, "0900000001")


def test_a_table_with_a_wrong_cell_is_refused_by_line_and_column_and_nothing_is_kept(
    hosted: Deployment,
) -> None:
    conversation = ask_for_calls(hosted)
    typed = {**calls("0900000001"), "rows": "Lúc\tChiều\tSố bên kia\nhôm qua\tOUT\t1\n"}
    with pytest.raises(FormWrong) as refused:
        replying.answer_ask(
            actor=at(hosted, FIRST), conversation_id=conversation, typed=typed, clock=hosted.clock
        )
    assert "dòng 2, cột Lúc" in refused.value.errors["rows"].message("vi")  # type: ignore[attr-defined]
    assert not DeskWordRecord.objects.unscoped(reason=WHY).exists()


def test_a_refusal_has_a_reason_and_an_objection_its_words(hosted: Deployment) -> None:
    conversation, actor = ask_for_calls(hosted), at(hosted, FIRST)

    def refuse(reason: str, explanation: str = "") -> replying.Said:
        return replying.refuse_ask(
            actor=actor, conversation_id=conversation, reason=reason, explanation=explanation, clock=hosted.clock,
        )  # fmt: skip

    for reason in ("", "TECHNICAL", "lý do"):
        with pytest.raises(ReasonMissing):
            refuse(reason)
    with pytest.raises(ObjectionUnexplained):
        refuse("LEGAL_OBJECTION", "  ")
    refuse("LEGAL_OBJECTION", "Điều 16 không cho phép hỏi số này")
    deliver(hosted.clock)
    found = talk(conversation)
    assert (found.status, found.outcome["reason"]) == ("Rejected", "LEGAL_OBJECTION")
    message = MessageRecord.objects.unscoped(reason=WHY).get(
        conversation=conversation, type="refuse"
    )
    assert "Điều 16" not in bytes(message.envelope).decode()
    view = queries.conversation(actor, conversation)
    assert view is not None
    assert view.line.refused == "LEGAL_OBJECTION"
    assert inbox.inbox(actor) == ()
    with pytest.raises(NotWaiting):
        refuse("DECLINED")


def test_what_the_asker_took_back_waits_no_longer(hosted: Deployment) -> None:
    conversation = ask_for_calls(hosted)
    found = talk(conversation)
    found.status, found.substate = "Cancelled", "by_asker"
    found.save()
    with pytest.raises(NotWaiting):
        answer(hosted, conversation, FIRST, "0900000001")


def test_the_pages_ask_for_two_persons_keep_what_was_typed_and_end_at_the_conversation(
    hosted: Deployment,
) -> None:
    conversation = ask_for_calls(hosted)
    first, second = client_of(hosted, FIRST), client_of(hosted, SECOND)
    assert "Cung cấp lịch sử liên lạc" in first.get("/hop-den").content.decode()
    page = f"/hop-den/{conversation}"
    assert "Cần hai người" in first.get(page).content.decode()
    wrong = first.post(f"{page}/tra-loi", {"number": "abc", "rows": "xyz"})
    assert wrong.status_code == 422
    assert "xyz" in wrong.content.decode()
    assert first.post(f"{page}/tra-loi", calls("0900000001"))["Location"] == page
    seen = second.get(page).content.decode()
    assert "0900000001" in seen
    assert "Đồng ý và gửi trả lời" in seen
    done = second.post(f"{page}/tra-loi", calls("0900000001"))
    assert done["Location"] == f"/yeu-cau/{conversation}"
    hosted.clock.at = datetime.now(UTC)  # the pages' own clock
    deliver(hosted.clock)
    own = second.get(f"/yeu-cau/{conversation}").content.decode()
    assert "0900000001" in own  # its own copy of the lines
    assert "VA-26-000007" not in own  # the asker's case is no page of the answerer
    assert second.get(page)["Location"] == f"/yeu-cau/{conversation}"
    stranger = client_of(hosted, STRANGER)
    assert stranger.get(page).status_code == 404
    assert stranger.get(f"/yeu-cau/{conversation}").status_code == 404
    assert stranger.post(f"{page}/tu-choi", {"reason": "DECLINED"}).status_code == 404
    head = client_of(hosted, HEAD)
    assert head.get(f"/yeu-cau/{conversation}").status_code == 200
    assert BORDER not in own
