"""A signature of the log is by a known key, over these bytes, for this purpose."""

import json

import pytest

from lachan.evidence.errors import SignatureInvalid
from lachan.evidence.signing import HEAD, LogKey, b64, open_jws, public_key, thumbprint, unb64

KEY = LogKey.new()
KEYS = {KEY.kid: KEY.private.public_key()}
TOKEN = KEY.sign(b"{}", typ=HEAD)
HEADER, BODY, SIGNATURE = TOKEN.split(".")


def header(**changed: object) -> str:
    return b64(json.dumps({**json.loads(unb64(HEADER)), **changed}).encode())


def test_the_thumbprint_is_that_of_rfc_8037() -> None:
    rfc = unb64("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key = Ed25519PublicKey.from_public_bytes(rfc)
    assert thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_key_survives_its_jwk_and_pem() -> None:
    assert LogKey.from_jwk(KEY.jwk()).kid == KEY.kid
    assert thumbprint(public_key(KEY.pem())) == KEY.kid


@pytest.mark.parametrize("jwk", [{}, KEY.public_jwk(), {**KEY.jwk(), "crv": "X25519"}])
def test_a_jwk_that_is_no_private_ed25519_key_is_refused(jwk: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="private Ed25519"):
        LogKey.from_jwk(jwk)


def test_a_right_signature_opens() -> None:
    assert open_jws(TOKEN, KEYS, typ=HEAD) == (KEY.kid, b"{}")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b",
        f"{HEADER}.{BODY}.",
        f"{HEADER}.{BODY}.{SIGNATURE}=",
        f"{HEADER}.{BODY}.{SIGNATURE[:-1]}{'B' if SIGNATURE[-1] == 'A' else 'A'}",
        f"{HEADER}.{b64(b'[]')}.{SIGNATURE}",
        f"{header(alg='none')}.{BODY}.",
        f"{header(alg='none')}.{BODY}.{SIGNATURE}",
        f"{header(alg='HS256')}.{BODY}.{SIGNATURE}",
        f"{header(typ='lachan-receipt+jws')}.{BODY}.{SIGNATURE}",
        f"{header(kid='other')}.{BODY}.{SIGNATURE}",
        f"{header(crit=['exp'])}.{BODY}.{SIGNATURE}",
        f"{b64(b'[' * 100_000)}.{BODY}.{SIGNATURE}",
        f"{b64(b'1')}.{BODY}.{SIGNATURE}",
    ],
    ids=[str(n) for n in range(14)],  # the tokens differ in every process, their numbers do not
)
def test_anything_else_is_refused(token: str) -> None:
    with pytest.raises(SignatureInvalid):
        open_jws(token, KEYS, typ=HEAD)


def test_another_keys_signature_is_refused() -> None:
    with pytest.raises(SignatureInvalid):
        open_jws(TOKEN, {KEY.kid: LogKey.new().private.public_key()}, typ=HEAD)


def test_base64url_has_one_spelling() -> None:
    for text in ("AB", "A", "A-=", "A/==", "é"):
        with pytest.raises(ValueError):  # noqa: PT011 - any reason will do
            unb64(text)


def test_a_pem_of_another_kind_of_key_is_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    pem = (
        X25519PrivateKey.generate()
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    with pytest.raises(ValueError, match="not an Ed25519"):
        public_key(pem)


def test_a_key_of_an_unknown_kind_is_no_key() -> None:
    """Its object identifier (1.3.101.112) altered in one bit is read by the library, and known to nobody."""
    pem = KEY.pem().replace(b"MCowBQYDK2Vw", b"MCowBQYDJ2Vw")
    assert pem != KEY.pem()
    with pytest.raises(ValueError, match="Unknown key type"):
        public_key(pem)
