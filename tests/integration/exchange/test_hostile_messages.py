"""Whatever is wrong with a message, the centre refuses it with a signed reason and a log entry, and nothing changes."""

import dataclasses
import json
from datetime import timedelta
from typing import Any

import pytest

from lachan.access.purposes import Purpose
from lachan.access.steps import step
from lachan.evidence.keys import log_key
from lachan.exchange import envelope as wire
from lachan.exchange import router, sending
from lachan.exchange.catalogue import catalogue
from lachan.exchange.crypto import b64decode, b64encode, new_sign_key
from lachan.exchange.kinds import MessageType, Priority, kind
from lachan.exchange.manifest import Outcome
from lachan.exchange.models import MessageRecord
from lachan.exchange.receipts import REFUSED, kid_named, open_compact
from lachan.exchange.services import ask_by_shift
from lachan.exchange.verify import check_envelope
from lachan.exchange.verify_outcome import Refusal
from lachan.kernel.canonical import canonical
from lachan.kernel.time import to_wire
from lachan.members import services as members
from lachan.members.roles import KeyUse
from tests.integration.exchange.conftest import A05, BANK, Bank
from tests.integration.exchange.forging import (
    ASKER,
    CASE,
    DESK,
    altered,
    forge,
    post,
    question,
    refused,
    renamed,
    resealed,
)
from tests.integration.members.conftest import Deployment

pytestmark = pytest.mark.usefixtures("shift")
M = 1_000_000


def flip(text: str) -> str:
    """Another base64url text of the same length and shape."""
    at = len(text) // 2
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


def on_the_wire(country: Deployment) -> wire.Envelope:
    """A true ask, sent by the outbox and logged."""

    @step
    def ask() -> tuple[Any, list[Any]]:
        made = ask_by_shift(
            asker=ASKER, kind_name="confirm_transfer", question=question(country), receiver=DESK, stage="report",
            purpose=Purpose.GLD, case_ref=CASE, clock=country.clock,
        )  # fmt: skip
        return made, []

    made = ask()
    assert sending.send_one(outgoing_id=made.id, clock=country.clock) == "SENT"
    record = MessageRecord.objects.unscoped(reason="test").get(h=made.h)
    return wire.Envelope.from_bytes(bytes(record.envelope))


def reply(country: Deployment) -> Any:
    return kind("confirm_transfer").answer(as_of=to_wire(country.clock.now()), outcome="SETTLED")


def test_the_forger_can_also_be_honest(country: Deployment) -> None:
    """Without this every refusal below could have another cause."""
    assert isinstance(post(forge(country), country), router.Accepted)
    pause = forge(country, kind_name="pause", cap_vnd=60 * M, lease=timedelta(hours=12))
    assert isinstance(post(pause, country), router.Accepted)


def test_a_manifest_changed_after_its_signatures_is_refused(country: Deployment) -> None:
    def change(data: dict[str, Any]) -> None:
        manifest = b64decode(data["manifest"]).replace(b'"GLD"', b'"INV"')
        data["manifest"] = b64encode(manifest)

    refused(altered(forge(country), change), country, "exchange.signature")


def test_a_changed_seal_is_refused(country: Deployment) -> None:
    def change(data: dict[str, Any]) -> None:
        data["seal"]["signature"] = flip(data["seal"]["signature"])

    refused(altered(forge(country), change), country, "exchange.signature")


def test_a_changed_approval_is_refused(country: Deployment) -> None:
    def change(data: dict[str, Any]) -> None:
        data["approvals"][0]["signature"] = flip(data["approvals"][0]["signature"])

    refused(altered(forge(country), change), country, "exchange.signature")


def test_an_approval_left_out_after_sealing_is_refused(country: Deployment) -> None:
    refused(
        altered(forge(country), lambda data: data.update(approvals=[])),
        country,
        "exchange.signature",
    )


def test_an_approval_moved_from_another_message_is_refused(country: Deployment) -> None:
    one, other = forge(country), forge(country)
    key = members.member_private_key(A05, KeyUse.SIGN, clock=country.clock)
    mixed = wire.seal(wire.Draft(one.manifest_bytes, one.parts), other.approvals, key, country.clock.now())  # fmt: skip
    refused(mixed, country, "exchange.signature")


