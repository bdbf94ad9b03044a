"""Signatures of the log: compact JWS with Ed25519 over canonical JSON, typed by purpose.

Pure. `typ` keeps a signed head from being taken for a receipt or a bundle's list.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from typing import Any, Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from lachan.evidence.errors import SignatureInvalid
from lachan.kernel.canonical import canonical

HEAD, RECEIPT, BUNDLE, WITNESS = (
    "lachan-sth+jws",
    "lachan-receipt+jws",
    "lachan-bundle+jws",
    "lachan-witness+jws",
)
_ALGS = {"Ed25519", "EdDSA"}


def b64(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Read base64url in its one spelling.

    Raises: ValueError for padding, other letters, or bits that no encoder writes.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as cause:
        raise ValueError(str(cause)) from cause
    if b64(data) != text:
        msg = "not the one spelling of its bytes"
        raise ValueError(msg)
    return data


def ascii_text(data: bytes) -> str:
    """A token's text; what is not ASCII becomes a sign that no token has."""
    return data.decode("ascii", errors="replace")


def payload_of(jws: str) -> bytes:
    """The signed bytes of a compact JWS of our own making, unverified."""
    return unb64(jws.split(".")[1])


@dataclass(frozen=True)
class LogKey:
    """The private key of a log. Its `kid` is the RFC 7638 thumbprint."""

    private: Ed25519PrivateKey

    @classmethod
    def new(cls) -> Self:
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, str]) -> Self:
        """Raises: ValueError unless it is a private Ed25519 JWK."""
        if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or "d" not in jwk:
            msg = "not a private Ed25519 JWK"
            raise ValueError(msg)
        return cls(Ed25519PrivateKey.from_private_bytes(unb64(jwk["d"])))

    def jwk(self) -> dict[str, str]:
        """The private JWK: for the key file alone."""
        return self.public_jwk() | {"d": b64(self.private.private_bytes_raw())}

    def public_jwk(self) -> dict[str, str]:
        return {
            "crv": "Ed25519",
            "kty": "OKP",
            "x": b64(self.private.public_key().public_bytes_raw()),
        }

    @cached_property
    def kid(self) -> str:
        return thumbprint(self.private.public_key())

    def pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, payload: bytes, *, typ: str) -> str:
        """Compact JWS over `payload` (canonical JSON bytes)."""
        signed = f"{_header(self.kid, typ)}.{b64(payload)}"
        return f"{signed}.{b64(self.private.sign(signed.encode()))}"


@cache
def _header(kid: str, typ: str) -> str:
    return b64(canonical({"alg": "Ed25519", "kid": kid, "typ": typ}))


def thumbprint(key: Ed25519PublicKey) -> str:
    """RFC 7638 thumbprint, base64url of SHA-256."""
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": b64(key.public_bytes_raw())}
    return b64(sha256(canonical(jwk)).digest())


def pem_of(jwk: Mapping[str, str]) -> bytes:
    """A public JWK (Ed25519, P-256 or a security key's RSA) as openssl reads it. Raises: ValueError."""
    key: Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey
    if jwk.get("crv") == "Ed25519":
        key = Ed25519PublicKey.from_public_bytes(unb64(jwk["x"]))
    elif jwk.get("crv") == "P-256":
        x, y = (int.from_bytes(unb64(jwk[name])) for name in ("x", "y"))
        key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    elif jwk.get("kty") == "RSA":
        e, n = (int.from_bytes(unb64(jwk[name])) for name in ("e", "n"))
        key = rsa.RSAPublicNumbers(e, n).public_key()
    else:
        msg = "neither an Ed25519, a P-256 nor an RSA key"
        raise ValueError(msg)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_key(pem: bytes) -> Ed25519PublicKey:
    """Raises: ValueError when the PEM is not an Ed25519 public key."""
    try:
        key = load_pem_public_key(pem)
    except UnsupportedAlgorithm as cause:
        raise ValueError(str(cause)) from cause
    if not isinstance(key, Ed25519PublicKey):
        msg = "not an Ed25519 key"
        raise ValueError(msg)  # noqa: TRY004 - one kind of failure for whoever reads the file
    return key


def open_jws(token: str, keys: Mapping[str, Ed25519PublicKey], *, typ: str) -> tuple[str, bytes]:
    """Verify a compact JWS; return (kid, payload).

    keys: kid → key; a token whose kid is not among them does not verify.
    Raises: SignatureInvalid.
    """
    try:
        head, body, signature = token.split(".")
        header: Any = json.loads(unb64(head))
        payload, raw = unb64(body), unb64(signature)
    except (ValueError, RecursionError) as cause:
        raise SignatureInvalid(why="JWS") from cause
    if not isinstance(header, dict) or set(header) != {"alg", "kid", "typ"}:
        raise SignatureInvalid(why="header")
    if header["alg"] not in _ALGS or header["typ"] != typ:
        raise SignatureInvalid(why="alg, typ")
    key = keys.get(str(header["kid"]))
    if key is None:
        raise SignatureInvalid(why="kid")
    try:
        key.verify(raw, f"{head}.{body}".encode())
    except InvalidSignature as cause:
        raise SignatureInvalid(why="Ed25519") from cause
    return str(header["kid"]), payload
