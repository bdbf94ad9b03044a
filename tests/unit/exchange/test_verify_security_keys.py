"""Orders signed by security keys pass where their rows admit them, live and in a bundle; nowhere else."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from lachan.exchange import crypto
from lachan.exchange.approvals import AssertionApproval
from lachan.exchange.assertions import challenge, sheet_context, sheet_proofs
from lachan.exchange.envelope import Draft
from lachan.exchange.mandates import Catalogue
from lachan.exchange.verify_bundle import verify_bundle
from lachan.kernel.time import to_wire
from lachan.members.directory_rows import KeyRow, RelyingParty, row_bytes, sign_row
from lachan.members.roles import KeyStorage, KeyUse
from tests.security_key import ORIGIN, PARTY, SecurityKey
from tests.unit.exchange.conftest import A05, END, START
from tests.unit.exchange.test_verify import (
    DEMO,
    LAN,
    MINH,
    VN,
    Exchange,
    code_of,
    passed,
)
from tests.unit.exchange.test_verify_bundle import PROFILE, bundle

RP = RelyingParty(id=PARTY, origin=ORIGIN)
ADOPTED = Catalogue(
    tuple(
        msgspec.structs.replace(row, adopted_by="Officer", adopted_at="2026-01-01T00:00:00.000Z")
        for row in VN.rows
    )
)


def enrol(world: Any, name: str, alg: str = "ES256", **changed: Any) -> SecurityKey:
    """The officer's key in the directory, under the agency's own signature."""
    key = SecurityKey(alg)
    row = KeyRow(
        kid=crypto.kid_of(key.jwk), use=KeyUse.SIGN, member=A05, officer=name, alg=alg, jwk=key.jwk,
        storage=KeyStorage.WEBAUTHN, valid_from=START, valid_to=END, relying_party=RP,
    )  # fmt: skip
    row = msgspec.structs.replace(row, **changed)
    world.key_rows.append(sign_row(row, world.keys[f"{A05}#enrol"]))
    return key


def touch(
    key: SecurityKey, exchange: Exchange, drafts: list[Draft], who: tuple[str, str, str]
) -> list[AssertionApproval]:
    name, role, unit = who
    hashes = [one.h for one in drafts]
    context = sheet_context(
        hashes, kid=crypto.kid_of(key.jwk), officer=name, role=role, unit=unit, act="approved",
        at=to_wire(exchange.now),
    )  # fmt: skip
    answer = key.get(challenge(context))
    return [
        AssertionApproval.from_json({"context": context, "proof": one.to_json(), **answer})
        for one in sheet_proofs(hashes)
    ]


@pytest.fixture(params=["ES256", "Ed25519", "RS256"])
def signed(request, world, names, now):
    """Two holds on one sheet, each of two people touching once; under the adopted rows of `vn`."""
    lan, minh = enrol(world, "lan", request.param), enrol(world, "minh", request.param)
    exchange = Exchange(world, names, now, ADOPTED)
    drafts = [exchange.hold(), exchange.hold(amount=7_000_000)]
    first = touch(lan, exchange, drafts, LAN)
    second = touch(minh, exchange, drafts, MINH)
    sent = [
        exchange.seal(draft, list(pair))
        for draft, pair in zip(drafts, zip(first, second, strict=True), strict=True)
    ]
    return exchange, sent


def test_a_live_hold_signed_by_security_keys_passes_outside_the_demonstration(signed):
    exchange, sent = signed
    for envelope in sent:
        assert passed(exchange.centre(envelope)).officers == {"lan", "minh"}
        passed(exchange.bank(envelope.to_bytes()))


def test_the_demonstration_admits_both_forms_on_one_order(world, names, now):
    lan = enrol(world, "lan")
    exchange = Exchange(world, names, now)
    message = exchange.hold()
    mixed = [*touch(lan, exchange, [message], LAN), *exchange.sign(message, MINH)]
    passed(exchange.bank(exchange.seal(message, mixed)))


def test_a_soft_key_beside_a_security_key_signs_no_live_hold(world, names, now):
    lan = enrol(world, "lan")
    exchange = Exchange(world, names, now, ADOPTED)
    message = exchange.hold()
    mixed = [*touch(lan, exchange, [message], LAN), *exchange.sign(message, MINH)]
    refused = exchange.centre(exchange.seal(message, mixed))
    assert code_of(refused) == "exchange.mandate_signers"


def test_a_key_that_the_agency_did_not_enrol_is_unknown(world, names, now):
    key = SecurityKey()
    exchange = Exchange(world, names, now)
    message = exchange.hold()
    mixed = [*touch(key, exchange, [message], LAN), *exchange.sign(message, MINH)]
    assert code_of(exchange.centre(exchange.seal(message, mixed))) == "exchange.signer_unknown"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"relying_party": msgspec.UNSET}, "exchange.signature"),
        ({"relying_party": RelyingParty(id=PARTY, origin="https://x.example")}, "exchange.signature"),
        ({"relying_party": RelyingParty(id="x.example", origin=ORIGIN)}, "exchange.signature"),
        ({"storage": KeyStorage.SOFT}, "exchange.signer_form"),
        ({"storage": KeyStorage.PKCS11}, "exchange.signer_form"),
    ],
)  # fmt: skip
def test_the_row_decides_form_and_place(world, names, now, changed, code):
    lan = enrol(world, "lan", **changed)
    exchange = Exchange(world, names, now)
    message = exchange.hold()
    mixed = [*touch(lan, exchange, [message], LAN), *exchange.sign(message, MINH)]
    assert code_of(exchange.centre(exchange.seal(message, mixed))) == code


def test_an_approval_moved_to_another_order_is_refused(signed):
    exchange, (one, other) = signed
    moved = exchange.seal(Draft(one.manifest_bytes, one.parts), other.approvals)
    assert code_of(exchange.centre(moved)) == "exchange.signature"


def test_a_security_key_stands_for_no_shift_and_no_service(world, names, now):
    enrol(world, "son")
    exchange = Exchange(world, names, now)
    key = enrol(world, "son")
    exchange.directory = world.directory()
    message = exchange.confirm()
    (one,) = touch(key, exchange, [message], ("son", "duty_officer", "duty"))
    context = {**one.context, "act": "standing"}
    answer = key.get(challenge(context))
    forged = AssertionApproval.from_json({"context": context, "proof": one.proof.to_json(), **answer})  # fmt: skip
    assert code_of(exchange.centre(exchange.seal(message, [forged]))) == "exchange.signer_unknown"
    passed(exchange.centre(exchange.seal(message, [one])))


def test_a_bundle_with_such_orders_verifies_offline_and_names_what_was_altered(world, names, now):
    world.hashes = {"mandates_hash": DEMO.hash, "calendar_hash": PROFILE.calendar_hash}
    lan, minh = enrol(world, "lan"), enrol(world, "minh", "RS256")
    exchange = Exchange(world, names, now)
    message = exchange.hold()
    approvals = [*touch(lan, exchange, [message], LAN), *touch(minh, exchange, [message], MINH)]
    files = bundle(world, exchange, (exchange.seal(message, approvals), True), at=now)
    assert [one for one in verify_bundle(files) if not one.ok] == []
    path = next(path for path in files if path.endswith("envelope.json"))
    other = SecurityKey()
    forged = touch(other, exchange, [message], LAN)[0].to_json()
    forged["context"] = approvals[0].to_json()["context"]
    bad = [AssertionApproval.from_json(forged), approvals[1]]
    files[path] = exchange.seal(message, bad).to_bytes()
    found = {one.id for one in verify_bundle(files) if not one.ok}
    assert "V4" in found


def test_a_row_without_a_relying_party_keeps_its_bytes(world):
    row = world.key_rows[0]
    assert b"relying_party" not in row_bytes(row)
    assert msgspec.json.decode(msgspec.json.encode(row), type=KeyRow) == row
