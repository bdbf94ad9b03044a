"""What we seal opens with joserfc, what joserfc seals opens with us, and nothing altered opens at all."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.jwe import JWERegistry

from lachan.exchange import crypto
from lachan.exchange.crypto import b64decode, b64encode
from lachan.exchange.encryption import decrypt, encrypt
from lachan.exchange.errors import Malformed
from lachan.kernel.canonical import canonical, parse_canonical

X25519, P256 = crypto.new_encrypt_key(), crypto.new_encrypt_key("P-256")
PAIRS = [(X25519, P256), (P256, X25519)]
REGISTRY = JWERegistry(algorithms=["ECDH-ES+A256KW", "A256GCM"])


def _for(sealed: bytes, key: crypto.PrivateKey) -> dict:
    """Their reader takes a JWE whose recipients it can all open."""
    body = json.loads(sealed)
    return {
        **body,
        "recipients": [
            one for one in body["recipients"] if one["header"]["kid"] == crypto.kid_of(key)
        ],
    }


@pytest.mark.parametrize(("reader", "other"), PAIRS)
@given(plaintext=st.binary(max_size=3000))
@settings(max_examples=25, deadline=None)
def test_each_of_several_readers_opens_it_with_either_library(reader, other, plaintext) -> None:
    sealed = encrypt(plaintext, [crypto.public_jwk(reader), other])
    assert canonical(parse_canonical(sealed)) == sealed
    for key in (reader, other):
        assert decrypt(sealed, key) == plaintext
        assert jwe.decrypt_json(_for(sealed, key), key, registry=REGISTRY).plaintext == plaintext


@pytest.mark.parametrize("key", [X25519, P256])
def test_what_joserfc_seals_opens_here(key) -> None:
    theirs = jwe.GeneralJSONEncryption({"enc": "A256GCM"}, b"payload")
    theirs.add_recipient({"alg": "ECDH-ES+A256KW", "kid": crypto.kid_of(key)}, key)
    sealed = json.dumps(jwe.encrypt_json(theirs, None, registry=REGISTRY)).encode()
    assert decrypt(sealed, key) == b"payload"


def test_parties_and_a_shared_header_are_read_as_the_standard_says() -> None:
    theirs = jwe.GeneralJSONEncryption(
        {"enc": "A256GCM", "alg": "ECDH-ES+A256KW"}, b"payload", aad=b"seen"
    )
    theirs.add_recipient({"kid": crypto.kid_of(X25519), "apu": "QWxpY2U", "apv": "Qm9i"}, X25519)
    sealed = json.dumps(jwe.encrypt_json(theirs, None, registry=REGISTRY)).encode()
    assert decrypt(sealed, X25519) == b"payload"


CHANGES: dict[str, Callable[[dict], object]] = {
    "another algorithm": lambda body: _header(body).update(alg="dir"),
    "a parameter in two places": lambda body: _header(body).update(enc="A256GCM"),
    "an unknown extension": lambda body: _header(body).update(crit=["x"], x=1),
    "compressed": lambda body: _header(body).update(zip="DEF"),
    "a point off the curve": lambda body: _header(body).update(
        epk={"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}
    ),
    "an ephemeral key that is a list": lambda body: _header(body).update(epk=[]),
    "a weak point": lambda body: _header(body)["epk"].update(x=b64encode(bytes(32))),
    "no encrypted key": lambda body: body["recipients"][0].pop("encrypted_key"),
    "a shared header that is a list": lambda body: body.update(unprotected=[]),
    "other additional data": lambda body: body.update(aad="AAAA"),
    "no tag": lambda body: body.update(tag=""),
    "a protected header that is a list": lambda body: body.update(protected=b64encode(b"[]")),
    "a protected header that is a number": lambda body: body.update(protected=7),
}


def _header(body: dict) -> dict:
    return body["recipients"][0]["header"]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_not_in_the_form_does_not_open(change) -> None:
    body = json.loads(encrypt(b"x", [X25519]))
    change(body)
    with pytest.raises(ValueError, match="cannot be opened"):
        decrypt(json.dumps(body).encode(), X25519)


@pytest.mark.parametrize("header", [[], None, "x", {"kid": []}], ids=str)
def test_a_recipient_without_a_readable_header_is_nobody(header) -> None:
    body = json.loads(encrypt(b"x", [X25519]))
    body["recipients"][0]["header"] = header
    with pytest.raises(ValueError, match="no recipient entry"):
        decrypt(json.dumps(body).encode(), X25519)


def test_a_reader_named_twice_has_one_entry_and_each_entry_its_own_ephemeral_key() -> None:
    sealed = json.loads(encrypt(b"x", [X25519, crypto.public_jwk(X25519), P256]))
    shown = [one["header"]["epk"] for one in sealed["recipients"]]
    assert len(shown) == 2
    again = json.loads(encrypt(b"x", [X25519]))
    assert again["recipients"][0]["header"]["epk"] not in shown
    assert again["iv"] != sealed["iv"]


@pytest.mark.parametrize("field", ["ciphertext", "iv", "tag", "protected", "encrypted_key", "epk"])
def test_one_bit_turned_anywhere_does_not_open(field: str) -> None:
    body = json.loads(encrypt(b"a secret of some length", [X25519]))
    one = body["recipients"][0]
    place, name = {
        "encrypted_key": (one, "encrypted_key"), "epk": (one["header"]["epk"], "x"),
    }.get(field, (body, field))  # fmt: skip
    raw = bytearray(b64decode(place[name]))
    raw[len(raw) // 2] ^= 1
    place[name] = b64encode(bytes(raw))
    with pytest.raises(ValueError, match="cannot be opened"):
        decrypt(canonical(body), X25519)


def test_a_stranger_and_a_signing_key_are_no_readers() -> None:
    with pytest.raises(ValueError, match="no recipient entry"):
        decrypt(encrypt(b"x", [X25519]), P256)
    with pytest.raises(Malformed):
        encrypt(b"x", [crypto.new_sign_key()])
