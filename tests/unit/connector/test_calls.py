"""A call without the member key's signature is nobody's call."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.exchange.calls import MAX_SKEW, CallSigner, sign_call, verify_call
from lachan.exchange.crypto import Jwk, kid_of, load_key, new_sign_key, private_jwk, public_jwk
from lachan.exchange.signer_errors import CallSignature

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
URL = "https://centre.example:8443/exchange/v1/inbox?after=7&wait=30"
KEY = private_jwk(new_sign_key())
OTHER = private_jwk(new_sign_key())
P256 = private_jwk(new_sign_key("ES256"))
KNOWN = {kid_of(one): one for one in (KEY, OTHER, P256)}


def find(kid: str) -> Jwk | None:
    found = KNOWN.get(kid)
    return None if found is None else {n: v for n, v in found.items() if n != "d"}


def verified(
    headers: Mapping[str, str], body: bytes = b"{}", url: str = URL, now: datetime = NOW
) -> CallSigner:
    return verify_call("POST", url, headers, body, find_key=find, now=now)


@pytest.mark.parametrize("key", [KEY, P256], ids=["Ed25519", "ES256"])
def test_a_signed_call_names_its_signer(key: Jwk) -> None:
    signer = verified(sign_call("POST", URL, b"{}", key=key, now=NOW))
    assert signer.kid == kid_of(key)
    assert signer.created == NOW
    assert len(signer.nonce) > 16


def test_two_calls_have_two_nonces() -> None:
    first, second = (verified(sign_call("POST", URL, b"{}", key=KEY, now=NOW)) for _ in range(2))
    assert first.nonce != second.nonce


def test_header_names_may_come_in_any_case() -> None:
    headers = sign_call("POST", URL, b"{}", key=KEY, now=NOW)
    assert verified({name.title(): value for name, value in headers.items()}).kid == kid_of(KEY)


def test_an_empty_body_is_signed_as_well() -> None:
    headers = sign_call("GET", URL, b"", key=KEY, now=NOW)
    assert verify_call("GET", URL, headers, b"", find_key=find, now=NOW).kid == kid_of(KEY)
    with pytest.raises(CallSignature):
        verify_call("GET", URL, headers, b"x", find_key=find, now=NOW)


def test_another_method_url_query_or_body_is_refused() -> None:
    headers = sign_call("POST", URL, b"{}", key=KEY, now=NOW)
    for url, body in ((URL + "0", b"{}"), (URL.replace("inbox", "messages"), b"{}"), (URL, b"{ }")):
        with pytest.raises(CallSignature):
            verified(headers, body, url)
    with pytest.raises(CallSignature):
        verify_call("PUT", URL, headers, b"{}", find_key=find, now=NOW)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_call_more_than_five_minutes_off_is_refused(seconds: int) -> None:
    headers = sign_call("POST", URL, b"{}", key=KEY, now=NOW)
    with pytest.raises(CallSignature):
        verified(headers, now=NOW + timedelta(seconds=seconds))
    assert verified(headers, now=NOW + MAX_SKEW).created == NOW


def test_a_key_that_the_directory_does_not_know_is_refused() -> None:
    with pytest.raises(CallSignature):
        verified(sign_call("POST", URL, b"{}", key=private_jwk(new_sign_key()), now=NOW))


def test_a_call_cannot_be_claimed_for_another_key() -> None:
    headers = sign_call("POST", URL, b"{}", key=KEY, now=NOW)
    claimed = {n: v.replace(kid_of(KEY), kid_of(OTHER)) for n, v in headers.items()}
    with pytest.raises(CallSignature):
        verified(claimed)


def test_a_signature_that_covers_less_is_refused() -> None:
    headers = sign_call("POST", URL, b"{}", key=KEY, now=NOW)
    headers["signature-input"] = headers["signature-input"].replace(' "content-digest"', "")
    with pytest.raises(CallSignature):
        verified(headers)


def test_a_call_without_a_signature_is_refused() -> None:
    with pytest.raises(CallSignature):
        verified({})


def test_the_reason_stays_in_the_log() -> None:
    with pytest.raises(CallSignature) as refused:
        verified({})
    assert "keyid" not in str(refused.value.body())


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_any_byte_changed_in_the_headers_is_refused(at: int, byte: int) -> None:
    headers = sign_call("POST", URL, b"{}", key=KEY, now=NOW)
    name = sorted(headers)[at % len(headers)]
    value = headers[name]
    place = at % len(value)
    changed = value[:place] + chr(byte) + value[place + 1 :]
    if changed == value:
        return
    try:
        signer = verified({**headers, name: changed})
    except CallSignature:
        return
    # The one thing that may differ is the spelling of the same structured field.
    assert signer == verified(headers)


def test_public_halves_are_enough_to_verify() -> None:
    headers = sign_call("POST", URL, b"{}", key=KEY, now=NOW)

    public = public_jwk(load_key(KEY))
    assert verify_call("POST", URL, headers, b"{}", find_key=lambda _: public, now=NOW)


def test_the_time_given_judges_a_call_and_not_the_machines_own() -> None:
    ahead = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    headers = sign_call("POST", URL, b"{}", key=KEY, now=ahead)
    assert verified(headers, now=ahead).created == ahead
    with pytest.raises(CallSignature):
        verified(headers, now=datetime.now(UTC))
