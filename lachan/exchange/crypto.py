"""Keys and signatures of the protocol: joserfc's primitives under our own strict framing.

Framing is ours for two reasons. Base64url has spare bits in its last character, so one signature
has several spellings unless decoding is strict; and every signature here is bound to its use by
`typ`, so that a signed tree head can never be passed off as an approval.
"""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, cast

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey
from joserfc.jws import JWSRegistry

from lachan.exchange.errors import Malformed
from lachan.exchange.signer_errors import SignatureBad
from lachan.exchange.strict_json import read_json
from lachan.kernel.canonical import canonical

Jwk = Mapping[str, Any]
PrivateKey = OKPKey | ECKey
SIGN_ALGORITHMS = ("Ed25519", "ES256")  # emitted
_ACCEPTED = {"Ed25519": "Ed25519", "EdDSA": "Ed25519", "ES256": "P-256"}  # alg → curve it needs
MIN_RSA_BITS, MAX_RSA_BITS = 2048, 8192
_MAX_HEADER = 16_384  # an RSA chain in x5c would be the largest


class Jws(msgspec.Struct, frozen=True):
    """A detached JWS (RFC 7515, App. F): protected header and signature, base64url both."""

    protected: str
    signature: str

    @property
    def text(self) -> str:
        """`protected..signature`, the compact spelling."""
        return f"{self.protected}..{self.signature}"

    @classmethod
    def parse(cls, text: str) -> Jws:
        """Raises: Malformed."""
        parts = text.split(".")
        if len(parts) != 3 or parts[1]:  # noqa: PLR2004 - header, nothing, signature
            raise Malformed(why="not a detached JWS")
        return cls(parts[0], parts[2])

    @property
    def header(self) -> Mapping[str, Any]:
        """The protected header, unverified. Raises: Malformed."""
        return read_header(self.protected)

    @property
    def signature_bytes(self) -> bytes:
        return b64decode(self.signature)


def new_sign_key(alg: str = "Ed25519") -> PrivateKey:
    """A fresh private key for signing, its `kid` set."""
    key: PrivateKey = (
        OKPKey.generate_key("Ed25519") if alg == "Ed25519" else ECKey.generate_key("P-256")
    )
    key.ensure_kid()
    return key


def new_encrypt_key(crv: str = "X25519") -> PrivateKey:
    """A fresh private key for receiving parts (X25519 or P-256)."""
    key: PrivateKey = (
        OKPKey.generate_key("X25519") if crv == "X25519" else ECKey.generate_key("P-256")
    )
    key.ensure_kid()
    return key


def load_key(jwk: Jwk) -> PrivateKey:
    """A key object from its JWK, private or public. Raises: Malformed."""
    if "d" in jwk or not all(type(value) is str for value in jwk.values()):
        return _parse(dict(jwk))  # a private key is never kept here
    return _load(tuple(jwk.items()))


@lru_cache(maxsize=4096)  # parsing a key costs as much as verifying with it
def _load(members: tuple[tuple[str, str], ...]) -> PrivateKey:
    return _parse(dict(members))


def _parse(jwk: dict[str, Any]) -> PrivateKey:
    jwk.pop("kid", None)  # its name is its thumbprint, whatever it says of itself
    if str(jwk.get("kty")) not in {"OKP", "EC"}:
        raise Malformed(why="a key of a type that is not used here")
    try:
        key = JWKRegistry.import_key(jwk)
    except (JoseError, ValueError, TypeError, KeyError) as cause:
        raise Malformed(why="a key that is no JWK") from cause
    if not isinstance(key, OKPKey | ECKey):
        raise Malformed(why="a key of a type that is not used here")
    key.ensure_kid()
    return key


def public_jwk(key: PrivateKey) -> dict[str, Any]:
    """The public half, without `kid`: what the directory publishes."""
    return _shown(key.as_dict(private=False))


def _shown(jwk: Jwk) -> dict[str, Any]:
    return {name: jwk[name] for name in ("kty", "crv", "x", "y") if name in jwk}


def private_jwk(key: PrivateKey) -> dict[str, Any]:
    """Both halves, for a key store. Never log it."""
    return dict(key.as_dict(private=True))


def kid_of(key: PrivateKey | Jwk) -> str:
    """RFC 7638 thumbprint, base64url SHA-256."""
    if isinstance(key, Mapping):
        return _thumbprint(key)
    return key.kid or _thumbprint(
        public_jwk(key)
    )  # no key is read or made here under a name of its own


_THUMBPRINT = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}  # RFC 7638, 3.2


def _thumbprint(jwk: Jwk) -> str:
    if jwk.get("kty") == "RSA":
        rsa_public_key(jwk)
    needed = _THUMBPRINT.get(str(jwk.get("kty")), ("crv", "kty", "x"))
    if any(not isinstance(jwk.get(name), str) for name in needed):
        raise Malformed(why="a key of a type that is not used here")
    digest = hashlib.sha256(canonical({name: jwk[name] for name in needed})).digest()
    return b64encode(digest)


