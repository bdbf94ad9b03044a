"""Who makes this call? An RFC 9421 signature by the member key, because TLS ends before the application (exchange.md §3).

Covered: `@method`, `@target-uri` and, always, `content-digest` (of the empty body too), with `created`, `keyid`
and a `nonce`. That a nonce is accepted once is the caller's to check: it alone remembers them.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier
from http_message_signatures.algorithms import ECDSA_P256_SHA256, ED25519, HTTPSignatureAlgorithm
from http_message_signatures.exceptions import HTTPMessageSignaturesException
from http_message_signatures.resolvers import HTTPSignatureKeyResolver, SigningKey, VerificationKey

from lachan.exchange.crypto import Jwk, alg_of, kid_of, load_key, public_jwk
from lachan.exchange.signer_errors import CallSignature
from lachan.kernel.errors import LachanError
from lachan.kernel.time import pace

LABEL = "lachan"
TAG = "lachan-call/1"  # signed: a signature made for anything else is never a call
COVERED = ("@method", "@target-uri", "content-digest")
MAX_SKEW = timedelta(seconds=300) * pace()
_MAX_NONCE = 64  # characters; the receiver keeps every nonce it has seen
_HEADERS = ("content-digest", "signature-input", "signature")


@dataclass(frozen=True, slots=True)
class CallSigner:
    """Whose key signed a call; `nonce` is good once, `created` is the caller's clock."""

    kid: str
    nonce: str
    created: datetime


def sign_call(method: str, url: str, body: bytes, *, key: Jwk, now: datetime) -> dict[str, str]:
    """The headers (lower-case names) that make a call ours; `url` exactly as it is sent, query included.

    key: the member's private signing JWK (Ed25519 or P-256).
    """
    message = _Call(method, url, {})
    kid = kid_of(key)
    HTTPMessageSigner(signature_algorithm=_algorithm(key), key_resolver=_OwnKey(key)).sign(
        message,
        key_id=kid,
        created=now,
        nonce=secrets.token_urlsafe(18),
        label=LABEL,
        tag=TAG,
        include_alg=False,  # the directory says what the key is; an `alg` parameter could only lie
        covered_component_ids=COVERED[:2],
        body=body,
    )
    return {name.lower(): value for name, value in message.headers.items()}


def verify_call(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    find_key: Callable[[str], Jwk | None],
    now: datetime,
) -> CallSigner:
    """Check a call against the key that the directory has for its `keyid`.

    url: the absolute URL as the caller meant it (what it signed), not as a proxy rewrote it.
    Raises: CallSignature for every cause alike; the cause itself goes to the log.
    """
    wanted = {name.lower(): value for name, value in headers.items() if name.lower() in _HEADERS}
    message = _Call(method, url, wanted)
    resolver = _DirectoryKeys(find_key)
    try:
        kid = _stated_kid(wanted)
        resolver.find(kid)
        results = _CallVerifier(
            signature_algorithm=_algorithm(resolver.jwk), key_resolver=resolver
        ).verify(
            message,
            max_age=None,
            expect_tag=TAG,
            require_components=COVERED,
            body=body,
        )
        if len(results) != 1:
            raise CallSignature.because("not exactly one signature")
        parameters = results[0].parameters
    except (HTTPMessageSignaturesException, ValueError, KeyError, TypeError) as cause:
        raise CallSignature.because(str(cause)) from cause
    except CallSignature:
        raise
    except LachanError as cause:
        raise CallSignature.because(cause.message("en")) from cause
    return _read(parameters, kid, now)


class _CallVerifier(HTTPMessageVerifier):
    """The library judges times by the machine's clock; ours is an argument, and `_read` judges by it."""

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Nothing here."""


def _read(parameters: Mapping[str, Any], kid: str, now: datetime) -> CallSigner:
    created, nonce = parameters.get("created"), parameters.get("nonce")
    if parameters.get("keyid") != kid:
        raise CallSignature.because("keyid changed while reading")
    if not isinstance(created, int) or not isinstance(nonce, str):
        raise CallSignature.because("created or nonce is missing")
    if not 0 < len(nonce) <= _MAX_NONCE:
        raise CallSignature.because("nonce empty or too long")
    try:
        made = datetime.fromtimestamp(created, UTC)
    except (ValueError, OverflowError, OSError) as cause:
        raise CallSignature.because("created is no time") from cause
    if abs(now - made) > MAX_SKEW:
        raise CallSignature.because(f"made at {made:%H:%M:%S}, it is {now:%H:%M:%S}")
    expires = parameters.get("expires")
    if expires is not None and not (isinstance(expires, int) and now.timestamp() <= expires):
        raise CallSignature.because("expired")
    return CallSigner(kid, nonce, made)


@dataclass(slots=True)
class _Call:
    """The request in the form that the library reads."""

    method: str
    url: str
    headers: dict[str, str]


class _OwnKey(HTTPSignatureKeyResolver):
    def __init__(self, key: Jwk) -> None:
        self.key = key

    def resolve_private_key(self, key_id: str) -> SigningKey:  # noqa: ARG002 - the port's name
        return load_key(self.key).private_key  # type: ignore[return-value] # a P-256 or Ed25519 key


class _DirectoryKeys(HTTPSignatureKeyResolver):
    """Looks a key up once; the answer decides the algorithm before anything is verified."""

    def __init__(self, find_key: Callable[[str], Jwk | None]) -> None:
        self.find_key = find_key
        self.jwk: Jwk = {}

    def find(self, kid: str) -> None:
        found = self.find_key(kid)
        if found is None:
            raise CallSignature.because(f"no key {kid!r}")
        self.jwk = public_jwk(load_key(found))
        if kid_of(self.jwk) != kid:
            raise CallSignature.because("the directory's key is not the one of this kid")

    def resolve_public_key(self, key_id: str) -> VerificationKey:
        if kid_of(self.jwk) != key_id:
            raise CallSignature.because("a second key in one call")
        return load_key(self.jwk).public_key  # type: ignore[return-value] # a P-256 or Ed25519 key


def _algorithm(key: Jwk) -> type[HTTPSignatureAlgorithm]:
    return ED25519 if alg_of(load_key(key)) == "Ed25519" else ECDSA_P256_SHA256


def _stated_kid(headers: Mapping[str, str]) -> str:
    """The `keyid` that the call claims, before it is believed. Raises: CallSignature."""
    value = headers.get("signature-input", "")
    _, found, rest = value.partition(';keyid="')
    kid, closed, _ = rest.partition('"')
    if not found or not closed:
        raise CallSignature.because("no keyid")
    return kid
