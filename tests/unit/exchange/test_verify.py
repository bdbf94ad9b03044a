"""A message is believed when everything about it holds; the first thing that does not is its refusal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from lachan.exchange import crypto
from lachan.exchange.envelope import Draft, Envelope, approve, draft, reseal, seal
from lachan.exchange.kinds import all_kinds
from lachan.exchange.mandates import Catalogue
from lachan.exchange.manifest import MandateRef, Outcome, SignerNeed
from lachan.exchange.messages import (
    confirm_transfer,
    freeze,
    hold,
    pause,
    release,
    renew,
    trace_credit,
)
from lachan.exchange.parts import body_part
from lachan.exchange.verify import check_envelope, needs_directory
from lachan.exchange.verify_outcome import CheckedMessage, Refusal
from lachan.kernel.time import to_wire
from lachan.members.directory_rows import Agreement, Revocation
from lachan.members.roles import MemberState
from lachan.profiles.load import load_profile

DEMO = load_profile("demo").catalogue
VN = load_profile("vn").catalogue


class Exchange:
    """Sends as Cục A05 and checks as centre and receiver."""

    def __init__(self, world, names, now, catalogue: Catalogue = DEMO) -> None:
        self.world, self.names, self.now = world, names, now
        self.catalogue = catalogue
        self.directory = world.directory()

    def refs(self, *codes: str, stage: str = "report", **more: Any) -> tuple[MandateRef, ...]:
        return tuple(
            MandateRef(
                code=code,
                version=1,
                stage=stage,
                case_ref="VA-26-004182",
                valid_until=to_wire(self.now + timedelta(days=7)),
                subjects=more.get("subjects", 1),
                cap_vnd=more.get("cap_vnd"),
                lease_until=more.get("lease_until"),
            )
            for code in codes
        )

    def draft(self, kind: str, body, *codes: str, needs=(), **changed: Any) -> Draft:
        refs = {
            key: changed.pop(key)
            for key in ("cap_vnd", "lease_until", "subjects", "stage")
            if key in changed
        }
        receiver = changed.get("receiver", self.names.acb)
        keys = [
            self.world.keys[f"{address}#encrypt"]
            for address in (receiver, self.names.a05)
            if f"{address}#encrypt" in self.world.keys
        ]
        given = {
            "type": "ask",
            "kind_name": kind,
            "sender": f"{self.names.a05}/duty",
            "receiver": self.names.acb,
            "created_at": self.now,
            "purpose": "GLD",
            "directory_version": 1,
            "encrypt_to": keys,
            "parts": [body_part(body)] if body is not None else [],
            "priority": "P0",
            "mandates": self.refs(*codes, **refs),
            "required": [SignerNeed(role=role) for role in needs],
        }
        return draft(**{**given, **changed})

    def sign(self, message: Draft, *officers: tuple[str, str, str], at=None):
        return [
            approve(
                message,
                self.world.keys[name],
                officer=name,
                role=role,
                unit=unit,
                act="approved",
                at=at or self.now,
            )
            for name, role, unit in officers
        ]

    def standing(self, message: Draft):
        return [
            approve(
                message,
                self.world.keys["shift"],
                officer="son",
                role="duty_officer",
                unit="duty",
                act="standing",
                at=self.now,
            )
        ]

    def seal(self, message: Draft, approvals, at=None, sender=None) -> Envelope:
        key = self.world.keys[f"{sender or self.names.a05}#sign"]
        return seal(message, approvals, key, at or self.now)

    def centre(self, envelope, **changed: Any) -> CheckedMessage | Refusal:
        given = {
            "directory": self.directory,
            "catalogue": self.catalogue,
            "now": self.now,
            "checker": "centre",
        }
        return check_envelope(envelope, **{**given, **changed})

    def bank(self, envelope, **changed: Any) -> CheckedMessage | Refusal:
        given = {
            "directory": self.directory,
            "catalogue": self.catalogue,
            "now": self.now + timedelta(seconds=2),
            "checker": "receiver",
            "own_address": self.names.acb,
            "logged_at": self.now,
            "private_key": self.world.keys[f"{self.names.acb}#encrypt"],
        }
        return check_envelope(envelope, **{**given, **changed})

    def confirm(self, **changed: Any) -> Draft:
        return self.draft(
            "confirm_transfer", CONFIRM, "VN.BLTTHS.88", needs=["duty_officer"], **changed
        )

    def hold(self, amount: int = 60_000_000, hours: int = 72, **changed: Any) -> Draft:
        until = to_wire(self.now + timedelta(hours=hours))
        body = msgspec.structs.replace(HOLD, amount=amount, lease_until=until)
        given = {
            "needs": ["investigator", "unit_head"],
            "sheet_hash": "a" * 64,
            "cap_vnd": amount,
            "lease_until": until,
            "stage": "verify",
        }
        return self.draft("hold", body, "VN.ND52.11", **{**given, **changed})

    def signed_hold(self, **changed: Any) -> Envelope:
        message = self.hold(**changed)
        return self.seal(message, self.sign(message, LAN, MINH))

    def renewal(self, order: CheckedMessage, **changed: Any) -> Draft:
        until = to_wire(self.now + timedelta(days=7))
        body = renew.Ask(order=order.h, until=until, amount=60_000_000, reason="Chờ sao kê")
        given = {
            "sheet_hash": "b" * 64,
            "cap_vnd": 60_000_000,
            "lease_until": until,
            "stage": "verify",
            "priority": "P1",
            "in_reply_to": order.h,
            "required": [SignerNeed(role="unit_head", distinct_unit_from="order")],
        }
        return self.draft("renew", body, "VN.ND52.11", **{**given, **changed})


LAN, MINH, HA, SON = (
    ("lan", "investigator", "duty"),
    ("minh", "unit_head", "duty"),
    ("ha", "unit_head", "south"),
    ("son", "duty_officer", "duty"),
)
CONFIRM = confirm_transfer.Ask(
    time="2026-11-24T06:50:00.000Z",
    amount=50_000_000,
    from_account="970436:0011",
    to_account="970416:0022",
)
HOLD = hold.Ask(
    account="970416:0022",
    amount=60_000_000,
    lease_until="2026-11-27T07:00:00.000Z",
    case="VA-26-004182",
    taint_proof="c" * 64,
    appeal_link="https://lachan.example/xem-xet",
)


@pytest.fixture
def exchange(world, names, now) -> Exchange:
    return Exchange(world, names, now)


def passed(result: CheckedMessage | Refusal) -> CheckedMessage:
    assert isinstance(result, CheckedMessage), result
    return result


def code_of(result: CheckedMessage | Refusal) -> str:
    assert isinstance(result, Refusal)
    assert result.body()["text_vi"]
    return result.code


def test_a_confirmation_signed_by_the_officer_on_duty_passes_at_both(exchange):
    message = exchange.confirm()
    envelope = exchange.seal(message, exchange.sign(message, SON))
    assert passed(exchange.centre(envelope)).body is None
    checked = passed(exchange.bank(envelope.to_bytes()))
    assert checked.body == CONFIRM
    assert checked.sender.address == exchange.names.a05
    assert all(line.ok for line in checked.lines)
    assert [line.step for line in checked.lines][:3] == ["known", "in_force", "adopted"]


def test_the_shift_key_sends_confirmations_traces_and_pauses_without_a_person(exchange, now):
    until = to_wire(now + timedelta(hours=72))
    trace = trace_credit.Ask(
        trace="t", round=1, methods=["fifo"], policy={}, until=None, items=[], home={}
    )
    stop = pause.Ask(
        account="970416:0022",
        credit_time=to_wire(now),
        credit_amount=50_000_000,
        amount=50_000_000,
        until=until,
        reason="Tin báo lừa đảo",
    )
    needs = ["duty_officer"]
    for message in (
        exchange.confirm(),
        exchange.draft("trace_credit", trace, "VN.BLTTHS.88", "VN.LCTCTD.13", needs=needs),
        exchange.draft(
            "pause", stop, "VN.AML22.44", needs=needs, cap_vnd=50_000_000, lease_until=until
        ),
    ):
        envelope = exchange.seal(message, exchange.standing(message))
        passed(exchange.centre(envelope))
        passed(exchange.bank(envelope))


def test_the_shift_key_never_signs_an_order_or_beyond_its_cap(exchange, now):
    order = exchange.hold()
    two = [*exchange.sign(order, LAN), *exchange.standing(order)]
    assert code_of(exchange.centre(exchange.seal(order, two))) == "exchange.approvals"
    until = to_wire(now + timedelta(hours=1))
    stop = pause.Ask(
        account="970416:0022",
        credit_time=to_wire(now),
        credit_amount=2 * 10**9,
        amount=2 * 10**9,
        until=until,
        reason="x",
    )
    large = exchange.draft(
        "pause", stop, "VN.AML22.44", needs=["duty_officer"], cap_vnd=2 * 10**9, lease_until=until
    )
    sent = exchange.seal(large, exchange.standing(large))
    assert code_of(exchange.centre(sent)) == "exchange.approvals"
    later = exchange.confirm(priority="P1")
    sent = exchange.seal(later, exchange.standing(later))
    assert code_of(exchange.centre(sent)) == "exchange.approvals"


def test_an_officers_own_key_does_not_act_as_a_standing_one(exchange, now):
    message = exchange.confirm()
    one = approve(
        message,
        exchange.world.keys["son"],
        officer="son",
        role="duty_officer",
        unit="duty",
        act="standing",
        at=now,
    )
    assert code_of(exchange.centre(exchange.seal(message, [one]))) == "exchange.signer_unknown"


def test_a_hold_with_its_two_people_passes(exchange):
    checked = passed(exchange.bank(exchange.signed_hold()))
    assert checked.officers == {"lan", "minh"}
    followed = checked.followed()
    assert (followed.amount, followed.units) == (60_000_000, {"duty"})


@pytest.mark.parametrize(
    ("officers", "code"),
    [
        ((LAN,), "exchange.approvals"),
        ((), "exchange.approvals"),
        ((LAN, LAN), "exchange.approvals"),
        ((LAN, MINH, SON), "exchange.approvals"),
        ((LAN, SON), "exchange.approvals"),
        ((("lan", "unit_head", "duty"), MINH), "exchange.signer_role"),
        ((("lan", "investigator", "south"), MINH), "exchange.signer_role"),
        ((("lan", "king", "duty"), MINH), "exchange.signer_role"),
        ((LAN, ("quan", "desk", "fraud-desk")), "exchange.signer_unknown"),
    ],
)
def test_a_hold_without_exactly_its_signers_is_refused(exchange, officers, code):
    message = exchange.hold()
    approvals = exchange.sign(message, *officers)
    assert code_of(exchange.centre(exchange.seal(message, approvals))) == code


def test_a_signer_who_borrows_anothers_name_is_unknown(exchange, now):
    message = exchange.hold()
    forged = approve(
        message,
        exchange.world.keys["lan"],
        officer="minh",
        role="unit_head",
        unit="duty",
        act="approved",
        at=now,
    )
    sent = exchange.seal(message, [*exchange.sign(message, LAN), forged])
    assert code_of(exchange.centre(sent)) == "exchange.signer_unknown"


def test_required_must_be_what_the_rows_ask_for(exchange):
    weak = exchange.hold(needs=["investigator"])
    sent = exchange.seal(weak, exchange.sign(weak, LAN))
    refused = exchange.centre(sent)
    assert code_of(refused) == "exchange.mandate_signers"
    assert refused.reason == "SIGNERS_INSUFFICIENT"
    assert refused.substate == "mandate"


def test_an_approval_left_out_or_exchanged_before_sealing_is_refused(exchange):
    message, other = exchange.hold(), exchange.hold(amount=1_000_000)
    mixed = [*exchange.sign(message, LAN), *exchange.sign(other, MINH)]
    assert code_of(exchange.centre(exchange.seal(message, mixed))) == "exchange.signature"
    envelope = exchange.signed_hold()
    stripped = Envelope(
        envelope.manifest_bytes, envelope.approvals[:1], envelope.seal, envelope.parts
    )
    assert code_of(exchange.centre(stripped)) == "exchange.signature"


def test_a_message_posted_again_to_another_bank_is_refused_there(exchange):
    envelope = exchange.signed_hold()
    refused = exchange.bank(envelope, own_address=exchange.names.vcb)
    assert code_of(refused) == "exchange.schema"
    assert refused.error.field == "receiver"


def test_nobody_outside_the_directory_sends_or_receives(exchange):
    message = exchange.hold(receiver="vn/bank/999999")
    sent = exchange.seal(message, exchange.sign(message, LAN, MINH))
    assert code_of(exchange.centre(sent)) == "exchange.schema"
    message = exchange.hold(sender="vn/police/nowhere")
    sent = exchange.seal(message, exchange.sign(message, LAN, MINH))
    assert code_of(exchange.centre(sent)) == "exchange.signer_unknown"


def test_the_seal_is_the_senders_own(exchange):
    message = exchange.hold()
    sent = exchange.seal(message, exchange.sign(message, LAN, MINH), sender=exchange.names.acb)
    assert code_of(exchange.centre(sent)) == "exchange.signer_unknown"
    by_officer = seal(
        message, exchange.sign(message, LAN, MINH), exchange.world.keys["lan"], exchange.now
    )
    assert code_of(exchange.centre(by_officer)) == "exchange.signer_unknown"


def test_clocks_may_differ_by_five_minutes_and_no_more(exchange, now):
    envelope = exchange.signed_hold()
    passed(exchange.centre(envelope, now=now + timedelta(seconds=300)))
    for off in (301, -301):
        refused = exchange.centre(envelope, now=now + timedelta(seconds=off))
        assert code_of(refused) == "exchange.clock"
        told = {name: value for name, value in refused.body().items() if name not in {"id", "h"}}
        assert str(off) not in str(told)
    early = reseal(
        envelope, exchange.world.keys[f"{exchange.names.a05}#sign"], now - timedelta(seconds=1)
    )
    assert code_of(exchange.centre(early)) == "exchange.clock"


def test_a_retry_is_sealed_anew_and_passes_by_its_new_time(exchange, now):
    later = now + timedelta(minutes=20)
    again = reseal(exchange.signed_hold(), exchange.world.keys[f"{exchange.names.a05}#sign"], later)
    passed(exchange.centre(again, now=later))


def test_an_approval_long_after_the_draft_is_refused(exchange, now):
    message = exchange.hold()
    late = now + timedelta(hours=2)
    approvals = [*exchange.sign(message, LAN), *exchange.sign(message, MINH, at=late)]
    sent = exchange.seal(message, approvals, at=late)
    assert code_of(exchange.centre(sent, now=late)) == "exchange.clock"


def test_an_expired_message_is_refused_whatever_its_seal_says(exchange, now):
    late = now + timedelta(hours=30)
    exchange.directory = exchange.world.directory(issued_at=late)
    envelope = reseal(
        exchange.signed_hold(), exchange.world.keys[f"{exchange.names.a05}#sign"], late
    )
    assert code_of(exchange.centre(envelope, now=late)) == "exchange.expired"
    assert code_of(exchange.bank(envelope, logged_at=late)) == "exchange.expired"


def test_a_stale_directory_stops_asks_but_not_answers_and_releases(exchange, now):
    order = passed(exchange.centre(exchange.signed_hold()))
    exchange.directory = exchange.world.directory(issued_at=now - timedelta(hours=25))
    assert code_of(exchange.centre(exchange.signed_hold())) == "exchange.directory_stale"
    passed(exchange.centre(released(exchange, order), follows=order.followed()))
    passed(exchange.centre(answered(exchange, order)))


def released(exchange: Exchange, order: CheckedMessage, **changed: Any) -> Envelope:
    body = release.Ask(order=order.h, reason=release.Reason.APPEAL)
    roles = all_kinds()["release"].follow_roles
    message = exchange.draft(
        "release",
        body,
        "VN.ND52.11",
        in_reply_to=order.h,
        stage="verify",
        cap_vnd=60_000_000,
        lease_until=order.manifest.mandates[0].lease_until,
        needs=["|".join(sorted(role.value for role in roles))],
        **changed,
    )
    return exchange.seal(message, exchange.sign(message, HA))


def answered(exchange: Exchange, order: CheckedMessage) -> Envelope:
    reply = hold.Reply(
        as_of=to_wire(exchange.now),
        effect=hold.Effect.FULL,
        held=60_000_000,
        carved=0,
        at=to_wire(exchange.now),
    )
    message = exchange.draft(
        "hold",
        reply,
        type="answer",
        sender=exchange.names.acb,
        receiver=exchange.names.a05,
        in_reply_to=order.h,
        conversation=order.manifest.conversation,
        outcome=Outcome(status="Disclosed", substate="complete", effect="FULL"),
        mandates=(),
    )
    return exchange.seal(message, [], sender=exchange.names.acb)


def test_an_answer_opens_for_the_asker(exchange, now):
    order = passed(exchange.centre(exchange.signed_hold()))
    checked = passed(
        exchange.bank(
            answered(exchange, order),
            own_address=exchange.names.a05,
            private_key=exchange.world.keys[f"{exchange.names.a05}#encrypt"],
        )
    )
    assert checked.body.held == 60_000_000


def test_an_answer_carries_no_mandates(exchange):
    order = passed(exchange.centre(exchange.signed_hold()))
    message = exchange.draft(
        "hold",
        None,
        "VN.ND52.11",
        type="refuse",
        sender=exchange.names.acb,
        receiver=exchange.names.a05,
        in_reply_to=order.h,
        outcome=Outcome(status="Rejected", substate="by_desk", reason="DECLINED"),
    )
    refused = exchange.centre(exchange.seal(message, [], sender=exchange.names.acb))
    assert code_of(refused) == "exchange.schema"


def test_a_release_by_the_members_own_key_needs_no_person(exchange, now):
    order = passed(exchange.centre(exchange.signed_hold()))
    by_person = released(exchange, order)
    message = Draft(by_person.manifest_bytes, by_person.parts)
    member = exchange.world.keys[f"{exchange.names.a05}#sign"]
    told = {"officer": "service", "role": "duty_officer", "unit": "service", "at": now}
    by_service = exchange.seal(message, [approve(message, member, act="standing", **told)])
    passed(exchange.bank(by_service, follows=order.followed()))
    as_person = exchange.seal(message, [approve(message, member, act="approved", **told)])
    assert code_of(exchange.centre(as_person)) == "exchange.signer_unknown"
    bank = exchange.world.keys[f"{exchange.names.acb}#sign"]
    by_other = exchange.seal(message, [approve(message, bank, act="standing", **told)])
    assert code_of(exchange.centre(by_other)) == "exchange.signer_unknown"
    order_message = exchange.hold()
    forged = [
        *exchange.sign(order_message, LAN),
        approve(
            order_message,
            member,
            **{**told, "role": "unit_head"},
            act="standing",
        ),
    ]
    sent = exchange.seal(order_message, forged)
    assert code_of(exchange.centre(sent)) == "exchange.signer_unknown"


def test_a_release_follows_the_mandates_of_its_order(exchange):
    order = passed(exchange.centre(exchange.signed_hold()))
    followed = order.followed()
    passed(exchange.centre(released(exchange, order), follows=followed))
    refused = exchange.centre(
        released(exchange, order, mandates=exchange.refs("VN.AML22.44")), follows=followed
    )
    assert code_of(refused) == "exchange.mandate_scope"
    trace_order = msgspec.structs.replace(followed, kind="trace_credit")
    assert (
        code_of(exchange.centre(released(exchange, order), follows=trace_order))
        == "exchange.asker_not_allowed"
    )


def test_a_renewal_needs_a_third_person_of_another_unit(exchange):
    order = passed(exchange.centre(exchange.signed_hold()))
    followed = order.followed()
    message = exchange.renewal(order)
    good = exchange.seal(message, exchange.sign(message, HA))
    passed(exchange.bank(good, follows=followed))
    same_unit = exchange.seal(message, exchange.sign(message, MINH))
    assert code_of(exchange.centre(same_unit, follows=followed)) == "exchange.approvals"
    assert code_of(exchange.centre(good)) == "exchange.conversation_unknown"
    third = order.followed(renewals=2)
    assert code_of(exchange.centre(good, follows=third)) == "exchange.mandate_lease"


def test_a_suspended_member_answers_and_releases_but_does_not_ask(exchange, world, names):
    order = passed(exchange.centre(exchange.signed_hold()))
    for state, may_release in ((MemberState.SUSPENDED, True), (MemberState.LEFT, False)):
        changed = [
            msgspec.structs.replace(row, state=state) if row.address == names.a05 else row
            for row in world.members
        ]
        exchange.directory = world.directory(members=changed)
        assert code_of(exchange.centre(exchange.signed_hold())) == "exchange.member_suspended"
        result = exchange.centre(released(exchange, order), follows=order.followed())
        assert isinstance(result, CheckedMessage) is may_release


def test_a_revoked_key_signs_nothing_from_its_instant_on(exchange, world, now):
    kid = crypto.kid_of(world.keys["minh"])
    world.revocations = [Revocation(kid=kid, revoked_from=to_wire(now), reason="lost")]
    exchange.directory = world.directory()
    assert code_of(exchange.centre(exchange.signed_hold())) == "exchange.key_revoked"


def test_a_message_that_relied_on_a_newer_directory_waits_for_it(exchange):
    envelope = exchange.signed_hold(directory_version=2)
    assert needs_directory(envelope, exchange.directory)
    assert code_of(exchange.centre(envelope)) == "exchange.directory_stale"


def test_the_due_rule_is_the_catalogues(exchange):
    message = exchange.hold()
    plain = {**msgspec.json.decode(message.manifest_bytes), "due_rule": "hold.P1"}
    from lachan.kernel.canonical import canonical

    changed = Draft(canonical(plain), message.parts)
    sent = exchange.seal(changed, exchange.sign(changed, LAN, MINH))
    assert code_of(exchange.centre(sent)) == "exchange.due_mismatch"


def test_an_agreement_narrows_and_never_widens(exchange, world, names, now):
    row = Agreement(
        parties=(names.a05, names.acb),
        kinds=("confirm_transfer",),
        clauses="Điều 5",
        document="887/BCA-VPB",
        valid_from=to_wire(now - timedelta(days=1)),
        valid_to=to_wire(now + timedelta(days=1)),
    )
    exchange.directory = world.directory(agreements=[row])
    refused = exchange.centre(exchange.signed_hold())
    assert code_of(refused) == "exchange.asker_not_allowed"
    assert "Điều 5" in str(refused.body()["text_vi"])


def test_a_kind_goes_only_to_members_that_answer_it(exchange, names):
    message = exchange.hold(receiver=names.viettel)
    sent = exchange.seal(message, exchange.sign(message, LAN, MINH))
    assert code_of(exchange.centre(sent)) == "exchange.asker_not_allowed"


def test_the_bank_sees_what_the_centre_cannot(exchange, now):
    above = exchange.hold(amount=60_000_001, cap_vnd=60_000_000)
    longer = exchange.hold(lease_until=to_wire(now + timedelta(hours=10)))
    for message, code in ((above, "exchange.mandate_cap"), (longer, "exchange.mandate_lease")):
        sent = exchange.seal(message, exchange.sign(message, LAN, MINH))
        passed(exchange.centre(sent))
        assert code_of(exchange.bank(sent)) == code
    refused = exchange.bank(exchange.signed_hold(), protected=lambda _ask: True)
    assert code_of(refused) == "exchange.never_block"
    assert refused.reason == "PROTECTED_SUBJECT"


def test_a_question_outside_its_form_is_refused_by_the_receiver(exchange):
    from lachan.exchange.parts import PlainPart

    message = exchange.confirm(parts=[PlainPart(name="ask", body=b'{"amount":"1"}')])
    sent = exchange.seal(message, exchange.sign(message, SON))
    passed(exchange.centre(sent))
    assert code_of(exchange.bank(sent)) == "exchange.schema"


def test_without_adoption_only_test_messages_pass(world, names, now):
    exchange = Exchange(world, names, now, VN)
    refused = exchange.centre(exchange.signed_hold())
    assert code_of(refused) == "exchange.mandate_not_adopted"
    passed(exchange.centre(exchange.signed_hold(test=True)))


def test_a_soft_key_signs_no_live_order_outside_the_demonstration(world, names, now):
    rows = tuple(
        msgspec.structs.replace(
            row, adopted_by="Legal Officer", adopted_at="2026-01-01T00:00:00.000Z"
        )
        for row in VN.rows
    )
    exchange = Exchange(world, names, now, Catalogue(rows))
    assert code_of(exchange.centre(exchange.signed_hold())) == "exchange.mandate_signers"


def test_a_kind_version_that_is_not_ours_is_refused(exchange):
    from lachan.kernel.canonical import canonical

    message = exchange.hold()
    plain = {**msgspec.json.decode(message.manifest_bytes), "kind_version": 2}
    changed = Draft(canonical(plain), message.parts)
    sent = exchange.seal(changed, exchange.sign(changed, LAN, MINH))
    assert code_of(exchange.centre(sent)) == "exchange.schema"


def test_garbage_is_a_refusal_without_a_hash(exchange):
    refused = exchange.centre(b"[" * 100_000)
    assert code_of(refused) == "exchange.malformed"
    assert refused.h is None


def frozen(exchange, *, outside: bool):
    """A freeze whose rows ask for a procurator of the procuracy, or (not so) for one of the agency's own."""
    ask = freeze.Ask(
        account="970416:0022", amount=1_000_000, order_no="12/LPT", legal_event="QĐ khởi tố", review_at=to_wire(exchange.now),
    )  # fmt: skip
    needs = [
        SignerNeed(role="agency_head"), SignerNeed(role="investigator"),
        SignerNeed(role="procurator", same_agency=not outside),
    ]  # fmt: skip
    return exchange.draft(
        "freeze", ask, "VN.BLTTHS.129", required=needs, cap_vnd=1_000_000, sheet_hash="a" * 64, stage="investigate", purpose="INV",
    )  # fmt: skip