def test_a_part_that_the_manifest_does_not_name_is_refused(country: Deployment) -> None:
    def change(data: dict[str, Any]) -> None:
        data["parts"].append({"name": "more", "inline": "AAAA"})

    refused(altered(forge(country), change), country, "exchange.malformed")


def test_the_same_message_again_gets_the_stored_receipt_byte_for_byte(country: Deployment) -> None:
    envelope = forge(country)
    first = post(envelope, country)
    country.clock.advance(30)
    second = post(envelope.to_bytes(), country)
    assert isinstance(first, router.Accepted)
    assert isinstance(second, router.Accepted)
    assert second.again
    assert second.receipt == first.receipt
    assert MessageRecord.objects.unscoped(reason="test").count() == 1


def test_a_message_sealed_again_is_one_message(country: Deployment) -> None:
    envelope = forge(country)
    first = post(envelope, country)
    country.clock.advance(400)
    key = members.member_private_key(A05, KeyUse.SIGN, clock=country.clock)
    second = post(wire.reseal(envelope, key, country.clock.now()), country)
    assert isinstance(first, router.Accepted)
    assert isinstance(second, router.Accepted)
    assert (second.again, second.receipt) == (True, first.receipt)


def test_another_content_under_a_used_id_is_refused(country: Deployment) -> None:
    envelope = forge(country)
    post(envelope, country)
    other = forge(country, id=envelope.manifest.id)
    refused(other, country, "exchange.replay_conflict")


def test_a_gap_is_told_and_heals_when_the_missing_one_comes(
    bank: Bank, country: Deployment
) -> None:
    ask = on_the_wire(country)
    partial = Outcome(status="Disclosed", substate="partial")
    first = bank.answer(ask, reply(country), type_=MessageType.PARTIAL, outcome=partial)
    second = bank.answer(ask, reply(country), seq=2, prev=first.h)
    verdict = refused(second, country, "exchange.sequence_gap")
    assert verdict.retry
    assert isinstance(post(first, country), router.Accepted)
    assert isinstance(post(second, country), router.Accepted)


def test_an_answer_to_a_conversation_that_never_began_is_refused(
    bank: Bank, country: Deployment
) -> None:
    ask = forge(country)
    refused(bank.answer(ask, reply(country)), country, "exchange.conversation_unknown")


def test_an_answer_that_names_another_message_is_refused(bank: Bank, country: Deployment) -> None:
    ask, other = on_the_wire(country), forge(country)
    answer = bank.answer(ask, reply(country))
    read = json.loads(answer.manifest_bytes)
    read["in_reply_to"] = other.h
    wrong = wire.seal(wire.Draft(canonical(read), answer.parts), (), bank.sign, country.clock.now())
    refused(wrong, country, "exchange.reply_hash")


def test_an_expired_ask_is_refused(country: Deployment) -> None:
    envelope = forge(country, expires_in=timedelta(minutes=2))
    country.clock.advance(180)
    refused(envelope, country, "exchange.expired")


def test_a_message_sent_at_another_time_is_refused_without_saying_why(country: Deployment) -> None:
    envelope = forge(country)
    country.clock.advance(301)
    verdict = refused(envelope, country, "exchange.clock")
    assert "sent_at" not in json.dumps(verdict.body)


def test_a_kind_outside_its_mandates_is_refused(country: Deployment) -> None:
    envelope = forge(country, mandate=lambda ref: renamed(ref, code="VN.DOMAIN"))
    assert refused(envelope, country, "exchange.mandate_scope")


def test_a_mandate_that_nobody_has_written_is_refused(country: Deployment) -> None:
    refused(
        forge(country, mandate=lambda ref: renamed(ref, code="VN.NONE")),
        country,
        "exchange.mandate_unknown",
    )


def test_a_mandate_that_nobody_adopted_is_refused(country: Deployment) -> None:
    lease, change = timedelta(hours=12), lambda ref: renamed(ref, code="VN.ND52.11A")
    envelope = forge(country, kind_name="pause", cap_vnd=60 * M, lease=lease, mandate=change)
    refused(envelope, country, "exchange.mandate_not_adopted")


