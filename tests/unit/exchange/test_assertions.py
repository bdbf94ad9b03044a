"""A security key signs a whole sheet by one touch; whatever was changed afterwards is refused."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
import webauthn
from hypothesis import given
from hypothesis import strategies as st
from webauthn.helpers.structs import AuthenticationCredential, AuthenticatorAssertionResponse

from lachan.evidence import tree
from lachan.exchange import crypto
from lachan.exchange.approvals import AssertionApproval, JwsApproval, read_approval
from lachan.exchange.assertions import challenge, sheet_context, sheet_proofs
from lachan.exchange.envelope import Envelope, approve, draft, message_hash, seal
from lachan.exchange.errors import Malformed
from lachan.exchange.messages import confirm_transfer
from lachan.exchange.parts import body_part
from lachan.exchange.signer_errors import SignatureBad
from lachan.kernel.canonical import canonical, parse_canonical
from lachan.kernel.errors import LachanError
from lachan.kernel.time import to_wire
from lachan.members.directory_rows import RelyingParty
from tests.security_key import ORIGIN, PARTY, SecurityKey, b64, unb64

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
MEMBER, READER = crypto.new_sign_key(), crypto.new_encrypt_key()
RP = RelyingParty(id=PARTY, origin=ORIGIN)
ALGS = ("ES256", "Ed25519", "RS256")
KEYS = {alg: SecurityKey(alg) for alg in ALGS}


def message(n: int) -> Any:
    ask = confirm_transfer.Ask(
        time=to_wire(NOW), amount=n + 1, from_account="970436:0011", to_account="970416:0022"
    )
    return draft(
        type="ask", kind_name="confirm_transfer", sender="vn/police/a05/duty", receiver="vn/bank/970416",
        created_at=NOW, purpose="GLD", directory_version=1, encrypt_to=[READER], parts=(body_part(ask),),
        priority="P0",
    )  # fmt: skip


SHEET = [message(n) for n in range(5)]


def sign(key: SecurityKey, drafts: list[Any] = SHEET, **said: str) -> list[AssertionApproval]:
    """One touch: an approval of each message."""
    hashes = [one.h for one in drafts]
    given_fields = {
        "kid": crypto.kid_of(key.jwk), "officer": "lan", "role": "investigator", "unit": "duty",
        "act": "drafted", "at": to_wire(NOW),
    }  # fmt: skip
    context = sheet_context(hashes, **{**given_fields, **said})
    answer = key.get(challenge(context))
    return [
        AssertionApproval.from_json({"context": context, "proof": proof.to_json(), **answer})
        for proof in sheet_proofs(hashes)
    ]


def holds(approval: Any, draft: Any, key: SecurityKey, party: RelyingParty = RP) -> bool:
    try:
        approval.check(draft.manifest_bytes, key.jwk, party)
    except SignatureBad:
        return False
    return True


@pytest.mark.parametrize("alg", ALGS)
def test_one_touch_signs_every_message_of_a_sheet(alg: str) -> None:
    for count in (1, 2, 3, 5):
        sheet = SHEET[:count]
        signed = sign(KEYS[alg], sheet)
        assert all(holds(*pair, KEYS[alg]) for pair in zip(signed, sheet, strict=True))
        assert len({one.digest for one in signed}) == 1


def test_a_sheet_of_one_message_is_signed_by_its_leaf() -> None:
    (one,) = sign(KEYS["ES256"], SHEET[:1])
    h = hashlib.sha256(SHEET[0].manifest_bytes).digest()
    assert one.context["root"] == hashlib.sha256(b"\0" + h).hexdigest()
    assert one.proof.to_json() == {"index": 0, "size": 1, "path": []}


def test_the_challenge_is_what_the_protocol_says() -> None:
    one = sign(KEYS["ES256"])[0]
    text = json.dumps(dict(one.context), sort_keys=True, separators=(",", ":"))
    expected = hashlib.sha256(b"lachan-approval/1\x00" + text.encode()).digest()
    assert json.loads(one.client_data)["challenge"] == b64(expected)


@pytest.mark.parametrize("alg", ALGS)
def test_an_independent_library_verifies_the_same_assertion(alg: str) -> None:
    key = KEYS[alg]
    one = sign(key)[2]
    checked = webauthn.verify_authentication_response(
        credential=AuthenticationCredential(
            id=b64(key.id), raw_id=key.id,
            response=AuthenticatorAssertionResponse(
                client_data_json=one.client_data, authenticator_data=one.authenticator_data,
                signature=one.signature,
            ),
        ),
        expected_challenge=challenge(one.context), expected_rp_id=PARTY, expected_origin=ORIGIN,
        credential_public_key=key.cose, credential_current_sign_count=0, require_user_verification=True,
    )  # fmt: skip
    assert checked.user_verified


def test_a_message_that_was_not_on_the_sheet_is_refused() -> None:
    signed = sign(KEYS["ES256"], SHEET[:3])
    assert not holds(signed[0], SHEET[1], KEYS["ES256"])
    assert not holds(signed[0], SHEET[4], KEYS["ES256"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"party": "lachan.example.evil.example"},
        {"origin": "https://lachan.example.evil.example"},
        {"origin": "http://lachan.example"},
        {"flags": 0x01},  # a touch without a PIN or a finger
        {"flags": 0x04},
        {"flags": 0x45, "extra": bytes(20)},  # attested data in an assertion
        {"flags": 0x85, "extra": b"\xa0"},  # extensions nobody asked for
        {"extra": b"\0"},
        {"client": {"type": "webauthn.create"}},
        {"client": {"challenge": b64(bytes(32))}},
        {"client": {"crossOrigin": True}},
        {"client": {"topOrigin": "https://other.example"}},
    ],
)
def test_what_another_site_another_ceremony_or_no_person_signed_is_refused(wrong: Any) -> None:
    key = SecurityKey(**wrong)
    try:
        (one,) = sign(key, SHEET[:1])
    except Malformed:
        return
    assert not holds(one, SHEET[0], key)


def test_members_that_a_browser_adds_are_let_pass() -> None:
    key = SecurityKey(client={"other_keys_can_be_added_here": "do not compare"})
    (one,) = sign(key, SHEET[:1])
    assert holds(one, SHEET[0], key)


def test_a_duplicate_member_of_the_client_data_is_refused() -> None:
    key = SecurityKey()
    (one,) = sign(key, SHEET[:1])
    doubled = one.client_data.replace(b"{", b'{"type":"webauthn.get",', 1)
    head = one.authenticator_data
    signature = key.sign(head + hashlib.sha256(doubled).digest())
    forged = AssertionApproval(one.context, head, doubled, signature, one.proof)
    with pytest.raises(Malformed):
        forged.check(SHEET[0].manifest_bytes, key.jwk, RP)


def test_another_key_another_person_and_a_key_without_a_relying_party_are_refused() -> None:
    key, other = KEYS["ES256"], SecurityKey()
    (one,) = sign(key, SHEET[:1])
    assert not holds(one, SHEET[0], other)
    borrowed = {**one.to_json(), "context": {**one.context, "officer": "minh"}}
    assert not holds(AssertionApproval.from_json(borrowed), SHEET[0], key)
    with pytest.raises(SignatureBad):
        one.check(SHEET[0].manifest_bytes, key.jwk, None)


def test_a_proof_for_another_size_is_no_proof() -> None:
    """The path of leaf 0 is the same in trees of 3 and of 4: the size is signed, so only one passes."""
    one = sign(KEYS["ES256"], SHEET[:3])[0].to_json()
    said = {**one, "proof": {**one["proof"], "size": 4}}
    with pytest.raises(Malformed):
        AssertionApproval.from_json(said)
    moved = AssertionApproval.from_json({**said, "context": {**one["context"], "size": 4}})
    assert not holds(moved, SHEET[0], KEYS["ES256"])


def test_a_small_rsa_key_and_another_curve_are_refused() -> None:
    (one,) = sign(KEYS["ES256"], SHEET[:1])
    for jwk in (
        {"kty": "RSA", "n": b64(b"\xff" * 128), "e": "AQAB"},
        {"kty": "RSA", "n": "", "e": "AQAB"},
        {"kty": "RSA", "e": "AQAB"},
        {"kty": "oct", "k": "AAAA"},
    ):
        with pytest.raises(Malformed):
            one.check(SHEET[0].manifest_bytes, jwk, RP)
    x25519 = crypto.public_jwk(crypto.new_encrypt_key())
    assert not holds_under(one, x25519)


def holds_under(one: AssertionApproval, jwk: dict[str, str]) -> bool:
    try:
        one.check(SHEET[0].manifest_bytes, jwk, RP)
    except LachanError:
        return False
    return True


def test_a_security_key_signs_no_jws() -> None:
    officer = crypto.new_sign_key()
    one = approve(SHEET[0], officer, officer="lan", role="investigator", unit="duty", act="drafted", at=NOW)  # fmt: skip
    one.check(SHEET[0].manifest_bytes, crypto.public_jwk(officer))
    with pytest.raises(SignatureBad):
        one.check(SHEET[0].manifest_bytes, crypto.public_jwk(officer), RP)


ONE = sign(KEYS["ES256"])[1].to_json()
LONG = b64(bytes(5000))


@pytest.mark.parametrize(
    "changed",
    [
        {"extra": "x"},
        {"context": {**ONE["context"], "note": "x"}},
        {"context": {name: value for name, value in ONE["context"].items() if name != "at"}},
        {"context": {**ONE["context"], "root": ONE["context"]["root"].upper()}},
        {"context": {**ONE["context"], "root": 5}},
        {"context": {**ONE["context"], "size": True}},
        {"context": {**ONE["context"], "act": "shouted"}},
        {"context": {**ONE["context"], "officer": 7}},
        {"context": "text"},
        {"authenticatorData": LONG},
        {"clientDataJSON": LONG},
        {"signature": LONG},
        {"signature": ONE["signature"] + "="},
        {"signature": 5},
        {"proof": {**ONE["proof"], "index": 5}},
        {"proof": {**ONE["proof"], "index": -1}},
        {"proof": {**ONE["proof"], "size": 10**9}},
        {"proof": {**ONE["proof"], "index": True}},
        {"proof": {**ONE["proof"], "path": ["00"] * 3}},
        {"proof": {**ONE["proof"], "path": ["00" * 32] * 40}},
        {"proof": {**ONE["proof"], "path": "x"}},
        {"proof": {**ONE["proof"], "note": 1}},
        {"proof": []},
    ],
)
def test_an_assertion_of_another_form_is_not_read(changed: Any) -> None:
    with pytest.raises(Malformed):
        read_approval({**ONE, **changed})


def test_both_forms_are_read_and_written_again() -> None:
    again = read_approval(ONE)
    assert isinstance(again, AssertionApproval)
    assert again.to_json() == ONE
    plain = approve(SHEET[0], crypto.new_sign_key(), officer="a", role="b", unit="c", act="approved", at=NOW)  # fmt: skip
    assert read_approval(plain.to_json()) == plain
    assert isinstance(plain, JwsApproval)


def sealed(alg: str) -> bytes:
    return seal(SHEET[2], [sign(KEYS[alg])[2]], MEMBER, NOW).to_bytes()


WIRES = {alg: sealed(alg) for alg in ALGS}


def intact(data: bytes, alg: str) -> bool:
    envelope = Envelope.from_bytes(data)
    (one,) = envelope.approvals
    one.check(envelope.manifest_bytes, KEYS[alg].jwk, RP)
    envelope.seal.check(crypto.public_jwk(MEMBER), h=envelope.h, approvals=envelope.approvals)
    return message_hash(envelope.manifest_bytes) == SHEET[2].h


@given(st.sampled_from(ALGS), st.data())
def test_any_byte_changed_in_an_approval_is_refused(alg: str, data: st.DataObject) -> None:
    wire = WIRES[alg]
    start, end = wire.index(b'"approvals"'), wire.index(b'"manifest"')
    place = data.draw(st.integers(start, end - 1))
    changed = bytearray(wire)
    changed[place] ^= data.draw(st.integers(1, 255))
    assert intact(wire, alg)
    try:
        assert not intact(bytes(changed), alg)
    except (LachanError, ValueError):
        return


WHOLE = {alg: sign(KEYS[alg], SHEET[:3])[1].to_json() for alg in ALGS}


@given(st.sampled_from(ALGS), st.data())
def test_any_bit_changed_in_what_was_signed_is_refused(alg: str, data: st.DataObject) -> None:
    """Re-encoded, so that the change is in the bytes and not in their spelling."""
    one = WHOLE[alg]
    field = data.draw(st.sampled_from(["authenticatorData", "clientDataJSON", "signature"]))
    raw = bytearray(unb64(one[field]))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        assert not holds(read_approval({**one, field: b64(bytes(raw))}), SHEET[1], KEYS[alg])
    except LachanError:
        return


@given(st.integers(1, 40), st.data())
def test_each_message_has_one_proof_and_no_other_place(size: int, data: st.DataObject) -> None:
    hashes = [hashlib.sha256(bytes([n])).hexdigest() for n in range(size)]
    proofs = sheet_proofs(hashes)
    root = bytes.fromhex(sheet_context(hashes, kid="", officer="", role="", unit="", act="", at="")["root"])  # fmt: skip
    mine, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    leaf = tree.leaf_hash(bytes.fromhex(hashes[mine]))
    found = tree.inclusion_holds(leaf, idx=other, size=size, path=proofs[mine].path, head=root)
    assert found == (mine == other)


def test_the_wire_form_is_canonical() -> None:
    read = parse_canonical(WIRES["ES256"])
    assert canonical(read) == WIRES["ES256"]
