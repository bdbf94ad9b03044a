"""What a browser and a security key answer when a credential is made (Web Authentication Level 2, §7.1).

No attestation is asked for: which make of key an officer holds is for his agency to see, when it enrols the key by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes, decode_credential_public_key
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.decode_credential_public_key import (
    DecodedEC2PublicKey,
    DecodedOKPPublicKey,
    DecodedRSAPublicKey,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from lachan.exchange.crypto import b64encode, kid_of
from lachan.kernel.errors import LachanError
from lachan.members.directory_rows import RelyingParty
from lachan.members.errors import RegistrationUnread

ALGORITHMS = {
    COSEAlgorithmIdentifier.ECDSA_SHA_256: "ES256",
    COSEAlgorithmIdentifier.EDDSA: "Ed25519",
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256: "RS256",
}
TIMEOUT = 120_000  # milliseconds that the browser waits for the touch
MAX_ANSWER = 16_384
_MAX_CREDENTIAL = 1023  # bytes of a credential's id (Level 2, §4)
_TRANSPORTS = frozenset({"usb", "nfc", "ble", "smart-card", "hybrid", "internal"})
_P256, _ED25519 = 1, 6  # COSE names of the curves (RFC 9053)


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A security key's new credential. credential: its id, base64url."""

    credential: str
    kid: str
    alg: str
    jwk: dict[str, str]
    transports: tuple[str, ...]


def registration_options(
    party: RelyingParty, *, challenge: bytes, user: bytes, name: str, known: Iterable[str]
) -> str:
    """JSON for `navigator.credentials.create`. known: ids of credentials that this person has already."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name="Lá Chắn",
        user_id=user,
        user_name=name,
        challenge=challenge,
        timeout=TIMEOUT,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        supported_pub_key_algs=list(ALGORITHMS),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known
        ],
    )
    return webauthn.options_to_json(options)


def asking_options(
    *, challenge: bytes, party: str, credential: str, transports: list[str]
) -> dict[str, Any]:
    """JSON values for `navigator.credentials.get`, for one key, its user verified."""
    return {
        "challenge": b64encode(challenge),
        "rpId": party,
        "timeout": TIMEOUT,
        "userVerification": "required",
        "allowCredentials": [{"type": "public-key", "id": credential, "transports": transports}],
    }


def read_registration(
    answer: dict[str, Any], *, challenge: bytes, party: RelyingParty
) -> NewCredential:
    """Check the ceremony and read the public key. Raises: RegistrationUnread for every cause alike."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
            supported_pub_key_algs=list(ALGORITHMS),
        )
        alg, jwk = _public(made.credential_public_key)
        kid = kid_of(jwk)
    except (WebAuthnException, LachanError, ValueError, KeyError, TypeError) as cause:
        raise RegistrationUnread from cause
    if len(made.credential_id) > _MAX_CREDENTIAL:
        raise RegistrationUnread
    told = answer.get("response", {}).get("transports")
    transports = {one for one in told if isinstance(one, str)} if isinstance(told, list) else set()
    return NewCredential(
        b64encode(made.credential_id), kid, alg, jwk, tuple(sorted(transports & _TRANSPORTS))
    )


def _public(cose: bytes) -> tuple[str, dict[str, str]]:
    """The COSE key as (alg, JWK). Raises: ValueError for a curve that is not used here."""
    key = decode_credential_public_key(cose)
    alg = ALGORITHMS[COSEAlgorithmIdentifier(key.alg)]
    if isinstance(key, DecodedOKPPublicKey) and (alg, key.crv) == ("Ed25519", _ED25519):
        return alg, {"kty": "OKP", "crv": "Ed25519", "x": b64encode(key.x)}
    if isinstance(key, DecodedEC2PublicKey) and (alg, key.crv) == ("ES256", _P256):
        return alg, {"kty": "EC", "crv": "P-256", "x": b64encode(key.x), "y": b64encode(key.y)}
    if isinstance(key, DecodedRSAPublicKey) and alg == "RS256":
        return alg, {"kty": "RSA", "n": b64encode(key.n.lstrip(b"\0")), "e": b64encode(key.e)}
    raise ValueError(f"a {alg} key of another curve")