def test_a_stage_that_the_mandate_does_not_know_is_refused(country: Deployment) -> None:
    refused(
        forge(country, mandate=lambda ref: renamed(ref, stage="appeal")),
        country,
        "exchange.mandate_stage",
    )


def test_a_lease_beyond_the_mandates_longest_is_refused(country: Deployment) -> None:
    body = question(country, "pause", until=to_wire(country.clock.now() + timedelta(days=30)))
    envelope = forge(country, kind_name="pause", cap_vnd=60 * M, lease=timedelta(days=30), body=body)  # fmt: skip
    refused(envelope, country, "exchange.mandate_lease")


def test_a_shift_key_above_its_cap_is_refused(country: Deployment) -> None:
    envelope = forge(country, kind_name="pause", cap_vnd=10**15, lease=timedelta(hours=12))
    refused(envelope, country, "exchange.approvals")


def test_a_shift_key_for_a_kind_outside_its_scope_is_refused(country: Deployment) -> None:
    def change(read: dict[str, Any]) -> None:
        read["priority"] = "P1"
        read["due_rule"] = kind("confirm_transfer").due_rule(Priority.P1)

    refused(forge(country, edit=change), country, "exchange.approvals")


def test_one_person_twice_is_refused(country: Deployment) -> None:
    def change(read: dict[str, Any]) -> None:
        read["required"] = read["required"] * 2

    refused(forge(country, approvals=2, edit=change), country, "exchange.approvals")


def test_a_message_without_its_approval_is_refused(country: Deployment) -> None:
    refused(forge(country, approvals=0), country, "exchange.approvals")


def test_a_message_to_nobody_is_refused(country: Deployment) -> None:
    def change(read: dict[str, Any]) -> None:
        read["receiver"] = "vn/bank/000000/desk"

    refused(forge(country, edit=change), country, "exchange.schema")


def test_the_seal_of_another_member_is_refused(bank: Bank, country: Deployment) -> None:
    refused(resealed(forge(country), bank.sign), country, "exchange.signer_unknown")


def test_the_seal_of_an_unknown_key_is_refused(country: Deployment) -> None:
    refused(resealed(forge(country), new_sign_key()), country, "exchange.signer_unknown")


def test_a_revoked_key_no_longer_signs(country: Deployment) -> None:
    envelope = forge(country, late=timedelta(seconds=10))
    key = members.current_directory()
    kid = envelope.seal.kid
    members.revoke_key(country.system, kid, reason="lost", clock=country.clock)
    members.publish_directory(country.system, clock=country.clock)
    assert members.current_directory().version > key.version
    country.clock.advance(10)
    refused(envelope, country, "exchange.key_revoked")


def test_a_back_dated_revocation_counts_from_its_own_time(country: Deployment) -> None:
    """What was logged before stays; what comes after it is refused, whatever time it claims."""
    country.clock.advance(600)
    first = forge(country)
    assert isinstance(post(first, country), router.Accepted)
    members.revoke_key(
        country.system, first.seal.kid, reason="stolen an hour ago", clock=country.clock,
        revoked_from=country.clock.now() - timedelta(minutes=5),
    )  # fmt: skip
    members.publish_directory(country.system, clock=country.clock)
    again = post(first, country)
    assert isinstance(again, router.Accepted)
    assert again.again


def test_a_message_for_another_bank_is_refused_by_whoever_gets_it(
    bank: Bank, country: Deployment
) -> None:
    """The receiver is signed: a true message posted to the wrong bank stays with its true receiver."""
    verdict = check_envelope(
        forge(country), directory=members.current_directory(), catalogue=catalogue(), now=country.clock.now(),
        checker="receiver", own_address="vn/bank/970418", private_key=bank.encrypt,
    )  # fmt: skip
    assert isinstance(verdict, Refusal)
    assert (verdict.code, verdict.error.field) == ("exchange.schema", "receiver")


def test_an_altered_part_is_refused_by_the_receiver(bank: Bank, country: Deployment) -> None:
    """The centre cannot read parts; whoever opens one holds it against the signed commitment."""
    one, other = forge(country), forge(country, body=question(country, amount=1))
    mixed = dataclasses.replace(one, parts=other.parts)
    verdict = check_envelope(
        mixed, directory=members.current_directory(), catalogue=catalogue(), now=country.clock.now(),
        checker="receiver", own_address=BANK, private_key=bank.encrypt,
    )  # fmt: skip
    assert isinstance(verdict, Refusal)
    assert verdict.code == "exchange.part_commit"