def rsa_public_key(jwk: Jwk) -> rsa.RSAPublicKey:
    """The RSA key of a security key; a JWS by one is refused here as before. Raises: Malformed."""
    n, e = (int.from_bytes(b64decode(str(jwk.get(name, "")))) for name in ("n", "e"))
    if not MIN_RSA_BITS <= n.bit_length() <= MAX_RSA_BITS:
        raise Malformed(why="an RSA key of fewer than 2048 or more than 8192 bits")
    try:
        return rsa.RSAPublicNumbers(e, n).public_key()
    except ValueError as cause:
        raise Malformed(why="a key that is no JWK") from cause


def alg_of(key: PrivateKey) -> str:
    """The algorithm that a signing key emits."""
    return "Ed25519" if isinstance(key, OKPKey) else "ES256"


def sign(payload: bytes, key: PrivateKey, *, typ: str, header: Jwk | None = None) -> Jws:
    """Sign bytes; the header gets `alg`, `kid` and `typ` beside what is given."""
    alg, kid = alg_of(key), kid_of(key)
    protected = (
        _protected(alg, kid, typ)
        if header is None
        else b64encode(canonical({**header, "alg": alg, "kid": kid, "typ": typ}))
    )
    signing_input = f"{protected}.{b64encode(payload)}".encode()
    private: Any = key.private_key
    if (
        alg == "Ed25519"
    ):  # RFC 8037: the bytes as they are; joserfc's way there costs a fifth of the signature
        return Jws(protected, b64encode(private.sign(signing_input)))
    return Jws(
        protected, b64encode(JWSRegistry.algorithms[alg].sign(signing_input, cast("Any", key)))
    )


@lru_cache(maxsize=4096)  # a member's seals and receipts carry one and the same header
def _protected(alg: str, kid: str, typ: str) -> str:
    return b64encode(canonical({"alg": alg, "kid": kid, "typ": typ}))


def verify(jws: Jws, payload: bytes, key: PrivateKey | Jwk, *, typ: str) -> Mapping[str, Any]:
    """Check a signature under the key that the caller has looked up; returns the header.

    Raises: SignatureBad for every cause alike (the detail goes to the log), Malformed.
    """
    header = jws.header
    loaded = load_key(key) if isinstance(key, Mapping) else key
    alg = header.get("alg")
    curve = str(loaded.get("crv"))
    if _ACCEPTED.get(str(alg)) != curve:
        raise SignatureBad.because(f"alg {alg!r} on a {curve} key")
    if header.get("typ") != typ:
        raise SignatureBad.because(f"typ {header.get('typ')!r}, expected {typ!r}")
    if header.get("kid") != kid_of(loaded):
        raise SignatureBad.because("kid of another key")
    if not _verifies(jws, payload, loaded, curve):
        raise SignatureBad.because("signature does not verify")
    return header


def _verifies(jws: Jws, payload: bytes, key: PrivateKey, curve: str) -> bool:
    signature = jws.signature_bytes
    if len(signature) != 64:  # noqa: PLR2004 - both algorithms
        return False
    signing_input = f"{jws.protected}.{b64encode(payload)}".encode()
    public: Any = key.public_key
    try:
        if curve == "Ed25519":
            public.verify(signature, signing_input)
            return True
        return JWSRegistry.algorithms["ES256"].verify(signing_input, signature, cast("Any", key))
    except (JoseError, ValueError, InvalidSignature):
        return False


@lru_cache(maxsize=4096)  # a member's seals carry one and the same header
def read_header(protected: str) -> Mapping[str, Any]:
    """A protected header: an object without duplicate keys, floats or extensions. Raises: Malformed."""
    header = read_json(b64decode(protected), limit=_MAX_HEADER)
    if not isinstance(header, dict):
        raise Malformed(why="a protected header that is no object")
    if "crit" in header or "b64" in header:
        raise Malformed(why="a header extension (crit) that is not understood")
    return MappingProxyType(header)


def b64encode(data: bytes) -> str:
    """Base64url without padding."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=").decode()


def b64decode(text: str) -> bytes:
    """Strict: the one spelling of these bytes. Raises: Malformed."""
    try:
        given = text.encode("ascii")
        if b"+" in given or b"/" in given or b"=" in given:
            raise Malformed(why="not base64url")
        standard = given.translate(_TO_STANDARD) + b"=" * (-len(given) % 4)
        data = binascii.a2b_base64(standard, strict_mode=True)
    except (UnicodeEncodeError, ValueError) as cause:
        raise Malformed(why="not base64url") from cause
    if text[-1:] not in _LAST_LETTERS[len(data) % 3]:
        raise Malformed(why="base64url in another spelling")
    return data


_TO_STANDARD, _TO_URL = bytes.maketrans(b"-_", b"+/"), bytes.maketrans(b"+/", b"-_")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# By the bytes of the last group: a last letter whose spare bits are zero. An empty text ends in none.
_LAST_LETTERS = (_LETTERS, _LETTERS[::16], _LETTERS[::4])
