"""The envelope: one spelling, one hash, and nobody between sender and receiver can change a byte."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.exchange import crypto, encryption
from lachan.exchange.approvals import read_approval
from lachan.exchange.crypto import Jws
from lachan.exchange.envelope import MAX_INLINE, Draft, Envelope, approve, draft, reseal, seal
from lachan.exchange.errors import (
    BlobMissing,
    DecryptFailed,
    Malformed,
    PartCommit,
    SchemaMismatch,
    TooLarge,
)
from lachan.exchange.manifest import Manifest
from lachan.exchange.messages import confirm_transfer
from lachan.exchange.opening import open_part, read_part
from lachan.exchange.parts import (
    PlainPart,
    body_part,
    commitment,
    merkle_path,
    merkle_root,
    root_from_path,
    row_leaf,
)
from lachan.exchange.signer_errors import SignatureBad
from lachan.kernel.canonical import NotCanonical, canonical
from lachan.kernel.errors import LachanError
from lachan.kernel.time import to_wire

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
ASK = confirm_transfer.Ask(
    time=to_wire(NOW), amount=50_000_000, from_account="970436:0011", to_account="970416:0022"
)
READER, AGENCY, MEMBER, OFFICER = (
    crypto.new_encrypt_key(),
    crypto.new_encrypt_key("P-256"),
    crypto.new_sign_key(),
    crypto.new_sign_key("ES256"),
)
SALT = bytes(range(32))


def make(**changed) -> Draft:
    given_fields = {
        "type": "ask",
        "kind_name": "confirm_transfer",
        "sender": "vn/police/a05/duty",
        "receiver": "vn/bank/970416",
        "created_at": NOW,
        "purpose": "GLD",
        "directory_version": 1,
        "encrypt_to": [READER, AGENCY],
        "parts": [body_part(ASK)],
        "priority": "P0",
    }
    return draft(**{**given_fields, **changed})


def sealed(message: Draft | None = None, at: datetime = NOW) -> Envelope:
    message = message or make()
    one = approve(
        message, OFFICER, officer="o1", role="duty_officer", unit="duty", act="approved", at=at
    )
    return seal(message, [one], MEMBER, at)


def test_the_vectors_of_the_protocol_hold():
    first = canonical({"n": 50_000_000, "note": "Nguyễn Thị Hường"})
    assert len(first) == 47
    assert (
        hashlib.sha256(first).hexdigest()
        == "1eb44a1c817ca8c884ad2a2feefb6ea04e5708143de59ece1c9b7d5069f07b65"
    )
    assert (
        commitment(b"19001234567", SALT, "bytes")
        == "e9a563c5aca05bf5e0464a2fb88c6443e91a0dc28022c17d68a0403cffcf5c33"
    )
    leaf = row_leaf(canonical({"amount": 1000, "id": "t1"}), SALT, 0)
    assert leaf.hex() == "10de5c3501104058a501f695c295a486039052f1ac9a96cc62a78af3ec908086"
    leaves = [hashlib.sha256(b"\0" + one).digest() for one in (b"a", b"b", b"c")]
    assert (
        merkle_root(leaves).hex()
        == "36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1"
    )


@given(st.integers(1, 70), st.data())
def test_a_single_row_is_proved_without_the_others(size, data):
    leaves = [hashlib.sha256(bytes([i])).digest() for i in range(size)]
    index = data.draw(st.integers(0, size - 1))
    path = merkle_path(leaves, index)
    root = merkle_root(leaves)
    assert root_from_path(leaves[index], index, size, path) == root
    assert root_from_path(leaves[index], index, size, [*path, b"x" * 32]) is None
    assert root_from_path(b"y" * 32, index, size, path) != root
    if path:
        assert root_from_path(leaves[index], index, size, path[1:]) is None
    assert root_from_path(leaves[index], size, size, path) is None


def test_what_is_sent_reads_back_to_the_same_bytes():
    envelope = sealed()
    again = Envelope.from_bytes(envelope.to_bytes())
    assert again == envelope
    assert again.h == hashlib.sha256(envelope.manifest_bytes).hexdigest()
    assert again.sent_at == NOW


def test_receiver_and_sender_open_the_part_and_nobody_else():
    envelope = sealed()
    assert open_part(envelope, "ask", READER) == open_part(envelope, "ask", AGENCY)
    with pytest.raises(DecryptFailed):
        open_part(envelope, "ask", crypto.new_encrypt_key())
    with pytest.raises(SchemaMismatch):
        open_part(envelope, "nothing", READER)
    bare = Envelope(envelope.manifest_bytes, envelope.approvals, envelope.seal, {})
    with pytest.raises(DecryptFailed):
        open_part(bare, "ask", READER)


def test_the_plaintext_is_not_in_the_envelope():
    assert b"0011" not in sealed().to_bytes()


def test_a_part_of_rows_keeps_its_rows_and_their_number():
    rows = ({"id": "t1", "amount": 1000}, {"id": "t2", "amount": 5})
    message = make(parts=[body_part(ASK), PlainPart(name="rows", rows=rows)])
    opened = read_part(message, "rows", READER)
    assert opened.rows == list(rows)
    assert opened.entry.rows == 2
    assert commitment(b"", SALT, "rows") == hashlib.sha256(b"").hexdigest()


def test_another_content_under_the_same_manifest_does_not_match_its_commitment():
    message = make()
    other = encryption.encrypt(SALT + b'{"amount":1}', [READER])
    with pytest.raises(PartCommit):
        open_part(Draft(message.manifest_bytes, {"ask": other}), "ask", READER)


def test_a_large_part_travels_beside_the_envelope():
    message = make(parts=[body_part(ASK), PlainPart(name="scan", body=b"x" * MAX_INLINE)])
    envelope = Envelope.from_bytes(sealed(message).to_bytes())
    sha = envelope.blobs["scan"]
    with pytest.raises(BlobMissing):
        open_part(envelope, "scan", READER)
    with pytest.raises(BlobMissing):
        open_part(envelope, "scan", READER, blobs={sha: b"cut"})
    body = open_part(envelope, "scan", READER, blobs={sha: message.parts["scan"]})
    assert len(body) == MAX_INLINE


def test_a_message_sealed_again_is_the_same_message():
    envelope = sealed()
    again = reseal(envelope, MEMBER, NOW + timedelta(minutes=10))
    assert (again.h, again.approvals, again.parts) == (
        envelope.h,
        envelope.approvals,
        envelope.parts,
    )
    assert again.sent_at == NOW + timedelta(minutes=10)
    again.seal.check(crypto.public_jwk(MEMBER), h=again.h, approvals=again.approvals)


def test_a_half_signed_draft_survives_storage():
    message = make()
    again = Draft.from_bytes(message.to_bytes())
    assert (again.h, dict(again.parts)) == (message.h, dict(message.parts))


def test_the_seal_covers_h_and_every_approval():
    envelope = sealed()
    jwk = crypto.public_jwk(MEMBER)
    with pytest.raises(SignatureBad):
        envelope.seal.check(jwk, h="0" * 64, approvals=envelope.approvals)
    with pytest.raises(SignatureBad):
        envelope.seal.check(jwk, h=envelope.h, approvals=())


def test_an_approval_moved_to_another_manifest_is_refused():
    envelope, other = sealed(), make(purpose="INV")
    with pytest.raises(SignatureBad):
        envelope.approvals[0].check(other.manifest_bytes, crypto.public_jwk(OFFICER))


def intact(data: bytes) -> bool:
    """Whether an envelope still reads, verifies and opens: what a receiver would ask."""
    envelope = Envelope.from_bytes(data)
    envelope.approvals[0].check(envelope.manifest_bytes, crypto.public_jwk(OFFICER))
    envelope.seal.check(crypto.public_jwk(MEMBER), h=envelope.h, approvals=envelope.approvals)
    return open_part(envelope, "ask", READER) is not None


WIRE = sealed().to_bytes()


@given(st.integers(0, len(WIRE) - 1), st.integers(1, 255))
def test_any_byte_changed_is_refused(place, flip):
    changed = bytearray(WIRE)
    changed[place] ^= flip
    before = Envelope.from_bytes(WIRE)
    try:
        assert intact(bytes(changed))
    except LachanError:
        return
    # Only the other reader's key wrap may change unseen by this one: it alone is not hers to check.
    after = Envelope.from_bytes(bytes(changed))
    assert after.manifest_bytes == before.manifest_bytes
    assert open_part(after, "ask", READER) == open_part(before, "ask", READER)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"v": "lachan/2"}, "$.v"),
        ({"seq": 2}, "prev"),
        ({"prev": "0" * 64}, "prev"),
        ({"type": "answer"}, "in_reply_to"),
        ({"type": "refuse", "in_reply_to": "0" * 64}, "outcome"),
        ({"expires_at": None}, "expires_at"),
        ({"expires_at": to_wire(NOW + timedelta(hours=25))}, "expires_at"),
        ({"expires_at": to_wire(NOW)}, "expires_at"),
        ({"id": "00000000-0000-4000-8000-000000000000"}, "UUIDv7"),
        ({"kind": "nothing"}, "nothing"),
        ({"sender": "VN/police/a05"}, "sender"),
        ({"priority": "P9"}, "priority"),
        ({"kind": "hold"}, "sheet"),
        ({"surprise": 1}, "surprise"),
        ({"batch": None}, "null"),
        ({"seq": 0}, "seq"),
        ({"seq": True}, "seq"),
        ({"created_at": "2026-02-31T00:00:00.000Z", "expires_at": "2026-03-01T00:00:00.000Z"}, ""),
    ],
)
def test_a_manifest_outside_the_form_is_refused_with_the_place(changed, where):
    plain = {**msgspec.json.decode(make().manifest_bytes), **changed}
    with pytest.raises(LachanError) as refused:
        Manifest.parse(canonical(plain))
    assert where in str(refused.value)


def test_parts_have_one_name_each_and_a_known_form():
    plain = msgspec.json.decode(make().manifest_bytes)
    part = plain["parts"][0]
    for parts in ([part, part], [{**part, "form": "film"}], [{**part, "rows": 1}]):
        with pytest.raises(SchemaMismatch):
            Manifest.parse(canonical({**plain, "parts": parts}))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'{"a":1,"a":2}',
        b'{"a":1.5}',
        b'{"a":NaN}',
        b'{"a":12345678901234567890}',
        b"[" * 1_000_000,
        b'{"a":' * 100_000,
        '{"a":"Nguye\u0302\u0303n"}'.encode(),
        b'{"a":"\xff"}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'"' + b"[" * 100 + b'\\"' + b"[" * 100 + b'"',
        canonical({"approvals": {}, "manifest": "", "parts": [], "seal": {}}),
        canonical({"approvals": [], "manifest": "", "parts": [], "seal": {}}),
        canonical(
            {
                "approvals": [],
                "manifest": 1,
                "parts": [],
                "seal": {"payload": "", "protected": "", "signature": ""},
            }
        ),
    ],
)
def test_what_is_no_envelope_is_refused_not_crashed_on(raw):
    for read in (Envelope.from_bytes, Manifest.parse):
        with pytest.raises((Malformed, NotCanonical, SchemaMismatch, TooLarge)):
            read(raw)


def test_sizes_are_bounded():
    with pytest.raises(TooLarge):
        Manifest.parse(b" " * 65_537)
    with pytest.raises(TooLarge):
        Envelope.from_bytes(b" " * (4 * 1024 * 1024 + 1))
    with pytest.raises((TooLarge, SchemaMismatch)):
        make(parts=[PlainPart(name=f"p{i}", media_type="x" * 101) for i in range(2)])


def change(**changed) -> bytes:
    return canonical({**msgspec.json.decode(WIRE), **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"approvals": [{}]},
        {"approvals": [{"protected": 1, "signature": ""}]},
        {"approvals": [{"protected": crypto.b64encode(b"{}"), "signature": ""}]},
        {"approvals": [{}] * 9},
        {"seal": {"signatures": []}},
        {"parts": "x"},
        {"parts": [{"name": "ask"}]},
        {"parts": [{"name": "ask", "inline": ""}] * 2},
        {"parts": [{"name": "ask", "inline": "A"}]},
        {"parts": [{"name": "other", "inline": ""}]},
        {"parts": [{"name": 1, "inline": ""}]},
        {"extra": 1},
    ],
)
def test_an_envelope_with_a_wrong_member_is_refused(changed):
    with pytest.raises((Malformed, SchemaMismatch)):
        Envelope.from_bytes(change(**changed))


def test_an_assertion_that_says_nothing_is_refused():
    one = {"clientDataJSON": "", "authenticatorData": "", "signature": "", "context": {}}
    with pytest.raises(Malformed):
        Envelope.from_bytes(change(approvals=[one]))


def header(**changed) -> str:
    key = crypto.public_jwk(OFFICER)
    full = {"alg": "ES256", "kid": crypto.kid_of(key), "typ": "lachan-approval+jws", **changed}
    return crypto.b64encode(canonical({k: v for k, v in full.items() if v is not None}))


@pytest.mark.parametrize(
    "protected",
    [
        header(alg="none"),
        header(alg="HS256"),
        header(alg="EdDSA"),
        header(alg=None),
        header(typ="lachan-seal+jws"),
        header(kid="another"),
        header(crit=["x"], x=1),
        header(b64=False),
        crypto.b64encode(b'{"alg":"ES256","alg":"none"}'),
        crypto.b64encode(b"[]"),
        crypto.b64encode(b"\xff"),
        "AA=",
        "é",
        "",
    ],
)
def test_tricks_with_the_signature_header_are_refused(protected):
    payload = b"payload"
    jwk = crypto.public_jwk(OFFICER)
    for signature in ("", crypto.b64encode(b"0" * 64), crypto.b64encode(b"0" * 63)):
        with pytest.raises((SignatureBad, Malformed)):
            crypto.verify(Jws(protected, signature), payload, jwk, typ="lachan-approval+jws")


def test_a_public_key_as_an_hmac_secret_signs_nothing():
    import hmac

    jwk = crypto.public_jwk(MEMBER)
    protected = crypto.b64encode(
        canonical({"alg": "HS256", "kid": crypto.kid_of(jwk), "typ": "lachan-seal+jws"})
    )
    signing_input = f"{protected}.{crypto.b64encode(b'p')}".encode()
    mac = hmac.new(crypto.b64decode(jwk["x"]), signing_input, hashlib.sha256).digest()
    with pytest.raises(SignatureBad):
        crypto.verify(Jws(protected, crypto.b64encode(mac)), b"p", jwk, typ="lachan-seal+jws")


def test_eddsa_is_read_on_an_ed25519_key_though_never_written():
    jwk = crypto.public_jwk(MEMBER)
    protected = crypto.b64encode(canonical({"alg": "EdDSA", "kid": crypto.kid_of(jwk), "typ": "t"}))
    from joserfc.jws import JWSRegistry

    raw = JWSRegistry.algorithms["Ed25519"].sign(
        f"{protected}.{crypto.b64encode(b'p')}".encode(), MEMBER
    )
    assert (
        crypto.verify(Jws(protected, crypto.b64encode(raw)), b"p", jwk, typ="t")["alg"] == "EdDSA"
    )
    assert crypto.sign(b"p", MEMBER, typ="t").header["alg"] == "Ed25519"


def test_keys_that_are_no_keys_are_refused():
    for jwk in ({}, {"kty": "oct", "k": "AAAA"}, {"kty": "RSA", "n": "AQAB", "e": "AQAB"}):
        with pytest.raises(Malformed):
            crypto.load_key(jwk)
        with pytest.raises(Malformed):
            crypto.kid_of(jwk)
    assert crypto.load_key(crypto.private_jwk(MEMBER)).is_private


def test_what_is_no_jwe_does_not_open():
    for raw in (b"[]", b'{"recipients":[]}', b'{"recipients":[{"header":{"kid":"x"}}]}'):
        with pytest.raises(ValueError, match=r"."):
            encryption.decrypt(raw, READER)


@given(
    st.one_of(
        st.text(max_size=12),
        st.text("AQgw-_+/=Zz09 \n", max_size=12),
        st.binary(max_size=20).map(crypto.b64encode),
    )
)
def test_base64url_has_one_spelling_and_nothing_else_is_read(text: str):
    try:
        data = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        data = None
    if data is not None and crypto.b64encode(data) == text:
        assert crypto.b64decode(text) == data
    else:
        with pytest.raises(Malformed):
            crypto.b64decode(text)


def test_a_detached_jws_has_three_parts_the_middle_empty():
    one = crypto.sign(b"p", MEMBER, typ="t")
    assert Jws.parse(one.text) == one
    for text in ("a.b", "a.b.c", ""):
        with pytest.raises(Malformed):
            Jws.parse(text)


def test_approval_reads_its_own_header():
    one = sealed().approvals[0]
    assert (one.officer, one.role, one.unit, one.act) == ("o1", "duty_officer", "duty", "approved")
    assert one.at == to_wire(NOW)
    assert read_approval(one.to_json()) == one
    with pytest.raises(ValueError, match="dancing"):
        approve(make(), OFFICER, officer="o", role="desk", unit="u", act="dancing", at=NOW)