def test_an_amount_above_the_cap_of_its_mandate_is_refused_by_the_receiver(
    bank: Bank, country: Deployment
) -> None:
    envelope = forge(country, kind_name="pause", cap_vnd=60 * M - 1, lease=timedelta(hours=12))
    verdict = check_envelope(
        envelope, directory=members.current_directory(), catalogue=catalogue(), now=country.clock.now(),
        checker="receiver", own_address=BANK, private_key=bank.encrypt,
    )  # fmt: skip
    assert isinstance(verdict, Refusal)
    assert verdict.code == "exchange.mandate_cap"


def test_a_wrong_deadline_rule_is_refused(country: Deployment) -> None:
    refused(
        forge(country, edit=lambda read: read.update(due_rule="tomorrow")),
        country,
        "exchange.due_mismatch",
    )


def test_an_unknown_field_of_the_manifest_is_refused(country: Deployment) -> None:
    refused(forge_raw(country, {"more": 1}), country, "exchange.schema")


def forge_raw(country: Deployment, fields: dict[str, Any]) -> bytes:
    def change(data: dict[str, Any]) -> None:
        read = json.loads(b64decode(data["manifest"]))
        data["manifest"] = b64encode(canonical(read | fields))

    return altered(forge(country), change)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"", "exchange.malformed"),
        (b"\xff\xfe", "exchange.malformed"),
        (b"[]", "exchange.malformed"),
        (b'{"manifest":"","manifest":""}', "exchange.malformed"),
        (b"[" * 100_000 + b"]" * 100_000, "exchange.malformed"),
        (b'{"a":1.5}', "exchange.malformed"),
    ],
)
def test_what_is_no_envelope_is_refused(given: bytes, code: str, country: Deployment) -> None:
    before = MessageRecord.objects.unscoped(reason="test").count()
    verdict = post(given, country)
    assert isinstance(verdict, router.Rejected)
    assert verdict.code in {code, "exchange.not_canonical", "exchange.too_large", "kernel.not_canonical"}  # fmt: skip
    assert MessageRecord.objects.unscoped(reason="test").count() == before


def test_a_duplicate_key_inside_a_true_envelope_is_refused(country: Deployment) -> None:
    data = forge(country).to_bytes()
    twice = data.replace(b'{"approvals"', b'{"approvals":[],"approvals"', 1)
    verdict = post(twice, country)
    assert isinstance(verdict, router.Rejected)


@pytest.mark.parametrize("alg", ["none", "HS256", "RS256"])
@pytest.mark.parametrize("place", ["seal", "approvals"])
def test_an_algorithm_of_the_attackers_choice_is_refused(
    alg: str, place: str, country: Deployment
) -> None:
    def change(data: dict[str, Any]) -> None:
        one = data["seal"] if place == "seal" else data["approvals"][0]
        header = json.loads(b64decode(one["protected"]))
        one["protected"] = b64encode(canonical(header | {"alg": alg}))
        if alg == "none":
            one["signature"] = ""

    verdict = post(altered(forge(country), change), country)
    assert isinstance(verdict, router.Rejected)
    assert verdict.code in {"exchange.signature", "exchange.malformed"}


def test_a_refusal_is_signed_by_the_log_key(country: Deployment) -> None:
    envelope = forge(country, approvals=0)
    verdict = refused(envelope, country, "exchange.approvals")
    key = {name: text for name, text in log_key().jwk().items() if name != "d"}
    body = open_compact(verdict.refusal, {kid_named(verdict.refusal): key}, typ=REFUSED)
    assert (body["code"], body["h"]) == ("exchange.approvals", envelope.h)


def test_ids_of_different_senders_do_not_collide(bank: Bank, country: Deployment) -> None:
    ask = on_the_wire(country)
    answer = bank.answer(ask, reply(country))
    read = json.loads(answer.manifest_bytes)
    read["id"] = ask.manifest.id
    same = wire.seal(wire.Draft(canonical(read), answer.parts), (), bank.sign, country.clock.now())
    assert isinstance(post(same, country), router.Accepted)
