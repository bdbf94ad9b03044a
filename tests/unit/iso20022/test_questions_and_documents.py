"""The exchange's questions and answers become documents and are those questions and answers again."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.adapters.iso20022 import auth001, auth002, port
from lachan.adapters.iso20022.auth001 import Edition
from lachan.adapters.iso20022.errors import Contradiction, ElementMissing
from lachan.adapters.iso20022.inquiry import check_agrees
from lachan.exchange import crypto
from lachan.exchange.envelope import draft
from lachan.exchange.kinds import MessageType
from lachan.exchange.manifest import Manifest, Outcome
from lachan.exchange.messages import provide_account_holder
from lachan.exchange.parts import check_commitment
from lachan.kernel.accounts import AccountRef
from lachan.kernel.errors import LachanError
from tests.oracles import iso20022_values as values

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # already the 25th in Vietnam
READER = crypto.new_encrypt_key()


def manifest(kind: str = "ask", **changed: object) -> Manifest:
    usual = {
        "type": kind,
        "kind_name": "provide_account_holder",
        "sender": values.POLICE,
        "receiver": values.VCB,
        "created_at": NOW,
        "purpose": "INV",
        "directory_version": 1,
        "encrypt_to": [READER],
        "priority": "P0",
        "mandates": (values.mandate(), values.mandate("VN.LCTCTD.13")),
        "in_reply_to": None if kind == "ask" else "ab" * 32,
        "seq": 1 if kind == "ask" else 2,
        "prev": None if kind == "ask" else "ab" * 32,
    }
    return draft(**{**usual, **changed}).manifest


def ask(accounts: int, reason: str | None = None) -> provide_account_holder.Ask:
    numbers = [f"970436:00112233{number:02d}" for number in range(accounts)]
    return provide_account_holder.Ask(accounts=numbers, reason=reason)


def through(requests: tuple[auth001.InformationRequest, ...]) -> list[auth001.InformationRequest]:
    return [auth001.read(auth001.write(one, Edition.V02)) for one in requests]


def test_fifty_accounts_are_fifty_documents_and_one_question_again() -> None:
    asked = ask(50, "Bị hại: chuyển khoản nhầm")
    requests = port.holder_requests(asked, manifest(), deadline=values.DEADLINE, confidential=True)
    assert len(requests) == 50
    assert len({one.inquiry.document for one in requests}) == 50
    assert port.holder_ask(list(reversed(through(requests)))) == asked


@given(
    st.lists(values.accounts.map(str), min_size=1, max_size=8),
    values.optional(values.texts(2000)),
    st.booleans(),
)
def test_any_question_survives_the_way(
    accounts: list[str], reason: str | None, confidential: bool
) -> None:
    asked = provide_account_holder.Ask(accounts=accounts, reason=reason)
    requests = port.holder_requests(
        asked, MANIFEST, deadline=values.DEADLINE, confidential=confidential
    )
    assert port.holder_ask(through(requests)) == asked


def test_the_period_of_a_question_without_one_is_the_day_of_asking_in_vietnam() -> None:
    (one,) = port.holder_requests(ask(1), manifest(), deadline=values.DEADLINE, confidential=False)
    assert one.since == one.until == date(2026, 11, 25)


def test_a_document_that_has_not_arrived_is_named() -> None:
    requests = port.holder_requests(ask(3), manifest(), deadline=values.DEADLINE, confidential=True)
    with pytest.raises(ElementMissing) as refused:
        port.holder_ask([requests[0], requests[2]])
    assert refused.value.place == "Document 2/3"
    with pytest.raises(ElementMissing):
        port.holder_ask(requests[:2])
    with pytest.raises(ElementMissing):
        port.holder_ask([])


def test_documents_of_two_questions_are_not_mixed() -> None:
    one, other = (
        port.holder_requests(ask(2), manifest(), deadline=values.DEADLINE, confidential=True)
        for _ in range(2)
    )
    with pytest.raises(Contradiction):
        port.holder_ask([one[0], other[1]])


def test_a_question_without_a_mandate_has_no_document() -> None:
    with pytest.raises(ElementMissing):
        port.holder_requests(
            ask(1), manifest(mandates=()), deadline=values.DEADLINE, confidential=True
        )


def test_a_document_that_does_not_agree_with_the_signed_manifest_is_refused() -> None:
    signed = manifest()
    (one,) = through(
        port.holder_requests(ask(1), signed, deadline=values.DEADLINE, confidential=True)
    )
    check_agrees(one.inquiry, signed)
    others = (
        manifest(),
        manifest(id=signed.id, conversation=signed.conversation, sender="vn/police/pc02"),
        manifest(id=signed.id, conversation=signed.conversation, mandates=(values.mandate(),)),
        manifest(id=signed.id, conversation=signed.conversation, priority="P2"),
    )
    for other in others:
        with pytest.raises(Contradiction):
            check_agrees(one.inquiry, other)


def test_a_statement_is_asked_for_by_its_days() -> None:
    asked = port.StatementAsk(
        account=AccountRef("970436", "0011223344"),
        since=date(2026, 1, 1),
        until=date(2026, 11, 24),
        least=1_000_000,
    )
    one = port.statement_request(asked, manifest(), deadline=values.DEADLINE, confidential=True)
    assert port.statement_ask(through((one,))[0]) == asked
    assert one.wanted == ("camt.053.001.08",)
    with pytest.raises(Contradiction):
        port.holder_ask([one])


MANIFEST = manifest()
ANSWER = manifest("answer", outcome=Outcome(status="answered", substate="disclosed"))


@given(
    st.lists(values.holders, min_size=1, max_size=4),
    values.instants,
    values.optional(values.coverages),
)
def test_any_answer_survives_the_way(holders: list, as_of: str, coverage: object) -> None:
    reply = provide_account_holder.Reply(as_of=as_of, coverage=coverage, holders=holders)
    responses = port.holder_responses(reply, ANSWER)
    came = [auth002.read(auth002.write(one, Edition.V02)) for one in responses]
    assert port.holder_reply(came) == reply


def test_a_partial_answer_says_so() -> None:
    reply = provide_account_holder.Reply(as_of=values.DEADLINE, holders=[values.holder()])
    partial = manifest("partial", outcome=Outcome(status="answered", substate="partial"))
    (one,) = port.holder_responses(reply, partial)
    assert one.status is auth002.ResponseStatus.PARTIAL
    with pytest.raises(Contradiction):
        port.holder_responses(reply, MANIFEST)


def test_a_refusal_answers_every_document_with_its_reason_and_no_data() -> None:
    requests = port.holder_requests(ask(3), MANIFEST, deadline=values.DEADLINE, confidential=True)
    refused = manifest(
        "refuse", outcome=Outcome(status="refused", substate="refused", reason="NOT_HELD")
    )
    answers = [
        auth002.read(auth002.write(one, Edition.V02)) for one in port.refusals(requests, refused)
    ]
    assert [one.search for one in answers] == [one.search for one in requests]
    assert {one.status for one in answers} == {auth002.ResponseStatus.REFUSED}
    assert {one.results[0].reason for one in answers} == {"NOT_HELD"}
    with pytest.raises(ElementMissing):
        port.holder_reply(answers)
    with pytest.raises(Contradiction):
        port.refusals(requests, ANSWER)


def test_answers_of_two_instants_are_not_one_answer() -> None:
    one, other = (
        port.holder_responses(
            provide_account_holder.Reply(as_of=as_of, holders=[values.holder()]), ANSWER
        )[0]
        for as_of in (values.DEADLINE, "2026-11-24T19:00:00.001Z")
    )
    with pytest.raises(Contradiction):
        port.holder_reply([one, other])


def test_the_header_of_an_answer_goes_the_other_way() -> None:
    (request,) = port.holder_requests(ask(1), MANIFEST, deadline=values.DEADLINE, confidential=True)
    reply = provide_account_holder.Reply(as_of=values.DEADLINE, holders=[values.holder()])
    (response,) = port.holder_responses(reply, ANSWER)
    header = port.answer_header(request, response, "auth.002.001.02", values.DEADLINE)
    assert (header.sender, header.receiver) == (values.VCB, values.POLICE)
    assert header.message == response.response
    assert MessageType.ANSWER is ANSWER.type


def test_the_deliveries_of_a_question_are_one_part_and_come_back_byte_for_byte() -> None:
    """A message has at most 32 parts, and a question as many as 50 documents."""
    requests = port.holder_requests(ask(50), MANIFEST, deadline=values.DEADLINE, confidential=True)
    files = tuple(auth001.write(one, Edition.V02) for one in requests)
    part = port.delivered_part(files, name="iso20022", klass="X")
    assert part.entry().rows == 50
    check_commitment(part.entry(), part.salt, part.plaintext)
    assert port.deliveries_of(part.plaintext) == files


@pytest.mark.parametrize("plain", [b'{"x":"y"}\n', b'{"delivery":1}\n', b"[]\n", b"nothing\n"])
def test_a_part_that_holds_no_deliveries_is_refused(plain: bytes) -> None:
    with pytest.raises(LachanError):
        port.deliveries_of(plain)


def test_more_than_99_joint_holders_have_names_of_35_characters() -> None:
    holders = [values.holder()] * 120
    reply = provide_account_holder.Reply(as_of=values.DEADLINE, holders=holders)
    names = [one.response for one in port.holder_responses(reply, ANSWER)]
    assert len(set(names)) == 120
    assert {len(name) for name in names} == {35}