BAC, VIEN = ("bac", "agency_head", "duty"), ("vien", "procurator", "vu-1")


def test_a_procurator_approves_beside_the_agency_where_a_row_asks_for_one(exchange):
    message = frozen(exchange, outside=True)
    sent = exchange.seal(message, exchange.sign(message, LAN, BAC, VIEN))
    # All that is left against it is that nobody has adopted its row: signers and forms come first.
    assert code_of(exchange.centre(sent)) == "exchange.mandate_not_adopted"
    two = exchange.seal(message, exchange.sign(message, LAN, BAC))
    assert code_of(exchange.centre(two)) == "exchange.approvals"


def test_nobody_else_signs_from_outside(exchange):
    inside = frozen(exchange, outside=False)
    sent = exchange.seal(inside, exchange.sign(inside, LAN, BAC, VIEN))
    assert code_of(exchange.centre(sent)) == "exchange.signer_unknown"
    message = frozen(exchange, outside=True)
    banker = ("gia", "procurator", "fraud-desk")  # a bank does not make procurators
    sent = exchange.seal(message, exchange.sign(message, LAN, BAC, banker))
    assert code_of(exchange.centre(sent)) == "exchange.signer_unknown"
    order = exchange.hold()
    sent = exchange.seal(order, exchange.sign(order, LAN, VIEN))
    assert code_of(exchange.centre(sent)) == "exchange.signer_unknown"
